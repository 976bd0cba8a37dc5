"""What names a person in a text: birth numbers and their relatives, and names; and how both are hidden in a message.

A message must help to mend a file and must not tell whom the file is about. File, line and column stay; of a number the
first two digits stay, of a name the first letters. A name is told by its capitals: a first name alone, or one in small
letters, is not.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable

PERSON_COLUMNS = frozenset(
    {"person", "person_key", "person_id", "fnr", "fodselsnummer", "fødselsnummer", "personnummer", "pnr"}
    | {"fodselsnr", "fødselsnr", "personnr", "d-nummer", "d-nr", "national_id", "ssn"}
    | {"ansattnr", "ansattnummer", "ansatt_id", "employee_id", "employee_no", "employee_number"}
)
"""Headings, in small letters, that only a table with one row per person or spell has."""
PERSON_NAME_COLUMNS = frozenset(
    {"fornavn", "etternavn", "personnavn", "ansattnavn", "employee_name", "first_name", "last_name", "surname"}
    | {"full_name", "fullt navn", "navn på ansatt", "navn", "name"}
)
"""Headings, in small letters, under which a table with a column of persons has their names."""
LENGTH = 11
_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_DATE = r"\d\d(?P<part>[\s./-]?)\d\d(?P=part)\d\d"
_WITHIN = r"[\s.:/\u2010-\u2015\u2212-]?"
_LEAP_YEAR = 2000
_LOOSE = re.compile(rf"(?<![0-9a-f])(?<!\d\.)(?P<date>{_DATE}){_WITHIN}(?P<number>\d{{5}})(?![0-9a-f])")
_LOST_ZERO = re.compile(r"(?<![0-9a-f])(?<!\d\.)\d{10}(?![0-9a-f])")
_SMALL = "a-zæøåàáâãäçèéêëìíîïñòóôõöùúûüýÿšžčđŋŧ"
_LETTER = r"(?:[^\W\d_][\u0300-\u036f]*)"
_WORD = rf"(?:[^\W\d_{_SMALL}][\u0300-\u036f]*(?:{_LETTER}|['\u2019]{_LETTER})+(?:[-'\u2019]{_LETTER}+)*)"
_PARTICLE = r"(?:(?:af|av|van|von|de|der|da|di|la|le|den|bin|el|al)\s+)*"
_JOINED = r"\s*[,;|]\s*|\s+"
_NAME = re.compile(rf"(?<![\w.]){_WORD}(?:(?:{_JOINED})(?:[A-ZÆØÅ]\.\s*)*{_PARTICLE}{_WORD})+(?!\w|-\d)")
_BETWEEN = re.compile(r"[^,;|\t]+")
_MONTH_SHIFTS = (0, 40, 65, 80)
"""Added to the month in help numbers and in numbers made for tests."""


def is_person_number(digits: str) -> bool:
    """Whether eleven digits are a birth number, a D number or a help number, made-up test numbers included.

    The day (plus 40 in a D number) and the month (plus 40, 65 or 80 in help and test numbers) must exist, and both
    check digits must fit (weights 3 7 6 1 8 9 4 5 2 1 and 5 4 3 2 7 6 5 4 3 2 1, modulus 11). The year is not looked
    at, because two digits do not tell it.

    Examples
    --------
    >>> is_person_number("01010710029"), is_person_number("01010710028"), is_person_number("41010710012")
    (True, False, True)
    """
    if len(digits) != LENGTH or not digits.isascii() or not digits.isdigit():
        return False
    numbers = [int(digit) for digit in digits]
    return _has_date(digits) and _fits(numbers[:10], _FIRST_WEIGHTS) and _fits(numbers, _SECOND_WEIGHTS)


def person_number_of(number: float) -> str | None:
    """Return the person number that a stored number is; a leading zero is lost when text becomes a number."""
    if not 10**9 <= number < 10**LENGTH or number != int(number):
        return None
    digits = f"{int(number):011d}"
    return digits if is_person_number(digits) else None


def without_person_numbers(text: str) -> str:
    """Hide what may be a person number: eleven digits that begin with a date, also when a check digit is wrong.

    Examples
    --------
    >>> without_person_numbers("fnr 01010710028 (010107 10029), 99070399999")
    'fnr 01********* (01*********), 99070399999'
    """
    hidden = _LOOSE.sub(lambda m: _stars(m["date"]) if _has_date(re.sub(r"\D", "", m["date"])) else m[0], text)
    return _LOST_ZERO.sub(lambda m: _stars(f"0{m[0]}") if is_person_number(f"0{m[0]}") else m[0], hidden)


def without_persons(text: str, is_known: Callable[[str], bool] = lambda _: False) -> str:
    """Hide person numbers and names of persons: two words or more with capitals, also with a comma or in two cells.

    Parameters
    ----------
    text : str
        A cell, a line or a message.
    is_known : callable
        Whether words with capitals, without commas, name something else, such as a municipality.

    Examples
    --------
    >>> without_persons("NORDMANN, Kari er syk; Ola de Vries 01017012345"), without_persons("Ikke oppgitt")
    ('N…, K… er syk; O… de V… 01*********', 'Ikke oppgitt')
    """
    hidden = without_person_numbers(text)
    return _NAME.sub(lambda match: _BETWEEN.sub(lambda part: _shown(part[0], is_known), match[0]), hidden)


def _stars(digits: str) -> str:
    return f"{digits[:2]}{'*' * (LENGTH - 2)}"


def _shown(words: str, is_known: Callable[[str], bool]) -> str:
    return words if is_known(words.strip()) else re.sub(_WORD, lambda word: f"{word[0][0]}…", words)


def _has_date(digits: str) -> bool:
    day, month = int(digits[:2]), int(digits[2:4])
    day -= 40 if day > 40 else 0
    months = [month - shift for shift in _MONTH_SHIFTS if 1 <= month - shift <= 12]
    return any(1 <= day <= calendar.monthrange(_LEAP_YEAR, found)[1] for found in months)


def _fits(numbers: list[int], weights: tuple[int, ...]) -> bool:
    return sum(number * weight for number, weight in zip(numbers, weights, strict=True)) % 11 == 0
