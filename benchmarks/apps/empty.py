"""The floor: a Streamlit app with a counter and nothing of ours."""

import streamlit as st


@st.fragment
def counter() -> None:
    st.button("Count", key="count")
    st.session_state.clicks = st.session_state.get("clicks", -1) + 1
    st.markdown(f"{st.session_state.clicks} clicks")


st.title("Counter")
counter()
