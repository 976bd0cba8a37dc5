"""Numbers as people and programs spell them, read as numbers, so that ``8,3``, ``8.30`` and ``83e-1`` compare."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

DISTINCTIVE_DIGITS = 6
MOST_DECIMALS = 9
_SIMPLEST = 400
_LARGEST_EXPONENT = 30
_CONTEXT = Context(prec=60)
_GROUP = "\u00a0\u202f\u2009 .,'\u2019"
_NUMBER = re.compile(
    rf"(?<![\w])[+\-\u2212\u2013]?(?:\d{{1,3}}(?:[{_GROUP}]\d{{3}})+(?!\d)|\d+)(?:[.,]\d+)?(?:[eE][+-]?\d{{1,3}})?(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A number as it is spelled: its value and how many decimals it is given with."""

    value: Decimal
    decimals: int

    @property
    def is_distinctive(self) -> bool:
        """Whether the same digits would hardly be written twice by chance: long, and not a simple ratio such as 2/3."""
        if self.value.is_zero() or not self.value.is_finite():
            return False
        digits = "".join(map(str, self.value.as_tuple().digits)).strip("0")
        return len(digits) >= DISTINCTIVE_DIGITS and not any(
            _is_simple(self.value.scaleb(-shift), self.decimals + shift) for shift in (0, 2)
        )


def _is_simple(value: Decimal, decimals: int) -> bool:
    """Whether a value is a ratio of small numbers, as far as its decimals can tell."""
    exact = Fraction(value)
    largest = min(_SIMPLEST, math.isqrt(10**decimals) // 10)
    near = exact.limit_denominator(max(1, largest))
    return near.denominator > 1 and abs(exact - near) <= Fraction(1, 10 ** min(decimals, 12))


def readings(text: str) -> Iterator[Reading]:
    """Yield every number in a text, in both senses where a sign may part thousands or begin decimals.

    Examples
    --------
    >>> [str(r.value) for r in readings("fra 9,1 til −0,5 av 1 234 (1.234)")]
    ['9.1', '-0.5', '1234', '1234', '1.234']
    """
    for match in _NUMBER.finditer(text):
        seen = set()
        for spelled in _spellings(match[0]):
            try:
                value = _CONTEXT.create_decimal(spelled)
            except InvalidOperation:
                continue
            if value.is_finite() and value not in seen and abs(value.adjusted()) < _LARGEST_EXPONENT:
                seen.add(value)
                yield Reading(value, max(0, -int(value.as_tuple().exponent)))


def _spellings(token: str) -> Iterator[str]:
    """The ways in which a token can be meant, as Python writes numbers."""
    sign = "-" if token[0] in "-\u2212\u2013" else ""
    digits = token.lstrip("+-\u2212\u2013")
    body, mark, exponent = digits.partition("e") if "e" in digits else digits.partition("E")
    whole = re.sub(rf"[{_GROUP}]", "", body)
    parts = re.split(r"[.,]", re.sub(r"[^\d.,]", "", body))
    is_grouped = re.fullmatch(rf"[1-9]\d{{0,2}}([{_GROUP}])\d{{3}}(?:\1\d{{3}})*", body) is not None
    if is_grouped or len(parts) == 1:
        yield f"{sign}{whole}{mark}{exponent}"
    if len(parts) > 1:
        yield f"{sign}{''.join(parts[:-1])}.{parts[-1]}{mark}{exponent}"


def reading_of(number: float) -> Reading | None:
    """Return a stored number as a reading with the decimals of its shortest spelling; None when it is not finite."""
    value = Decimal(repr(float(number)))
    if not value.is_finite() or abs(value.adjusted()) >= _LARGEST_EXPONENT:
        return None
    return Reading(value, max(0, -int(value.normalize(_CONTEXT).as_tuple().exponent)))


@lru_cache(maxsize=65_536)
def rounded(value: Decimal, decimals: int) -> frozenset[Decimal]:
    """Return what a value becomes when printed with some decimals, under either rule for halves."""
    step = Decimal(1).scaleb(-decimals)
    exact = value.quantize(Decimal(1).scaleb(-MOST_DECIMALS), ROUND_HALF_EVEN, _CONTEXT)
    return frozenset(
        source.quantize(step, rule, _CONTEXT).normalize(_CONTEXT)
        for source in (value, exact)
        for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN)
    )
