"""The quiz's own screen on a bank that the test wrote: the folder is named by QUIZ_BANKS, the bank is `harbor`."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from quizzes import bank
from screens import quiz, visitor
from ui import theme

bank.FOLDER = Path(os.environ["QUIZ_BANKS"])
st.set_page_config(page_title="Quiz", layout="wide")
theme.apply()
quiz.show(visitor.visitor(), "harbor")
