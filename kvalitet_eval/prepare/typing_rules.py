"""From the text of one cell to a value: what is accepted, what is changed on the way, and what is refused.

Every rule answers with :class:`Typed`; nothing raises, so that all faults of a file are found in one go.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kvalitet_eval.prepare.layout import Column, Layout
from kvalitet_eval.prepare.periods import Window, parse_quarter

ZERO_RESTORED = "leading zero put back"
# Statistics Norway's standard signs for a figure that is not there.
MISSING_SYMBOLS = {
    ".": "symbol '.' cannot occur",
    "..": "symbol '..' not available",
    "...": "symbol '...' not yet available",
    ":": "symbol ':' confidential",
}
_LARGEST_COUNT = 2**53  # beyond it a float no longer tells whole numbers apart
_MINUS = str.maketrans({"−": "-", "–": "-"})
_SPACED = re.compile(r"[+-]?[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?:[.,][0-9]+)?")
_GROUPED = {
    ".": re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[+-]?[0-9]{1,3}(?:\.[0-9]{3}){2,}"),
    ",": re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[+-]?[0-9]{1,3}(?:,[0-9]{3}){2,}"),
}
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")  # 8.500: eight and a half, or eight thousand five hundred
_PERCENT_SIGN = re.compile(r"\s*(?:%|prosent)$")


@dataclass(frozen=True, slots=True)
class Typed:
    """What became of one cell.

    Parameters
    ----------
    value : str, float, int or None
        The value; ``None`` is missing or refused.
    rule : str
        What was changed on the way, for the ledger; empty when the text stands as it was.
    code : str
        Code of the fault; empty when there is none.
    facts : mapping of str to str
        Placeholders of the fault's sentences.
    """

    value: str | float | int | None = None
    rule: str = ""
    code: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def type_column(cells: Sequence[str], column: Column, layout: Layout) -> list[Typed]:
    """Type all cells of one column, each spelling once; same order as the cells."""
    convert = _converter(cells, column, layout)
    seen = {cell: convert(cell) for cell in dict.fromkeys(cells)}
    return [seen[cell] for cell in cells]


def _converter(cells: Sequence[str], column: Column, layout: Layout) -> Callable[[str], Typed]:
    signs = _decimal_signs(cells) if column.kind in ("number", "count") else frozenset()

    def convert(cell: str) -> Typed:
        text = unicodedata.normalize("NFC", cell).strip()
        if not text:
            return Typed() if column.nullable else Typed(code="INN-D05")
        if column.kind in ("number", "count"):
            typed = _type_number(text, column, layout, signs)
        else:
            typed = _TEXT_RULES[column.kind](text, column)
        if text != cell and not typed.code:
            return Typed(typed.value, "; ".join(filter(None, ("spelling of space or accents", typed.rule))))
        return typed

    return convert


def _decimal_signs(cells: Iterable[str]) -> frozenset[str]:
    """Return which of ``.`` and ``,`` stand before decimals in a column, by the cells where that is certain."""
    signs = set()
    for cell in dict.fromkeys(cells):
        text = cell.strip()
        last = max(text.rfind("."), text.rfind(","))
        if last > 0 and any(character.isdigit() for character in text) and not _AMBIGUOUS.fullmatch(text):
            signs.add(text[last])
    return frozenset(signs)


def _type_number(text: str, column: Column, layout: Layout, signs: frozenset[str]) -> Typed:
    if text in MISSING_SYMBOLS:
        return Typed(rule=MISSING_SYMBOLS[text]) if column.nullable else Typed(code="INN-D05")
    if text in ("-", "--"):
        zero = layout.dash_is_zero and text == "-"
        return Typed(0 if column.kind == "count" else 0.0, "symbol '-' zero") if zero else Typed(code="INN-D04")
    plain, rules = _plain_number(text, column)
    if _AMBIGUOUS.fullmatch(plain) and not _decided(plain, signs):
        one_number, thousands = plain.replace(",", "."), plain.replace(".", "").replace(",", "")
        return Typed(code="INN-D03", facts={"as_decimal": one_number.replace(".", ","), "as_thousands": thousands})
    if not _NUMBER.fullmatch(plain) or not math.isfinite(value := float(plain.replace(",", "."))):
        return Typed(code="INN-D01")
    if "," in plain:
        rules.append("decimal comma")
    return _in_range(value, column, "; ".join(rules))


def _plain_number(text: str, column: Column) -> tuple[str, list[str]]:
    """Take away what is not part of the number, one rule at a time."""
    rules = []
    plain = text.translate(_MINUS)
    if plain != text:
        rules.append("minus sign")
    if column.unit.startswith("percent") and _PERCENT_SIGN.search(plain):
        plain = _PERCENT_SIGN.sub("", plain)
        rules.append("percent sign taken away")
    if _SPACED.fullmatch(plain):
        plain = "".join(plain.split())
        return plain + (".0" if _AMBIGUOUS.fullmatch(plain) else ""), [*rules, "thousands separator taken away"]
    for sign, grouped in _GROUPED.items():
        if grouped.fullmatch(plain):
            return plain.replace(sign, ""), [*rules, "thousands separator taken away"]
    return plain, rules


def _decided(plain: str, signs: frozenset[str]) -> bool:
    """Say whether the column tells that the sign in ``8.500`` is a decimal sign.

    A comma is one unless other cells have decimal points; a point only when other cells have decimal points and none
    has a decimal comma.
    """
    return "." not in signs if "," in plain else signs == {"."}


def _in_range(value: float, column: Column, rule: str) -> Typed:
    if column.low is not None and value < column.low:
        return Typed(code="INN-D10", facts={"low": f"{column.low:g}"})
    high = _LARGEST_COUNT if column.high is None and column.kind == "count" else column.high
    if high is not None and value > high:
        return Typed(code="INN-D11", facts={"high": f"{high:.16g}"})
    if column.kind == "number":
        return Typed(value, rule)
    return Typed(int(value), rule) if value == int(value) else Typed(code="INN-D13")


def _type_text(text: str, _: Column) -> Typed:
    return Typed(text)


def _type_choice(text: str, column: Column) -> Typed:
    if text in column.allowed:
        return Typed(text)
    if text.casefold() in column.allowed:
        return Typed(text.casefold(), "capital letters")
    return Typed(code="INN-D15", facts={"allowed": ", ".join(column.allowed)})


def _type_quarter(text: str, _: Column) -> Typed:
    try:
        label = parse_quarter(text)
    except ValueError:
        return _not_a_quarter(text)
    return Typed(label, "" if label == text else "quarter written another way")


def _not_a_quarter(text: str) -> Typed:
    try:
        window = Window.parse(text)
    except ValueError:
        return Typed(code="INN-E05" if re.fullmatch(r"(?:19|20)[0-9]{2}", text) else "INN-E01")
    return Typed(code="INN-E06", facts={"first": window.start, "last": window.end})


def _type_municipality(text: str, _: Column) -> Typed:
    """Read a municipality number; whether it exists is for the caller, who knows the year."""
    if re.fullmatch(r"[0-9]{4}", text):
        return Typed(text)
    number = re.fullmatch(r"([0-9]{3,4})(?:[.,]0)?", text)
    if not number:
        return Typed(code="INN-F02")
    return Typed(number[1].zfill(4), ZERO_RESTORED if len(number[1]) < 4 else "whole number written with decimals")


def _type_date(text: str, _: Column) -> Typed:
    norwegian = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text)
    iso = f"{norwegian[3]}-{norwegian[2]:0>2}-{norwegian[1]:0>2}" if norwegian else text
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?", iso):
            raise ValueError(text)
        dt.date.fromisoformat(iso if len(iso) > 7 else f"{iso}-01")
    except ValueError:
        return Typed(code="INN-D16")
    return Typed(iso, "date written day first" if norwegian else "")


_TEXT_RULES: dict[str, Callable[[str, Column], Typed]] = {
    "text": _type_text,
    "choice": _type_choice,
    "quarter": _type_quarter,
    "municipality": _type_municipality,
    "date": _type_date,
}
