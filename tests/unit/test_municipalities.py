"""Numbers and names by year, and how numbers follow each other."""

import pytest
from programme_copy import PROGRAMME, copy_with

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.municipalities import Change, Municipality, Register, load_register
from kvalitet_eval.present.messages import describe

CHANGES = "data/raw/municipality_register/municipality_changes.csv"


@pytest.fixture(scope="module")
def register():
    return load_register(load_config(PROGRAMME))


def small(*changes, entries=("0001 2000 2004", "0002 2000 2004", "0003 2005 2009", "0004 2005 2009")):
    """A register by hand: numbers with first and last year, and changes."""
    parts = [entry.split() for entry in entries]
    return Register(
        tuple(Municipality(number, f"Name {number}", "Fylke", int(a), int(b)) for number, a, b in parts),
        tuple(Change(2005, old, new) for old, new in changes),
    )


@pytest.mark.parametrize(
    ("year", "n"),
    {
        2000: 435,
        2006: 431,
        2007: 431,
        2008: 430,
        2011: 430,
        2012: 429,
        2013: 428,
        2016: 428,
        2020: 356,
        2024: 357,
    }.items(),
)
def test_number_of_municipalities_by_year(register, year, n):
    assert len(register.numbers(year)) == n


def test_numbers_are_text_with_four_digits(register):
    assert register.numbers(2008)[0] == "0101"
    assert all(len(number) == 4 and number.isdigit() for number in register.numbers(2008))


def test_9999_and_svalbard_are_not_municipalities(register):
    assert not any(
        register.exists(number, year) for number in ("9999", "2100", "2111", "0000") for year in (2000, 2024)
    )


def test_a_year_outside_the_register_is_refused_with_the_years_there_are(register):
    with pytest.raises(DataError) as error:
        register.numbers(2025)
    assert "Kommuneregisteret dekker 2000–2024, ikke 2025." in describe(error.value.findings)
    assert not register.exists("0301", 2025)


def test_name_depends_on_the_year(register):
    assert register.name("0716", 2001) == "Våle"
    assert register.name("0716", 2002) == "Re"
    assert register.name("1850", 2011) == "Tysfjord"
    assert register.name("1850", 2012) == "Tysfjord - Divtasvuodna"


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("Bø", ["0821", "1867"]),
        ("Herøy", ["1515", "1818"]),
        ("Nes", ["0236", "0616"]),
        ("Os", ["0441", "1243"]),
        ("Sande", ["0713", "1514"]),
        ("Våler", ["0137", "0426"]),
    ],
)
def test_duplicate_names_give_all_candidates(register, name, numbers):
    assert [item.number for item in register.candidates(name, 2007)] == numbers


def test_county_in_brackets_tells_duplicate_names_apart(register):
    assert [item.number for item in register.candidates("Os (Hedmark)", 2007)] == ["0441"]
    assert [item.number for item in register.candidates("Sande (Møre og Romsdal)", 2007)] == ["1514"]
    assert register.candidates("Os (Finnmark)", 2007) == ()


def test_one_language_of_a_double_name_is_enough(register):
    assert [item.number for item in register.candidates("Tana", 2007)] == ["2025"]
    assert [item.number for item in register.candidates("Deatnu", 2007)] == ["2025"]
    assert [item.number for item in register.candidates("Trondheim", 2024)] == ["5001"]


def test_odd_spaces_capitals_and_decomposed_letters_do_not_hide_a_name(register):
    assert [item.number for item in register.candidates("  NORDRE\u00a0land ", 2007)] == ["0538"]
    assert [item.number for item in register.candidates("A\u030as", 2007)] == ["0214"]


def test_a_name_spelled_otherwise_is_a_suggestion_and_never_a_match(register):
    assert register.candidates("Nordaurdal", 2007) == ()
    assert "0542 Nord-Aurdal (Oppland)" in register.nearest("Nordaurdal", 2007)
    assert "0101 Halden (Østfold)" in register.nearest("101", 2007)
    assert register.nearest("qqqqqq") == ()


def test_kristiansund_and_frei_became_a_third_number_in_2008(register):
    assert register.map_to("1503", 2007, 2008) == "1505"
    assert register.map_to("1556", 2004, 2008) == "1505"
    assert register.predecessors(2007, 2008)["1505"] == ("1503", "1556")


def test_a_municipality_can_keep_its_number_through_a_merger(register):
    assert register.map_to("1804", 2004, 2008) == register.map_to("1842", 2004, 2008) == "1804"
    assert register.predecessors(2004, 2008)["1804"] == ("1804", "1842")
    assert register.predecessors(2005, 2008)["1804"] == ("1804",)


def test_changes_are_followed_through_several_dates(register):
    assert register.map_to("1214", 2001, 2008) == "1160"  # 1159 in 2002, 1160 in 2006
    assert register.map_to("1503", 2007, 2024) == "1505"
    assert register.map_to("0542", 2007, 2024) == "3451"


def test_every_number_of_2004_to_2011_has_one_place_in_the_borders_of_2008(register):
    for year in range(2004, 2012):
        targets = [register.map_to(number, year, 2008) for number in register.numbers(year)]
        assert set(targets) == set(register.numbers(2008))


def test_a_split_is_refused_with_number_date_and_candidates(register):
    assert register.targets("0720", 2016, 2017) == ("0704", "0710")
    with pytest.raises(DataError) as error:
        register.map_to("0720", 2008, 2017)
    message = describe(error.value.findings)
    assert "0720 Stokke ble delt 2017-01-01" in message
    assert "0704 Tønsberg (Vestfold), 0710 Sandefjord (Vestfold)" in message


def test_a_merger_cannot_be_undone(register):
    with pytest.raises(DataError) as error:
        register.map_to("1756", 2012, 2008)
    message = describe(error.value.findings)
    assert "1756 Inderøy ble til ved en sammenslåing 2012-01-01" in message
    assert "1723 Mosvik (Nord-Trøndelag), 1729 Inderøy (Nord-Trøndelag)" in message


def test_a_renumbering_is_followed_backwards(register):
    assert register.map_to("5037", 2018, 2008) == "1719"
    assert register.map_to("3451", 2020, 2008) == "0542"


def test_parts_of_a_split_lie_wholly_in_the_earlier_number():
    register = small(("0001", "0003"), ("0001", "0004"), entries=("0001 2000 2004", "0003 2005 2009", "0004 2005 2009"))
    assert register.predecessors(2005, 2004) == {"0001": ("0003", "0004")}


def test_part_of_two_merged_municipalities_has_no_single_place_backwards():
    register = small(("0001", "0003"), ("0002", "0003"), ("0002", "0004"))
    assert register.targets("0003", 2005, 2004) == ("0001", "0002")
    assert register.targets("0002", 2004, 2005) == ("0003", "0004")
    assert register.predecessors(2004, 2005) == {"0003": ("0001",)}


def test_a_number_of_another_year_is_refused_with_the_nearest(register):
    with pytest.raises(DataError) as error:
        register.map_to("1505", 2007, 2008)
    message = describe(error.value.findings)
    assert "1505 er ikke et gyldig kommunenummer i 2007." in message
    assert "Kanskje: 1503 Kristiansund (Møre og Romsdal), 1556 Frei (Møre og Romsdal)." in message


def test_a_number_of_another_year_suggests_the_same_area(register):
    assert register.nearest("0542", 2022) == ("3451 Nord-Aurdal (Innlandet)",)
    assert register.nearest("5037", 2008) == ("1719 Levanger (Nord-Trøndelag)",)
    assert register.nearest("0542", 2030) == ()


def test_a_change_that_does_not_fit_the_register_is_refused_with_file_and_line(tmp_path):
    config = copy_with(tmp_path, CHANGES, ("2008-01-01,1556,1505", "2008-01-01,1599,1505"))
    with pytest.raises(DataError) as error:
        load_register(config)
    (found,) = error.value.findings
    assert (found.code, found.line, found.column, found.found) == ("REG-07", 12, "old_number", "1599")
    assert "ikke er et gyldig kommunenummer i 2007" in describe(error.value.findings)


def test_a_change_inside_a_year_is_refused(tmp_path):
    config = copy_with(tmp_path, CHANGES, ("2008-01-01,1556,1505", "2008-07-01,1556,1505"))
    with pytest.raises(DataError, match="Endringen gjelder fra 2008-07-01"):
        load_register(config)


def test_a_number_valid_twice_in_a_year_is_refused(tmp_path):
    file = "data/raw/municipality_register/municipalities.csv"
    config = copy_with(tmp_path, file, ("0716,Re,Vestfold,2002,2019", "0716,Re,Vestfold,2001,2019"))
    with pytest.raises(DataError) as error:
        load_register(config)
    assert [(item.code, item.facts["number"]) for item in error.value.findings] == [("REG-05", "0716")]
