"""Facts: each has a source or says that it has none."""

from __future__ import annotations

import pytest

from course import facts
from course.facts import Status

HEAD = "checked: 2026-01-02\nsources:\n  page: https://docs.aws.amazon.com/page.html\nfacts:\n"
FACT = "  - {{id: {id}, statement: One thing that is so and not otherwise., source: {source}, status: {status}}}\n"


def test_a_fact_has_its_sources_with_their_addresses_and_the_day() -> None:
    (fact,) = facts.parse(HEAD + FACT.format(id="a.b", source="page", status="documented"), source="f.yaml")
    assert str(fact.sources[0].url) == "https://docs.aws.amazon.com/page.html"
    assert fact.checked.isoformat() == "2026-01-02"
    assert fact.status is Status.DOCUMENTED


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        (FACT.format(id="a.b", source="other", status="documented"), "a.b names the source other"),
        (FACT.format(id="a.b", source="[]", status="inferred"), "a.b has no source"),
        (FACT.format(id="a.b", source="page", status="rumored"), "a.b: status"),
        (2 * FACT.format(id="a.b", source="page", status="documented"), "a.b appears twice"),
        ("  - {id: a.b, source: page, status: documented}\n", "a.b: statement"),
    ],
)
def test_an_error_names_the_fact(entries: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"^f\.yaml: ") as caught:
        facts.parse(HEAD + entries, source="f.yaml")
    assert told in str(caught.value)


@pytest.mark.parametrize("rest", ["sources: []\nfacts: []\n", "sources: {}\nfacts: 5\n", "sources: {}\nfacts: [1]\n"])
def test_another_shape_is_refused_in_a_sentence(rest: str) -> None:
    with pytest.raises(ValueError, match=r"^f\.yaml: “sources” must map"):
        facts.parse(f"checked: 2026-11-23\n{rest}", source="f.yaml")


def test_what_has_no_source_is_undocumented_and_named_a_choice_or_unpublished() -> None:
    for fact in facts.facts():
        if fact.sources:
            continue
        assert fact.status is Status.UNDOCUMENTED
        assert "simulator" in fact.statement, f"{fact.id} does not say what the simulator does instead."


def test_what_is_documented_or_inferred_rests_on_those_who_make_it() -> None:
    hosts = ("docs.aws.amazon.com", "github.com", "containersonaws.com", "kubernetes.io")
    for fact in facts.facts():
        assert all(source.url.scheme == "https" for source in fact.sources), fact.id
        if fact.status is not Status.OBSERVED:
            assert all(source.url.host in hosts for source in fact.sources), fact.id


def test_no_id_and_no_statement_is_written_twice() -> None:
    ids = [fact.id for fact in facts.facts()]
    assert len(set(ids)) == len(ids)
    statements = [fact.statement for fact in facts.facts()]
    assert len(set(statements)) == len(statements)
