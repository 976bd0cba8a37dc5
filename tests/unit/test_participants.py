"""The list of participants: every entry is one municipality, or says why it is not."""

import pytest
from programme_copy import PROGRAMME, copy_with

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.prepare.participants import read_participants
from kvalitet_eval.present.messages import describe

LIST = "data/raw/programme_participants/programme_participants.csv"


@pytest.fixture(scope="module")
def participants():
    config = load_config(PROGRAMME)
    return read_participants(config, load_register(config))


def entries(participants, name):
    return participants.entries[participants.entries["name"] == name].to_dict("records")


def faults(tmp_path, *replacements):
    config = copy_with(tmp_path, LIST, *replacements)
    with pytest.raises(DataError) as error:
        read_participants(config, load_register(config))
    return error.value.findings


def test_every_entry_of_the_list_has_exactly_one_status(participants):
    counts = participants.entries["entry_status"].value_counts().to_dict()
    assert counts == {"participant": 57, "start_unknown": 5, "second_intake": 2, "unresolved": 1, "district": 1}
    assert len(participants.entries) == 66


@pytest.mark.parametrize("name", ["Ullensaker", "Mandal"])
def test_two_intakes_the_first_start_counts_once(participants, name):
    first, second = entries(participants, name)
    assert (first["intake"], first["entry_status"], first["first_quarter"]) == ("innsats", "participant", "2007Q1")
    assert (second["intake"], second["entry_status"]) == ("pulje_2", "second_intake")
    assert first["border_number"] == second["border_number"]


def test_first_start_wins_whatever_the_order_of_the_list(tmp_path):
    config = copy_with(
        tmp_path,
        LIST,
        ("innsats,Ullensaker,0235", "pulje2,Ullensaker kommune,0235"),
        ("pulje2,Ullensaker,0235", "innsats,Ullensaker,0235"),
    )
    read = read_participants(config, load_register(config))
    later = read.with_status("second_intake")
    assert sorted(later["name"]) == ["Mandal", "Ullensaker kommune"]
    assert entries(read, "Ullensaker")[0]["first_quarter"] == "2007Q1"


def test_an_unproven_start_beside_a_known_one_leaves_the_start_unknown(tmp_path):
    config = copy_with(tmp_path, LIST, ("unknown,Strand,1130,Strand,,", "unknown,Askøy,1247,Askøy,,"))
    read = read_participants(config, load_register(config))
    assert [(item["label"], item["entry_status"]) for item in entries(read, "Askøy")] == [
        ("pulje2", "second_intake"),
        ("unknown", "start_unknown"),
    ]


def test_kristiansund_is_1503_on_the_list_and_1505_in_the_borders_of_2008(participants):
    (entry,) = entries(participants, "Kristiansund")
    assert (entry["municipality_number"], entry["border_number"], entry["intake"]) == ("1503", "1505", "innsats")


def test_sande_is_reported_and_never_picked(participants):
    (entry,) = entries(participants, "Sande")
    assert entry["entry_status"] == "unresolved"
    assert entry["candidates"] == ("0713", "1514")
    assert isinstance(entry["border_number"], float)  # missing
    message = describe(participants.findings)
    assert "«Sande» kan være flere kommuner: 0713 Sande (Vestfold), 1514 Sande (Møre og Romsdal)." in message


def test_nordre_aker_is_a_district_and_oslo_is_no_participant(participants):
    (entry,) = entries(participants, "Bydel Nordre Aker")
    assert (entry["entry_status"], entry["candidates"]) == ("district", ("0301",))
    assert "0301" not in set(participants.entries["border_number"])


@pytest.mark.parametrize("name", ["Rana", "Steinkjer", "Grue", "Strand", "Alta"])
def test_an_unproven_intake_gives_no_start(participants, name):
    (entry,) = entries(participants, name)
    assert entry["entry_status"] == "start_unknown"
    assert isinstance(entry["first_quarter"], float)  # missing, never a guess
    assert isinstance(entry["intake"], float)


def test_names_that_differ_from_the_register_are_settled_by_number_and_register_name(participants):
    assert entries(participants, "Tana")[0]["border_number"] == "2025"
    assert entries(participants, "Os i Østerdalen")[0]["border_number"] == "0441"
    assert entries(participants, "Hof")[0]["border_number"] == "0714"


def test_every_remark_says_on_which_line(participants):
    found = sorted((item.code, item.line) for item in participants.findings)
    assert found == [
        ("REG-25", 36),
        ("REG-26", 52),
        ("REG-27", 17),
        ("REG-27", 48),
        *(("REG-28", line) for line in (61, 62, 63, 64, 65)),
    ]
    assert not any(item.severity == "error" for item in participants.findings)


def test_number_and_name_that_disagree_are_refused(tmp_path):
    (found,) = faults(tmp_path, ("innsats,Notodden,0807", "innsats,Notodden,0805"))
    assert (found.code, found.line, found.column, found.found) == ("REG-22", 4, "kommunenr_2007", "0805")
    assert "Nummeret 0805 er Porsgrunn i registeret, men lista sier Notodden." in describe([found])


def test_the_number_of_a_namesake_is_refused_when_the_county_says_otherwise(tmp_path):
    (found,) = faults(tmp_path, ("pulje2,Os i Østerdalen,0441", "pulje2,Os i Østerdalen,1243"))
    assert (found.code, found.facts["name"]) == ("REG-22", "Os i Østerdalen / Os (Hedmark)")


def test_the_number_from_2008_is_refused_in_a_list_of_2007_numbers(tmp_path):
    (found,) = faults(tmp_path, ("innsats,Kristiansund,1503", "innsats,Kristiansund,1505"))
    assert (found.code, found.found) == ("REG-21", "1505")


def test_all_faults_come_at_once_with_file_and_line(tmp_path):
    found = faults(
        tmp_path,
        ("pulje4,Åmot,0429", "pulje9,Åmot,0429"),
        ("pulje2,Dovre,0511,Dovre", "pulje2,Dovrefjell kommune,,"),
        ("pulje2,Hof,0714", "pulje2,Hof,9999"),
    )
    assert [(item.code, item.line, item.found) for item in found] == [
        ("REG-20", 67, "pulje9"),
        ("REG-21", 22, "9999"),
        ("REG-23", 57, "Dovrefjell kommune"),
    ]
    assert all(item.file.endswith("programme_participants.csv") for item in found)
    message = describe(found)
    assert "Opptaket «pulje9» står ikke i programfila." in message
    assert "før den opp under [[districts]]" in message


def test_a_district_that_the_programme_file_does_not_know_is_refused(tmp_path):
    (found,) = faults(tmp_path, ("pulje2,Bydel Nordre Aker", "pulje2,Bydel Frogner"))
    assert (found.code, found.found) == ("REG-23", "Bydel Frogner")


def test_one_municipality_twice_in_one_intake_is_refused_with_both_lines(tmp_path):
    (found,) = faults(tmp_path, ("pulje2,Dovre,0511,Dovre", "pulje2,Askøy kommune,1247,Askøy"))
    assert (found.code, found.line, found.facts["lines"]) == ("REG-24", 57, "15, 57")
    assert "1247 står flere ganger i opptaket «pulje2»: linje 15, 57." in describe([found])
