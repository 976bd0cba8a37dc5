"""Search and sort in the index: from a file address, with the keyboard, in Norwegian order; and without a script."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents import document, small_index

SHOWN = """() => [...document.querySelectorAll('table[data-sorted] tbody tr')].filter(row => !row.hidden)
  .map(row => row.cells[0].textContent.trim())"""
NAMES = ["Alta", "Nord-Aurdal", "Sande", "Østre Toten", "Ål", "Ålesund"]


@pytest.fixture
def opened(open_page):
    return open_page(small_index("nb"), 1000)


def find(opened, words):
    opened.page.fill("#sought", words)
    return opened.evaluate(SHOWN), opened.page.inner_text("#found")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("ostre", ["Østre Toten"]), ("ØSTRE", ["Østre Toten"]), ("al", ["Alta", "Ål", "Ålesund"]),
        ("ål", ["Alta", "Ål", "Ålesund"]),
        ("nord aurdal", ["Nord-Aurdal"]), ("0528", ["Østre Toten"]), ("pulje ii toten", ["Østre Toten"]),
        ("more", ["Sande", "Ålesund"]), ("aurdal", ["Nord-Aurdal"]), ("  ", NAMES), ("pdf", []), ("lesund", []),
    ],
)  # fmt: skip
def test_words_are_looked_for_in_name_county_number_and_intake(opened, words, names):
    shown, said = find(opened, words)
    assert shown == names
    assert bool(said) == bool(words.strip())


def test_what_was_found_is_said_and_names_without_a_report_are_found_too(opened):
    assert find(opened, "østre")[1] == "1 av 7 passer med søket."
    assert find(opened, "bærum") == ([], "1 av 7 passer med søket.")
    assert find(opened, "<b>x")[1] == "Ingenting passer med «<b>x». Prøv færre bokstaver."
    assert find(opened, "") == (NAMES, "")


def order(opened, column):
    heads = (
        "() => [...document.querySelectorAll('table[data-sorted] th[data-sort]')].map(h => h.getAttribute('aria-sort'))"
    )
    opened.page.locator("table[data-sorted] th button", has_text=column).focus()
    opened.page.keyboard.press("Enter")
    return opened.evaluate(SHOWN), opened.evaluate(heads)


def test_columns_are_sorted_with_the_keyboard_and_say_so(opened):
    names, heads = order(opened, "Fylke")
    assert (names, heads) == (
        ["Ål", "Alta", "Sande", "Ålesund", "Nord-Aurdal", "Østre Toten"], [None, "ascending", None, None],
    )  # fmt: skip
    assert opened.page.inner_text("#found") == "Sortert etter Fylke, stigende."
    names, heads = order(opened, "Fylke")
    assert (names[-1], heads) == ("Ål", [None, "descending", None, None])
    assert order(opened, "Nummer") == (
        ["Østre Toten", "Nord-Aurdal", "Ål", "Sande", "Ålesund", "Alta"], [None, None, "ascending", None],
    )  # fmt: skip
    assert order(opened, "Kommune") == (NAMES, ["ascending", None, None, None])
    assert order(opened, "Kommune")[0] == NAMES[::-1]


def test_a_sorted_list_stays_searched(opened):
    find(opened, "al")
    assert order(opened, "Nummer")[0] == ["Ål", "Ålesund", "Alta"]


def test_without_a_script_everything_is_listed_and_nothing_is_offered_that_does_not_work(chromium, tmp_path):
    path = tmp_path / "index.html"
    path.write_text(small_index("nb").html, encoding="utf-8")
    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator("table[data-sorted] tbody tr").count() == len(NAMES)
    assert not page.locator("#sought").is_visible()
    assert page.locator("th button").count() == 0
    assert page.locator("table[data-sorted] tbody th a").first.get_attribute("href") == "municipalities/2012-nb.html"
    context.close()


def test_a_policy_with_another_hash_stops_the_script(open_page):
    page = small_index("nb")
    broken = replace(page, html=page.html.replace("sha256-", "sha256-x", 1))
    opened = open_page(broken, 1000)
    assert opened.said
    assert not opened.page.locator("#sought").is_visible()


def test_the_real_index_can_be_searched(open_page):
    opened = open_page(document("index", "nn"), 1000)
    shown, said = find(opened, "finst ikkje")
    assert (shown, said) == ([], "Ingenting passar med «finst ikkje». Prøv færre bokstavar.")
