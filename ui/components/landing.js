// A link to a heading, opened cold: the heading comes after the address, and the figures above it grow after that. The
// page holds the heading in view until it rests, or until the reader does anything at all.

const QUIET = 1500 // ms without growth: the page rests
const PATIENCE = 15000
const TAKEN_OVER = ["wheel", "touchstart", "pointerdown", "keydown"]

let landed = "" // the address that was landed on last: a rerun of the page is no reason to jump

function land(page) {
  const id = decodeURIComponent(location.hash.slice(1))
  const address = `${page}#${id}`
  if (!id || address === landed) {
    landed = address
    return () => {}
  }
  landed = address
  const main = document.querySelector(".stMain") ?? document.documentElement
  let found = null
  let timer = setTimeout(end, PATIENCE)
  const hold = () => {
    const target = document.getElementById(id)
    if (!target) return
    if (target !== found) {
      found = target
      if (!target.hasAttribute("tabindex")) target.tabIndex = -1
      target.focus({ preventScroll: true })
    }
    target.scrollIntoView({ block: "start" })
    clearTimeout(timer)
    timer = setTimeout(end, QUIET)
  }
  const grown = new ResizeObserver(hold)
  const added = new MutationObserver(() => {
    if (document.getElementById(id) !== found) hold()
  })
  function end() {
    clearTimeout(timer)
    grown.disconnect()
    added.disconnect()
    for (const type of TAKEN_OVER) removeEventListener(type, end, true)
  }
  for (const type of TAKEN_OVER) addEventListener(type, end, { capture: true, passive: true })
  grown.observe(main.querySelector(".block-container") ?? main)
  added.observe(main, { childList: true, subtree: true })
  hold()
  return end
}
