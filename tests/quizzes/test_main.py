from __future__ import annotations

import pytest

from quizzes.__main__ import main
from quizzes.bank import load, slugs

ITEMS = [item for slug in slugs() for item in load(slug).items]
DRAWN = [item.id for item in ITEMS if item.params]
CHOICES = [item for item in ITEMS if item.options and item.use == "quiz"]


def test_every_key_of_every_seed_is_the_simulators(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0
    assert " 0 of them wrong" in capsys.readouterr().out


def test_the_banks_have_nothing_to_mend(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["lint"])
    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", DRAWN[:3])
def test_the_variants_of_an_item(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["variants", name]) == 0
    assert all(line.endswith("holds") for line in capsys.readouterr().out.splitlines())


def test_seeds_are_found_that_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["variants", DRAWN[0], "--find", "3"]) == 0
    assert capsys.readouterr().out.count(",") == 2


def test_an_item_is_shown_with_its_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", CHOICES[0].id]) == 0
    told = capsys.readouterr().out
    assert all(f" {option.id}: " in told for option in CHOICES[0].options)
    assert "  + " in told


def test_an_unknown_item_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", f"{DRAWN[0]}x"]) == 2
    assert f"did you mean “{DRAWN[0]}”?" in capsys.readouterr().err
