// A word of the glossary, where the text names it: its definition beside it, for a pointer that rests on it, for the
// keyboard, and for a finger, whose first tap shows it and whose second follows the link. The definition is the one
// below the lesson, and the card lies over the page: nothing on it moves.

const WORD = '.stMarkdown a[href^="#word-"]'
const REST = 150 // ms until a pointer means it, and until it has left for good
const GAP = 6 // pixels between the word and its card, and from the edge of the window

let card = null
let word = null // the link whose card is shown
let rests = 0
let touched = false

function watchWords(home) {
  card = document.createElement("div")
  card.className = "word-card"
  card.id = "word-card"
  card.popover = "manual"
  card.setAttribute("role", "tooltip")
  card.onpointerenter = () => clearTimeout(rests)
  card.onpointerleave = () => later(hideCard)
  home.append(card)
  const listeners = [
    [document, "pointerover", (event) => event.pointerType === "mouse" && overWord(event)],
    [document, "pointerout", (event) => event.target.closest?.(WORD) && event.pointerType === "mouse" && later(hideCard)],
    [document, "pointerdown", (event) => {
      touched = event.pointerType !== "mouse"
      if (touched && event.target.closest?.(WORD) !== word) hideCard()
    }],
    [document, "focusin", (event) => event.target.matches?.(`${WORD}:focus-visible`) && !touched && showCard(event.target)],
    [document, "focusout", (event) => event.target === word && hideCard()],
    [document, "keydown", (event) => {
      touched = false
      if (event.key === "Escape") hideCard()
    }],
    [document, "click", tapWord],
    [document, "scroll", () => requestAnimationFrame(placeCard)],
    [window, "resize", () => hideCard()],
  ]
  for (const [on, type, listen] of listeners) on.addEventListener(type, listen, { capture: true })
  return () => {
    hideCard()
    for (const [on, type, listen] of listeners) on.removeEventListener(type, listen, { capture: true })
    card.remove()
  }
}

function later(act) {
  clearTimeout(rests)
  rests = setTimeout(act, REST)
}

function overWord(event) {
  const link = event.target.closest?.(WORD)
  if (link && link !== word) later(() => showCard(link))
  else if (link) clearTimeout(rests)
}

function tapWord(event) {
  const link = event.target.closest?.(WORD)
  if (link && touched && link !== word && showCard(link)) event.preventDefault()
  else if (link) hideCard()
}

function showCard(link) {
  const term = document.getElementById(link.getAttribute("href").slice(1))
  const meaning = term?.nextElementSibling
  if (meaning?.tagName !== "DD" || !card.isConnected) return false
  hideCard()
  word = link
  const name = document.createElement("strong")
  name.textContent = term.textContent
  card.replaceChildren(name, document.createTextNode(meaning.textContent))
  link.setAttribute("aria-describedby", card.id)
  card.showPopover?.()
  card.dataset.shown = ""
  placeCard()
  return true
}

function hideCard() {
  clearTimeout(rests)
  word?.removeAttribute("aria-describedby")
  word = null
  if (card && "shown" in card.dataset) {
    delete card.dataset.shown
    if (card.isConnected) card.hidePopover?.()
  }
}

// Above the word, or below it where there is no room; never beyond the window. It goes along when the page scrolls.
function placeCard() {
  if (!word) return
  const [line] = word.getClientRects()
  if (!word.isConnected || !line || line.bottom < 0 || line.top > innerHeight) return hideCard()
  const { width, height } = card.getBoundingClientRect()
  const above = line.top - height - GAP
  card.style.top = `${above > 60 ? above : line.bottom + GAP}px` // the bar at the top is 60 pixels high
  card.style.left = `${Math.max(GAP, Math.min(line.left, document.documentElement.clientWidth - width - GAP))}px`
}
