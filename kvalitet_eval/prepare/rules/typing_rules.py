"""From the text of one cell to a value: what is accepted, what is changed on the way, and what is refused.

Every rule answers with :class:`Typed`; nothing raises, so that all faults of a file are found in one go.
"""

from __future__ import annotations

import datetime as dt
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from kvalitet_eval.prepare.breaks import marked_quarter
from kvalitet_eval.prepare.layout import Column, Layout
from kvalitet_eval.prepare.periods import Window, parse_quarter
from kvalitet_eval.prepare.rules.number_rules import Typed, decimal_signs, looks_grouped, read_clear, type_number
from kvalitet_eval.prepare.rules.typed_column import TypedColumn, encode

ZERO_RESTORED = "leading zero put back"
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_MARKED_UP = ("number", "count", "quarter", "municipality", "date")


def type_column(cells: Sequence[str], column: Column, layout: Layout, *, dash_is_zero: bool = False) -> TypedColumn:
    """Type all cells of one column, each spelling once.

    Parameters
    ----------
    cells, column, layout
        The texts, and what they should be.
    dash_is_zero : bool
        Whether the file says that it comes from Statistics Norway, where ``-`` is zero; a layout may say so too.
    """
    codes, spellings = encode(cells)
    is_number = column.kind in ("number", "count")
    signs = decimal_signs(spellings) if is_number else frozenset()
    if is_number and looks_grouped(spellings, column):
        signs = frozenset(".,")  # neither sign is certain to be a decimal sign

    def type_text(text: str) -> Typed:
        if is_number:
            return type_number(text, column, signs, dash_is_zero=dash_is_zero or layout.dash_is_zero)
        typed = _TEXT_RULES[column.kind](text, column)
        return typed._replace(facts=_frequencies(codes, spellings)) if typed.code == "INN-E05" else typed

    values, rules = read_clear(spellings, column) if is_number else ([None] * len(spellings), [""] * len(spellings))
    noted = {}
    for code, cell in enumerate(spellings):
        if values[code] is None:
            typed = _typed(cell, column, type_text)
            values[code], rules[code] = typed.value, typed.rule
            if typed.code or typed.status:
                noted[code] = typed
    return TypedColumn(codes, spellings, values, rules, noted)


def _typed(cell: str, column: Column, type_text: Callable[[str], Typed]) -> Typed:
    text = visible(cell, column)
    if not text:
        return Typed() if column.nullable else Typed(code="INN-D05")
    plain, rules = text, []
    if column.kind in _MARKED_UP:
        plain, rules = _unwrapped(text, column)
    typed = type_text(plain)
    if typed.code and column.kind in _MARKED_UP and _TAG.search(plain):
        without = type_text(html.unescape(_TAG.sub("", plain)).strip())
        typed = typed if without.code else without.after("HTML tags taken away")
    for rule in reversed(rules):
        typed = typed.after(rule)
    return typed if text == cell else typed.after("spelling of space or accents")


def visible(cell: str, column: Column) -> str:
    """Return what one sees of a cell, composed: signs without ink are taken from its ends, and from inside a key."""
    text = unicodedata.normalize("NFC", cell).strip()
    if column.kind in _MARKED_UP:
        text = text.translate(_TAKEN_AWAY)
    return text.strip(_INVISIBLE)


_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff\u00ad\u2060 \u00a0"
_TAKEN_AWAY = dict.fromkeys(map(ord, _INVISIBLE.rstrip(" \u00a0")))


def _unwrapped(text: str, column: Column) -> tuple[str, list[str]]:
    """Take away what a spreadsheet is told to leave a text alone with: ``="0301"``, and an apostrophe before it."""
    if match := _KEPT_AS_TEXT.fullmatch(text):
        return match["text"].strip(), ["formula that only keeps a text"]
    if column.kind not in ("number", "count") and _APOSTROPHE.match(text):
        return text[1:], ["apostrophe before the text taken away"]
    return text, []


_KEPT_AS_TEXT = re.compile(r'="(?P<text>[^"]*)"')
_APOSTROPHE = re.compile(r"['’](?=[0-9][^'’]*\Z)")


def decimal_summary(cells: TypedColumn) -> str:
    """Say how many cells of a column have a decimal comma and how many a point; empty when not both occur."""
    if len(decimal_signs(cells.spellings)) < 2:
        return ""
    signs = Counter()
    for text, n in zip(cells.spellings, np.bincount(cells.codes).tolist(), strict=True):
        signs.update(dict.fromkeys(decimal_signs([text]), n))
    return f"comma in {signs[',']} cells, point in {signs['.']}"


def _frequencies(codes: np.ndarray, spellings: Sequence[str]) -> dict[str, str]:
    """Count how many cells of a period column hold quarters, months and whole years."""
    counts = Counter()
    for spelling, n in zip(spellings, np.bincount(codes).tolist(), strict=True):
        text = spelling.strip()
        counts["year" if _YEAR.fullmatch(text) else "month" if _MONTH.fullmatch(text) else "quarter"] += n
    return {f"n_{name}s": str(counts[name]) for name in ("quarter", "month", "year")}


_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_MONTHS = (
    r"jan(?:uar)?|feb(?:ruar)?|mars?|apr(?:il)?|mai|juni?|juli?|aug(?:ust)?"
    r"|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|des(?:ember)?"
)
_MONTH = re.compile(
    rf"(?:19|20)[0-9]{{2}} ?[M:-] ?(?:0[1-9]|1[0-2])|(?:{_MONTHS})\.? ?(?:19|20)[0-9]{{2}}"
    rf"|(?:19|20)[0-9]{{2}} (?:{_MONTHS})\.?",
    re.IGNORECASE,
)
_NUMBER_AND_NAME = re.compile(r"(?:K-?)?(?P<number>[0-9]{4})[ \u00a0:_-]+(?P<name>[^\W\d_].*)")
_NAME_AND_NUMBER = re.compile(r"(?P<name>[^\W\d_][^()]*)\((?P<number>[0-9]{4})\)")
_DECIMAL_PERIOD = re.compile(r"(?:19|20)[0-9]{2}[.,][0-9]{1,2}")


def _type_text(text: str, column: Column) -> Typed:
    if column.digits and text.isdecimal() and len(text) == column.digits - 1:
        return Typed(f"0{text}", "leading zero put back")
    return Typed(text)


def _type_choice(text: str, column: Column) -> Typed:
    if text in column.allowed:
        return Typed(text)
    if text.casefold() in column.allowed:
        return Typed(text.casefold(), "capital letters")
    if text.casefold() in column.synonyms:
        return Typed(column.synonyms[text.casefold()], "Norwegian word for the value")
    return Typed(
        code="INN-D15", facts={"allowed": ", ".join(_with_synonyms(value, column) for value in column.allowed)}
    )


def _with_synonyms(value: str, column: Column) -> str:
    words = [word for word, meant in column.synonyms.items() if meant == value]
    return f"{value} ({', '.join(words)})" if words else value


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
        return _not_a_period_of_quarters(text)
    return Typed(code="INN-E06", facts={"first": window.start, "last": window.end})


def _not_a_period_of_quarters(text: str) -> Typed:
    if (marked := marked_quarter(text)) is not None:
        quarter, item = marked
        titles = {"title_nb": item.title_nb, "title_nn": item.title_nn, "title_en": item.title_en}
        return Typed(code="INN-S02", facts={"quarter": quarter, **titles})
    if _YEAR.fullmatch(text) or _MONTH.fullmatch(text):
        return Typed(code="INN-E05")
    return Typed(code="INN-E02" if _DECIMAL_PERIOD.fullmatch(text) else "INN-E01")


def _type_municipality(text: str, _: Column) -> Typed:
    """Read a municipality number; whether it exists is for the caller, who knows the year."""
    if re.fullmatch(r"[0-9]{4}", text):
        return Typed(text)
    if lettered := re.fullmatch(r"[Kk][-.]?([0-9]{4})", text):  # K-0301, as tables from Statistics Norway have it
        return Typed(lettered[1], "letter before the number taken away")
    number = re.fullmatch(r"([0-9]{3,4})(?:[.,]0+)?", text)
    if not number:
        both = number_and_name(text)
        return Typed(both[0], "number taken from number and name") if both else Typed(code="INN-F02")
    return Typed(number[1].zfill(4), ZERO_RESTORED if len(number[1]) < 4 else "whole number written with decimals")


def number_and_name(text: str) -> tuple[str, str] | None:
    """Return number and name of a cell that has both.

    Examples
    --------
    >>> number_and_name("0101 Halden"), number_and_name("K-0542 Nord-Aurdal"), number_and_name("Halden")
    (('0101', 'Halden'), ('0542', 'Nord-Aurdal'), None)
    """
    match = _NUMBER_AND_NAME.fullmatch(text) or _NAME_AND_NUMBER.fullmatch(text)
    return (match["number"], match["name"].strip()) if match else None


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
