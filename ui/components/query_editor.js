// A field that reacts while one types: its text reaches the server a moment after the last key.

const EDITORS = new WeakMap()
const PAUSE = 250 // ms
const AROUND = 22 // characters of the text that stand on each side of the caret

export default function (component) {
  const { parentElement, data, setStateValue } = component
  if (!EDITORS.has(parentElement)) EDITORS.set(parentElement, createEditor(parentElement, data))
  const editor = EDITORS.get(parentElement)
  const { field } = editor
  markTheme(editor.root)
  const report = () => {
    clearTimeout(editor.timer)
    const told = [field.value, editor.given]
    if (told.join("\n") === editor.told) return
    editor.told = told.join("\n")
    editor.sent = field.value
    setStateValue("value", told)
  }
  // What is being typed is the truth; the server's text counts only when the server changed it itself.
  if (data.value !== editor.given) {
    editor.given = data.value
    if (editor.sent !== data.value) field.value = editor.sent = data.value
    editor.told = [editor.sent, data.value].join("\n")
  }
  editor.label.textContent = data.label
  field.maxLength = data.limit
  field.setAttribute("aria-invalid", String(Boolean(data.wrong)))
  editor.said.textContent = data.message ?? ""
  editor.said.className = data.wrong ? "said wrong" : "said"
  // The sentence is about the text that the server has read; the caret points into that one.
  editor.caret.textContent = data.wrong && data.column ? pointedAt(editor.sent, data.column) : ""
  editor.caret.hidden = !editor.caret.textContent
  sayRoom(editor, data.limit)
  field.oninput = () => {
    editor.caret.hidden = true
    sayRoom(editor, data.limit)
    clearTimeout(editor.timer)
    editor.timer = setTimeout(report, PAUSE)
  }
  field.onblur = report
  return () => {
    clearTimeout(editor.timer)
    EDITORS.delete(parentElement)
  }
}

// The part of the text around a column, with a caret under it.
function pointedAt(text, column) {
  const start = Math.max(0, column - 1 - AROUND)
  const part = text.slice(start, column - 1 + AROUND).replace(/\s/g, " ")
  const before = start > 0 ? "…" : ""
  return `${before}${part}\n${" ".repeat(before.length + column - 1 - start)}^`
}

function sayRoom(editor, limit) {
  const { length } = editor.field.value
  editor.room.textContent = length >= limit ? `${limit} characters, the most that AWS takes.` : `${length} of ${limit} characters`
  editor.room.hidden = length < limit * 0.8
}

function createEditor(parent, data) {
  const root = make("div", "figure editor")
  const label = make("label")
  const field = make("textarea")
  const said = make("p", "said")
  const room = make("p", "room")
  const caret = make("pre", "caret")
  Object.assign(field, { id: "field", rows: 2, spellcheck: false, autocapitalize: "off", autocomplete: "off", value: data.value })
  field.setAttribute("aria-describedby", "said room")
  label.htmlFor = "field"
  said.id = "said"
  room.id = "room"
  said.setAttribute("aria-live", "polite")
  caret.setAttribute("aria-hidden", "true")
  root.append(label, field, caret, said, room)
  parent.append(root)
  return { root, label, field, said, room, caret, timer: 0, sent: data.value, given: data.value, told: [data.value, data.value].join("\n") }
}
