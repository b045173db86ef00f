// A load over time, drawn by hand. A drag across the plot draws, the arrow keys move one point after the other; the
// server hears of it when the hand rests.

const CURVES = new WeakMap()
const SVG_NAMES = "http://www.w3.org/2000/svg"
const PAUSE = 350 // ms after the last key
const WIDE = { from: 560, width: 780, left: 50, right: 556, height: 150 }
const NARROW = { from: 0, width: 400, left: 42, right: 360, height: 120 }
const TOP = 14
const FOOT = 26
const HELP = "Drag across the plot to draw. By keyboard: left and right go from point to point, up and down move it."

export default function (component) {
  const { parentElement } = component
  if (!CURVES.has(parentElement)) CURVES.set(parentElement, createCurve(parentElement))
  const curve = CURVES.get(parentElement)
  curve.update(component)
  return () => {
    curve.stop()
    CURVES.delete(parentElement)
  }
}

function createCurve(parent) {
  const root = make("div", "figure load-curve")
  root.setAttribute("role", "group")
  root.setAttribute("aria-label", "The load, to be drawn")
  const readout = make("p", "readout")
  const svg = shape("svg", {})
  root.append(readout, svg, make("p", "help", HELP))
  parent.append(root)
  const self = { values: [], given: "", told: "", at: 0, last: null, timer: 0, place: WIDE, data: null, send: () => {} }

  function update({ data: bytes, setStateValue }) {
    const data = JSON.parse(new TextDecoder().decode(bytes))
    markTheme(root)
    self.send = setStateValue
    const given = JSON.stringify(data.values)
    const isNew = given !== self.given
    const isScaled = !self.data || ["top", "minutes", "unit"].some((name) => data[name] !== self.data[name])
    self.data = data
    if (isNew) {
      self.given = given
      if (JSON.stringify(self.values) !== given) self.values = [...data.values]
      self.told = JSON.stringify(self.values)
    }
    if (isNew || isScaled) draw()
  }

  // Everything that depends on the width of the place, which is that of the figure below it.
  function draw() {
    const width = Math.max(280, root.clientWidth || 780)
    const kind = width >= WIDE.from ? WIDE : NARROW
    const scale = width / kind.width
    self.place = { left: kind.left * scale, right: kind.right * scale, bottom: TOP + kind.height, width }
    const had = svg.contains(root.getRootNode().activeElement)
    svg.setAttribute("viewBox", `0 0 ${width} ${TOP + kind.height + FOOT}`)
    svg.replaceChildren(...axes(self), ...curveParts(self))
    svg.querySelectorAll("[role=slider]").forEach((point, k) => {
      point.onkeydown = (event) => key(event, k)
      point.onfocus = () => rest(k)
    })
    move()
    if (had) points()[self.at].focus()
  }

  const points = () => svg.querySelectorAll("[role=slider]")

  function move() {
    const { values, place } = self
    const line = values.map((value, k) => `${x(self, k)} ${y(self, value)}`).join("L")
    for (const path of svg.querySelectorAll(".line")) path.setAttribute("d", `M${line}`)
    svg.querySelector(".under").setAttribute("d", `M${line}V${place.bottom}H${place.left}Z`)
    points().forEach((point, k) => {
      point.setAttribute("cx", x(self, k))
      point.setAttribute("cy", y(self, values[k]))
      point.setAttribute("tabindex", k === self.at ? "0" : "-1")
      point.setAttribute("aria-valuenow", String(values[k]))
      point.setAttribute("aria-valuemax", String(self.data.top))
      point.setAttribute("aria-valuetext", said(self, k))
    })
    readout.textContent = said(self, self.at)
  }

  function rest(k) {
    self.at = k
    move()
  }

  function set(k, value) {
    const grain = Math.max(1, self.data.top / 200)
    self.values[k] = Math.round(Math.max(0, Math.min(self.data.top, Math.round(value / grain) * grain)))
  }

  function report() {
    clearTimeout(self.timer)
    const values = JSON.stringify(self.values)
    if (values === self.told) return
    self.told = values
    self.send("values", [self.values, JSON.parse(self.given)])
  }

  function later() {
    clearTimeout(self.timer)
    self.timer = setTimeout(report, PAUSE)
  }

  function key(event, k) {
    const last = self.values.length - 1
    const to = { ArrowLeft: k - 1, ArrowRight: k + 1 }[event.key]
    const by = { ArrowUp: 0.025, ArrowDown: -0.025, PageUp: 0.1, PageDown: -0.1, Home: -1, End: 1 }[event.key]
    if (to !== undefined) points()[Math.max(0, Math.min(last, to))].focus()
    else if (by !== undefined) {
      set(k, self.values[k] + by * self.data.top)
      move()
      later()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  function reach(event) {
    const box = svg.getBoundingClientRect()
    const ratio = self.place.width / box.width
    const across = ((event.clientX - box.left) * ratio - self.place.left) / (self.place.right - self.place.left)
    const up = (self.place.bottom - (event.clientY - box.top) * ratio) / (self.place.bottom - TOP)
    const last = self.values.length - 1
    return [Math.max(0, Math.min(last, Math.round(across * last))), up * self.data.top]
  }

  svg.onpointerdown = (event) => {
    // A finger that goes over the plot may mean the page; on the line itself it means the line.
    if (event.pointerType === "touch" && !event.target.classList.contains("hit")) return
    if (event.button) return
    self.last = reach(event)
    svg.setPointerCapture(event.pointerId)
    set(...self.last)
    rest(self.last[0])
    points()[self.at].focus()
    event.preventDefault()
  }
  svg.onpointermove = (event) => {
    if (!self.last) return
    const [from, low] = self.last
    const [to, high] = (self.last = reach(event))
    for (let k = Math.min(from, to); k <= Math.max(from, to); k++)
      set(k, from === to ? high : low + ((high - low) * (k - from)) / (to - from))
    rest(to)
  }
  svg.onpointerup = svg.onpointercancel = () => {
    if (!self.last) return
    self.last = null
    report()
  }
  const watch = new ResizeObserver(() => self.data && root.clientWidth !== self.place.width && draw())
  watch.observe(root)
  return {
    update,
    stop: () => {
      report()
      watch.disconnect()
    },
  }
}

const x = ({ place, values }, k) => round(place.left + ((place.right - place.left) * k) / (values.length - 1))
const y = ({ place, data }, value) => round(place.bottom - ((place.bottom - TOP) * Math.min(value, data.top)) / data.top)
const round = (value) => Math.round(value * 10) / 10
const minute = ({ data, values }, k) => Math.round((10 * data.minutes * k) / (values.length - 1)) / 10
const said = (self, k) => `minute ${minute(self, k)}: ${self.values[k].toLocaleString("en-US")} ${self.data.unit}`

function axes(self) {
  const { place, data } = self
  const parts = []
  for (let k = 0; k <= 4; k++) {
    const value = (data.top * k) / 4
    parts.push(shape("path", { class: "axis", d: `M${place.left} ${y(self, value)}H${place.right}` }))
    parts.push(label(value.toLocaleString("en-US"), { x: place.left - 7, y: y(self, value) + 4, "text-anchor": "end" }))
  }
  const every = place.width < WIDE.from ? 10 : 5
  for (let k = 0; k < self.values.length; k += every) {
    const isLast = k + every >= self.values.length
    const text = isLast ? `${minute(self, k)} min` : String(minute(self, k))
    parts.push(label(text, { x: x(self, k), y: place.bottom + 20, "text-anchor": isLast ? "end" : "middle" }))
  }
  return parts
}

function curveParts(self) {
  const parts = [shape("path", { class: "under" }), shape("path", { class: "line" }), shape("path", { class: "line hit" })]
  self.values.forEach((_, k) => {
    const point = shape("circle", { class: "point", r: self.place.width < WIDE.from ? 3.2 : 4.5, role: "slider", "aria-valuemin": "0", "aria-orientation": "vertical" })
    point.setAttribute("aria-label", `Load at minute ${minute(self, k)}`)
    parts.push(point)
  })
  return parts
}

function label(text, attributes) {
  const element = shape("text", { class: "label-small", ...attributes })
  element.textContent = text
  return element
}

function shape(name, attributes) {
  const element = document.createElementNS(SVG_NAMES, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  return element
}
