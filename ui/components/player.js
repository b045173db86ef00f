// Plays a film: one SVG and, for each step, what changes in it. Everything moves here, without asking the server;
// the server hears of the step only when the film rests on it, and of what the reader chooses.

const PLAYERS = new WeakMap()
const PLACES = new Map() // where the reader was in each player, by its key: for when the page draws it anew
const REST = 250 // ms without a move before the server hears of the step
const LONGEST_AUTOPLAY = 4500 // ms
const NAMES = { first: "To the start", back: "One step back", play: "Play", forward: "One step on", last: "To the end" }
const ICONS = {
  first: "M6 5v14M19 5 9 12l10 7z",
  back: "M16 5 6 12l10 7z",
  play: "M8 4.5v15l11-7.5z",
  pause: "M8 5v14M16 5v14",
  forward: "M8 5l10 7-10 7z",
  last: "M18 5v14M5 5l10 7-10 7z",
}

export default function (component) {
  const { parentElement } = component
  if (!PLAYERS.has(parentElement)) PLAYERS.set(parentElement, createPlayer(parentElement))
  const player = PLAYERS.get(parentElement)
  player.update(component)
  return () => {
    player.stop()
    PLAYERS.delete(parentElement)
  }
}

function createPlayer(parent) {
  const view = buildView(parent)
  const self = { reels: [], step: 0, last: 0, asked: null, told: null, picked: null, films: null, timer: 0, resting: 0 }
  let head = {}
  let send = () => {}

  function update({ data, setStateValue }) {
    send = setStateValue
    markTheme(view.root)
    const text = new TextDecoder().decode(data)
    const end = text.indexOf("\n")
    head = JSON.parse(text.slice(0, end))
    const films = text.slice(end + 1)
    const isFirst = self.films === null
    const isPlayed = PLACES.has(head.key)
    const isNew = films !== self.films
    view.root.style.setProperty("--most", head.height ? `${head.height}px` : "none")
    if (isNew) load(films)
    drawTicks()
    const place = isFirst ? PLACES.get(head.key) : self
    const isSent = !place || place.asked !== head.step
    self.asked = head.step
    // The server knows where it sends the reader. What it holds of a player that is drawn anew is not known here.
    if (isSent) self.told = [head.step, head.step].join()
    if (isFirst || isSent || isNew) seek(isSent ? head.step : place.step)
    if (isFirst && place?.picked) choose(place.picked)
    if (isFirst && head.autoplay && !isPlayed) REDUCED.matches ? seek(self.last) : play(LONGEST_AUTOPLAY)
  }

  function load(text) {
    stop()
    self.films = text
    const films = text.split("\n").map((film) => JSON.parse(film))
    self.reels = films.map((film, at) => createReel(film, view.stages[at], choose))
    films.forEach((film, at) => { view.stages[at].title.textContent = head.labels?.[at] ?? film.title })
    view.stages[1].box.hidden = films.length < 2
    view.root.classList.toggle("double", films.length > 1)
    view.root.setAttribute("aria-label", films[0].title)
    self.last = Math.max(...films.map((film) => film.frames.length)) - 1
    view.slider.max = String(self.last)
    view.controls.hidden = view.where.hidden = self.last < 1
    const cut = Math.max(...films.map((film) => film.cut))
    view.cut.textContent = `The run goes on for ${cut} more step${cut === 1 ? "" : "s"} than this figure holds.`
    view.cut.hidden = !cut
    for (const svg of drawings()) markPicked(svg, self.picked)
  }

  function drawTicks() {
    const films = self.reels.map((reel) => reel.film)
    const tones = films.flatMap((film) => film.frames.map((frame, k) => [k, frame.tone]))
    const ticks = tones.filter(([, tone]) => tone || self.last <= 60)
    const parts = films.length > 1 && head.partedAt !== null
    if (parts) ticks.push([head.partedAt, "parted"])
    view.ticks.replaceChildren(...ticks.map(([k, tone]) => {
      const tick = make("span", `tick ${tone}`)
      tick.style.insetInlineStart = `${(100 * k) / Math.max(1, self.last)}%`
      return tick
    }))
    view.parted.hidden = !parts
    view.parted.textContent = `They part at step ${head.partedAt}`
  }

  function seek(to, { moving = false } = {}) {
    const step = Math.max(0, Math.min(self.last, to))
    // Motion explains one change; a jump over many is no change.
    view.root.classList.toggle("still", !moving || Math.abs(step - self.step) !== 1 || REDUCED.matches)
    for (const reel of self.reels) reel.show(step)
    self.step = step
    view.slider.value = String(step)
    const marks = [...new Set(self.reels.map((reel) => reel.frame(step).mark).filter(Boolean))]
    view.mark.textContent = [`Step ${step} of ${self.last}`, ...marks].join(" · ")
    view.slider.setAttribute("aria-valuetext", view.mark.textContent)
    for (const name of ["first", "back"]) view.buttons[name].disabled = step === 0
    for (const name of ["forward", "last"]) view.buttons[name].disabled = step === self.last
    waitForRest()
  }

  function waitForRest() {
    clearTimeout(self.resting)
    if (!self.timer) self.resting = setTimeout(rest, REST)
  }

  function rest() {
    for (const svg of drawings()) keepOneStop(svg)
    view.said.textContent = self.reels.map((reel) => reel.frame(self.step).caption).join(" ")
    keepPlace()
    const told = [self.step, self.asked]
    if (told.join() === self.told) return
    self.told = told.join()
    send("step", told)
  }

  const drawings = () => self.reels.flatMap((reel) => reel.svgs)
  const keepPlace = () => PLACES.set(head.key, { step: self.step, asked: self.asked, picked: self.picked })

  function choose(id) {
    stop()
    self.picked = id === self.picked ? null : id
    for (const svg of drawings()) markPicked(svg, self.picked)
    keepPlace()
    send("picked", self.picked)
  }

  function play(longest = 24000) {
    if (self.step === self.last) seek(0)
    const pace = Math.max(140, Math.min(1000, longest / Math.max(1, self.last))) / Number(view.pace.value)
    self.timer = setInterval(() => {
      seek(self.step + 1, { moving: true })
      if (self.step >= self.last) stop()
    }, pace)
    clearTimeout(self.resting)
    drawIcon(view.buttons.play, "pause", "Pause")
  }

  function stop() {
    if (!self.timer) return
    clearInterval(self.timer)
    self.timer = 0
    drawIcon(view.buttons.play, "play", NAMES.play)
    waitForRest()
  }

  const toggle = () => (self.timer ? stop() : play())
  const move = (to, options) => {
    stop()
    seek(to, options)
  }
  // A button that turns off under the finger would throw the keyboard back to the top of the page.
  const press = (name, to, other) => {
    view.buttons[name].onclick = () => {
      move(to(), { moving: true })
      if (view.buttons[name].disabled) view.buttons[other].focus()
    }
  }
  press("first", () => 0, "forward")
  press("back", () => self.step - 1, "forward")
  press("forward", () => self.step + 1, "back")
  press("last", () => self.last, "back")
  view.buttons.play.onclick = toggle
  view.parted.onclick = () => move(head.partedAt, { moving: true })
  view.slider.oninput = () => move(Number(view.slider.value), { moving: true })
  view.slider.onkeydown = (event) => {
    if (event.key !== " ") return
    event.preventDefault()
    toggle()
  }
  view.pace.onchange = () => {
    if (!self.timer) return
    stop()
    play()
  }
  // For tests and benchmarks: a seek at once.
  view.root.seek = (to) => seek(to)
  return {
    update,
    stop: () => {
      stop()
      clearTimeout(self.resting)
    },
  }
}

// One film on its stage. Each attribute of each element keeps its values by frame, so any step is found at once.
function createReel(film, stage, onPick) {
  const svgs = film.narrow ? readPair(film.svg, film.narrow) : [readSvg(film.svg)]
  stage.picture.replaceChildren(...svgs)
  for (const svg of svgs) makePickable(svg, onPick)
  // One id, one element in each drawing.
  const elements = Map.groupBy(svgs.flatMap((svg) => [...svg.querySelectorAll("[id]")]), (element) => element.id)
  const tracks = new Map()
  const byFrame = film.frames.map((frame, k) => {
    const touched = []
    for (const [id, attributes] of Object.entries(frame.patch))
      for (const [name, value] of Object.entries(attributes)) {
        if (!elements.has(id) || !Object.hasOwn(ATTRIBUTES, name)) continue
        const key = `${id} ${name}`
        if (!tracks.has(key)) tracks.set(key, createTrack(elements.get(id), name))
        const track = tracks.get(key)
        track.frames.push(k)
        track.values.push(value)
        touched.push(track)
      }
    return touched
  })
  let shown = -1

  function show(step) {
    const k = Math.min(step, film.frames.length - 1)
    const changed = new Set()
    for (let at = Math.min(k, shown) + 1; at <= Math.max(k, shown); at++)
      for (const track of byFrame[at]) changed.add(track)
    for (const track of changed) track.write(valueAt(track, k))
    shown = k
    stage.caption.textContent = film.frames[k].caption
    if (stage.face.open) stage.text.textContent = film.frames[k].text
  }

  stage.face.ontoggle = () => { stage.text.textContent = film.frames[shown]?.text ?? "" }
  stage.text.textContent = ""
  return { film, svgs, show, frame: (step) => film.frames[Math.min(step, film.frames.length - 1)] }
}

// What a film may change, and how it is written; the first value is read from the picture itself.
const attribute = (name) => ({
  read: (element) => element.getAttribute(name),
  write: (element, value) => (value === null ? element.removeAttribute(name) : element.setAttribute(name, value)),
})
const ATTRIBUTES = {
  text: { read: (element) => element.textContent, write: (element, value) => { element.textContent = value } },
  hidden: { read: (element) => element.hasAttribute("hidden"), write: (element, value) => { element.toggleAttribute("hidden", Boolean(value)) } },
  // A place is written as a style, for only styles move by a transition in every browser.
  transform: { read: (element) => element.getAttribute("transform"), write: writePlace },
  ...Object.fromEntries(["class", "x", "y", "width", "height", "d"].map((name) => [name, attribute(name)])),
}

function writePlace(element, value) {
  const [, x, y] = /^translate\((-?[\d.]+)[ ,]+(-?[\d.]+)\)$/.exec(value ?? "") ?? []
  element.style.transform = x === undefined ? "" : `translate(${x}px, ${y}px)`
  if (x === undefined) attribute("transform").write(element, value)
}

function createTrack(elements, name) {
  const { read, write } = ATTRIBUTES[name]
  return { frames: [-1], values: [read(elements[0])], write: (value) => elements.forEach((one) => write(one, value)) }
}

function valueAt(track, k) {
  let low = 0
  let high = track.frames.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (track.frames[middle] <= k) low = middle
    else high = middle - 1
  }
  return track.values[low]
}

function drawIcon(button, name, label) {
  button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`
  button.setAttribute("aria-label", label)
  button.title = label
}

function buildView(parent) {
  const root = make("div", "figure player")
  root.setAttribute("role", "group")
  const pair = make("div", "stages")
  const stages = [0, 1].map(() => buildStage(pair))
  const controls = make("div", "controls")
  const buttons = {}
  for (const [name, label] of Object.entries(NAMES)) {
    buttons[name] = make("button", name)
    buttons[name].type = "button"
    drawIcon(buttons[name], name, label)
    controls.append(buttons[name])
  }
  const track = make("div", "track")
  const slider = make("input", "slider")
  Object.assign(slider, { type: "range", min: "0", max: "0", step: "1", value: "0" })
  slider.setAttribute("aria-label", "Step of the run")
  const ticks = make("div", "ticks")
  track.append(ticks, slider)
  const pace = make("select", "pace")
  pace.setAttribute("aria-label", "Speed")
  for (const value of ["0.5", "1", "2", "4"]) pace.append(new Option(`${value}×`, value, value === "1", value === "1"))
  controls.append(track, pace)
  const where = make("div", "where")
  const mark = make("p", "mark")
  const parted = make("button", "parted-at")
  parted.type = "button"
  where.append(mark, parted)
  const said = make("p", "said")
  said.setAttribute("aria-live", "polite")
  const cut = make("p", "cut")
  root.append(pair, controls, where, cut, said)
  parent.append(root)
  return { root, stages, controls, buttons, slider, ticks, pace, where, mark, parted, said, cut }
}

function buildStage(pair) {
  const box = make("figure", "stage")
  const stage = { box, title: make("p", "title"), picture: make("div", "picture"), caption: make("figcaption", "caption") }
  stage.face = make("details", "face")
  stage.text = make("pre", "text")
  stage.text.tabIndex = 0
  stage.face.append(make("summary", "", "This step as text"), stage.text)
  box.append(stage.title, stage.picture, stage.caption, stage.face)
  pair.append(box)
  return stage
}
