"""A small bank for the screens' tests: one item of each type, one with variants, and canaries in what is secret."""

from __future__ import annotations

from quizzes.bank import Bank, parse

TEXT = """
schema_version: 1
bank: {id: harbor, title: Harbor, version: 1.0.0}
items:
  - id: harbor.single.001
    type: single_choice
    points: 2
    objective: placement.rank
    bloom: apply
    difficulty: 0.5
    est_seconds: 60
    stimulus: Two piers.
    stem: Which pier gets the ship?
    options:
      - {id: right, text: The long pier, key: true, rationale: CANARY-1 it is long enough.}
      - {id: wrong, text: The short pier, rationale: CANARY-2 it is too short.}
      - {id: third, text: No pier, rationale: CANARY-3 one is free.}
    feedback: {general: CANARY-4 length decides.}
    sources: [{url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/", verified_on: 2026-11-01}]
    review_by: 2027-06-01
  - id: harbor.multiple.001
    type: multiple_choice
    points: 3
    objective: placement.filter
    bloom: analyze
    difficulty: 0.5
    est_seconds: 60
    stem: Which TWO float?
    select: {exactly: 2}
    options:
      - {id: a, text: Cork, key: true, rationale: CANARY-5 cork is light.}
      - {id: b, text: Pine, key: true, rationale: CANARY-6 pine is light.}
      - {id: c, text: Lead, rationale: CANARY-7 lead is heavy.}
      - {id: d, text: Iron, rationale: CANARY-8 iron is heavy.}
    feedback: {general: CANARY-9 weight decides.}
    review_by: 2027-06-01
  - id: harbor.number.001
    type: numeric
    points: 2
    objective: placement.ports
    bloom: apply
    difficulty: 0.5
    est_seconds: 60
    params: {crates: {int: [2, 9]}}
    variants: {seeds: [1, 2, 3, 4, 5, 6]}
    stem: "{crates} crates of two tons each. How many tons?"
    key: {expr: crates * 2}
    numeric: {integer: true, unit: tons}
    known_wrong: [{value: {expr: crates + 2}, feedback: CANARY-10 that adds.}]
    feedback: {general: "CANARY-11 it is {key}."}
    review_by: 2027-06-01
  - id: harbor.order.001
    type: ordering
    points: 1
    objective: placement.filter
    bloom: understand
    difficulty: 0.5
    est_seconds: 60
    stem: In which order does a ship leave?
    blocks:
      - {id: s1, text: Start the engine, rationale: CANARY-12}
      - {id: s2, text: Cast off, rationale: CANARY-13}
      - {id: s3, text: Leave the harbor, rationale: CANARY-14}
    feedback: {general: CANARY-15 in that order.}
    review_by: 2027-06-01
"""


def harbor(text: str = TEXT) -> Bank:
    return parse(text, source="harbor.yaml", slug="harbor")
