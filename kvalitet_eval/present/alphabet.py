"""The order of Norwegian names."""

from __future__ import annotations

import unicodedata

_LAST_LETTERS = {"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c"}


def norwegian_order(name: str) -> tuple[str, str]:
    """Return a key that sorts names as in Norwegian: æ, ø, å last, other accents as the plain letter.

    Examples
    --------
    >>> sorted(["Ålesund", "Østre Toten", "Ærø", "Áltá", "Bodø", "Ål"], key=norwegian_order)
    ['Áltá', 'Bodø', 'Ærø', 'Østre Toten', 'Ål', 'Ålesund']
    """
    letters = unicodedata.normalize("NFC", name).casefold()
    plain = "".join(_LAST_LETTERS.get(sign, unicodedata.normalize("NFKD", sign)[0]) for sign in letters)
    return plain, name
