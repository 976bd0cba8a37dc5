"""The gate for somebody's own words: they are shown as written, unless they name or number persons."""

from __future__ import annotations

import re
from types import MappingProxyType

from kvalitet_eval.errors import ReportError
from kvalitet_eval.persons import without_person_numbers
from kvalitet_eval.publish.policy import Policy
from kvalitet_eval.publish.published import _SEAL, PublishedText

_WRITTEN = MappingProxyType(
    {
        **dict.fromkeys(("én", "éin", "one"), 1),
        **dict.fromkeys(("to", "two"), 2),
        **dict.fromkeys(("tre", "three"), 3),
        **dict.fromkeys(("fire", "four"), 4),
        **dict.fromkeys(("fem", "five"), 5),
        **dict.fromkeys(("seks", "six"), 6),
        **dict.fromkeys(("sju", "syv", "seven"), 7),
        **dict.fromkeys(("åtte", "eight"), 8),
        **dict.fromkeys(("ni", "nine"), 9),
    }
)
_PERSONS = (
    r"(?:ansatt|tilsett|tilsatt|medarbeid[ea]r|person|s[yj]u?kmeld|bruker|brukar|elev|pasient|bebo[ea]r|bebuar|kvinne|lær[ea]r"
    r"|s[yj]u?kepleiar|sykepleier|employee|patient|pupil|resident|teacher|nurse)\w*|(?:barn|menn|mann|women|men|children)\b"
)
_FEW = re.compile(
    rf"(?<![\w.,])(\d{{1,2}}|{'|'.join(_WRITTEN)})(?![\d]|[.,]\d)"
    rf"(?:\s+(?:av|of)(?:\s+(?:de|dei|the|våre|\d+))*)?(?:\s+[^\W\d_]+)?\s+(?:{_PERSONS})",
    re.IGNORECASE,
)


def quote(words: str, policy: Policy, *, where: str = "") -> PublishedText:
    """Let somebody's own words through; their numbers are their own, and stand for what they have published.

    Parameters
    ----------
    words : str
        Any text.
    policy : Policy
        Its fewest persons hold for words too: "3 sykmeldte" is refused where five are the fewest.
    where : str
        The field it comes from, for the message.

    Raises
    ------
    ReportError
        PUB-24: not a text, or empty; PUB-50: something like a person's number; PUB-51: fewer persons than the policy
        allows. Neither is repeated in the message.

    Examples
    --------
    >>> str(quote("Fra 11,2 til 9,8 prosent. Seks ansatte deltok.", Policy.load("standard")))
    'Fra 11,2 til 9,8 prosent. Seks ansatte deltok.'
    """
    checked = described(words, where=where)
    if few_persons(words, policy.minimum):
        raise ReportError.of("PUB-51", column=where, minimum=policy.minimum)
    return checked


def described(words: str, *, where: str = "") -> PublishedText:
    """Let words through that tell what a picture shows: it may show two persons; otherwise as for :func:`quote`."""
    if not isinstance(words, str) or not words.strip():
        raise ReportError.of("PUB-24", found=type(words).__name__)
    if without_person_numbers(words) != words:
        raise ReportError.of("PUB-50", column=where)
    return PublishedText(words.strip(), (), _SEAL)


def few_persons(words: str, fewest: int) -> int:
    """Return how many times some words count fewer persons than ``fewest``, in digits or in letters.

    Examples
    --------
    >>> few_persons("3 av 40 ansatte og to sykmeldte; fire enheter", 5), few_persons("12 ansatte, 3,5 årsverk", 5)
    (2, 0)
    """
    found = (match[1].lower() for match in _FEW.finditer(words))
    return sum(0 < (_WRITTEN[number] if number in _WRITTEN else int(number)) < fewest for number in found)
