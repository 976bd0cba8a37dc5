"""The order of names: Norwegian in Norwegian text, as an index in English has them in English text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

Order = Callable[[str], tuple[str, str]]
_LETTER = re.compile("aa|.", re.DOTALL)
_OTHER_LETTERS = {"đ": "d", "ð": "d", "ł": "l", "ŋ": "n|", "ŧ": "t|"}  # the last two are letters of their own
_LAST_LETTERS = {
    **_OTHER_LETTERS, "ü": "y", "æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c", "aa": "{c",
}  # fmt: skip
_ENGLISH_LETTERS = {**_OTHER_LETTERS, "æ": "ae", "ø": "o", "å": "a"}


def norwegian_order(name: str) -> tuple[str, str]:
    """Return a key that sorts names as in Norwegian: æ, ø, å last, aa as å, ü as y, other accents as the plain letter.

    The order of Unicode's collation for Norwegian (CLDR, ``nb``); the Sámi đ stands with d, ŋ after n and ŧ after t.

    Examples
    --------
    >>> sorted(["Ålesund", "Østre Toten", "Ærø", "Áltá", "Bodø", "Ål"], key=norwegian_order)
    ['Áltá', 'Bodø', 'Ærø', 'Østre Toten', 'Ål', 'Ålesund']
    >>> sorted(["Åsnes", "Unjárga", "Aasen", "Đeanušaldi", "Dønna"], key=norwegian_order)
    ['Đeanušaldi', 'Dønna', 'Unjárga', 'Aasen', 'Åsnes']
    """
    return _plain(name, _LAST_LETTERS), name


def english_order(name: str) -> tuple[str, str]:
    """Return a key that sorts names as a reader of English looks for them: å as a, ø as o, æ as ae.

    Examples
    --------
    >>> sorted(["Ålesund", "Østre Toten", "Ærø", "Bodø", "Ås", "Oslo"], key=english_order)
    ['Ærø', 'Ålesund', 'Ås', 'Bodø', 'Oslo', 'Østre Toten']
    """
    return _plain(name, _ENGLISH_LETTERS), name


def order_in(language: str) -> Order:
    """Return the key that names are sorted by in a text of a language."""
    return english_order if language == "en" else norwegian_order


def _plain(name: str, letters: Mapping[str, str]) -> str:
    signs = unicodedata.normalize("NFC", name).casefold()
    found = _LETTER.findall(signs) if "aa" in letters else signs
    return "".join(letters.get(sign, unicodedata.normalize("NFKD", sign)[0]) for sign in found)
