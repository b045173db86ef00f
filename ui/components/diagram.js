// An architecture diagram: choose a box and the page explains it. It comes in two drawings, one for a narrow place.

const DIAGRAMS = new WeakMap()

export default function (component) {
  const { parentElement, data, setStateValue } = component
  if (!DIAGRAMS.has(parentElement)) {
    const root = make("div", "figure diagram-view")
    parentElement.append(root)
    DIAGRAMS.set(parentElement, { root, text: null, picked: null })
  }
  const view = DIAGRAMS.get(parentElement)
  markTheme(view.root)
  const text = `${data.wide}\n${data.narrow}`
  if (text !== view.text) {
    view.text = text
    view.drawings = ["wide", "narrow"].map((name) => {
      const svg = readSvg(data[name])
      svg.classList.add(name)
      return svg
    })
    view.root.replaceChildren(...view.drawings)
  }
  const mark = () => view.drawings.forEach((svg) => markPicked(svg, view.picked))
  for (const svg of view.drawings)
    makePickable(svg, (id) => {
      view.picked = id === view.picked ? null : id
      mark()
      setStateValue("picked", view.picked)
    })
  mark()
  return () => DIAGRAMS.delete(parentElement)
}
