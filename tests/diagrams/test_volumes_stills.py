"""The table of what can be attached where, the bar of Fargate's storage, and the run as a film."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from diagrams.film import encode
from diagrams.volumes_film import describe_state, still, volumes_film
from diagrams.volumes_gauge import Held, describe_held, gauge_film
from diagrams.volumes_matrix import Spot, Table, describe_table, matrix_film
from simulator.trace import state_at
from simulator.volumes import simulate
from simulator.volumes.presets import PRESETS

TABLE = Table(
    title="Where",
    rows={"efs": "EFS", "s3": "S3 Files"},
    columns={"FARGATE": "Fargate", "MANAGED": "Managed Instances"},
    spots=(
        Spot(row="efs", column="FARGATE", verdict="yes"),
        Spot(row="efs", column="MANAGED", verdict="no"),
        Spot(row="s3", column="FARGATE", verdict="open"),
        Spot(row="s3", column="MANAGED", verdict="yes"),
    ),
)


def widths(svg: str, name: str) -> list[float]:
    found = re.findall(rf'class="{name}[^"]*"[^>]*?width="([\d.]+)"', svg)
    return [float(one) for one in found]


def test_each_cell_can_be_chosen_and_says_its_verdict() -> None:
    film = matrix_film(TABLE, caption="Choose.")
    for svg in (film.svg, film.narrow):
        root = ET.fromstring(svg)
        cells = {one.get("data-pick"): one for one in root.iter() if one.get("data-pick")}
        assert list(cells) == ["cell efs FARGATE", "cell efs MANAGED", "cell s3 FARGATE", "cell s3 MANAGED"]
        said = [next(one for one in cell if one.tag.endswith("title")).text for cell in cells.values()]
        assert said == [
            "EFS on Fargate: yes",
            "EFS on Managed Instances: no",
            "S3 Files on Fargate: not yet",
            "S3 Files on Managed Instances: yes",
        ]
    assert describe_table(TABLE) == film.frames[0].text
    assert describe_table(TABLE).splitlines()[0] == "EFS: Fargate yes, Managed Instances no"


def test_the_bar_is_to_scale_and_shows_what_does_not_go_in() -> None:
    film = gauge_film(Held(size=20, used={"imageGiB": 8, "layersGiB": 1, "mountsGiB": 12}), title="t", caption="c")
    vessel, over = widths(film.svg, "vessel")[0], widths(film.svg, "over-room")[0]
    assert vessel / over == pytest.approx(20, rel=0.02)
    assert "1 GiB too many" in film.svg
    exact = gauge_film(Held(size=21, used={"imageGiB": 8, "layersGiB": 1, "mountsGiB": 12}), title="t", caption="c")
    assert not widths(exact.svg, "over-room")
    assert "0 GiB free" in exact.svg


def test_a_refused_size_is_no_bar() -> None:
    held = Held(size=None, used={"imageGiB": 8})
    film = gauge_film(held, title="t", caption="c")
    assert "refused" in film.svg
    assert "task svc-0" not in film.svg
    assert describe_held(held) == "Size: refused. Used: 8 GiB (image 8 GiB, layers 0 GiB, bind mounts 0 GiB)."


def test_what_has_no_room_in_the_bar_is_named_below_it() -> None:
    film = gauge_film(Held(size=200, used={"imageGiB": 10, "layersGiB": 0.5, "mountsGiB": 140}), title="t", caption="c")
    for svg in (film.svg, film.narrow):
        ET.fromstring(svg)
        assert all(name in svg for name in (">image 10<", ">layers 0.5<", ">bind mounts 140<"))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_a_film_has_a_frame_for_every_step_and_its_words(preset) -> None:
    trace = simulate(preset.scenario)
    film = volumes_film(trace, ask="Who?")
    assert len(film.frames) == len(trace) + 1
    assert film.frames[0].caption == "Who?"
    assert all(frame.caption.endswith((".", "?")) for frame in film.frames)
    assert film.frames[-1].text == describe_state(state_at(trace, len(trace)))
    assert len(encode(film)) < 200_000


def test_a_read_is_marked_by_what_it_finds_and_a_refusal_tells_its_cure() -> None:
    film = volumes_film(simulate(next(one.scenario for one in PRESETS if one.id == "no-mount-target")))
    refused = next(frame for frame in film.frames if frame.tone == "refused")
    assert refused.caption.endswith("Make a mount target in us-east-1b.")
    film = volumes_film(simulate(next(one.scenario for one in PRESETS if one.id == "fargate-scratch")))
    reads = [frame.tone for frame in film.frames if frame.mark == "read"]
    assert reads == ["done", "refused"]


def test_a_still_is_the_end_with_a_question() -> None:
    trace = simulate(PRESETS[0].scenario)
    film = still(trace, ask="Where is it?")
    assert [frame.caption for frame in film.frames] == ["Where is it?"]
