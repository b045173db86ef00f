// An architecture diagram with its faces. Choosing a box, reading the text and taking the source away need no server;
// only Graphviz's own drawing is asked for.

const DIAGRAMS = new WeakMap()
const FACES = ["Figure", "Graphviz", "Text"]

export default function (component) {
  const { parentElement } = component
  if (!DIAGRAMS.has(parentElement)) DIAGRAMS.set(parentElement, createDiagram(parentElement))
  DIAGRAMS.get(parentElement)(component)
  return () => DIAGRAMS.delete(parentElement)
}

function createDiagram(parent) {
  const root = make("div", "figure diagram-view")
  const faces = make("div", "faces")
  faces.setAttribute("role", "group")
  faces.setAttribute("aria-label", "Shown as")
  const buttons = FACES.map((name) => {
    const button = make("button", "", name)
    button.type = "button"
    faces.append(button)
    return button
  })
  const source = make("button", "source", "Graphviz source")
  source.type = "button"
  source.onclick = () => {
    const link = make("a")
    link.download = "architecture.dot"
    link.href = `data:text/vnd.graphviz;charset=utf-8,${encodeURIComponent(data.dot)}`
    link.click()
  }
  faces.append(source)
  const picture = make("div", "picture")
  const text = make("pre", "text")
  text.tabIndex = 0
  const told = make("p", "told")
  told.setAttribute("aria-live", "polite")
  root.append(faces, picture, text, told)
  parent.append(root)

  let shown = null
  let face = FACES[0]
  let picked = null
  let drawings = []
  let data = {}
  let send = () => {}

  function draw() {
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(FACES[at] === face)))
    picture.hidden = told.hidden = face !== "Figure"
    text.hidden = face !== "Text"
    drawings.forEach((svg) => markPicked(svg, picked))
    const [name, words] = data.told?.[picked] ?? []
    told.replaceChildren(...(name ? [make("strong", "", `${name}.`), ` ${words}`] : [data.hint ?? ""]))
  }

  function choose(id) {
    picked = id === picked ? null : id
    draw()
    send("picked", picked)
  }

  buttons.forEach((button, at) => {
    button.onclick = () => {
      const before = face
      face = FACES[at]
      draw()
      if (before !== face && [before, face].includes("Graphviz")) send("face", face)
    }
  })

  return ({ data: sent, setStateValue }) => {
    send = setStateValue
    markTheme(root)
    const key = new TextDecoder().decode(sent)
    if (key === shown) return
    shown = key
    data = JSON.parse(key)
    if (!data.told[picked]) picked = null
    drawings = readPair(data.wide, data.narrow)
    picture.replaceChildren(...drawings)
    for (const svg of drawings) makePickable(svg, choose)
    text.textContent = data.text
    draw()
  }
}
