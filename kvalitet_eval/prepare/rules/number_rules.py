"""Numbers as Norwegian files write them: what is certain is read, what can mean two things is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from kvalitet_eval.errors import Severity
from kvalitet_eval.prepare.files.cell_text import before_date
from kvalitet_eval.prepare.layout import Column

# Statistics Norway's standard signs for a figure that is not there, and what the status column says.
SYMBOLS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        ".": ("not_applicable", "symbol '.' cannot occur"),
        "..": ("not_available", "symbol '..' not available"),
        "...": ("not_yet", "symbol '...' not yet available"),
        ":": ("confidential", "symbol ':' confidential"),
    }
)
COMMA = "decimal comma"
ZERO, DASH = "zero", "dash"
STATUSES = (*(status for status, _ in SYMBOLS.values()), ZERO, DASH)
STATUS_SUFFIX = "_status"
_DIGIT = re.compile("[0-9]")
_LARGEST_COUNT = 2**53  # beyond it a float no longer tells whole numbers apart
_MINUS = str.maketrans({"−": "-", "–": "-", "‐": "-", "‑": "-", "‒": "-", "﹣": "-", "－": "-"})
_DASHES = ("-", "--", "---", "—", "―")
_SPACED = re.compile(r"[+-]?[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?:[.,][0-9]+)?")
_GROUPED = {
    ".": re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[+-]?[0-9]{1,3}(?:\.[0-9]{3}){2,}"),
    ",": re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[+-]?[0-9]{1,3}(?:,[0-9]{3}){2,}"),
}
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")  # 8.500: eight and a half, or eight thousand five hundred
_CLEAR = re.compile(r"(?!-0+(?:[.,]0+)?\Z)-?(?![1-9][0-9]{0,2}[.,][0-9]{3}\Z)[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_PERCENT_SIGN = re.compile(r"\s*(?:%|prosent|pst\.?)$", re.IGNORECASE)
_OTHER_UNIT = re.compile(
    r"(?:[0-9]\s*)(?P<unit>prosentpoeng|prosent-?poeng|%-?poeng|pp\.?|p\.p\.|‰|promille)$", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"\(\s*(?P<number>[0-9][0-9., \u00a0\u202f]*)\s*\)")


_NO_FACTS: Mapping[str, str] = MappingProxyType({})


class Typed(NamedTuple):
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
    status : str
        Why a figure is missing (or zero), when the source says so with a sign: one of :data:`STATUSES`.
    severity : {"error", "warning"}
        Of the fault; a warning leaves the value as it is.
    """

    value: str | float | int | None = None
    rule: str = ""
    code: str = ""
    facts: Mapping[str, str] = _NO_FACTS
    status: str = ""
    severity: Severity = "error"

    def after(self, rule: str) -> Typed:
        """Return the same with one more thing that was changed on the way, told first."""
        return (
            self
            if self.code and self.severity == "error"
            else self._replace(rule="; ".join(filter(None, (rule, self.rule))))
        )


def decimal_signs(cells: Iterable[str]) -> frozenset[str]:
    """Return which of ``.`` and ``,`` stand before decimals in a column, by the cells where that is certain."""
    texts = list(cells)
    whole = "\n".join(texts)
    return frozenset(sign for sign in ".," if sign in whole and any(_before_decimals(sign, text) for text in texts))


def _before_decimals(sign: str, cell: str) -> bool:
    text = cell.strip()
    last = max(text.rfind("."), text.rfind(","))
    return last > 0 and text[last] == sign and bool(_DIGIT.search(text)) and not _AMBIGUOUS.fullmatch(text)


def looks_grouped(cells: Iterable[str], column: Column) -> bool:
    """Whether the commas of a column can be an English file's thousands separators.

    In ``1,234`` and ``60,123`` nobody can tell, unless another number of the column shows what a comma is, or thousands
    are more than the column can hold. A single such number is read as a Norwegian reader would.
    """
    texts = {cell.strip() for cell in cells}
    doubtful = [text for text in texts if "," in text and _AMBIGUOUS.fullmatch(text)]
    return len(doubtful) > 1 and _highest(column) >= _THOUSAND and "," not in decimal_signs(texts)


_THOUSAND = 1000


def read_clear(texts: Sequence[str], column: Column) -> tuple[list[float | int | None], list[str]]:
    """Read the numbers that nobody can take for anything else: most cells of most files.

    Says what :func:`type_number` would say, in a tenth of the time.

    Returns
    -------
    values : list
        ``None`` where the text is no such number, or the number may not stand there.
    rules : list of str
        What was changed on the way.
    """
    values: list[float | int | None] = [None] * len(texts)
    rules = [""] * len(texts)
    is_count, low = column.kind == "count", -math.inf if column.low is None else column.low
    high = _highest(column)
    for place, text in enumerate(texts):
        if _CLEAR.fullmatch(text):
            value = float(text.replace(",", "."))
            if low <= value <= high and (not is_count or value == int(value)):
                values[place] = int(value) if is_count else value
                rules[place] = COMMA if "," in text else ""
    return values, rules


def type_number(text: str, column: Column, signs: frozenset[str], *, dash_is_zero: bool) -> Typed:
    """Read one number.

    Parameters
    ----------
    text : str
        The cell without space around it.
    column : Column
        What the column may hold.
    signs : frozenset of str
        What stands before decimals in this column (:func:`decimal_signs`).
    dash_is_zero : bool
        Whether ``-`` means zero, as in tables from Statistics Norway.
    """
    text = text.replace("…", "...")
    if text in SYMBOLS:
        status, rule = SYMBOLS[text]
        return Typed(rule=rule, status=status) if column.nullable else Typed(code="INN-D05")
    if (dash := text.translate(_MINUS)) in _DASHES:
        return _dash(dash, column, dash_is_zero=dash_is_zero)
    if fault := _unclear(text):
        return fault
    plain, rules = _plain_number(text, column)
    if _AMBIGUOUS.fullmatch(plain) and not _decided(plain, signs):
        one_number, thousands = plain.replace(",", "."), plain.replace(".", "").replace(",", "")
        return Typed(code="INN-D03", facts={"as_decimal": one_number.replace(".", ","), "as_thousands": thousands})
    if not _NUMBER.fullmatch(plain) or not math.isfinite(value := float(plain.replace(",", "."))):
        return Typed(code="INN-D01")
    if "," in plain:
        rules.append(COMMA)
    return _in_range(value, column, "; ".join(rules))


def _unclear(text: str) -> Typed | None:
    if match := _IN_BRACKETS.fullmatch(text):
        return Typed(code="INN-D06", facts={"number": match["number"].strip()})
    if match := _OTHER_UNIT.search(text):
        return Typed(code="INN-D09", facts={"unit": match["unit"]})
    if likely := before_date(text):
        return Typed(code="INN-C09", facts={"likely": likely})
    return None


def _dash(dash: str, column: Column, *, dash_is_zero: bool) -> Typed:
    if dash == "-" and dash_is_zero:
        return Typed(0 if column.kind == "count" else 0.0, "symbol '-' zero", status=ZERO)
    if column.nullable:
        return Typed(rule="dash that the source does not explain", code="INN-D04", status=DASH, severity="warning")
    return Typed(code="INN-D04")


def _plain_number(text: str, column: Column) -> tuple[str, list[str]]:
    """Take away what is not part of the number, one rule at a time."""
    rules = []
    plain = text.translate(_MINUS)
    if plain != text:
        rules.append("minus sign")
    if plain.startswith(("'", "’")) and plain[1:2].isdigit():
        plain = plain[1:]
        rules.append("apostrophe before the number taken away")
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


def _highest(column: Column) -> float:
    if column.high is not None:
        return column.high
    return _LARGEST_COUNT if column.kind == "count" else math.inf


def _in_range(value: float, column: Column, rule: str) -> Typed:
    if column.low is not None and value < column.low:
        return Typed(code="INN-D10", facts={"low": f"{column.low:g}"})
    if value > (high := _highest(column)):
        return Typed(code="INN-D11", facts={"high": f"{high:.16g}"})
    if value == 0 and math.copysign(1, value) < 0:
        value, rule = 0.0, "; ".join(filter(None, (rule, "minus before zero taken away")))
    if column.kind == "number":
        return Typed(value, rule)
    return Typed(int(value), rule) if value == int(value) else Typed(code="INN-D13")
