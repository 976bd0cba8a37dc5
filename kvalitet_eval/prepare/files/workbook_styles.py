"""What a cell's style says: leading zeros (``0000``), per cent, unseen, struck out; runs in the workbook's process."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.etree import ElementTree

from kvalitet_eval.prepare.files.separate_process import RefusedError

MOST_STYLES = 64_000 * 2
_BUILT_IN_PERCENT = {9, 10}
_BUILT_IN_NUMBERS = {0, 1, 2, 3, 4, 11, 37, 38, 39, 40, 48}
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')  # what a format shows beside the number


@dataclass(frozen=True, slots=True)
class Styles:
    """Cell styles (their number in the file as text) that say something about what the cell holds.

    Parameters
    ----------
    zeros : dict of bytes to int
        Styles that show whole numbers with at least so many digits.
    percent : frozenset of bytes
        Styles that show shares as per cent.
    numeric : frozenset of bytes
        Styles that cannot be of dates or times, and say nothing beside.
    unseen : frozenset of bytes
        Styles under which nobody sees the content: an empty number format (``;;;``), or white on white.
    struck : frozenset of bytes
        Styles that strike the content out.
    """

    zeros: dict[bytes, int]
    percent: frozenset[bytes]
    numeric: frozenset[bytes] = frozenset()
    unseen: frozenset[bytes] = frozenset()
    struck: frozenset[bytes] = frozenset()

    @property
    def special(self) -> tuple[bytes, ...]:
        """All of them."""
        return tuple(sorted({*self.zeros, *self.percent, *self.unseen, *self.struck}))

    def looks(self, style: bytes) -> tuple[str, ...]:
        """Return what is odd about how a style shows its cells: ``unseen``, ``struck``."""
        return tuple(name for name in ("unseen", "struck") if style in getattr(self, name))


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
        styles = [item for group in _named(tree, "cellXfs") for item in group]
        used = [int(item.get("numFmtId", "0")) for item in styles]
        white, struck = _white_on_white(tree, styles), _by_part(tree, styles, "fonts", "fontId", _is_struck)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise RefusedError("INN-C13", found=f"styles: {error}") from error
    if len(used) > MOST_STYLES:
        raise RefusedError("INN-C13", found=f"styles: {len(used)}")
    hidden = [_shows_nothing(formats.get(number, "")) for number in used]
    unseen = _numbered(is_hidden or is_white for is_hidden, is_white in zip(hidden, white, strict=True))
    kinds = {place: _meaning(number, formats.get(number, "")) for place, number in enumerate(used)}
    numbers = _numbered(number in _BUILT_IN_NUMBERS - {*formats} for number in used)
    return Styles(
        {str(place).encode(): width for place, (width, _) in kinds.items() if width},
        _numbered(is_percent for _, is_percent in kinds.values()),
        numbers - unseen - _numbered(struck),
        unseen,
        _numbered(struck),
    )


def _numbered(chosen: Iterable[bool]) -> frozenset[bytes]:
    return frozenset(str(place).encode() for place, is_chosen in enumerate(chosen) if is_chosen)


def _named(tree: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [item for item in tree.iter() if item.tag.rpartition("}")[2] == name]


def _meaning(number: int, code: str) -> tuple[int, bool]:
    """Return how many digits a format shows at least (0: it does not say), and whether it shows per cent."""
    positive = _LITERAL.sub("", code).split(";")[0].strip()
    digits = len(positive) if len(positive) > 1 and set(positive) == {"0"} else 0
    return digits, number in _BUILT_IN_PERCENT or positive.endswith("%")


def _shows_nothing(code: str) -> bool:
    """Whether a number format leaves out positive numbers: an empty first section with others after it (``;;;``)."""
    return ";" in code and not _LITERAL.sub("", code).split(";")[0].strip() and not re.match(r'"[^";]+"', code)


def _by_part(
    tree: ElementTree.Element,
    styles: list[ElementTree.Element],
    group: str,
    key: str,
    question: Callable[[ElementTree.Element], bool],
) -> list[bool]:
    """Return the answer about the font or fill of each style; no when there is none."""
    answers = [question(item) for items in _named(tree, group)[:1] for item in items]
    places = [int(style.get(key, "0")) for style in styles]
    return [place < len(answers) and answers[place] for place in places]


def _white_on_white(tree: ElementTree.Element, styles: list[ElementTree.Element]) -> list[bool]:
    white = _by_part(tree, styles, "fonts", "fontId", _is_white)
    filled = _by_part(tree, styles, "fills", "fillId", _is_coloured)
    return [font and not fill for font, fill in zip(white, filled, strict=True)]


def _is_struck(font: ElementTree.Element) -> bool:
    return any(item.get("val", "1") not in ("0", "false") for item in _named(font, "strike"))


def _is_white(part: ElementTree.Element, name: str = "color") -> bool:
    return any(
        item.get("rgb", "").upper()[-6:] == "FFFFFF"
        or (item.get("theme") == "0" and item.get("tint", "0") in ("0", "0.0"))
        or item.get("indexed") in ("1", "9")
        for item in _named(part, name)
    )


def _is_coloured(fill: ElementTree.Element) -> bool:
    patterns = [item for item in _named(fill, "patternFill") if item.get("patternType", "none") != "none"]
    return bool(_named(fill, "gradientFill")) or any(not _is_white(item, "fgColor") for item in patterns)
