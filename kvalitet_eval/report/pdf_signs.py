"""Which signs of a text can be printed: others are shown as their code, so that nothing disappears or hides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

_UNUSUAL = re.compile(r"[^ -~\u00a0-\u00ff]")
"""Signs that are looked at one by one; the font has all others, as a test knows."""
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
_SPACES = frozenset("\t\n\r\v\f\x85\u2028\u2029")


def printable(value: Any, has_glyph: Callable[[str], bool]) -> Any:
    r"""Return plain values with every text made printable.

    Parameters
    ----------
    value : str, number, list, tuple, dict or None
        As given to the compiler.
    has_glyph : callable
        Whether the font can show a sign.

    Returns
    -------
    The same structure; tuples become lists.

    Examples
    --------
    >>> printable({"a": ["x\u202ey", "\u2603", "\n"]}, lambda sign: False)
    {'a': ['x[U+202E]y', '[U+2603]', ' ']}
    """
    if isinstance(value, str):
        return _UNUSUAL.sub(lambda match: _shown(match[0], has_glyph), value)
    if isinstance(value, dict):
        return {key: printable(item, has_glyph) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(item, has_glyph) for item in value]
    return value


def _shown(sign: str, has_glyph: Callable[[str], bool]) -> str:
    if sign in _SPACES:
        return " "
    is_shown = unicodedata.category(sign) not in _HIDDEN and has_glyph(sign)
    return sign if is_shown else f"[U+{ord(sign):04X}]"
