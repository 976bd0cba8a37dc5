import pytest
from notebook_samples import bundled, headings, shown
from publish_samples import STANDARD

from kvalitet_eval.monitor import table_1
from kvalitet_eval.present import published_table
from kvalitet_eval.report.open_tables import OpenTables

published = OpenTables(STANDARD)


def row(table, name):
    (found,) = [cells for cells in shown(table) if cells[0] == name]
    return found[1:]


def test_rates_as_printed_with_the_quarters_of_each_period():
    table = published_table.rate_table(
        published("printed_rates", bundled().rates), published.windows(bundled().windows)
    ).content
    assert headings(table)[2] == "Periode 1: 4. kv. 2005 – 3. kv. 2006 (prosent)"
    assert row(table, "Nord-Aurdal") == ("0542", "11,2", "11,5", "8,3")
    assert row(table, "Lillehammer") == ("0501", "..", "..", "11,5")
    assert row(table, "Totalt innsatskommuner") == ("–", "10,7", "10,4", "10,4")
    assert table.origin == "observed"


def test_nord_aurdal_by_hand():
    table = published_table.change_table(published.changes(bundled().changes), "P1").content
    assert row(table, "Nord-Aurdal") == (
        *("−2,9", "−3,0 til −2,8", "−25,9", "−26,7 til −25,1", "−26", "gjengitt nøyaktig", "ned"),
    )
    assert table.caption == "Endring fra periode 1 til periode 3, regnet på nytt fra de trykte prosentene"


def test_total_is_possible_within_rounding():
    table = published_table.change_table(published.changes(bundled().changes), "P2").content
    cells = row(table, "Totalt innsatskommuner")
    assert cells == (
        "0,0",
        "−0,1 til 0,1",
        "0,0",
        "−1,0 til 1,0",
        "−1",
        "mulig innenfor avrundingen",
        "kan ikke avgjøres",
    )


def test_percent_and_points_never_share_a_heading():
    table = published_table.change_table(published.changes(bundled().changes), "P1").content
    assert headings(table)[1:5] == [
        "Endring (prosentpoeng)",
        "Avrundingen tillater (prosentpoeng)",
        "Endring (prosent)",
        "Avrundingen tillater (prosent)",
    ]


def test_windows_with_exposure_in_per_cent():
    table = published_table.window_table(published.windows(bundled().windows)).content
    assert shown(table)[-1] == ("periode 3", "4. kv. 2006", "3. kv. 2007", "0", "2", "4", "75", "25")
    assert headings(table)[-1] == "Andel av kvartalene fra og med 3. kv. 2007 (prosent)"


def test_eight_down_three_up_one_cannot_be_told():
    table = published_table.direction_table(
        published("directions", table_1.direction_counts(bundled().changes))
    ).content
    assert shown(table)[0] == ("periode 1", "8", "3", "1", "12")


def test_municipalities_behind_each_period():
    table = published_table.unit_table(published.units(table_1.coverage(bundled().rates))).content
    assert shown(table) == [
        ("periode 1", "11", "11", "Lillehammer"),
        ("periode 2", "11", "11", "Lillehammer"),
        ("periode 3", "12", "11", "–"),
    ]


def test_contrast():
    table = published_table.contrast_table(published.contrast(bundled().contrast)).content
    assert shown(table) == [("De laveste: Mandal, Nøtterøy", "2", "+0,45"), ("De andre", "9", "−0,72")]


def test_kristiansund_is_one_unit_with_two_numbers():
    rates = bundled().rates
    other = rates[~rates["is_total"] & (rates["number_2007"] != rates["municipality_number"])]
    table = published_table.renumbered_table(published("printed_rates", other), bundled().register, 2008, 2007).content
    assert shown(table) == [("Kristiansund", "1503", "1505", "1503 Kristiansund, 1556 Frei")]
    assert table.caption == "Kommuner med et annet nummer i grensene fra 2008"


@pytest.mark.parametrize("baseline", ["P1", "P2"])
def test_full_precision_stands_behind_the_print(baseline):
    table = published_table.change_table(published.changes(bundled().changes), baseline).content
    values = {cells[0].text: cells[3].value for cells in table.rows}
    expected = {"P1": 100 * (8.3 - 11.2) / 11.2, "P2": 100 * (8.3 - 11.5) / 11.5}
    assert values["Nord-Aurdal"] == pytest.approx(expected[baseline], abs=1e-12)
