"""Number formats that say what a number is: leading zeros (``0000``) and per cent; runs in the workbook's process."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from kvalitet_eval.prepare.files.separate_process import RefusedError

MOST_STYLES = 64_000 * 2
_BUILT_IN_PERCENT = {9, 10}
_BUILT_IN_NUMBERS = {0, 1, 2, 3, 4, 11, 37, 38, 39, 40, 48}
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')  # what a format shows beside the number


@dataclass(frozen=True, slots=True)
class Styles:
    """Cell styles (their number in the file as text) whose number format says something about the number.

    Parameters
    ----------
    zeros : dict of bytes to int
        Styles that show whole numbers with at least so many digits.
    percent : frozenset of bytes
        Styles that show shares as per cent.
    numeric : frozenset of bytes
        Styles that cannot be of dates or times, and say nothing beside.
    """

    zeros: dict[bytes, int]
    percent: frozenset[bytes]
    numeric: frozenset[bytes] = frozenset()

    @property
    def special(self) -> tuple[bytes, ...]:
        """All of them."""
        return (*self.zeros, *sorted(self.percent))


def read_styles(data: bytes | None) -> Styles:
    """Read the styles part; without one no style says anything.

    Raises
    ------
    RefusedError
        ``INN-C13``: the part is damaged.
    """
    if data is None:
        return Styles({}, frozenset())
    try:
        tree = ElementTree.fromstring(data)
        formats = {int(item.get("numFmtId", "0")): item.get("formatCode", "") for item in _named(tree, "numFmt")}
        used = [int(item.get("numFmtId", "0")) for group in _named(tree, "cellXfs") for item in group]
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise RefusedError("INN-C13", found=f"styles: {error}") from error
    if len(used) > MOST_STYLES:
        raise RefusedError("INN-C13", found=f"styles: {len(used)}")
    kinds = {place: _meaning(number, formats.get(number, "")) for place, number in enumerate(used)}
    return Styles(
        {str(place).encode(): width for place, (width, _) in kinds.items() if width},
        frozenset(str(place).encode() for place, (_, is_percent) in kinds.items() if is_percent),
        frozenset(str(place).encode() for place, number in enumerate(used) if number in _BUILT_IN_NUMBERS - {*formats}),
    )


def _named(tree: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [item for item in tree.iter() if item.tag.rpartition("}")[2] == name]


def _meaning(number: int, code: str) -> tuple[int, bool]:
    """Return how many digits a format shows at least (0: it does not say), and whether it shows per cent."""
    positive = _LITERAL.sub("", code).split(";")[0].strip()
    digits = len(positive) if len(positive) > 1 and set(positive) == {"0"} else 0
    return digits, number in _BUILT_IN_PERCENT or positive.endswith("%")
