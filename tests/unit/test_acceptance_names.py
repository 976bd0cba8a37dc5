"""Names as readers look them up, also Sámi ones; the expected order is that of Unicode's collation for the language."""

from __future__ import annotations

import pytest

from kvalitet_eval.present.alphabet import order_in

NORWEGIAN = [
    "Áltá", "Aure", "Bodø", "Čáhcesuolu", "Cirkus", "Deatnu", "Đeatnu", "Dønna", "Guovdageaidnu", "Kárášjohka", "Łódź",
    "Loppa", "Nesseby", "Nærøy", "Ŋávuotna", "Oslo", "Suldal", "Šuoddi", "Tana", "Ŧuoddár", "Unjárga", "Über", "Ytre",
    "Žáhppi", "Zulu", "Ärla", "Ærø", "Østre Toten", "Öström", "Ål", "Aarborte", "Aasen", "Åsnes",
]  # fmt: skip
ENGLISH = [
    "Aarborte", "Aasen", "Ærø", "Ålesund", "Áltá", "Ås", "Aure", "Bodø", "Čáhcesuolu", "Deatnu", "Đeatnu", "Dønna",
    "Łódź", "Loppa", "Nærøy", "Nesseby", "Ŋávuotna", "Oslo", "Østre Toten", "Šuoddi", "Tana", "Ŧuoddár", "Über",
    "Žáhppi",
]  # fmt: skip
"""Both orders are what ``Intl.Collator`` gives in Chromium, which carries CLDR's rules."""


@pytest.mark.parametrize(
    ("language", "expected"), [("nb", NORWEGIAN), ("nn", NORWEGIAN), ("en", ENGLISH)], ids=["nb", "nn", "en"]
)
def test_names_stand_where_a_reader_looks_for_them(language, expected):
    assert sorted(sorted(expected), key=order_in(language)) == expected
