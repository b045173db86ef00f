// Links in our own HTML and in the map lead to other pages of this app. Followed plainly, they would load all of it anew,
// and a guest's session would be lost; Streamlit goes where the history says, as it does for the Back button.

function follow(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const link = event.target.closest?.(".stHtml a, .stGraphVizChart a")
  const written = link?.getAttribute("href") ?? link?.getAttributeNS("http://www.w3.org/1999/xlink", "href")
  if (!written || written.startsWith("#") || link.hasAttribute("download")) return
  const there = new URL(written, document.baseURI)
  if (there.origin !== location.origin || folder(there) !== folder(location)) return
  event.preventDefault()
  if (there.href !== location.href) history.pushState(null, "", there)
  dispatchEvent(new PopStateEvent("popstate"))
}

// Every page is at one depth, wherever the server puts the app.
function folder(place) {
  return place.pathname.replace(/[^/]*$/, "")
}
