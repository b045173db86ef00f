"""What the player does, for tests: a film's SVG with the patches of its first frames laid on."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from diagrams.film import Film


def picture(film: Film, k: int) -> dict[str, dict[str, str]]:
    """Every element with an id as it looks in frame `k`: its attributes and its text."""
    root = ET.fromstring(film.svg)
    by_id = {one.get("id", ""): one for one in root.iter() if one.get("id")}
    looks = {key: {**one.attrib, "text": one.text or ""} for key, one in by_id.items()}
    for frame in film.frames[: k + 1]:
        for key, attributes in frame.patch.items():
            if key not in looks and f'id="{key}"' in film.narrow:
                continue  # an element that only the drawing for a phone has
            look = looks[key]
            for name, value in attributes.items():
                if isinstance(value, bool):
                    look.pop(name, None)
                    if value:
                        look[name] = ""
                else:
                    look[name] = str(value)
    return looks
