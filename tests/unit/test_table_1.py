"""Table 1 of the annual report, worked out again."""

from decimal import Decimal

import pandas as pd
import pytest
from programme_copy import PROGRAMME, copy_with

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import DataError
from kvalitet_eval.monitor import table_1
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.prepare.participants import read_participants
from kvalitet_eval.present.messages import describe, text

FILE = "data/raw/annual_report_2007/annual_report_2007_table1.csv"


def rates_of(config):
    return table_1.published_rates(config, read_participants(config, load_register(config)))


@pytest.fixture(scope="module")
def config():
    return load_config(PROGRAMME)


@pytest.fixture(scope="module")
def rates(config):
    return rates_of(config)


@pytest.fixture(scope="module")
def changes(rates):
    return table_1.change_table(rates)


def change(changes, unit, baseline="P1"):
    (row,) = changes[(changes["unit"] == unit) & (changes["from_period"] == baseline)].to_dict("records")
    return row


def test_rows_are_twelve_municipalities_and_three_totals(rates):
    assert rates["is_total"].sum() == 3
    units = rates[~rates["is_total"]]
    assert len(units) == 12
    assert set(units["intake"]) == {"innsats"}
    assert units["municipality_number"].is_unique


def test_kristiansunds_two_numbers_are_one_unit(rates):
    (row,) = rates[rates["unit"] == "Kristiansund"].to_dict("records")
    assert (row["municipality_number"], row["number_2007"]) == ("1505", "1503")


def test_25_of_26_printed_percentages_are_reproduced_and_the_26th_is_possible_within_rounding(changes):
    counts = changes["verdict"].value_counts().to_dict()
    assert changes["published_pct"].notna().sum() == 26
    assert counts == {"reproduced": 25, "possible_within_rounding": 1, "not_published": 4}
    (odd,) = changes[changes["verdict"] == "possible_within_rounding"].to_dict("records")
    assert (odd["unit"], odd["from_period"], odd["printed_pct"], odd["published_pct"]) == (
        "Totalt innsatskommuner",
        "P2",
        0,
        -1,
    )


def test_nord_aurdal_by_hand(changes):
    row = change(changes, "Nord-Aurdal")
    assert row["change_pp"] == pytest.approx(-2.9)
    assert (row["low_pp"], row["high_pp"]) == pytest.approx((-3.0, -2.8))
    assert row["change_pct"] == pytest.approx(100 * (8.3 - 11.2) / 11.2)
    assert (round(row["low_pct"], 1), round(row["high_pct"], 1)) == (-26.7, -25.1)
    assert row["direction"] == "down"


def test_total_of_the_treated_from_period_2_to_3_by_hand(changes):
    row = change(changes, "Totalt innsatskommuner", "P2")
    assert (round(row["low_pct"], 2), round(row["high_pct"], 2)) == (-0.96, 0.97)
    assert row["direction"] == "cannot_be_told"


def test_intervals_hold_the_recomputed_change(changes):
    known = changes.dropna(subset=["change_pct"])
    assert (known["low_pct"] < known["change_pct"]).all()
    assert (known["change_pct"] < known["high_pct"]).all()
    assert (known["high_pp"] - known["low_pp"]).to_numpy() == pytest.approx(0.2)


def test_8_down_3_up_and_1_that_cannot_be_told(changes):
    counts = table_1.direction_counts(changes).set_index("from_period")
    assert counts.loc["P1", ["down", "up", "cannot_be_told", "n"]].tolist() == [8, 3, 1, 12]
    assert counts.loc["P2", ["down", "up", "cannot_be_told", "n"]].tolist() == [7, 3, 2, 12]
    lillehammer = change(changes, "Lillehammer")
    assert (lillehammer["direction"], lillehammer["verdict"]) == ("cannot_be_told", "not_published")
    assert pd.isna(lillehammer["change_pp"])


def test_the_totals_row_of_the_treated_is_not_about_the_same_municipalities_in_all_periods(rates):
    coverage = table_1.coverage(rates).set_index("period")
    assert coverage["n_units"].tolist() == [11, 11, 12]
    assert coverage["n_identical"].tolist() == [11, 11, 11]
    assert coverage["missing"].tolist() == ["Lillehammer", "Lillehammer", ""]


def test_regression_to_the_mean_shows_the_two_lowest_rose_and_the_others_fell(changes, config):
    contrast = table_1.level_contrast(changes, config.intake("innsats").selected_low)
    assert contrast.low_units == ("Mandal", "Nøtterøy")
    assert (contrast.n_low, contrast.n_other) == (2, 9)
    assert round(contrast.low_pp, 2) == 0.45
    assert round(contrast.other_pp, 2) == -0.72


def test_a_contrast_needs_municipalities_on_both_sides(changes):
    for n_low in (0, 11, 12):
        with pytest.raises(DataError, match=f"{n_low} kommuner skulle skilles ut"):
            table_1.level_contrast(changes, n_low)


def test_neighbouring_windows_share_two_quarters_and_exposure_depends_on_the_start():
    windows = table_1.windows(("2007Q1", "2007Q3")).set_index("period")
    assert windows["first_quarter"].tolist() == ["2005Q4", "2006Q2", "2006Q4"]
    assert windows["last_quarter"].tolist() == ["2006Q3", "2007Q1", "2007Q3"]
    assert windows[["shared_P1", "shared_P2", "shared_P3"]].to_numpy().tolist() == [[4, 2, 0], [2, 4, 2], [0, 2, 4]]
    assert windows["exposed_2007Q3"].tolist() == [0, 0, 0.25]
    assert windows["exposed_2007Q1"].tolist() == [0, 0.25, 0.75]


@pytest.mark.parametrize(("value", "whole"), [("2.5", 3), ("-2.5", -3), ("-0.49", 0), ("0.5", 1), ("-25.893", -26)])
def test_rounding_is_half_away_from_zero(value, whole):
    assert table_1.round_half_away(Decimal(value)) == whole


def test_a_printed_percentage_that_no_rounding_explains_differs(tmp_path):
    config = copy_with(tmp_path, FILE, ("Nord-Aurdal,11.2,11.5,8.3,-26,-28", "Nord-Aurdal,11.2,11.5,8.3,-24,-28"))
    changes = table_1.change_table(rates_of(config))
    assert change(changes, "Nord-Aurdal")["verdict"] == "differs"
    message = describe(table_1.differing(changes, config))
    assert "Tabellen har −24 prosent for Nord-Aurdal" in message
    assert "tillater bare fra −27 til −25 prosent" in message


def test_the_one_printed_percentage_is_explained_to_the_reader(changes, config):
    (found,) = table_1.differing(changes, config)
    assert (found.code, found.severity) == ("TAB-03", "warning")
    assert "Tabellen har −1 prosent for Totalt innsatskommuner" in describe([found])


def test_an_unknown_row_and_a_zero_rate_are_refused_together(tmp_path):
    config = copy_with(tmp_path, FILE, ("Vaksdal,12.4", "Voksdal,12.4"), ("Tana,12.0", "Tana,0.0"))
    with pytest.raises(DataError) as error:
        rates_of(config)
    assert [(item.code, item.line, item.found) for item in error.value.findings] == [
        ("TAB-01", 11, "Voksdal"),
        ("TAB-05", 12, "0.0"),
    ]
    assert "«Voksdal» er verken en av tabellens samlerader eller en deltaker på lista." in describe(
        error.value.findings
    )


def test_the_inputs_are_unchanged(rates):
    before = rates.copy(deep=True)
    table_1.coverage(rates)
    table_1.change_table(rates)
    pd.testing.assert_frame_equal(rates, before)


def test_every_verdict_direction_and_period_has_a_word_for_readers(changes):
    words = {*changes["verdict"], "differs", *changes["direction"], *table_1.WINDOWS}
    assert all(text(f"table_1.{word}") for word in words)
