"""Where in a programme file a setting stands: the TOML reader itself does not say."""

from __future__ import annotations

import re
from collections.abc import Sequence

Place = tuple[str | int, ...]


def line_of(place: Place, lines: Sequence[str]) -> int | None:
    """Return the line of a setting, counted from 1: of its key, else of its section; None when neither is there.

    Examples
    --------
    >>> lines = ["[window]", 'first = "2005Q1"', "[[intakes]]", "[[intakes]]", 'id = "b"']
    >>> line_of(("window", "first"), lines), line_of(("window", "last"), lines), line_of(("intakes", 1, "id"), lines)
    (2, 1, 5)
    """
    for depth in range(len(place), 0, -1):
        if isinstance(place[depth - 1], int):
            continue
        start = _header(place[:depth], place[depth : depth + 1], lines)
        if start is not None:
            return _key(place[depth:], start, lines) + 1
    return _key(place, -1, lines) + 1 or None


def _header(section: Place, index: Place, lines: Sequence[str]) -> int | None:
    """Position of a section's header; ``index`` says which of several ``[[section]]``."""
    name = r"\s*\.\s*".join(re.escape(str(part)) for part in section if isinstance(part, str))
    found = [position for position, line in enumerate(lines) if re.match(rf"\s*\[+\s*{name}\s*\]+", line)]
    wanted = index[0] if index and isinstance(index[0], int) else 0
    return found[wanted] if wanted < len(found) else None


def _key(rest: Place, start: int, lines: Sequence[str]) -> int:
    """Position of the first key of ``rest`` below a header, or of the header when it is not there."""
    key = next((part for part in rest if isinstance(part, str)), None)
    if key is None:
        return start
    for position in range(start + 1, len(lines)):
        if re.match(r"\s*\[[\w\s.\[\]]+\]\s*(#|$)", lines[position]):
            break
        if re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""", lines[position]):
            return position
    return start
