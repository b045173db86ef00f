from __future__ import annotations

import pytest

from learners.identity import is_hosted, learner, new_guest


@pytest.mark.parametrize(
    ("setting", "headless", "address", "hosted"),
    [
        (None, False, None, False),
        (None, False, "0.0.0.0", False),
        (None, True, None, True),
        (None, True, "", True),
        (None, True, "0.0.0.0", True),
        (None, True, "::", True),
        (None, True, "192.168.1.4", True),
        (None, True, "quay.example.org", True),
        (None, True, "localhost.example.org", True),
        (None, True, "localhost", False),
        (None, True, "127.0.0.1", False),
        (None, True, "127.8.0.1", False),
        (None, True, "::1", False),
        (None, True, "[::1]", False),
        ("", True, None, True),
        ("1", False, "localhost", True),
        ("Yes", False, None, True),
        ("0", True, "0.0.0.0", False),
        ("off", True, None, False),
    ],
)
def test_hosted_is_a_setting_or_headless_in_the_open(setting, headless, address, hosted):
    assert is_hosted(setting=setting, headless=headless, address=address) is hosted


def test_a_setting_that_is_neither_yes_nor_no_is_one_sentence():
    with pytest.raises(ValueError, match="QUAYSIDE_HOSTED is neither yes nor no"):
        is_hosted(setting="perhaps", headless=False, address="127.0.0.1")


def test_one_learner_at_home_and_a_guest_for_each_session_when_hosted():
    assert (learner(hosted=False, guest="").id, learner(hosted=False, guest="").saved) == ("local", True)
    one, two = (learner(hosted=True, guest=new_guest()) for _ in range(2))
    assert one.id != two.id
    assert not one.saved
