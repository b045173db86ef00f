// What every figure shares. This text stands before each component's own, so it exports nothing.

const REDUCED = window.matchMedia("(prefers-reduced-motion: reduce)")
const PARTS = new Set("svg g path rect circle ellipse line polyline polygon text tspan title desc".split(" "))

// The theme's own variables are on the element; a figure's other colors come in two sets, told apart by the ground.
function markTheme(root) {
  const ground = getComputedStyle(root).getPropertyValue("--st-background-color").trim()
  const probe = document.createElement("canvas").getContext("2d")
  probe.fillStyle = ground || "#fff"
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(probe.fillStyle.slice(at, at + 2), 16))
  root.dataset.theme = 0.3 * r + 0.6 * g + 0.1 * b < 110 ? "dark" : "light"
}

// Our own server drew it, but from what a learner typed: only what a picture needs gets in.
function readSvg(text) {
  const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement
  if (svg.nodeName !== "svg") return document.createElementNS("http://www.w3.org/2000/svg", "svg")
  for (const element of [...svg.querySelectorAll("*")]) if (!PARTS.has(element.nodeName)) element.remove()
  for (const element of [svg, ...svg.querySelectorAll("*")])
    for (const { name, value } of [...element.attributes])
      if (/^on|href$/i.test(name) || /url\s*\(/i.test(value)) element.removeAttribute(name)
  return document.importNode(svg, true)
}

// The same picture twice, one drawing for a narrow place; the styles show one of them.
function readPair(wide, narrow) {
  return [["wide", wide], ["narrow", narrow]].map(([name, text]) => {
    const svg = readSvg(text)
    svg.classList.add(name)
    return svg
  })
}

// Everything with data-pick becomes a button. All of a figure's are one stop of the Tab key: arrow keys go on from
// there, Enter, the space bar or a click chooses.
function makePickable(svg, report) {
  const choices = [...svg.querySelectorAll("[data-pick]")]
  if (!choices.length) return
  svg.setAttribute("role", "group")
  for (const choice of choices) {
    choice.setAttribute("role", "button")
    choice.setAttribute("tabindex", "-1")
    choice.setAttribute("aria-pressed", "false")
    if (!choice.getAttribute("aria-label"))
      choice.setAttribute("aria-label", choice.querySelector(":scope > title")?.textContent || choice.dataset.pick)
  }
  keepOneStop(svg)
  const pick = (event) => {
    const choice = event.target.closest?.("[data-pick]")
    if (choice) report(choice.dataset.pick)
    return Boolean(choice)
  }
  svg.onclick = pick
  svg.onkeydown = (event) => {
    const choice = event.target.closest?.("[data-pick]")
    if (!choice) return
    const shown = choices.filter((one) => !one.closest("[hidden]"))
    const at = shown.indexOf(choice)
    const to = {
      ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1,
    }[event.key]
    if (to !== undefined) {
      const next = shown[Math.max(0, Math.min(shown.length - 1, to))]
      keepOneStop(svg, next)
      next?.focus()
    } else if (event.key !== "Enter" && event.key !== " ") return
    else pick(event)
    event.preventDefault()
    event.stopPropagation()
  }
}

// The one part that the Tab key reaches: the given one, else the one that has been, as long as it is there.
function keepOneStop(svg, wanted) {
  const before = svg.querySelector('[data-pick][tabindex="0"]')
  const kept = [wanted, before].find((one) => one && !one.closest("[hidden]"))
  const stop = kept ?? [...svg.querySelectorAll("[data-pick]")].find((one) => !one.closest("[hidden]"))
  if (stop === before) return
  before?.setAttribute("tabindex", "-1")
  stop?.setAttribute("tabindex", "0")
}

function markPicked(svg, id) {
  for (const choice of svg.querySelectorAll("[data-pick]"))
    choice.setAttribute("aria-pressed", String(choice.dataset.pick === id))
}

function make(tag, className, text) {
  const element = document.createElement(tag)
  if (className) element.className = className
  if (text !== undefined) element.textContent = text
  return element
}
