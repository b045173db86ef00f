"""What the scheduler thought of one instance at one step, in words and numbers."""

from __future__ import annotations

import streamlit as st

from simulator.placement import wording
from simulator.placement.decision import Decision, Verdict
from simulator.placement.request import Strategy
from simulator.placement.rules import RULES
from simulator.placement.scale_in import StopDecision, StopVerdict
from ui.words import code, marked, plain


def decision(made: Decision, picked: str | None) -> None:
    """The decision in one sentence, then the instance that was chosen in the figure, or a hint to choose one."""
    known = {verdict.instance.id: verdict for verdict in made.verdicts}
    told = [f"**{marked(made.sentence)}**"]
    if made.event:
        said = "What AWS says" if made.request.scheduling is None else "The service event"
        event = made.event.replace("```", "´´´")
        told.append(f":small[{said}]\n\n```text\n{event}\n```")
    hints = [plain(note) for note in made.notes]
    if picked in known:
        told += _one(made, known[picked])
    else:
        hints.insert(0, "Choose an instance in the figure to hear why, why not, and what would let the task in.")
    # One message for what is said and one for what is whispered: each costs every rerun its time.
    st.markdown("\n\n".join(told))
    if hints:
        st.caption("\n\n".join(hints))


def stop(made: StopDecision, picked: str | None) -> None:
    """Which task stops, what AWS leaves open about it, and how the instance chosen in the figure stands."""
    hosts = {one.task.id: one.task.instance for one in made.verdicts}
    if made.chosen is None:
        st.markdown(f"**{plain(made.sentence)}**")
        return
    equals = tuple(dict.fromkeys(hosts[name] for name in made.tied))
    st.markdown(f"**A task on {code(hosts[made.chosen])} stops.** {_how_equal(made, equals)}")
    on_it = [one for one in made.verdicts if one.task.instance == picked]
    if on_it:
        st.markdown(_standing(made, on_it[0], len(on_it), equals))
    else:
        st.caption("Choose an instance in the figure to hear how its tasks stand.")


def _how_equal(made: StopDecision, equals: tuple[str, ...]) -> str:
    if len(made.tied) == 1:
        return "Without it the remaining tasks are placed best."
    where = " and ".join(code(name) for name in equals)
    return (
        f"{len(made.tied)} tasks were equally good to stop, on {where}. AWS leaves open which of them goes; "
        "this simulator takes the first."
    )


def _standing(made: StopDecision, one: StopVerdict, count: int, equals: tuple[str, ...]) -> str:
    name = code(one.task.instance)
    if one.keys is None:
        return f":material/shield: {name}: its task is protected and never chosen."
    keys = ", then ".join(_stop_key(strategy, key) for strategy, key in zip(made.strategies, one.keys, strict=False))
    found = "is among the best to stop" if one.task.instance in equals else "keeps its tasks"
    return f":material/info: {name} {found} ({count} of this group here). By {keys}."


def _stop_key(strategy: Strategy, key: int) -> str:
    words = wording.strategy_words(strategy.type, strategy.field)
    if strategy.type == "binpack":
        return f"{words}: {-key:,} left after the stop"
    return f"{words}: {-key} of this group" if strategy.type == "spread" else f"{words}: drawn"


def _one(made: Decision, verdict: Verdict) -> list[str]:
    name = code(verdict.instance.id)
    if verdict.instance.id == made.chosen:
        return [f":material/check_circle: {name} **gets the task.** {_ranking(made, verdict)}"]
    if verdict.fits:
        return [f":material/remove_circle: {name} **could take it, but is not the best.** {_ranking(made, verdict)}"]
    failures = (
        f"- {marked(failure.sentence)} {_whose(failure.rule)}: {code(failure.reason)}" for failure in verdict.failures
    )
    return [
        f":material/cancel: {name} **is refused.**",
        "\n".join(failures),
        f":material/build: {marked(verdict.least_change or '')}",
    ]


def _whose(rule: str) -> str:
    """Who gives the reason: AWS documents none for an instance that is not ACTIVE or has its daemon (facts 1.4)."""
    return "AWS documents no reason for this, the simulator writes" if rule in ("status", "daemon") else "AWS’s reason"


def _ranking(made: Decision, verdict: Verdict) -> str:
    if verdict.keys is None or not made.strategies:
        return ""
    keys = ", then ".join(
        _key(made, strategy, key) for strategy, key in zip(made.strategies, verdict.keys, strict=False)
    )
    place = [candidate.instance.id for candidate in made.candidates].index(verdict.instance.id) + 1
    return f"Place {place} of {len(made.candidates)}: {keys}."


def _key(made: Decision, strategy: Strategy, key: int) -> str:
    words = wording.strategy_words(strategy.type, strategy.field)
    if made.rules != RULES and strategy.type != "random":
        # Under a belief the number counts something else; the words must not claim AWS's meaning.
        return f"{words}: {key:,} by this belief"
    if strategy.type == "binpack":
        return f"{words}: {key:,} left"
    if strategy.type == "spread":
        return f"{words}: {key} of this group"
    return f"{words}: drawn"
