"""The glossary: one sentence a term, found by any of its forms."""

from __future__ import annotations

import pytest

from course import glossary


def test_a_term_is_found_in_any_form_and_case() -> None:
    found = glossary.term("Container Instances")
    assert found is not None
    assert found.term == "container instance"


@pytest.mark.parametrize("entry", glossary.terms(), ids=lambda entry: entry.term)
def test_a_definition_is_one_sentence(entry: glossary.Term) -> None:
    assert entry.definition.endswith(".")
    assert ". " not in entry.definition
    assert entry.definition[0].isupper()


def test_anchors_are_unique() -> None:
    anchors = [entry.anchor for entry in glossary.terms()]
    assert len(set(anchors)) == len(anchors)


def test_two_terms_may_not_share_a_form() -> None:
    text = """
    terms:
      - {term: task, definition: One or more containers that run together.}
      - {term: job, also: [Task], definition: Some work that is to be done once.}
    """
    with pytest.raises(ValueError, match=r"g\.yaml: “task” appears twice"):
        glossary.parse(text, source="g.yaml")
