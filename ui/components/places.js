// Where the reader stopped in a lesson, kept in this browser alone: the last heading that was read for a while. It is
// offered when the lesson is opened again, and at home; nobody is carried there unasked.

const KEPT_AS = "quayside:places"
const READ = 2000 // ms at rest under a heading until it counts

function keepPlace(page) {
  fillPlaces()
  if (!document.querySelector(".st-key-lesson-head")) return () => {}
  let scrolled = false
  let timer = 0
  const note = () => {
    clearTimeout(timer)
    // A page that is on its way out may be gone from the document already.
    if (scrolled && document.querySelector(".st-key-lesson-head")) setPlace(page, placeNow())
  }
  const moved = (event) => {
    if (!event.target.classList?.contains("stMain")) return
    scrolled = true
    clearTimeout(timer)
    timer = setTimeout(note, READ)
  }
  document.addEventListener("scroll", moved, { capture: true, passive: true })
  window.addEventListener("pagehide", note)
  return () => {
    document.removeEventListener("scroll", moved, { capture: true })
    window.removeEventListener("pagehide", note)
    clearTimeout(timer)
  }
}

// The heading whose section fills the upper part of the window; null above the first one, "end" once all is read.
function placeNow() {
  const line = innerHeight * 0.25
  const onward = document.querySelector(".st-key-onward")
  if (onward && onward.getBoundingClientRect().top < innerHeight) return "end"
  const above = [...document.querySelectorAll(".stMain :is(h2, h3)[id]")].filter(
    (one) => one.getBoundingClientRect().top < line,
  )
  const heading = above.at(-1)
  return heading ? { anchor: heading.id, heading: heading.querySelector("[data-heading-text]")?.textContent ?? heading.textContent } : null
}

function places() {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS)) ?? {}
  } catch {
    return {}
  }
}

function setPlace(page, place) {
  if (!place) return
  const { [page]: _, ...others } = places()
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(place === "end" ? others : { ...others, [page]: place }))
  } catch {
    // A browser that keeps nothing offers nothing.
  }
}

// The page leaves a line free for the offer, so nothing moves when it comes.
function fillPlaces() {
  for (const line of document.querySelectorAll(".go-on[data-lesson]")) {
    const page = line.dataset.lesson
    const place = places()[page]
    const here = document.querySelector(".st-key-lesson-head")
    if (!place?.anchor || (here && (location.hash || !document.getElementById(place.anchor)))) continue
    const link = document.createElement("a")
    link.href = `${here ? "" : page}#${place.anchor}`
    link.textContent = `Go on at “${place.heading}”`
    line.replaceChildren(link)
  }
}
