"""Who was treated when, for every municipality in the borders of 2008."""

import pytest
from programme_copy import PROGRAMME, copy_with

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.membership import COLUMNS, STATUSES, membership
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.present.messages import describe, text

TOML = "programmes/kkp.toml"
POPULATION = "data/raw/municipality_register/municipalities_2008.csv"


@pytest.fixture(scope="module")
def table():
    config = load_config(PROGRAMME)
    return membership(config, load_register(config)).set_index("municipality_number", drop=False)


def of(config):
    return membership(config, load_register(config)).set_index("municipality_number")


def test_one_row_per_municipality_of_2008(table):
    assert len(table) == 430
    assert tuple(table.columns) == COLUMNS
    assert table.index.is_unique
    assert list(table.index) == sorted(table.index)
    assert table["population"].min() > 0


def test_treated_by_intake(table):
    treated = table[table["status"] == "treated"]
    assert treated["intake"].value_counts().to_dict() == {"innsats": 12, "pulje_1": 3, "pulje_2": 40, "pulje_4": 2}
    starts = treated.groupby("intake")["first_quarter"].unique().map(list).to_dict()
    assert starts == {"innsats": ["2007Q1"], "pulje_1": ["2007Q2"], "pulje_2": ["2007Q4"], "pulje_4": ["2009Q1"]}


def test_only_the_treated_have_intake_and_start(table):
    others = table[table["status"] != "treated"]
    assert others["intake"].isna().all()
    assert others["first_quarter"].isna().all()


def test_statuses_add_up(table):
    counts = table["status"].value_counts().to_dict()
    assert counts == {
        "treated": 57,
        "start_unknown": 5,
        "possible_participant": 2,
        "excluded": 1,
        "never_treated": 365,
    }


def test_kristiansund_is_treated_under_its_number_of_2008(table):
    assert "1503" not in table.index
    assert table.loc["1505", ["name", "intake", "status"]].tolist() == ["Kristiansund", "innsats", "treated"]


@pytest.mark.parametrize("number", ["1002", "0235"])
def test_mandal_and_ullensaker_are_counted_once_with_innsats(table, number):
    assert table.loc[[number], "intake"].tolist() == ["innsats"]


def test_oslo_is_excluded_with_the_programmes_reason(table):
    assert table.loc["0301", "status"] == "excluded"
    assert "district" in table.loc["0301", "reason"]


def test_both_sande_are_possible_participants_and_neither_is_compared_with(table):
    assert table.loc[["0713", "1514"], "status"].tolist() == ["possible_participant"] * 2


def test_start_unknown(table):
    found = table[table["status"] == "start_unknown"]
    assert sorted(found["name"]) == ["Alta", "Grue", "Rana", "Steinkjer", "Strand"]
    assert (found["source"] != "").all()


def test_bodo_has_kept_its_number(table):
    assert table.loc["1804", ["name", "intake"]].tolist() == ["Bodø", "pulje_2"]


def test_seven_populations_are_marked_as_approximate(table):
    marked = table[table["population_certainty"] == "approximate"]
    assert list(marked.index) == ["0706", "0719", "0720", "1723", "1729", "1901", "1915"]


def test_without_confirmation_the_others_are_unknown_and_not_never_treated(tmp_path):
    config = copy_with(tmp_path, TOML, ('panel = "simulated"\nreason', 'panel = "data/raw/other.csv"\nreason'))
    assert config.never_treated_confirmation is None
    counts = of(config)["status"].value_counts().to_dict()
    assert counts["unknown"] == 365
    assert "never_treated" not in counts


def test_a_district_excludes_its_municipality_even_if_the_programme_file_forgets_to(tmp_path):
    config = copy_with(
        tmp_path,
        TOML,
        ('[[comparison.exclude]]\nmunicipality = "0301"', '[[comparison.exclude]]\nmunicipality = "0101"'),
    )
    table = of(config)
    assert table.loc["0301", ["status", "reason"]].tolist() == ["excluded", ""]
    assert table.loc["0101", "status"] == "excluded"


def test_an_excluded_participant_is_excluded(tmp_path):
    config = copy_with(
        tmp_path,
        TOML,
        ('[[comparison.exclude]]\nmunicipality = "0301"', '[[comparison.exclude]]\nmunicipality = "1002"'),
    )
    assert of(config).loc["1002", "status"] == "excluded"


def test_an_excluded_number_that_is_not_there_is_refused(tmp_path):
    config = copy_with(
        tmp_path,
        TOML,
        ('[[comparison.exclude]]\nmunicipality = "0301"', '[[comparison.exclude]]\nmunicipality = "1503"'),
    )
    with pytest.raises(DataError, match="holder 1503 utenfor"):
        of(config)


def test_a_population_file_with_other_municipalities_is_refused(tmp_path):
    config = copy_with(tmp_path, POPULATION, ("1505,Kristiansund", "1503,Kristiansund"))
    with pytest.raises(DataError) as error:
        of(config)
    assert [(item.code, item.found) for item in error.value.findings] == [
        ("REG-08", "1503"),
        ("REG-10", "1505 Kristiansund (Møre og Romsdal)"),
    ]
    assert "mangler i befolkningsfila" in describe(error.value.findings)


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_word_for_readers(status):
    assert text(f"membership.{status}")


def test_mandals_other_measure_is_about_a_treated_municipality(table):
    (other,) = load_config(PROGRAMME).co_interventions
    assert table.loc[other.municipality, ["name", "intake"]].tolist() == ["Mandal", "innsats"]
    assert other.start.isoformat() == "2008-05-01"
