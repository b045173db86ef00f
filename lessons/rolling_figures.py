"""What the figures of the lesson on rolling updates share: the band that can be scrubbed, and the words below it."""

from __future__ import annotations

import streamlit as st

from diagrams.chart import clock
from lessons import rolling_runs as runs
from lessons.rolling_presets import Beside
from lessons.situations import digest
from lessons.stage import Stage
from simulator.deployment import RULES, DeploymentRules, State
from simulator.deployment.state import Rollout
from simulator.deployment.stuck import cured
from simulator.trace import first_difference
from ui import sandbox, theme
from ui.events import events_list
from ui.player import PlayerState, player
from ui.sandbox import Sandbox, Scenario
from ui.words import code, plain

ASK = "Version 1 runs. What will happen to the deployment of version 2?"
OWED = "Place your bet above; then the run goes on from here, and the text after it."


def band(
    stage: Stage, scenario: Scenario, *, beside: Beside | None = None, start: int | None = None, ask: str = ASK
) -> PlayerState:
    """The run between its two bounds, or two of them under one slider; what it rests on is kept for `rest_of`.

    A new run is shown at its telling step if the reader had not moved away from the last one's, else where they were;
    the first one at `start` if that is given. While a bet is owed there is nothing but the opening, which asks `ask`.
    """
    if stage.locked:
        return player(runs.opening_of(scenario, ask), key=stage.key("run"))
    step = _next_step(stage, scenario, start)
    if beside is None:
        rest = player(runs.film_of(scenario), key=stage.key("run"), step=step)
    else:
        rest = _pair(stage, scenario, beside, step)
    told = runs.telling_step(scenario)
    st.session_state[stage.key("rest")] = (digest(scenario), told, rest.step, step)
    return rest


def rest_of(stage: Stage, scenario: Scenario) -> int:
    """The step on which a figure rests, as far as this scenario's run has it."""
    kept = st.session_state.get(stage.key("rest"))
    step = kept[2] if kept else runs.telling_step(scenario)
    return min(step, len(runs.run_of(scenario)))


def go_to(stage: Stage, step: int) -> None:
    """Show the figure's next run at that step."""
    told_of, _, _, asked = st.session_state[stage.key("rest")]
    st.session_state[stage.key("rest")] = (told_of, -1, step, asked)


def reason(scenario: Scenario, step: int) -> None:
    """Why the last event happened, what is waited for, and what AWS leaves open about it."""
    made = runs.explanation(scenario, RULES, min(step, len(runs.run_of(scenario))))
    if made is None:
        st.markdown("Version 1 runs. Step on, or press play, and version 2 is deployed.")
        return
    st.markdown(f"**{plain(made.sentence)}**")
    if made.waits:
        st.markdown(f"Now: {plain('; '.join(made.waits))}.")
    for note in made.open:
        st.caption(f":material/contrast: {plain(note)}")


def stuck_panel(stage: Stage, box: Sandbox, step: int) -> bool:
    """Why nothing goes on, AWS's event, and the cures as buttons; False if the deployment moves or is done."""
    scenario = sandbox.current(box)
    found = runs.stuck_at(scenario, min(step, len(runs.run_of(scenario))))
    if found is None:
        return False
    with st.container(border=True):
        st.markdown(f":material/pause_circle: **Why is it stuck?** {plain(found.cause)}")
        if found.event:
            st.caption("What AWS says")
            st.code(found.event, language=None, wrap_lines=True)
        if found.cures:
            st.markdown("What frees it. Each was tried: the run with it ends well.")
        for k, cure in enumerate(found.cures):
            st.button(
                plain(cure.sentence),
                key=stage.key(f"cure-{k}"),
                icon=":material/build:",
                on_click=take,
                args=(box, cured(scenario, cure)),
            )
    return True


def take(box: Sandbox, scenario: Scenario) -> None:
    """Make this the situation, as a button does."""
    sandbox.propose(box, scenario)


def events(scenario: Scenario, step: int) -> None:
    """The service's events list at a step."""
    st.markdown("**Service events**")
    events_list(runs.events_at(scenario, min(step, len(runs.run_of(scenario)))))


def standing(scenario: Scenario, step: int) -> str:
    """Where the deployment stands, in AWS's own states, with the circuit breaker's count."""
    return _standing(runs.state_of(scenario, step))


def ending(scenario: Scenario) -> str:
    """How a run ends, and when."""
    last = runs.last_state(scenario)
    primary = last.primary
    if runs.stuck_at(scenario, len(runs.run_of(scenario))) is not None or primary is None:
        return "It never finishes."
    back = f"It ends back on {code(primary.revision)}" if primary.is_rollback else "It finishes"
    return f"{back} after {clock(last.now)}."


def pace_table(scenario: Scenario) -> None:
    """Where the time goes, as a table with the setting that sets each part."""
    taken = runs.pace(scenario)
    rows = (
        ("start: image and containers", taken.start, "the image, and the application"),
        ("count as healthy", taken.health, _health_set_by(scenario)),
        ("drain", taken.drain, "`deregistration_delay`"),
        ("exit after SIGTERM", taken.stop, "the application, `stopTimeout` at most"),
        ("the whole deployment", taken.whole, "waves of these"),
    )
    lines = ["| the first wave | takes | set by |", "|---|---:|---|"]
    lines += [f"| {name} | {'never' if time is None else clock(time)} | {by} |" for name, time, by in rows]
    st.markdown("\n".join(lines))


def locked_caption(stage: Stage) -> None:
    """What a figure says below itself while a bet is owed."""
    if stage.locked:
        st.caption(OWED)


def _pair(stage: Stage, scenario: Scenario, beside: Beside, step: int) -> PlayerState:
    title, differs, rules = beside
    other_scenario = {**scenario, **differs}
    run, other = runs.run_of(scenario), runs.run_of(other_scenario, rules)
    film, other_film = runs.films_of(scenario, other_scenario, RULES, rules)
    parted = first_difference(run, other)
    rest = player(
        film,
        key=stage.key("run"),
        step=step,
        beside=other_film,
        labels=("as it is", title),
        parted_at=parted,
    )
    with st.container(width=theme.MEASURE):
        if parted is None:
            st.markdown("The two never part: in this situation it makes no difference.")
        else:
            ends = f"{_ends(scenario, RULES, 'as it is')} {_ends(other_scenario, rules, title)}"
            st.markdown(f"They part at step {parted + 1}. {ends}")
    return rest


def _ends(scenario: Scenario, rules: DeploymentRules, title: str) -> str:
    state = runs.last_state(scenario, rules)
    how = "done" if state.primary and state.primary.rollout is Rollout.COMPLETED else "not done"
    return f"{title[0].upper()}{title[1:]}: {how} at {clock(state.now)}."


def _next_step(stage: Stage, scenario: Scenario, start: int | None) -> int:
    telling = runs.telling_step(scenario)
    if stage.key("rest") not in st.session_state:
        return telling if start is None else min(start, len(runs.run_of(scenario)))
    told_of, told, rest, asked = st.session_state[stage.key("rest")]
    if told_of == digest(scenario):
        return asked
    return telling if rest == told else min(rest, len(runs.run_of(scenario)))


def _standing(state: State) -> str:
    parts: list[str] = []
    limit = state.breaker_threshold
    if limit is not None:
        # The rollback is a deployment of its own, with a count of its own.
        whose = " of the rollback" if state.primary and state.primary.is_rollback else ""
        parts.append(f"circuit breaker{whose}: **{state.breaker_count} of {limit}** failures")
    if state.rollout_state:
        parts.append(f"rolloutState {code(state.rollout_state)}")
    parts.append(f"service deployment {code(state.service_deployment_status)}")
    return " · ".join(parts)


def _health_set_by(scenario: Scenario) -> str:
    balancer, container = scenario.get("loadBalancer") is not None, scenario.get("containerHealthCheck") is not None
    if balancer and container:
        return "target group and container check"
    if balancer:
        return "interval × healthy threshold"
    return "the container’s check" if container else "the 40 s rule"
