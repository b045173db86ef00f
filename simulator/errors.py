"""Errors that are sentences: what is wrong, where, how to mend it."""

from __future__ import annotations


class InputError(ValueError):
    """Bad input, or what AWS itself would refuse. `str(error)` is one sentence for the person who wrote it.

    Parameters
    ----------
    sentence : what is wrong, where, and how to mend it.
    path : where in the document, such as `instances[2].remaining.cpu`; empty for the whole document.
    """

    def __init__(self, sentence: str, *, path: str = "") -> None:
        super().__init__(sentence)
        self.path = path
