"""What is wrong with the words of a stem, and of an item as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizzes.lint.finding import Found, Location, Sample, plain, words

MOST_STEM_WORDS = 80
_NEGATIVE = re.compile(r"\b(not|except|least likely|false|incorrect)\b", re.IGNORECASE)
_LOUD = re.compile(
    r"\*\*[^*]*\b(?i:not|except|false|incorrect|least likely)\b[^*]*\*\*|\b(NOT|EXCEPT|FALSE|INCORRECT|LEAST LIKELY)\b"
)
_ASKS_NEGATIVE = re.compile(
    r"\b(which|what|who|where|when|how)\b[^.?]*\b(not|except|least likely|false|incorrect)\b[^.?]*\?", re.IGNORECASE
)
_VAGUE = re.compile(
    r"\b(often|usually|frequently|(?<!how )many|several|sometimes|a few|seldom|rarely)\b", re.IGNORECASE
)
_JOKES = re.compile(r"\b(trick|haha|lol|just kidding|gotcha|Alice|Bob|Jeff Bezos|Werner)\b|[\U0001F600-\U0001F64F]")
_LEANS = re.compile(
    r"\b(previous|last|next|preceding|following) (question|item)\b|\b(question|item) \d+\b|"
    r"\bas (you )?answered above\b",
    re.IGNORECASE,
)
_COLOR = re.compile(
    r"\b(the|a|in|which) (red|green|blue|orange|yellow|purple|gray|grey) (\w+ )?"
    r"(tasks?|blocks?|instances?|boxes|box|bars?|lines?|areas?|ones?)\b",
    re.IGNORECASE,
)
_RAW = re.compile(r"<(?!=)/?[a-z!][^>]*>|!\[[^\]]*\]\(|javascript:|data:text", re.IGNORECASE)
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
_BLANK = re.compile(r"_{3,}")
_UNFOCUSED = re.compile(
    r"^(which|what) (of the following )?(statement |one |option )?(is|are) (true|correct|right)\W*$", re.I
)
# As people write it -> as AWS does.
PRODUCTS = {
    r"\bAmazon Recognition\b": "Amazon Rekognition",
    r"\bElastic Container Services\b": "Elastic Container Service",
    r"\bAWS (ECS|EC2|ECR|EKS|S3)\b": "Amazon, not AWS, before that name",
    r"\bFargate(?: launch)? instances?\b": "Fargate tasks (Fargate shows no instances)",
    r"\bCloud ?watch\b(?<!CloudWatch)": "CloudWatch",
    r"\bEC2 Container Service\b": "Elastic Container Service",
    r"\bavailability zones?\b": "Availability Zone",
    r"\bElastic Kubernetes Services\b": "Elastic Kubernetes Service",
    r"\bDocker Hub Registry\b": "Docker Hub",
}


def wording(sample: Sample) -> Found:
    """The rules about one item's words."""
    yield from _question(sample)
    yield from _length(sample)
    for location, text in _all_texts(sample):
        prose = _CODE.sub(" ", text)
        if (match := _VAGUE.search(prose)) and location[0] in ("stem", "options"):
            yield "IW-10", location, f"“{match[0]}” says no amount; write the number, or leave it out"
        if match := _JOKES.search(prose):
            yield "IW-27", location, f"“{match[0]}” turns from the matter; write a plain name such as “the service”"
        if match := _LEANS.search(prose):
            yield "IW-34", location, f"“{match[0]}” leans on another item, and items are drawn apart; say it here"
        if match := _COLOR.search(prose):
            yield "IW-43", location, f"“{match[0]}” is told by its color alone; name it by a word or letter too"
        if match := _RAW.search(prose):
            yield "IW-48", location, f"“{match[0][:30]}” is HTML or a picture; write Markdown, or the words"
        for wrong, right in PRODUCTS.items():
            if match := re.search(wrong, prose):
                yield "IW-42", location, f"“{match[0]}” should be {right}"


def _question(sample: Sample) -> Found:
    stem = sample.variant.stem
    where: Location = ("stem",)
    negative = _ASKS_NEGATIVE.search(stem)
    if negative:
        if not _LOUD.search(stem):
            yield (
                "IW-04",
                where,
                f"“{negative[1]} … {negative[2]}” asks for the wrong one; turn it round, or write **NOT**",
            )
        for k, text in enumerate(sample.texts):
            if _NEGATIVE.search(plain(text)):
                yield "IW-05", ("options", k, "text"), "a negative option under a negative stem; turn one of them round"
    yield from _number_asked(sample)
    asks = "?" in stem or stem.rstrip().endswith((":", "…", ".", "____"))
    if len(words(stem)) < 5 or not asks or _UNFOCUSED.match(plain(stem)):
        yield "IW-19", where, "it asks nothing of its own; put one question that can be answered without the options"
    blank = _BLANK.search(stem)
    if blank and stem[blank.end() :].strip(" .?"):
        yield "IW-20", where, "the blank is in the middle; move it to the end, or ask a question"


def _length(sample: Sample) -> Found:
    stem = sample.variant.stem
    where: Location = ("stem",)
    count = len(words(_CODE.sub(" ", stem)))
    if count > MOST_STEM_WORDS:
        yield "IW-21", where, f"it has {count} words; move the situation to stimulus, {MOST_STEM_WORDS} are the most"
    if _CODE.sub(" ", stem).count("?") > 1 or re.search(r"\band (what|which|how|why|when|where)\b[^?]*\?", stem):
        yield "IW-22", where, "it asks two questions; keep one and make the other an item of its own"


def _number_asked(sample: Sample) -> Found:
    stem = sample.variant.stem
    where: Location = ("stem",)
    if sample.item.type == "multiple_choice":
        exactly = sample.item.select.exactly if sample.item.select else None
        said = ("", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX")
        if exactly and exactly < len(said) and not re.search(rf"\b({said[exactly]}|{exactly})\b", stem):
            yield "IW-25", where, f"{exactly} options are to be chosen; say {said[exactly]} in the stem"
        if not exactly and not re.search(r"\ball\b", stem, re.IGNORECASE):
            yield "IW-25", where, "it does not say how many to choose; say a number, or “all that …”"


def _all_texts(sample: Sample) -> Iterator[tuple[Location, str]]:
    variant = sample.variant
    if variant.stimulus:
        yield ("stimulus",), variant.stimulus
    yield ("stem",), variant.stem
    for option in sample.as_written:
        yield ("options", option.place, "text"), option.text
        yield ("options", option.place, "rationale"), option.rationale
    for block in sorted(variant.blocks, key=lambda block: block.position):
        yield ("blocks", block.position, "text"), block.text
        yield ("blocks", block.position, "rationale"), block.rationale
    for name, text in variant.feedback.items():
        yield ("feedback", name), text
    for k, wrong in enumerate(variant.known_wrong):
        yield ("known_wrong", k, "feedback"), wrong.feedback
    for k, hint in enumerate(sample.item.hints):
        yield ("hints", k, "text"), hint.text
