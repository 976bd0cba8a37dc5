"""What a municipality can be called (cases F05, F06 and F08): read past what means nothing, never guess."""

import pytest
from programme_copy import PROGRAMME

from kvalitet_eval.config import load_config
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.prepare.municipality_names import ALIASES, NameIndex, fold, spellings

WORD = "the word for municipality taken away"
ALIAS = "other form of the name"
COUNTY = "told apart by its county"
HYPHEN = "hyphen or space in the name"


@pytest.fixture(scope="module")
def register():
    return load_register(load_config(PROGRAMME))


@pytest.mark.parametrize(
    ("name", "number", "rule"),
    [
        ("Halden", "0101", ""), ("Tana", "2025", ""), ("Nord-Aurdal", "0542", ""),
        ("Hå kommune", "1119", WORD), ("Bærum K.", "0219", WORD), ("Deatnu gielda", "2025", WORD),
        ("Kristiansund N", "1503", ALIAS), ("Kristiansand S", "1001", ALIAS), ("Deanu gielda", "2025", ALIAS),
        ("Kárášjoga gielda", "2021", ALIAS), ("Guovdageainnu suohkan", "2011", ALIAS),
        ("Porsáŋggu gielda", "2020", ALIAS), ("Unjárgga gielda", "2027", ALIAS), ("Gáivuona suohkan", "1940", ALIAS),
        ("Nord Aurdal", "0542", HYPHEN), ("Sør – Aurdal", "0540", HYPHEN), ("Nord Aurdal kommune", "0542",
        f"{WORD}; {HYPHEN}"), ("Deanu kommune", "2025", f"{WORD}; {ALIAS}"),
        ("Bø (Nordland)", "1867", COUNTY), ("Bø (Nordl.)", "1867", COUNTY), ("Bø i Telemark", "0821", COUNTY),
        ("Våler i Østfold", "0137", COUNTY), ("Herøy kommune (Nordland)", "1818", f"{WORD}; {COUNTY}"),
        ("Våler i Solør", "0426", f"{ALIAS}; {COUNTY}"), ("Nes på Romerike", "0236", f"{ALIAS}; {COUNTY}"),
        ("Nes i Hallingdal", "0616", f"{ALIAS}; {COUNTY}"), ("Os i Østerdalen", "0441", f"{ALIAS}; {COUNTY}"),
    ],
)  # fmt: skip
def test_a_known_form_of_a_name_is_one_municipality_and_says_how_it_was_read(register, name, number, rule):
    match = register.resolve(name, 2007)
    assert ([item.number for item in match.found], match.rule) == ([number], rule)


@pytest.mark.parametrize("name", ["Levanger\u00a0", " levanger", "LEVANGER"])
def test_odd_spaces_and_capitals_are_not_another_name(register, name):
    assert [item.number for item in register.resolve(name, 2007).found] == ["1719"]


def test_decomposed_letters_are_the_same_letters(register):
    assert [item.number for item in register.resolve("A\u030al", 2007).found] == ["0619"]
    assert [item.number for item in register.resolve("A\u030al", 2007).found] == [
        item.number for item in register.candidates("Ål", 2007)
    ]


@pytest.mark.parametrize(("name", "found"), [("Bø", ["0821", "1867"]), ("Sande kommune", ["0713", "1514"])])
def test_an_ambiguous_name_gives_all_candidates_whatever_stands_beside_it(register, name, found):
    assert [item.number for item in register.resolve(name, 2007).found] == found


@pytest.mark.parametrize(
    "name", ["Nordaurdal", "Levangr", "kommune", "", "Bø (N.)", "Bø (Finnmark)", "Halden i Narnia"]
)
def test_what_is_nearly_a_name_is_not_one(register, name):
    assert register.resolve(name, 2007).found == ()


def test_every_registered_name_is_found_as_it_stands_in_every_year(register):
    for year in (2000, 2007, 2008, 2020, 2024):
        for number in register.numbers(year):
            match = register.resolve(register.name(number, year), year)
            assert number in [item.number for item in match.found]
            assert match.rule == ""


def test_a_hyphen_never_joins_two_municipalities_of_different_names(register):
    for year in range(register.first_year, register.last_year + 1):
        names = {register.name(number, year) for number in register.numbers(year)}
        index = NameIndex(register.municipality(n, year) for n in register.numbers(year))
        for name in names:
            other = index.match(name.replace("-", " "))
            assert {item.name for item in other.found} <= {name}


def test_every_alias_leads_to_one_municipality_and_hides_no_name(register):
    names = {item.name.casefold() for item in register.municipalities}
    for alias in ALIASES:
        assert len(register.resolve(alias, 2007).found) == 1, alias
        assert alias not in names


@pytest.mark.parametrize("year", [2000, 2007, 2024])
def test_the_index_finds_those_whose_spelling_it_is_in_the_order_of_the_register(register, year):
    """Beside going through the whole register, for every name as it stands, without hyphens and with its county."""
    known = [register.municipality(number, year) for number in register.numbers(year)]

    def plain(text):
        return " ".join(text.replace("-", " ").split())

    for item in known:
        same = [other for other in known if fold(item.name) in spellings(other.name)]
        assert list(register.resolve(item.name.upper(), year).found) == same
        loose = [other for other in known if plain(fold(item.name)) in set(map(plain, spellings(other.name)))]
        if " - " not in item.name:
            assert list(register.resolve(item.name.replace("-", " "), year).found) == loose
        inside = [other for other in same if other.county == item.county]
        assert list(register.resolve(f"{item.name} ({item.county})", year).found) == inside
