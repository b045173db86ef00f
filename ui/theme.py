"""What `.streamlit/config.toml` cannot say: the measure, the one accent, the nav's quiet. The printed page is
`components/paper.css`.
"""

from __future__ import annotations

import streamlit as st

MEASURE = 680  # pixels: about 68 characters of body text
WIDE = 980  # pixels: figures and the tables beside them

# `st-key-…` is Streamlit's documented hook: the key of a container becomes its class.
_CSS = """
<style>
.stApp { --next-act: light-dark(#b84a05, #ff9a4d); --on-next-act: light-dark(#ffffff, #14202d); }
.stApp { --edge: light-dark(#d9d3c6, #33424f); }
.stApp {
  --code-name: light-dark(#1f4e79, #9cc3ee); --code-text: light-dark(#2b6336, #a8d5a2);
  --code-value: light-dark(#6b3a75, #dcb8e8); --code-aside: light-dark(#586273, #a3b3c4);
}
.stMain .block-container { padding-top: 5rem; padding-bottom: 4rem; max-width: 1060px; }
.stMain .stMarkdown p, .stMain .stMarkdown li { line-height: 1.6; }
.stMain h1 { letter-spacing: -0.01em; padding-bottom: 0.2rem; }
.stMain h2 { padding-top: 2.2rem; }
.stMain h3 { padding-top: 1.2rem; }
.stMain [data-testid="stPageLink-NavLink"] p { text-decoration: underline 1px; text-underline-offset: 0.2em; }
[class*="st-key-next-act"] [data-testid="stPageLink-NavLink"] p { text-decoration: none !important; }
[class*="st-key-next-act"] :is(button:enabled:not([kind="tertiary"]), a[data-testid="stPageLink-NavLink"]) {
  background: var(--next-act); border-color: var(--next-act); width: fit-content; padding: 0.45rem 1rem;
  & :is(p, span, div) { color: var(--on-next-act); font-weight: 600; }
  &:hover { filter: brightness(1.08); }
}
.stMain .box { margin-block: 1.2rem; }
.stMain .box > :last-child { margin-bottom: 0; }
.stMain .box:is(.myth, .aws) { border: 1px solid var(--edge); border-radius: 0.5rem; padding: 1rem 1.2rem; }
.stMain .box.myth { background: light-dark(#f4f0e6, #172331); border-color: transparent; }
.stMain .box.rule { border-inline-start: 4px solid currentColor; padding: 0.9rem 1.2rem; font-size: 1.08rem; }
.stMain a[href^="#word-"] { color: inherit; text-decoration: underline dotted; text-underline-offset: 0.2em; }
.stMain [data-testid="stCaptionContainer"] { color: inherit; opacity: 0.76; }
.stMain dl { margin: 0; padding: 0; }
.stMain dt { font-weight: 600; margin-top: 0.8rem; scroll-margin-top: 5rem; }
.stMain dd { margin: 0; }
/* Streamlit's code colors are too faint on our backgrounds; and no keyboard reaches a block that scrolls. */
.stApp .stMain pre code { white-space: pre-wrap !important; overflow-wrap: anywhere; }
.stApp .stMain pre .token.token { color: inherit; }
.stApp .stMain pre .token:is(.property, .key, .keyword, .function, .parameter, .class-name) { color: var(--code-name); }
.stApp .stMain pre .token.string { color: var(--code-text); }
.stApp .stMain pre .token:is(.number, .boolean, .constant) { color: var(--code-value); }
.stApp .stMain pre .token.comment { color: var(--code-aside); }
.stMain [class*="-json"] textarea { font-family: "Source Code Pro", monospace; font-size: 0.85rem; line-height: 1.5; }
[class*="st-key-figure"] { padding-block: 0.75rem; }
.stMain blockquote { opacity: 0.85; }
@media (max-width: 640px) {
  .stMain .block-container { padding-inline: 1rem; }
  .stMain .stMarkdown table { font-size: 0.82rem; }
  .stMain .stMarkdown :is(th, td) { padding: 0.3rem 0.35rem; overflow-wrap: anywhere; }
}
</style>
"""


def apply() -> None:
    """Put the stylesheet on the page; once a run, before anything is drawn."""
    st.html(_CSS)
