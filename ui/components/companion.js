// What goes along with every page, in the page itself and not in a frame or a shadow of its own.

export default function ({ data }) {
  // Once for the document, however often pages come and go.
  if (!window.quaysideFollows) {
    window.quaysideFollows = true
    document.addEventListener("click", follow)
  }
  if (data.page === "search") document.querySelector(".st-key-q input")?.focus()
  return land(data.page)
}
