"""What is wrong with the options of one item: cues that give the key away, and options that are no good ones."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import pairwise

from quizzes.lint.finding import Found, Sample, Shown, plain, words

LONGER = 1.25
_ALL = re.compile(r"\b(all|both|each) of (the )?(above|these|them)\b|\ball (the )?(options|answers)\b", re.IGNORECASE)
_NONE = re.compile(r"\b(none|neither) of (the )?(above|these|them)\b", re.IGNORECASE)
_COMPLEX = re.compile(
    r"^\W*(?i:both )?[A-E]\W* (and|or|but) \W*[A-E]\b|\b(the first|the second|the last) (two )?options?\b"
)
_ABSOLUTE = re.compile(r"\b(always|never|only|all|every|none|impossible|must)\b", re.IGNORECASE)
_NUMBER = re.compile(r"^[^\dA-Za-z]{0,3}(-?\d+(?:\.\d+)?)\b")
_RANGE = re.compile(r"^(\d+)\s*(?:to|–|-)\s*(\d+)\b")
_LETTERS = re.compile(
    r"\b(?i:option|answer|choice) [A-E]\b|\b[A-E] is (right|wrong|correct|not)\b|"
    r"\b(first|second|third|last) (option|answer)\b|\b(option|answer) (above|below)\b"
)
_EMPTY = re.compile(r"^(this is )?(wrong|right|correct|incorrect|true|false|yes|no|not true)\W*$", re.IGNORECASE)
_MARKUP = re.compile(r"`|\*\*")
# Words of more than three letters that say nothing of what is asked.
_PLAIN_WORDS = frozenset(
    {
        "that",
        "this",
        "which",
        "what",
        "many",
        "task",
        "tasks",
        "service",
        "instance",
        "instances",
        "with",
        "from",
        "than",
    }
    | {"then", "when", "there", "their", "have", "does", "will", "each", "more", "most", "least", "must"}
)


def options(sample: Sample) -> Found:
    """The rules about one item's options; nothing for an item that has none."""
    shown = sample.as_written
    if not shown:
        yield from _hints(sample)
        yield from _steps(sample)
        return
    yield from _phrases(shown)
    yield from _cues(sample, shown)
    yield from _form(sample, shown)
    yield from _reasons(shown)
    yield from _hints(sample)


def _phrases(shown: tuple[Shown, ...]) -> Found:
    for option in shown:
        where = ("options", option.place, "text")
        if _ALL.search(option.text):
            yield "IW-01", where, "“all of the above” is known from two right ones; write what is true instead"
        if _NONE.search(option.text):
            yield "IW-02", where, "“none of the above” teaches nothing; write a belief that people hold"
        if _COMPLEX.search(plain(option.text)):
            yield (
                "IW-03",
                where,
                "it speaks of other options, and they are shuffled; write it out, or use multiple_choice",
            )


def _cues(sample: Sample, shown: tuple[Shown, ...]) -> Found:
    keys, others = [o for o in shown if o.key], [o for o in shown if not o.key]
    if not keys or not others:
        return
    lengths = sorted(len(plain(o.text)) for o in others)
    if len(keys) == 1:
        own, where = len(plain(keys[0].text)), ("options", keys[0].place, "text")
        if own > LONGER * lengths[-1] and own - lengths[-1] > 8:
            yield "IW-06", where, f"the key has {own} characters, the next {lengths[-1]}; make them alike"
        elif own * LONGER < lengths[0] and lengths[0] - own > 8:
            yield "IW-06", where, f"the key has {own} characters, the next {lengths[0]}; make them alike"
    absolute = [o for o in others if _ABSOLUTE.search(o.text)]
    if len(absolute) >= max(2, len(others) - 1) and not any(_ABSOLUTE.search(o.text) for o in keys):
        match = _ABSOLUTE.search(absolute[0].text)
        yield (
            "IW-09",
            ("options", absolute[0].place, "text"),
            f"only distractors have words such as “{match and match[0]}”",
        )
    stem = {word for word in words(sample.variant.stem) if len(word) > 3} - _PLAIN_WORDS
    echo = [o for o in shown if len(stem & set(words(o.text))) >= 2]
    if len(keys) == 1 and echo == keys:
        shared = ", ".join(sorted(stem & set(words(keys[0].text))))
        yield "IW-11", ("options", keys[0].place, "text"), f"only the key repeats {shared} of the stem"
    if re.search(r"\b(a|an)\W*(…|_{2,}|:)\s*$", sample.variant.stem):
        vowel = sample.variant.stem.rstrip(" …_:").endswith(" an")
        fits = [o for o in shown if (plain(o.text)[:1].lower() in "aeiou") == vowel]
        if len(fits) == 1:
            yield "IW-12", ("stem",), "its “a” or “an” fits one option only; put the article into the options"
    if any(_MARKUP.search(o.text) for o in keys) and not any(_MARKUP.search(o.text) for o in others):
        yield "IW-44", ("options", keys[0].place, "text"), "only the key has code or bold; mark up all alike"


def _form(sample: Sample, shown: tuple[Shown, ...]) -> Found:
    texts = [plain(o.text) for o in shown]
    stops = {o.text.rstrip().endswith(".") for o in shown}
    capitals = {text[:1].isupper() for text in texts if text[:1].isalpha() and "`" not in text[:1]}
    coded = any(o.text.startswith("`") for o in shown)
    if len(stops) > 1 or (len(capitals) > 1 and not coded):
        yield "IW-14", ("options",), "some are sentences or capitalized and some are not; write all in one form"
    for k, option in enumerate(shown):
        for earlier in range(k):
            a, b = _told(shown[earlier].text), _told(option.text)
            if a == b or (min(len(a), len(b)) > 12 and (a in b or b in a)):
                yield "IW-15", ("options", k, "text"), f"it says what “{texts[earlier]}” says; make them differ"
    numbers = [float(match[1]) for text in texts if (match := _NUMBER.match(text))]
    if (
        not sample.item.shuffle
        and len(numbers) == len(texts)
        and numbers not in (sorted(numbers), sorted(numbers)[::-1])
    ):
        yield "IW-16", ("options",), "numbers are easier to find in order; sort them"
    ranges = sorted((int(match[1]), int(match[2])) for text in texts if (match := _RANGE.match(text)))
    if any(low <= before[1] for before, (low, _) in pairwise(ranges)):
        yield "IW-17", ("options",), "two ranges share a number; end one before the other begins"
    opening = [words(text)[:3] for text in texts]
    if len(opening[0]) == 3 and not coded and all(start == opening[0] for start in opening):
        yield "IW-18", ("options",), f"all begin with “{' '.join(opening[0])}”; move that to the stem"
    least, most = (3, 5) if sample.item.type == "single_choice" else (4, 8)
    if not least <= len(shown) <= most:
        yield "IW-23", ("options",), f"{len(shown)} options; {least} to {most} are as many as people weigh"


def _reasons(shown: tuple[Shown, ...]) -> Found:
    for option in shown:
        where = ("options", option.place, "rationale")
        reason = plain(option.rationale)
        alike = SequenceMatcher(None, _normal(reason), _normal(option.text)).ratio() > 0.85
        if not reason:
            yield "IW-31", where[:2], "it has no rationale; say why it is right or wrong"
        elif _EMPTY.match(reason) or alike:
            yield "IW-31", where, "it only repeats the option or the verdict; give the reason"
        if _LETTERS.search(reason):
            yield "IW-32", where, "it names a letter or position, and options are shuffled; name what it says"


def _steps(sample: Sample) -> Found:
    for k, block in enumerate(sample.item.blocks):
        if block.distractor and not block.rationale:
            yield "IW-31", ("blocks", k), "a step that does not belong has no rationale; say why it does not"
        if _LETTERS.search(block.rationale):
            yield "IW-32", ("blocks", k, "rationale"), "it names a letter or position; name what the step says"


def _hints(sample: Sample) -> Found:
    keys = [_normal(o.text) for o in sample.as_written if o.key]
    if sample.item.type == "numeric" and sample.variant.key is not None:
        keys.append(str(sample.variant.key))
    for k, hint in enumerate(sample.item.hints):
        told = _normal(hint.text)
        if any(re.search(rf"\b{re.escape(key)}\b", told) for key in keys if key):
            yield "IW-45", ("hints", k, "text"), "it tells the key; lead to it instead"


def _told(text: str) -> str:
    """What an option says: in code each sign counts, in prose only the words."""
    return " ".join(text.lower().split()) if "`" in text else _normal(plain(text))


def _normal(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", text.lower()).split())
