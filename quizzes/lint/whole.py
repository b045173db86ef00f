"""What is wrong with a bank as a whole: what a test-wise guesser gains, what is missing, what is out of date."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from difflib import SequenceMatcher

from course import facts, syllabus
from quizzes.item import Computed, Item
from quizzes.lint.finding import RULES, WAIVABLE, Found, Location, Sample, plain
from quizzes.misconceptions import misconceptions
from quizzes.source import near
from simulator.subjects import SUBJECTS

REMEMBER_SHARE = 0.4
LIKELY = 0.01  # chance that a guesser does so well by luck
NEAR_STEMS = 0.9
SOURCE_MONTHS = 12
_ABOVE_UNDERSTAND = frozenset({"apply", "analyze", "evaluate", "create"})


def whole(samples: Sequence[Sample], slug: str, today: datetime.date) -> Found:
    """The rules over a bank. Locations begin with the item's position, or are empty for the bank itself."""
    yield from _guessers(samples)
    yield from _levels(samples)
    yield from _stems(samples)
    yield from _objectives(samples, slug)
    for k, sample in enumerate(samples):
        for rule, location, told in (*names(sample.item), *dates(sample.item, today)):
            yield rule, (k, *location), told


def binomial_tail(hits: float, chances: Sequence[float]) -> float:
    """The chance of at least `hits` right answers by luck, each with its own chance (exact).

    >>> round(binomial_tail(2, [0.5, 0.5]), 3)
    0.25
    """
    spread = [1.0]
    for chance in chances:
        spread = [
            (spread[k] if k < len(spread) else 0) * (1 - chance) + (spread[k - 1] * chance if k else 0)
            for k in range(len(spread) + 1)
        ]
    return sum(share for k, share in enumerate(spread) if k >= hits)


def _guessers(samples: Sequence[Sample]) -> Found:
    """Longest option, and one place in the file, against chance."""
    single = [s for s in samples if s.item.type == "single_choice" and s.item.key is None]
    longest: list[bool] = []
    for sample in single:
        options = sample.as_written
        top = max(len(plain(option.text)) for option in options)
        picked = next(option for option in options if len(plain(option.text)) == top)
        longest.append(picked.key)
    chances = [1 / len(sample.as_written) for sample in single]
    if longest and binomial_tail(sum(longest), chances) < LIKELY:
        told = f"choosing the longest option gets {sum(longest)} of {len(longest)} single choices; even the lengths out"
        yield "IW-07", (), told
    for place in range(5):
        at = [(s, 1 / len(s.as_written)) for s in single if place < len(s.as_written)]
        hits = sum(sample.as_written[place].key for sample, _ in at)
        if at and binomial_tail(hits, [chance for _, chance in at]) < LIKELY:
            yield (
                "IW-08",
                (),
                f"the key is option {place + 1} in {hits} of {len(at)} single choices; write them in turn",
            )
    for k, sample in enumerate(samples):
        if not sample.item.shuffle:
            yield "IW-08", (k, "shuffle"), "options are not shuffled; give the reason under waive, or shuffle them"


def _levels(samples: Sequence[Sample]) -> Found:
    quiz = [sample.item for sample in samples if sample.item.use == "quiz"]
    if not quiz:
        return
    remember = sum(item.bloom == "remember" for item in quiz)
    if remember > REMEMBER_SHARE * len(quiz):
        yield "IW-29", (), f"{remember} of {len(quiz)} items ask to remember; at most {REMEMBER_SHARE:.0%} may"
    if not any(item.bloom in _ABOVE_UNDERSTAND for item in quiz):
        yield "IW-29", (), "no item asks to apply, analyze, evaluate or create; write one"
    if not any(item.params for item in quiz):
        yield "IW-46", (), "every item is the same each time, and the bank is public; draw parameters in some"
    for k, sample in enumerate(samples):
        item = sample.item
        if item.bloom == "remember" and item.type == "numeric" and not item.simulate:
            yield "IW-30", (k,), "it asks for a number by heart; ask for its effect, with simulate"


def _stems(samples: Sequence[Sample]) -> Found:
    texts = [plain(f"{s.variant.stimulus or ''} {s.variant.stem}") for s in samples]
    for k, text in enumerate(texts):
        for earlier in range(k):
            matcher = SequenceMatcher(None, texts[earlier], text)
            if matcher.quick_ratio() > NEAR_STEMS and matcher.ratio() > NEAR_STEMS:
                yield "IW-35", (k, "stem"), f"it is nearly that of {samples[earlier].item.id}; ask something else"


def _objectives(samples: Sequence[Sample], slug: str) -> Found:
    entry = syllabus.lesson(slug)
    if entry is None:
        yield "IW-37", (), f"the course has no lesson “{slug}”; name the bank after one"
        return
    asked = {sample.item.objective for sample in samples if sample.item.use == "quiz"}
    for objective in entry.objectives:
        if objective.id not in asked:
            yield "IW-38", (), f"no item of the quiz asks for {objective.id}; write one"


def names(item: Item) -> Found:
    """IW-37: every name in the item stands for something."""
    known = [objective.id for objective in syllabus.objectives()]
    if item.objective not in known:
        yield "IW-37", ("objective",), f"there is no objective “{item.objective}”; {near(item.objective, known)}"
    if item.simulate and item.simulate.subject not in SUBJECTS:
        told = near(item.simulate.subject, list(SUBJECTS))
        yield "IW-37", ("simulate", "subject"), f"there is no subject “{item.simulate.subject}”; {told}"
    for k, name in enumerate(item.facts):
        if facts.fact(name) is None:
            yield "IW-37", ("facts", k), f"there is no fact “{name}”; {near(name, [f.id for f in facts.facts()])}"
    for name in item.waive:
        if name not in RULES:
            yield "IW-37", ("waive", name), f"there is no rule “{name}”; {near(name, list(RULES))}"
        elif name not in WAIVABLE:
            yield "IW-37", ("waive", name), f"{name} is an error and cannot be waived; mend it"
    for location, name in _beliefs(item):
        if name not in misconceptions():
            yield "IW-37", location, f"there is no misconception “{name}”; {near(name, list(misconceptions()))}"


def dates(item: Item, today: datetime.date) -> Found:
    """IW-41: who wrote it looked, and has to look again."""
    if item.status == "retired":
        return
    if item.review_by < today:
        yield "IW-41", ("review_by",), f"it was to be looked at again by {item.review_by}; do, and set a new date"
    if not item.sources:
        yield "IW-41", (), "it has no source; name the page that says so"
    for k, source in enumerate(item.sources):
        if (today - source.verified_on).days > SOURCE_MONTHS * 31:
            yield "IW-41", ("sources", k), f"the source was last read on {source.verified_on}; read it again"
        if source.verified_on > today:
            yield "IW-41", ("sources", k), f"the source was read on {source.verified_on}, which is still to come"


def _beliefs(item: Item) -> list[tuple[Location, str]]:
    found: list[tuple[Location, str | None]] = []
    found += [(("options", k, "misconception"), option.misconception) for k, option in enumerate(item.options)]
    found += [(("blocks", k, "misconception"), block.misconception) for k, block in enumerate(item.blocks)]
    found += [(("tests", k, "misconception"), test.misconception) for k, test in enumerate(item.tests)]
    for k, wrong in enumerate(item.known_wrong):
        found.append((("known_wrong", k, "misconception"), wrong.misconception))
        if isinstance(wrong.value, Computed):
            found.append((("known_wrong", k, "value", "under"), wrong.value.under))
    for k, option in enumerate(item.options):
        if isinstance(option.value, Computed):
            found.append((("options", k, "value", "under"), option.value.under))
    return [(location, name) for location, name in found if name]
