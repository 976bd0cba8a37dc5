import pytest

from kvalitet_eval.prepare.periods import Window, add, label, ordinal, parse_quarter, quarters


@pytest.mark.parametrize(
    "text",
    [
        "2007Q3",
        "2007K3",
        "2007k3",
        " 2007 K3 ",
        "2007-Q3",
        "2007:3",
        "3. kvartal 2007",
        "3. KVARTAL\u00a02007",
        "3. kv. 2007",
        "3.kv.2007",
        "3 kv 2007",
        "K3 2007",
        "Q3-2007",
        "2007-09-30",
        "2007-09-30 00:00:00",
        "2007-09-30T00:00:00",
        "30.09.2007",
        "30.9.2007",
    ],
)
def test_every_spelling_of_one_quarter(text):
    assert parse_quarter(text) == "2007Q3"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2007",
        "2007.3",  # a number: 2007.10 and 2007.1 would be the same
        "2007,3",
        "2007Q5",
        "2007Q0",
        "2007-3",  # March, or the third quarter
        "2007-09",
        "2007-07-01",  # the first day of a quarter can be a month, or the end of the quarter before
        "2007-09-29",
        "2007-02-30",
        "2007-13-31",
        "09/30/2007",
        "20071",  # a footnote glued to a year
        "2008K1 Ny",  # another series, after the break of 2009
        "4. kvartal 2005 - 3. kvartal 2006",
        "1. halvår 2007",
        "٢٠٠٧Q٣",
    ],
)
def test_what_is_not_one_quarter_is_refused(text):
    with pytest.raises(ValueError, match="not one quarter"):
        parse_quarter(text)


def test_ordinals_count_quarters_over_new_year():
    assert ordinal("2008Q1") - ordinal("2007Q4") == 1
    assert ordinal("2007Q3") == 8030
    assert label(8030) == "2007Q3"


def test_years_and_numbers_are_their_own_ordinals():
    assert (ordinal("2007"), ordinal(2007), ordinal(-3)) == (2007, 2007, -3)
    assert label(2007) == "2007"
    assert add("2007", 2) == "2009"


@pytest.mark.parametrize("text", ["2007K3", "2007Q5", "07Q3", ""])
def test_ordinal_takes_only_labels(text):
    with pytest.raises(ValueError, match="not a quarter label"):
        ordinal(text)


def test_quarters_in_order_and_none_when_the_last_is_first():
    assert quarters("2007Q4", "2008Q2") == ("2007Q4", "2008Q1", "2008Q2")
    assert quarters("2007Q4", "2007Q4") == ("2007Q4",)
    assert quarters("2008Q1", "2007Q4") == ()


@pytest.mark.parametrize(
    "text",
    [
        "4. kvartal 2005 - 3. kvartal 2006",
        "4. kv. 2005–3. kv. 2006",
        "2005Q4-2006Q3",
        "2005-Q4 - 2006-Q3",
        "2005-12-31 — 2006-09-30",
    ],
)
def test_window_is_read_from_text(text):
    assert Window.parse(text) == Window("2005Q4", "2006Q3")
    assert Window.parse(text).quarters == ("2005Q4", "2006Q1", "2006Q2", "2006Q3")


@pytest.mark.parametrize("text", ["2005Q4", "2005Q4-", "2005Q4 2006Q3", "2006Q3-2005Q4"])
def test_window_that_is_none(text):
    with pytest.raises(ValueError, match=r"not two quarters|ends before it starts"):
        Window.parse(text)


def test_the_three_windows_of_table_1_overlap_and_are_exposed_as_the_report_says():
    first, second, third = Window("2005Q4", "2006Q3"), Window("2006Q2", "2007Q1"), Window("2006Q4", "2007Q3")
    assert (first.overlap(second), second.overlap(third), first.overlap(third)) == (2, 2, 0)
    assert third.exposure_share("2007Q3") == 0.25
    assert third.exposure_share("2007Q1") == 0.75
    assert first.exposure_share("2007Q1") == 0
