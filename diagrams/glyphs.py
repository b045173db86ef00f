"""Small neutral pictures for kinds of boxes, 24 by 24, drawn as strokes. They are our own and no vendor's icons."""

from __future__ import annotations

from diagrams.markup import element

_PATHS: dict[str, str] = {
    "user": "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4 21c1-5 4-7 8-7s7 2 8 7",
    "igw": "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM3 12h18M12 3c-6 6-6 12 0 18M12 3c6 6 6 12 0 18",
    "route": "M6 20V4M6 6h10l3 3-3 3H6M6 20h4",
    "endpoint": "M9 3v5M15 3v5M6 8h12v4c0 8-12 8-12 0ZM12 18v3",
    "nat": "M3 8h13M12 4l4 4-4 4M21 16H8M12 12l-4 4 4 4",
    "alb": "M3 12h6M9 12l7-7M9 12h8M9 12l7 7M16 5h4M17 12h4M16 19h4",
    "target-group": "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM12 12h.1",
    "code": "M8 6l-6 6 6 6M16 6l6 6-6 6M14 4l-4 16",
    "task": "M12 3l8 4.5v9L12 21l-8-4.5v-9ZM4 7.5l8 4.5 8-4.5M12 12v9",
    "service": "M5 8h10v12H5ZM9 8V4h10v12h-4",
    "scheduler": "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM12 7v5l4 2",
    "instance": "M4 4h16v6H4ZM4 14h16v6H4ZM7 7h2M7 17h2",
    "ecr": "M4 7h16v13H4ZM4 7l3-4h10l3 4M12 7v6M9 11l3 3 3-3",
    "database": "M4 6c0-4 16-4 16 0v12c0 4-16 4-16 0ZM4 6c0 4 16 4 16 0M4 12c0 4 16 4 16 0",
    "efs": "M4 5h7l2 3h7v11H4ZM8 13h8",
    "queue": "M3 7h4v10H3ZM10 7h4v10h-4ZM17 7h4v10h-4Z",
    "alarm": "M6 17V11c0-8 12-8 12 0v6l2 2H4ZM10 21h4",
    "metric": "M4 20V4M4 20h16M7 15l4-5 3 3 5-7",
    "role": "M12 3l8 3v5c0 5-3 8-8 10c-5-2-8-5-8-10V6ZM8 12l3 3 5-6",
    "secret": "M6 11h12v9H6ZM8 11V8c0-6 8-6 8 0v3M12 15v2",
    "bucket": "M4 6h16l-2 14H6ZM4 6c0-3 16-3 16 0",
    "bus": "M3 12h18M6 12V6M12 12v6M18 12V6M17 9l1-3 1 3",
    "volume": "M4 8h16v9H4ZM7 12h6M16 12h1",
    "document": "M6 3h8l4 4v14H6ZM14 3v4h4M9 12h6M9 16h6",
    "group": "M4 4h16v16H4Z",
}


def glyph(kind: str, x: float, y: float, size: float = 24) -> str:
    """The picture of a kind with its top left corner at (x, y); an unknown kind gets an open square."""
    scale = f" scale({size / 24:.3g})" if size != 24 else ""
    path = _PATHS.get(kind, _PATHS["group"])
    return element("path", class_="glyph", d=path, transform=f"translate({x:.1f} {y:.1f}){scale}", aria_hidden="true")


def kinds() -> tuple[str, ...]:
    """The kinds that have a picture of their own."""
    return tuple(sorted(_PATHS))
