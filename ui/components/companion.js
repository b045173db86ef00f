// What goes along with every page, in the page itself and not in a frame or a shadow of its own.

const COMPANIONS = new WeakMap()

export default function ({ data, parentElement }) {
  // Once for the document, however often pages come and go.
  if (!window.quaysideFollows) {
    window.quaysideFollows = true
    document.addEventListener("click", follow)
  }
  // It is called again with another theme, and with another page in the same place.
  const before = COMPANIONS.get(parentElement)
  if (before?.page === data.page) return before.end
  before?.end()
  if (data.page === "search") document.querySelector(".st-key-q input")?.focus()
  const ends = [land(data.page), watchWords(parentElement), keepPlace(data.page), lightOnPaper()]
  const end = () => {
    COMPANIONS.delete(parentElement)
    ends.forEach((one) => one())
  }
  COMPANIONS.set(parentElement, { page: data.page, end })
  return end
}
