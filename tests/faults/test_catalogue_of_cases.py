"""The catalogue of bad inputs, case by case: which test shows that each is refused, mended or told as it should be.

``LATER`` holds what is not shown yet, with the reason; nothing stands in both tables.
"""

from __future__ import annotations

import ast
import random
from functools import cache

import click
import pytest
from intake_cases import ROOT, codes, look, register

from kvalitet_eval import cli
from kvalitet_eval.prepare.harmonise import harmonise

FILES, NUMBERS = "faults/test_bad_inputs_files.py", "faults/test_bad_inputs_numbers.py"
PERIODS, PLACES = "faults/test_bad_inputs_periods.py", "faults/test_bad_inputs_municipalities.py"
EXCEL, COMMANDS, HERE = "faults/test_bad_inputs_excel.py", "faults/test_cli.py", "faults/test_catalogue_of_cases.py"
COMPARISON, PARAMETERS = "unit/test_comparison.py", "unit/test_parameters.py"
PARTICIPANTS, HARMONISE = "unit/test_participants.py", "unit/test_harmonise.py"

SHOWN: dict[str, tuple[str, ...]] = {
    "A01": (f"{FILES}::test_every_encoding_gives_the_same_rows",),
    "A02": (f"{FILES}::test_a02_text_that_was_garbled_before_is_refused_with_the_likely_name",),
    "A03": (f"{FILES}::test_every_encoding_gives_the_same_rows",),
    "A05": (f"{FILES}::test_a05_an_empty_file",
            f"{COMMANDS}::test_a_faulty_panel_file_is_refused_with_place_reason_and_mend"),
    "A06": (f"{FILES}::test_a06_a_header_and_nothing_below",),
    "A08": (f"{FILES}::test_a08_a_web_page",),
    "A09": (f"{FILES}::test_a09_the_content_decides_and_the_name_is_a_warning",
            f"{EXCEL}::test_a09_the_kind_is_told_by_the_content_and_a_wrong_name_is_a_warning"),
    "A11": (f"{FILES}::test_a11_mixed_line_endings",),
    "A12": (f"{FILES}::test_a12_another_file_than_the_registered_one",
            f"{FILES}::test_a12_a_file_that_changes_while_it_is_read",
            "unit/test_imported.py::test_every_changed_or_missing_file_is_named"),
    "A14": (f"{FILES}::test_a14_what_is_no_ordinary_file", f"{FILES}::test_a14_a_link_out_of_the_raw_data",
            f"{FILES}::test_a14_a_file_that_may_not_be_read"),
    "B01": (f"{FILES}::test_b01_the_delimiter_is_told_by_the_fields",),
    "B02": (f"{FILES}::test_b02_decimal_commas_in_a_file_separated_by_commas",),
    "B03": (f"{FILES}::test_b03_a_field_too_many_or_too_few",),
    "B04": (f"{FILES}::test_b04_a_delimiter_at_the_end_of_the_data_rows_only",),
    "B06": (f"{FILES}::test_b06_title_lines_above_the_header_are_kept_as_notes",),
    "B07": (f"{FILES}::test_b07_notes_below_the_data_are_left_out_and_counted",),
    "B08": (f"{FILES}::test_b08_two_columns_of_one_name_or_one_meaning",),
    "B10": (f"{FILES}::test_b10_known_spellings_are_the_same_column",
            f"{FILES}::test_b10_an_unknown_spelling_is_suggested_and_not_applied"),
    "B12": (f"{FILES}::test_b12_headers_in_the_middle",),
    "C01": (f"{EXCEL}::test_c01_a_year_merged_over_quarters_stands_above_each",),
    "C02": (f"{EXCEL}::test_c02_zeros_that_the_number_format_shows_are_given_back",),
    "C03": (f"{EXCEL}::test_c03_a_formula_that_was_never_calculated_is_refused_with_its_address",),
    "C04": (f"{EXCEL}::test_c04_error_values_are_refused_with_their_address",
            f"{EXCEL}::test_c04_an_error_pasted_as_text_is_an_error_too"),
    "C06": (f"{EXCEL}::test_c06_hidden_rows_columns_filters_and_sheets_are_read_and_told",),
    "C07": (f"{EXCEL}::test_c07_dates_come_as_iso_text_beside_text",
            f"{PERIODS}::test_e01_every_spelling_in_one_file"),
    "C09": (f"{EXCEL}::test_c09_a_date_where_a_number_belongs_is_refused_with_what_it_probably_was",),
    "C11": (f"{EXCEL}::test_c11_a_password_is_told_from_the_old_format",),
    "C12": (f"{EXCEL}::test_c12_c14_a_hostile_workbook_is_refused_soon_and_in_little_memory",),
    "C14": (f"{EXCEL}::test_c12_c14_a_hostile_workbook_is_refused_soon_and_in_little_memory",
            f"{EXCEL}::test_a_hostile_workbook_is_told_in_words_without_its_content"),
    "D01": (f"{NUMBERS}::test_d01_decimal_commas_and_points_in_one_column_are_counted",
            f"{NUMBERS}::test_d01_one_ambiguous_value_among_them_is_refused"),
    "D02": (f"{NUMBERS}::test_d02_thousands_in_every_spelling",),
    "D03": (f"{NUMBERS}::test_d03_a_number_that_can_be_read_in_two_ways",),
    "D04": (f"{NUMBERS}::test_d04_signs_for_missing_are_kept_as_a_reason_beside_the_value",
            f"{NUMBERS}::test_d04_a_dash_is_zero_only_when_the_source_is_statistics_norway"),
    "D06": (f"{NUMBERS}::test_d06_a_minus_in_any_spelling_is_a_minus",
            f"{NUMBERS}::test_d06_brackets_are_ambiguous"),
    "D07": (f"{NUMBERS}::test_d07_a_percent_sign_is_read_and_told",),
    "D08": (f"{NUMBERS}::test_d08_a_whole_column_of_shares", f"{NUMBERS}::test_d08_shares_for_one_municipality",
            f"{NUMBERS}::test_d08_shares_in_one_year"),
    "D10": (f"{NUMBERS}::test_d10_negative_above_a_hundred_and_exactly_zero",),
    "D12": (f"{NUMBERS}::test_d12_scientific_notation_and_long_decimals",),
    "D14": (f"{NUMBERS}::test_d14_markup_is_taken_away_when_a_number_is_left",),
    "E01": (f"{PERIODS}::test_e01_every_spelling_in_one_file",
            "property/test_periods_and_rates.py::test_every_spelling_comes_back_as_the_label"),
    "E02": (f"{PERIODS}::test_e02_numeric_periods_with_decimals",),
    "E03": (f"{PERIODS}::test_e03_a_norwegian_date_has_the_day_first",),
    "E05": (f"{PERIODS}::test_e05_months_and_years_beside_quarters_are_counted",),
    "E06": (f"{PERIODS}::test_e06_windows_are_no_independent_periods",),
    "E08": (f"{PERIODS}::test_e08_a_hole_in_the_calendar_is_refused",
            f"{PERIODS}::test_e08_one_municipality_without_a_quarter_is_a_warning",
            f"{PERIODS}::test_e08_only_the_programme_is_missing"),
    "E09": ("unit/test_requirements.py::test_who_has_no_period_before_is_left_out_by_name_and_intake",
            "unit/test_synthetic.py::test_too_short_a_time_before_is_refused_with_the_shortest_there_may_be"),
    "E11": (f"{HERE}::test_e11_two_hundred_orders_of_the_rows_give_the_same_tables_to_the_byte",
            "property/test_estimate_properties.py::test_the_order_of_rows_does_not_matter_and_the_frame_is_not_changed"),
    "F01": (f"{PLACES}::test_f01_a_lost_zero_is_put_back_when_the_number_exists",
            f"{PLACES}::test_f01_a_padded_number_that_never_was_is_refused"),
    "F02": (f"{PARAMETERS}::test_number_without_its_leading_zero_is_shown_with_it",
            "unit/test_config.py::test_a_municipality_number_without_quotes_is_not_toml",
            f"{COMMANDS}::test_a_wrong_programme_file_stops_every_command"),
    "F03": (f"{HARMONISE}::test_a_merger_is_the_sum_of_its_parts",
            f"{HARMONISE}::test_bare_rates_are_refused_when_anything_would_be_merged",
            f"{HARMONISE}::test_a_merger_with_a_missing_part_is_missing_and_not_half"),
    "F05": (f"{PLACES}::test_f05_names_of_two_municipalities_are_refused_with_both",
            f"{PLACES}::test_f05_a_county_tells_them_apart"),
    "F06": (f"{PLACES}::test_f06_f08_names_and_their_other_forms_are_looked_up_and_told",
            f"{PLACES}::test_f06_a_name_nearly_right_is_a_suggestion_only"),
    "F08": (f"{PLACES}::test_f06_f08_names_and_their_other_forms_are_looked_up_and_told",),
    "F09": (f"{PLACES}::test_f09_totals_are_left_out_and_counted",
            f"{PLACES}::test_f09_totals_are_control_totals"),
    "F11": (f"{PLACES}::test_f11_the_unknown_are_left_out_up_to_one_per_cent",),
    "F12": (f"{PLACES}::test_f12_names_that_look_like_missing_stay_text",
            "unit/test_intake.py::test_text_that_looks_like_missing_stays_text"),
    "G01": (f"{PLACES}::test_g01_identical_rows_are_counted_once",),
    "G02": (f"{PLACES}::test_g02_conflicting_rows_name_both_lines_and_the_difference",),
    "G04": (f"{COMPARISON}::test_a_municipality_without_figures_is_accounted_for",
            "unit/test_evaluation.py::test_everybody_is_accounted_for",
            "unit/test_participation.py::test_138_published_and_62_in_the_register",
            "unit/test_membership.py::test_without_confirmation_the_others_are_unknown_and_not_never_treated"),
    "H01": (f"{COMPARISON}::test_who_starts_outside_the_figures_is_named",),
    "H02": (f"{COMPARISON}::test_anticipation_takes_away_a_cohort_without_a_period_before",
            "unit/test_requirements.py::test_who_has_no_period_before_is_left_out_by_name_and_intake"),
    "H03": (f"{COMPARISON}::test_a_design_that_cannot_be_made_says_why",
            f"{COMPARISON}::test_everybody_starts_in_the_end_and_the_last_cohort_cannot_be_told",
            "unit/test_aggregate.py::test_a_cell_that_cannot_be_told_is_left_out_and_counted"),
    "H04": (f"{PARTICIPANTS}::test_two_intakes_the_first_start_counts_once",
            f"{PARTICIPANTS}::test_every_remark_says_on_which_line",
            f"{PARTICIPANTS}::test_one_municipality_twice_in_one_intake_is_refused_with_both_lines"),
    "H06": ("unit/test_participation.py::test_each_intake_beside_its_published_sizes",
            "unit/test_participation.py::test_an_intake_without_names_and_one_with_disagreeing_sources_are_reported"),
    "H08": ("unit/test_config.py::test_a_fault_says_where_what_why_and_how_to_mend",
            "unit/test_paths.py::test_anticipation_takes_the_last_periods_before_the_start_away"),
    "I01": ("unit/test_inference.py::test_one_treated_municipality_has_an_estimate_and_no_error",
            "unit/test_requirements.py::test_one_treated_is_too_few_for_these_errors",
            "unit/test_requirements.py::test_one_to_compare_with_is_too_few_too"),
    "I02": ("unit/test_influence.py::test_few_treated_are_warned_of",
            "unit/test_inference.py::test_variance_is_unbiased_and_the_interval_holds_with_three_treated_and_holes"),
    "I03": ("unit/test_requirements.py::test_an_outcome_that_never_varies_is_refused",
            "unit/test_inference.py::test_equal_outcomes_give_missing_and_not_zero"),
    "I04": ("unit/test_covariates.py::test_a_dependent_covariate_is_named_with_its_cohort",
            "unit/test_adjust.py::test_a_dependent_covariate_is_left_out_by_order"),
    "I06": ("unit/test_leave_out.py::test_one_municipality_that_carries_the_answer_is_named",),
    "I08": (f"{COMPARISON}::test_intakes_without_figures_after_their_start_are_refused_by_name_all_at_once",
            "unit/test_imputation.py::test_a_cohort_without_figures_after_its_start_never_gets_as_far_as_an_estimate"),
    "J01": ("unit/test_html.py::test_hostile_text_is_shown_as_text_and_nothing_else",
            "unit/test_to_plotly.py::test_hostile_strings_are_text",
            "unit/test_to_svg.py::test_hostile_strings_are_text_and_nothing_else",
            "unit/test_site.py::test_hostile_names_are_text"),
    "J03": ("unit/test_store.py::test_slug_is_number_and_plain_ascii",
            "unit/test_store.py::test_slug_refuses_what_is_not_four_digits"),
    "J06": (f"{FILES}::test_j06_files_that_hold_no_table_are_never_opened",
            f"{HERE}::test_j06_a_notebook_is_no_table_and_no_command_runs_one_from_outside"),
    "K01": (f"{PARAMETERS}::test_misspelt_name_is_refused_with_the_likely_one_first",
            f"{COMMANDS}::test_a_wrong_value_is_refused_with_a_reason_and_nothing_is_written"),
    "K02": (f"{PARAMETERS}::test_wrong_types_are_refused",
            f"{COMMANDS}::test_a_wrong_value_is_refused_with_a_reason_and_nothing_is_written"),
    "K04": (f"{PARAMETERS}::test_secrets_are_refused_and_never_repeated",
            f"{COMMANDS}::test_a_wrong_value_is_refused_with_a_reason_and_nothing_is_written"),
}  # fmt: skip
LATER = {
    "I09": "part 4: rates of fewer than five employees are hidden already, secondary suppression is not made yet",
    "J02": "part 4: the tables written as CSV are not yet made safe for a spreadsheet that takes text for a formula",
}
OPEN_CASES = """
A01 A02 A03 A05 A06 A08 A09 A11 A12 A14 B01 B02 B03 B04 B06 B07 B08 B10 B12
C01 C02 C03 C04 C06 C07 C09 C11 C12 C14 D01 D02 D03 D04 D06 D07 D08 D10 D12 D14
E01 E02 E03 E05 E06 E08 E09 E11 F01 F02 F03 F05 F06 F08 F09 F11 F12 G01 G02 G04
H01 H02 H03 H04 H06 H08 I01 I02 I03 I04 I06 I08 I09 J01 J02 J03 J06 K01 K02 K04
"""


@cache
def names_in(path):
    tree = ast.parse((ROOT / "tests" / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not _is_skipped(node)}


def _is_skipped(function):
    return any("skip" in ast.unparse(mark) or "xfail" in ast.unparse(mark) for mark in function.decorator_list)


def test_every_open_case_stands_in_one_table():
    cases = OPEN_CASES.split()
    assert len(cases) == 79
    assert sorted([*SHOWN, *LATER]) == cases


@pytest.mark.parametrize("case", SHOWN)
def test_what_shows_a_case_is_a_test_that_runs(case):
    for test in SHOWN[case]:
        path, name = test.split("::")
        assert name in names_in(path), test


def test_a_test_that_is_not_there_is_found():
    assert "test_no_such_test" not in names_in(FILES)
    assert _is_skipped(ast.parse("@pytest.mark.skip(reason='x')\ndef test_a(): ...").body[0])


def panel_lines():
    """Five municipalities in eight quarters, two of which are one from 2008."""
    for index, (year, quarter) in enumerate((y, q) for y in (2006, 2007) for q in (1, 2, 3, 4)):
        for place, number in enumerate(("0101", "104", "1503", "1556", "0542")):
            days = 900 + 37.3 * place + index
            yield f"{number};{quarter}. kv. {year};{20 + place};{days:.1f};{3.1 * place:.1f};{days / 17:.2f}"


def test_e11_two_hundred_orders_of_the_rows_give_the_same_tables_to_the_byte(tmp_path):
    header = "kommunenr;kvartal;ansatte;avtalte dagsverk;tapte dagsverk egenmeldt;tapte dagsverk legemeldt"
    lines, order, seen = list(panel_lines()), random.Random(20061023), set()
    for _ in range(200):
        order.shuffle(lines)
        read = look(tmp_path, "\n".join((header, *lines)) + "\n", "sick_leave_days")
        assert read.counts.used == 40
        seen.add(harmonise(read.rows, register(), 2008).rows.to_csv(index=False))
    assert len(seen) == 1


def test_j06_a_notebook_is_no_table_and_no_command_runs_one_from_outside(tmp_path):
    content = '{"cells": [{"cell_type": "code", "source": ["1"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    assert codes(look(tmp_path, content, name="mal.ipynb")) == ["INN-C21"]
    paths = {
        (name, parameter.name)
        for name, command in cli.main.commands.items()
        for parameter in command.params
        if isinstance(parameter.type, click.Path)
    }
    assert [parameter for name, parameter in sorted(paths) if name in ("render", "lab")] == ["programme", "template"]
