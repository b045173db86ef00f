// A figure's other colors come in two sets, told apart by a mark in its root: on paper it is always the light one.

const PAPER = window.matchMedia("print")

function lightOnPaper() {
  const figures = new Map()
  const change = () => {
    for (const [figure, theme] of figures) figure.dataset.theme = theme
    figures.clear()
    if (!PAPER.matches) return
    for (const one of document.querySelectorAll(".stMain *"))
      for (const figure of one.shadowRoot?.querySelectorAll(".figure[data-theme]") ?? []) {
        figures.set(figure, figure.dataset.theme)
        figure.dataset.theme = "light"
      }
  }
  PAPER.addEventListener("change", change)
  return () => PAPER.removeEventListener("change", change)
}
