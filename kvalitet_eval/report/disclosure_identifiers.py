"""Numbers that name a person: Norwegian birth numbers and their relatives, told by date and check digits."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator

LENGTH = 11
_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_CANDIDATE = re.compile(r"(?<![\d.,\u2212+-])(\d{6})[\s\u00a0.-]?(\d{5})(?![\d]|[.,]\d)")
_LEAP_YEAR = 2000
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


def person_numbers(text: str) -> Iterator[str]:
    """Yield every person number that stands in a text, with or without a sign between date and number."""
    for match in _CANDIDATE.finditer(text):
        digits = match[1] + match[2]
        if is_person_number(digits):
            yield digits


def person_number_of(number: float) -> str | None:
    """Return the person number that a stored number is; a leading zero is lost when text becomes a number."""
    if not 10**9 <= number < 10**LENGTH or number != int(number):
        return None
    digits = f"{int(number):011d}"
    return digits if is_person_number(digits) else None


def _has_date(digits: str) -> bool:
    day, month = int(digits[:2]), int(digits[2:4])
    day -= 40 if day > 40 else 0
    months = [month - shift for shift in _MONTH_SHIFTS if 1 <= month - shift <= 12]
    return any(1 <= day <= calendar.monthrange(_LEAP_YEAR, found)[1] for found in months)


def _fits(numbers: list[int], weights: tuple[int, ...]) -> bool:
    return sum(number * weight for number, weight in zip(numbers, weights, strict=True)) % 11 == 0
