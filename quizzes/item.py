"""An item as its author wrote it: frozen pydantic models, unknown fields refused.

What a type needs of these fields is checked by its entry in `quizzes/kinds`; how to write them is in docs/writing.md.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    HttpUrl,
    Tag,
    field_validator,
    model_validator,
)

from quizzes.expressions import NAME
from simulator.subjects import MECHANISMS


def _mechanism_name(written: str) -> str:
    if written not in MECHANISMS:
        raise ValueError(f"must be a mechanism of the simulator: {', '.join(MECHANISMS)}")
    return written


ITEM_ID = r"^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$"
PART_ID = r"^[a-z0-9][a-z0-9-]{0,30}$"
MISCONCEPTION_ID = r"^MC(-[A-Z0-9]+)+$"
RESERVED = frozenset({"key", "value"})

Line = Annotated[str, Field(min_length=1, max_length=400)]
Prose = Annotated[str, Field(min_length=1, max_length=2000)]
Scalar = bool | int | float | str
MechanismName = Annotated[str, AfterValidator(_mechanism_name)]


class Content(BaseModel):
    """The base of all content: it never changes once read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Computed(Content):
    """A value that is worked out: `sim` by the simulator (`under` a misconception), `expr` from the parameters."""

    sim: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    under: Annotated[str, Field(pattern=MISCONCEPTION_ID)] | None = None
    expr: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Computed:
        if (self.sim is None) == (self.expr is None):
            raise ValueError("give either sim, a path into the simulator's answer, or expr, an expression")
        if self.under is not None and self.sim is None:
            raise ValueError("under goes with sim only; an expression knows no misconception")
        return self


def _is_computed(value: Any) -> str:
    return "computed" if isinstance(value, (Mapping, Computed)) else "plain"


Value = Annotated[
    Annotated[Computed, Tag("computed")] | Annotated[Scalar, Tag("plain")],
    Discriminator(_is_computed),
]


TextOrByValue = Annotated[
    Annotated[dict[str, Line], Field(min_length=1, max_length=20), Tag("computed")] | Annotated[Line, Tag("plain")],
    Discriminator(_is_computed),
]


class Param(Content):
    """From what a parameter is drawn; exactly one of the three."""

    int_: Annotated[tuple[int, int] | None, Field(alias="int")] = None
    choice: Annotated[tuple[Any, ...] | None, Field(min_length=1, max_length=50)] = None
    range_: Annotated[tuple[int, int, int] | None, Field(alias="range")] = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Param:
        given = [form for form in (self.int_, self.choice, self.range_) if form is not None]
        if len(given) != 1:
            raise ValueError("give one of int: [low, high], range: [low, high, step], choice: [values]")
        span = self.int_ or self.range_
        if span and (span[0] > span[1] or (self.range_ and self.range_[2] < 1)):
            raise ValueError("low must not be above high, and a step is at least 1")
        return self


class Option(Content):
    """One answer of a choice item. Either `key` marks it, or `value` is compared with the item's key."""

    id: str = Field(pattern=PART_ID)
    text: TextOrByValue
    key: bool = False
    value: Value | None = None
    rationale: Annotated[str, Field(max_length=600)] = ""
    misconception: Annotated[str, Field(pattern=MISCONCEPTION_ID)] | None = None


class Block(Content):
    """One step of an ordering item. `after` names the steps that must come before it."""

    id: str = Field(pattern=PART_ID)
    text: Line
    after: tuple[str, ...] = ()
    distractor: bool = False
    rationale: Annotated[str, Field(max_length=600)] = ""
    misconception: Annotated[str, Field(pattern=MISCONCEPTION_ID)] | None = None


class Select(Content):
    """How many options a learner ticks."""

    exactly: int | None = Field(default=None, ge=1, le=10)
    min: int | None = Field(default=None, ge=1, le=10)
    max: int | None = Field(default=None, ge=1, le=10)


class Scoring(Content):
    """Which rule gives partial credit; left out, the type's own default."""

    rule: str


class Simulate(Content):
    """The document that the simulator answers. A text that is exactly `{name}` becomes the parameter itself.

    `path` is what a key written by hand is checked against.
    """

    subject: str
    document: dict[str, Any]
    path: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class Numeric(Content):
    """When a number counts as right: within `atol`, or within `rtol` times the key; whole numbers exactly."""

    integer: bool = False
    atol: float = Field(default=0, ge=0)
    rtol: float = Field(default=0, ge=0, le=0.5)
    unit: Annotated[str, Field(min_length=1, max_length=30)] | None = None


class KnownWrong(Content):
    """A wrong value that tells what its giver believes."""

    value: Value
    misconception: Annotated[str, Field(pattern=MISCONCEPTION_ID)] | None = None
    feedback: Annotated[str, Field(min_length=1, max_length=600)]
    credit: float = Field(default=0, ge=0, le=0.9)


class Feedback(Content):
    """What is said after submission; `general` always, one of the others by the score."""

    general: Prose
    correct: Prose | None = None
    partial: Prose | None = None
    incorrect: Prose | None = None


class Hint(Content):
    """A help before answering, and the share of the points that it costs."""

    text: Line
    penalty: float = Field(default=0, ge=0, le=0.9)


class ShowMe(Content):
    """The scenario that is replayed after submission where the item's own document is not one."""

    mechanism: MechanismName
    document: dict[str, Any]


class Variants(Content):
    """The seeds that are served. Only these are, and each has been checked."""

    seeds: tuple[Annotated[int, Field(ge=0, le=2**31)], ...] = Field(min_length=1, max_length=200)


class Source(Content):
    """Where it was read, and when it was last seen to say so."""

    url: HttpUrl
    verified_on: datetime.date


class ItemTest(Content):
    """A response (by the author's ids) and the score it earns, run by the lint. `params` or one served `seed`."""

    params: dict[str, Any] | None = None
    seed: int | None = None
    response: Any
    score: float = Field(ge=0, le=1)
    misconception: Annotated[str, Field(pattern=MISCONCEPTION_ID)] | None = None


class Item(Content):
    """One question with everything that serving, grading and checking it needs."""

    id: str = Field(pattern=ITEM_ID, max_length=80)
    type: str
    status: Literal["draft", "review", "active", "retired"] = "active"
    use: Literal["quiz", "lesson"] = "quiz"
    points: int = Field(default=1, ge=1, le=10)
    objective: str
    bloom: Literal["remember", "understand", "apply", "analyze", "evaluate", "create"]
    difficulty: float = Field(gt=0, lt=1)
    est_seconds: int = Field(ge=5, le=900)
    stimulus: Prose | None = None
    stem: Prose
    options: Annotated[tuple[Option, ...], Field(max_length=10)] = ()
    select: Select | None = None
    shuffle: bool = True
    scoring: Scoring | None = None
    params: Annotated[dict[str, Param], Field(max_length=12)] = {}
    require: Annotated[tuple[str, ...], Field(max_length=12)] = ()
    derived: Annotated[dict[str, Value], Field(max_length=12)] = {}
    simulate: Simulate | None = None
    key: Value | None = None
    numeric: Numeric | None = None
    known_wrong: Annotated[tuple[KnownWrong, ...], Field(max_length=10)] = ()
    blocks: Annotated[tuple[Block, ...], Field(max_length=12)] = ()
    feedback: Feedback
    hints: Annotated[tuple[Hint, ...], Field(max_length=5)] = ()
    show_me: ShowMe | None = None
    variants: Variants | None = None
    facts: tuple[str, ...] = ()
    sources: Annotated[tuple[Source, ...], Field(max_length=10)] = ()
    review_by: datetime.date
    tests: Annotated[tuple[ItemTest, ...], Field(max_length=60)] = ()
    waive: Annotated[dict[str, Line], Field(max_length=10)] = {}

    @field_validator("params", "derived")
    @classmethod
    def _names_are_plain(cls, named: dict[str, Any]) -> dict[str, Any]:
        for name in named:
            if not NAME.match(name) or name in RESERVED:
                raise ValueError(f"“{name}” cannot be a name; use lower-case letters, digits, _ and not key or value")
        return named

    @model_validator(mode="after")
    def _parameters_have_seeds(self) -> Item:
        if bool(self.params) != bool(self.variants):
            raise ValueError("params and variants go together: parameters are drawn for the seeds that variants lists")
        both = set(self.params) & set(self.derived)
        if both:
            raise ValueError(f"“{min(both)}” is both a parameter and derived; rename one of them")
        return self

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds that are served, empty for an item without parameters."""
        return self.variants.seeds if self.variants else ()
