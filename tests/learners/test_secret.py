from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from learners.secret import from_folder, from_setting, seed_for
from learners.store import StoreError


def test_it_is_made_once_with_mode_0600_and_kept(tmp_path):
    made = from_folder(tmp_path)
    assert len(made) == 32
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert from_folder(tmp_path) == made
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_all_who_ask_at_once_get_the_same(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(lambda _: from_folder(tmp_path), range(64)))) == 1


def test_a_file_that_others_could_read_is_closed(tmp_path):
    kept = from_folder(tmp_path)
    (tmp_path / "secret").chmod(0o644)
    assert from_folder(tmp_path) == kept
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_what_is_no_secret_is_one_sentence(tmp_path):
    (tmp_path / "secret").write_bytes(b"short")
    with pytest.raises(StoreError, match=r"is not 32 bytes; delete it and a new one is made\.$"):
        from_folder(tmp_path)
    with pytest.raises(StoreError, match="cannot be read or made"):
        from_folder(tmp_path / "not" / "there")
    with pytest.raises(StoreError, match="has 5 characters; give it at least 16"):
        from_setting(" short ")


def test_a_setting_is_any_long_text():
    assert len(from_setting("correct horse battery staple")) == 32
    assert from_setting("correct horse battery staple\n") == from_setting("correct horse battery staple")


NAMES = some.text(max_size=6)


@settings(max_examples=60)
@given(some.tuples(NAMES, NAMES, NAMES, NAMES), some.tuples(NAMES, NAMES, NAMES, NAMES))
def test_seeds_differ_when_anything_differs(a, b):
    one, two = (
        seed_for(b"k" * 32, learner=parts[0], bank=parts[1], attempt=parts[2], item=parts[3]) for parts in (a, b)
    )
    assert (one == two) == (a == b)
    assert 0 <= one < 2**63
