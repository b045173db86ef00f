// Two columns to be joined: choose one on the left, then its partner on the right. The server says what each pair is
// worth; here it is only drawn.

const MATCHINGS = new WeakMap()
const MARKS = { right: "✓", wrong: "✕", open: "?" }
const SAID = { right: "matched with", wrong: "not matched with", open: "left open with" }
const SVG = "http://www.w3.org/2000/svg"

export default function (component) {
  const { parentElement } = component
  if (!MATCHINGS.has(parentElement)) MATCHINGS.set(parentElement, createMatching(parentElement))
  const matching = MATCHINGS.get(parentElement)
  matching.update(component)
  return () => {
    matching.stop()
    MATCHINGS.delete(parentElement)
  }
}

function createMatching(parent) {
  const root = make("div", "figure matching")
  const board = make("div", "columns")
  const lines = document.createElementNS(SVG, "svg")
  lines.setAttribute("aria-hidden", "true")
  const told = make("p", "verdict")
  told.setAttribute("aria-live", "polite")
  root.append(board, told)
  parent.append(root)
  const watch = new ResizeObserver(() => drawLines())
  watch.observe(board)

  let data = { left: [], right: [], pairs: {} }
  let shown = null
  let current = null
  let tries = 0
  let send = () => {}
  let buttons = new Map()

  function update({ data: bytes, setStateValue }) {
    const sent = JSON.parse(new TextDecoder().decode(bytes))
    send = setStateValue
    markTheme(root)
    const key = JSON.stringify(sent)
    if (key === shown) return
    shown = key
    const isSame = JSON.stringify([data.left, data.right]) === JSON.stringify([sent.left, sent.right])
    data = sent
    if (!isSame) build()
    // A partner is found: on to the next one that has none.
    if (!buttons.has(`left:${current}`) || data.pairs[current]?.state === "right") current = nextOpen(current)
    draw()
  }

  function build() {
    buttons = new Map()
    const columns = ["left", "right"].map((side, at) => {
      const column = make("div", `column ${side}`)
      column.setAttribute("role", "group")
      column.setAttribute("aria-label", data.labels[at])
      column.append(make("p", "head", data.labels[at]))
      for (const one of data[side]) {
        const button = make("button")
        button.type = "button"
        button.append(make("span", "name", one.title))
        if (one.sub) button.append(make("span", "sub", one.sub))
        if (side === "left") button.append(make("span", "mark"))
        button.onclick = () => (side === "left" ? choose(one.id) : attempt(one.id))
        buttons.set(`${side}:${one.id}`, button)
        column.append(button)
      }
      return column
    })
    board.replaceChildren(columns[0], lines, columns[1])
  }

  function nextOpen(from) {
    const ids = data.left.map((one) => one.id)
    const at = ids.indexOf(from)
    const order = [...ids.slice(at + 1), ...ids.slice(0, at + 1)]
    return order.find((id) => data.pairs[id]?.state !== "right") ?? null
  }

  function choose(id) {
    current = id
    draw()
  }

  function attempt(id) {
    if (current === null) return
    tries += 1
    send("tried", [current, id, String(tries)])
  }

  function draw() {
    for (const { id, title } of data.left) {
      const pair = data.pairs[id]
      const button = buttons.get(`left:${id}`)
      button.className = pair?.state ?? ""
      button.setAttribute("aria-pressed", String(id === current))
      button.querySelector(".mark").textContent = MARKS[pair?.state] ?? ""
      const partner = data.right.find((one) => one.id === pair?.to)?.title
      button.setAttribute("aria-label", partner ? `${title}, ${SAID[pair.state]} ${partner}` : title)
    }
    for (const { id } of data.right) {
      const button = buttons.get(`right:${id}`)
      button.disabled = current === null
      button.classList.toggle("at-hand", data.pairs[current]?.to === id)
    }
    told.replaceChildren(...(data.told ? [make("strong", "", data.told[0]), ` ${data.told[1]}`] : []))
    drawLines()
  }

  function drawLines() {
    const box = lines.getBoundingClientRect()
    if (!box.width) return
    lines.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`)
    const middle = (button) => {
      const at = button.getBoundingClientRect()
      return at.top + at.height / 2 - box.top
    }
    lines.replaceChildren(...Object.entries(data.pairs).flatMap(([left, { to, state }]) => {
      const ends = [buttons.get(`left:${left}`), buttons.get(`right:${to}`)]
      if (ends.includes(undefined)) return []
      const [from, until] = ends.map(middle)
      const way = document.createElementNS(SVG, "path")
      way.setAttribute("class", state)
      way.setAttribute("d", `M0 ${from}C${box.width / 2} ${from} ${box.width / 2} ${until} ${box.width} ${until}`)
      return [way]
    }))
  }

  return { update, stop: () => watch.disconnect() }
}
