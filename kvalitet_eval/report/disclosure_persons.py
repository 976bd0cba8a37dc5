"""Find person numbers in a text however they are spelled, and leave alone what only has as many digits.

Eleven digits with a date and two check digits are seldom chance, but a report has many numbers: spellings that a row of
figures, a sum, a telephone or an account has too count only where something else says that a person is meant.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from kvalitet_eval.persons import LENGTH, is_person_number, person_number_of

_ENOUGH_DIGITS = re.compile(r"\d(?:\W{0,3}_?\d){9}")
_EXPONENT = re.compile(r"\d\s?(?:[eE][+-]?\d|[x\u00d7*\u00b7]\s?10)")
_HARD = "\u00a6"
_BLANKS = dict.fromkeys((0x00A0, *range(0x2000, 0x200B), 0x202F), _HARD)
_DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0x2043, 0xFE63, 0xFF0D), "-")
_RAISED = {
    ord(sign): f"^{digit}" for digit, sign in enumerate("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
}
_ALIKE = _RAISED | _BLANKS | _DASHES | dict.fromkeys(map(ord, "\t\r\n\u3000"), " ")
_HASH = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])")
_RUN = re.compile(rf"\d(?:[ {_HARD}./:_-]{{0,3}}\d)*")
_GROUP = re.compile(r"\d+")
_DATE_SIGNS = frozenset(("", " ", _HARD, ".", "/", "-", "_"))
_BETWEEN_SIGNS = frozenset(("", " ", _HARD, ".", ":", "/", "-", "_", " - ", ". ", ": ", " / ", "- ", " -"))
_ONE_KIND = frozenset((_HARD, "-", "_", "/", "."))
_DECIMALS = re.compile(r"[.,]\d")
_NO_DECIMALS = re.compile(r"[.,]0{1,9}(?!\d|[.,]\d)")
_UNIT = re.compile(
    r"\s?(?:kr\b|kroner|NOK|SEK|DKK|EUR|USD|GBP|\u20ac|\$|%|mill|mrd|tusen|\u00f8re|bytes?\b|[kMG]?B\b|m?s\b|sek)",
    re.IGNORECASE,
)
_BEFORE_A_SUM = re.compile(
    r"(?:kr\.?|NOK|EUR|USD|\u20ac|\$|konto(?:nr|nummer)?\.?|account(?: no| number)?\.?|KID|"
    r"tlf\.?|telefon(?:nr|nummer)?|mobil|phone|tel\.?)\W{0,3}$",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r".*(?:kroner|\bkr\b|bel\u00f8p|\bsum|utgift|inntekt|kostnad|budsjett|regnskap|konto|amount|account|cost|seed|"
    r"time|epoch|bytes|\bsize|hash|checksum|crc|offset).*",
    re.IGNORECASE | re.DOTALL,
)
_NAMED = re.compile(
    r"(?<![^\W_])(?:f[\u00f8o]dsels?-?(?:nr|n\u00ba|nummer)|f\.?nr|person-?(?:nr|nummer)|p\.?nr|d-?(?:nr|nummer)|"
    r"birth (?:number|no)|national identity number|personal number|ssn)\b\D{0,40}?(?=\d)",
    re.IGNORECASE,
)
_NAMED_RUN = re.compile(r"\d(?:[^\w,;]{0,3}\d|, ?\d)*")
_AS_A_NUMBER = re.compile(
    r"(?<![\w.,])(\d+(?:[.,]\d+)?)\s?(?:[eE]([+-]?\d{1,2})|[x*\u00d7\u00b7]\s?10\s?(?:\^|\*\*)\s?(\d\^?\d?))(?!\w)"
)


def person_numbers(text: str, key: str = "") -> Iterator[str]:
    """Yield every person number that stands in a text, each once.

    Parameters
    ----------
    text : str
        A cell, a line or a paragraph.
    key : str
        The heading it stands under: below one of sums or of times no zero is put back.

    Examples
    --------
    >>> list(person_numbers("01.01.07 10029; 3,01010710029,5; 4.1010710012E+10"))
    ['01010710029', '41010710012']
    >>> list(person_numbers("om 010 107 100 29 og 41010710012.0")), list(person_numbers("kr 41 010 710 012"))
    (['01010710029', '41010710012'], [])
    """
    text = _likened(text)
    if _ENOUGH_DIGITS.search(text) is None and _EXPONENT.search(text) is None:
        return
    text = _HASH.sub(" ", text)
    yield from dict.fromkeys([*_spelled(text, key), *_named(text), *_with_exponent(text)])


def _likened(text: str) -> str:
    """Write all blanks that hold together as one sign, all dashes as one, and digits of any alphabet as ours."""
    if text.isascii():
        return text.translate(_ALIKE) if not text.isprintable() else text
    return unicodedata.normalize("NFKC", text.translate(_ALIKE)).translate(_ALIKE)


def _spelled(text: str, key: str) -> Iterator[str]:
    for run in _RUN.finditer(text):
        if run.end() - run.start() < LENGTH - 1:
            continue
        groups = [(found.start(), found.end()) for found in _GROUP.finditer(text, run.start(), run.end())]
        for first in range(len(groups)):
            yield from _from_group(text, groups, first, key)


def _from_group(text: str, groups: Sequence[tuple[int, int]], first: int, key: str) -> Iterator[str]:
    """Person numbers that begin with one group of digits."""
    start, total, last = groups[first][0], 0, first
    while last < len(groups) and total < LENGTH:
        total += groups[last][1] - groups[last][0]
        last += 1
        if total == LENGTH - 1 and last == first + 1 and _lost_zero_may_be(text, *groups[first], key):
            yield from _valid(f"0{_digits(text, *groups[first])}")
    if total == LENGTH and _is_whole(text, start, groups[last - 1][1]) and not _is_after_a_sum(text, start):
        taken = groups[first:last]
        digits = "".join(_digits(text, *group) for group in taken)
        if is_person_number(digits) and _is_grouping(text, taken, digits):
            yield digits


def _digits(text: str, start: int, end: int) -> str:
    return "".join(str(unicodedata.digit(sign)) for sign in text[start:end])


def _valid(digits: str) -> Iterator[str]:
    if is_person_number(digits):
        yield digits


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether digits are all of a number: no decimals, nor the decimals of another; between two commas they are."""
    if text[start - 1 : start] == "," == text[end : end + 1]:
        return True
    if _DECIMALS.match(text, end) and not _NO_DECIMALS.match(text, end):
        return False
    before = text[max(0, start - 2) : start]
    if before[-1:] == ".":
        return before[:1].isalpha() and len(before) == 2
    return not (before[-1:] == "," and before[:1].isdigit())


def _is_grouping(text: str, groups: Sequence[tuple[int, int]], digits: str) -> bool:
    """Whether people part a person number like this, and nobody parts other numbers so.

    A day in three parts and the number, or any parts that begin with a zero or have a sign that keeps them together;
    groups of thousands, the four digits of a municipality and those of an account are read as what they are.
    """
    lengths = tuple(end - begin for begin, end in groups)
    signs = tuple(text[one[1] : two[0]] for one, two in itertools.pairwise(groups))
    if len(lengths) == 1:
        return True
    if lengths[0] == 6 or lengths[:3] == (2, 2, 2):
        return _is_day_and_number(lengths, signs, digits)
    is_alone = groups[0][0] == 0 and len(text) == groups[-1][1]
    is_one_kind = len(lengths) > 2 and len(set(signs)) == 1 and signs[0] in (" ", *_ONE_KIND)
    if lengths == (2, 3, 3, 3):
        return is_one_kind and digits[0] == digits[2] == "0"
    if lengths == (1,) * LENGTH:
        return is_one_kind and (is_alone or signs[0] in _ONE_KIND)
    if lengths[0] != 3 or not is_one_kind:
        return False
    is_address = signs[0] == "." and len(lengths) == 4
    is_after_digits = text[: groups[0][0]].rstrip(f" {_HARD}")[-1:].isdigit()
    is_held = is_alone or signs[0] in _ONE_KIND
    return not is_after_digits and (digits[0] == "0" or (is_held and not is_address))


def _is_day_and_number(lengths: tuple[int, ...], signs: tuple[str, ...], digits: str) -> bool:
    day = 1 if lengths[0] == 6 else 3
    is_day = day == 1 or (signs[0] == signs[1] and signs[0] in _DATE_SIGNS)
    between, rest = signs[day - 1], lengths[day:]
    is_near = between in _BETWEEN_SIGNS or (digits[0] == "0" and not between.strip())
    return is_day and is_near and (rest == (5,) or (rest == (3, 2) and signs[-1] in (" ", _HARD, between)))


def _lost_zero_may_be(text: str, start: int, end: int, key: str) -> bool:
    """Whether ten digits may have had a zero before them: a word by themselves and no sum, telephone or time."""
    if text[start] == "0" or re.match(r"[^\W\d]", text[end : end + 1]) or not _is_whole(text, start, end):
        return False
    before = text[start - 1 : start]
    if before and (before.isalnum() or before in "_+-#"):
        return False
    if re.match(r"[-/:]\d", text[end : end + 2]) or re.search(r"\d[/:]$", text[max(0, start - 2) : start]):
        return False
    after = _NO_DECIMALS.match(text, end)
    is_sum = _UNIT.match(text, after.end() if after else end) or _is_after_a_sum(text, start)
    return not is_sum and not _OTHER.fullmatch(key)


def _is_after_a_sum(text: str, start: int) -> bool:
    return _BEFORE_A_SUM.search(text, max(0, start - 24), start) is not None


def stored_person_number(number: float, key: str = "") -> str | None:
    """Return the person number that a stored number is; below a heading of sums or times, only one of eleven digits.

    Examples
    --------
    >>> stored_person_number(1010710029.0), stored_person_number(1010710029.0, "seed")
    ('01010710029', None)
    """
    return None if number < 10 ** (LENGTH - 1) and _OTHER.fullmatch(key) else person_number_of(number)


def _named(text: str) -> Iterator[str]:
    """Numbers after a word that says what they are, in whatever groups and without a zero too."""
    for name in _NAMED.finditer(text):
        run = _NAMED_RUN.match(text, name.end())
        digits = ""
        for group in _GROUP.finditer(run[0]) if run else ():
            digits += _digits(group[0], 0, len(group[0]))
            if len(digits) >= LENGTH - 1:
                yield from _valid(digits.zfill(LENGTH))


def _with_exponent(text: str) -> Iterator[str]:
    for match in _AS_A_NUMBER.finditer(text):
        try:
            value = Decimal(match[1].replace(",", ".")).scaleb(int(match[2] or match[3].replace("^", "")))
        except InvalidOperation:
            continue
        found = person_number_of(float(value)) if value == value.to_integral_value() else None
        if found is not None:
            yield found
