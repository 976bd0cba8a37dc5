"""Quarter arithmetic by hand. 2007: Q1 64, Q2 59, Q3 65 working days; Easter 5, 6 and 9 April, Oslo is 0301."""

from __future__ import annotations

import pandas as pd
import pytest
from spells_cases import FULL_TIME, JOB_HEADER, SPELL_HEADER, lost, panel, register, write

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.intake import Counts, read
from kvalitet_eval.prepare.periods import Window
from kvalitet_eval.prepare.spells.aggregation import aggregate_spells

HALF_YEAR = Window("2007Q1", "2007Q2")


def spell(first, last, grade="100", *, share="100", certificate="self", key="A", number="0301"):
    return f"{key};{number};other;{first};{last};{grade};{share};{certificate}"


@pytest.mark.parametrize(
    ("row", "days"),
    [
        (spell("2007-06-04", "2007-06-04"), 1.0),  # a Monday
        (spell("2007-06-04", "2007-06-10"), 5.0),  # a week with its weekend
        (spell("2007-06-09", "2007-06-10"), 0.0),  # a weekend
        (spell("2007-04-02", "2007-04-13"), 7.0),  # Easter week: 2, 3, 4 and 10-13 April
        (spell("2007-05-16", "2007-05-18"), 2.0),  # 17 May
        (spell("2007-06-04", "2007-06-08", grade="50"), 2.5),  # half days
        (spell("2007-06-04", "2007-06-08", share="40"), 2.0),  # two fifths of a full-time job
        (spell("2007-06-04", "2007-06-08", grade="60", share="37,5"), 1.125),  # 5 x 0.6 x 0.375
        (spell("2007-04-01", "2007-06-30"), 59.0),  # the whole quarter
        (spell("04.06.2007", "8.6.2007"), 5.0),  # Norwegian dates
        (spell("2007-06-04", "2007-06-08", grade="50 %"), 2.5),
    ],
)
def test_one_spell(tmp_path, row, days):
    result = panel(tmp_path, [row])
    assert lost(result) == [days]
    assert lost(result, "lost_days_doctor") == [0.0]
    assert result.rows["agreed_days"].tolist() == [59.0]


def test_a_spell_across_quarters_is_split_at_midnight(tmp_path):
    result = panel(tmp_path, [spell("2007-03-29", "2007-04-11", certificate="doctor")], window=HALF_YEAR)
    assert result.rows["quarter"].tolist() == ["2007Q1", "2007Q2"]
    assert lost(result, "lost_days_doctor") == [2.0, 5.0]  # 29, 30 March; 2, 3, 4, 10, 11 April


def test_a_spell_without_end_lasts_to_the_end_of_the_period(tmp_path):
    result = panel(tmp_path, [spell("2007-03-30", "")], window=HALF_YEAR)
    assert lost(result) == [1.0, 59.0]
    assert account(result, "changed", "is_open") == 1


def test_days_outside_the_period_are_not_counted(tmp_path):
    rows = [spell("2006-01-01", "2007-04-02"), spell("2006-01-01", "2006-12-31"), spell("2007-07-02", "")]
    result = panel(tmp_path, rows)
    assert lost(result) == [1.0]  # 2 April
    assert result.counts["absence_spells"] == Counts(read=3, used=1, excluded=2, refused=0)
    assert account(result, "changed", "is_cut") == 1
    assert account(result, "excluded", "outside_period") == 2


def account(result, kind, reason):
    rows = result.account
    about_spells = ~rows["file"].isin(["jobs.csv", "employments"])
    return rows[about_spells & (rows["kind"] == kind) & (rows["reason"] == reason)]["n"].sum()


@pytest.mark.parametrize(
    ("rows", "own", "doctor"),
    [
        # two half spells on the same five days are five whole days
        ([spell("2007-06-04", "2007-06-08", "50"), spell("2007-06-04", "2007-06-08", "50", certificate="doctor")],
         2.5, 2.5),
        # two whole spells are still five whole days, and the doctor's count first
        ([spell("2007-06-04", "2007-06-08"), spell("2007-06-04", "2007-06-08", certificate="doctor")], 0.0, 5.0),
        # 4-6 June 100, 6-8 June 60 by a doctor: 6 June is 60 doctor + 40 self
        ([spell("2007-06-04", "2007-06-06"), spell("2007-06-06", "2007-06-08", "60", certificate="doctor")], 2.4, 1.8),
        # three on each other: 80 + 80 + 80 is 100
        ([spell("2007-06-04", "2007-06-04", "80"), spell("2007-06-04", "2007-06-05", "80"),
          spell("2007-06-03", "2007-06-04", "80")], 1.8, 0.0),
        # a long one with a short one inside and another after that: not only neighbours are looked at
        ([spell("2007-06-04", "2007-06-15"), spell("2007-06-05", "2007-06-05"), spell("2007-06-12", "2007-06-13")],
         10.0, 0.0),
        # one after the other
        ([spell("2007-06-04", "2007-06-05"), spell("2007-06-06", "2007-06-08", "50")], 3.5, 0.0),
        # another person and another job lose days of their own
        ([spell("2007-06-04", "2007-06-08"), spell("2007-06-04", "2007-06-08", key="B")], 10.0, 0.0),
        # the job's largest stated size counts
        ([spell("2007-06-04", "2007-06-04", share="50"), spell("2007-06-04", "2007-06-04", "30", share="80")],
         0.8, 0.0),
    ],
)  # fmt: skip
def test_no_day_loses_more_than_the_whole_job(tmp_path, rows, own, doctor):
    for ordered in (rows, rows[::-1]):
        result = panel(tmp_path, ordered, [FULL_TIME, FULL_TIME.replace("A", "B", 1)])
        assert lost(result) == pytest.approx([own], abs=1e-12)
        assert lost(result, "lost_days_doctor") == pytest.approx([doctor], abs=1e-12)


def test_what_is_cut_off_is_in_the_account(tmp_path):
    rows = [spell("2007-06-04", "2007-06-08"), spell("2007-06-04", "2007-06-08", certificate="doctor")]
    assert account(panel(tmp_path, rows), "excluded", "over_whole_job") == 5.0
    assert account(panel(tmp_path, rows[:1]), "excluded", "over_whole_job") == 0.0


def test_identical_rows_are_one_spell(tmp_path):
    rows = [spell("2007-06-04", "2007-06-08", "50")] * 3 + [spell("2007-03-01", "2007-06-01", "20")] * 2
    result = panel(tmp_path, rows, window=HALF_YEAR)
    # 1-30 March is 22 working days; April 18 and May 20, and 1 June is one: 39; 20 per cent of each
    assert lost(result) == pytest.approx([0.2 * 22, 0.2 * 39 + 2.5])
    assert result.counts["absence_spells"] == Counts(read=5, used=2, excluded=3, refused=0)


def test_a_job_key_tells_two_jobs_apart(tmp_path):
    header, jobs = SPELL_HEADER + ";job_key", JOB_HEADER + ";job_key"
    row = spell("2007-06-04", "2007-06-08", share="40")
    files = [
        write(tmp_path / "spells.csv", header, f"{row};1", f"{row};2"),
        write(tmp_path / "jobs.csv", jobs, "A;0301;other;2000-01-01;;40;1", "A;0301;other;2000-01-01;;40;2"),
    ]
    rows = aggregate_spells(files[:1], files[1], Window("2007Q2", "2007Q2"), register()).rows
    assert rows["lost_days_self"].tolist() == [4.0]
    assert rows["agreed_days"].tolist() == pytest.approx([47.2])  # 59 x 0.8
    assert rows["employees"].tolist() == [1.0]


def test_spells_per_unit_are_each_their_own(tmp_path):
    row = spell("2007-06-04", "2007-06-08", key="Ward 3")
    spells = write(tmp_path / "spells.csv", SPELL_HEADER.replace("person_key", "unit_key"), row, row)
    agreed = write(
        tmp_path / "agreed.csv",
        "municipality_number;quarter;sector;employees;agreed_days",
        "0301;2007Q2;other;4;236", "0301;2007Q3;other;4;260",
    )  # fmt: skip
    rows = aggregate_spells([spells], agreed, Window("2007Q2", "2007Q2"), register()).rows
    assert rows["lost_days_self"].tolist() == [10.0]
    assert rows[["employees", "agreed_days"]].to_numpy().tolist() == [[4.0, 236.0]]


def test_agreed_days_and_employees(tmp_path):
    jobs = [
        "A;0301;other;2000-01-01;;100",
        "B;0301;other;2007-05-28;;50",  # from Whit Monday: 3 days in May and 21 in June, half of them
        "C;0301;other;2007-01-01;2007-06-29;100",  # left the day before the quarter ended: 59 days, not counted
        "D;0301;education;2007-06-30;;100",  # began on a Saturday: no day, but employed on the last day
    ]
    rows = panel(tmp_path, [spell("2007-06-04", "2007-06-08")], jobs).rows.set_index("sector")
    assert rows["agreed_days"].to_dict() == {"education": 0.0, "other": 59.0 + 12.0 + 59.0}
    assert rows["employees"].to_dict() == {"education": 1.0, "other": 2.0}
    assert rows["lost_days_self"].to_dict() == {"education": 0.0, "other": 5.0}


def test_a_number_is_followed_through_a_merger(tmp_path):
    spells = [spell("2007-12-28", "2008-01-03", number=number, key=number) for number in ("1503", "1556")]
    jobs = [f"{number};{number};other;2007-01-01;;100" for number in ("1503", "1556")]
    rows = panel(tmp_path, spells, jobs, Window("2007Q4", "2008Q1")).rows
    # 28 and 31 December for each; 2 and 3 January for both, now in 1505 Kristiansund
    assert rows[["municipality_number", "quarter", "lost_days_self", "agreed_days"]].to_numpy().tolist() == [
        ["1503", "2007Q4", 2.0, 64.0], ["1505", "2008Q1", 4.0, 122.0], ["1556", "2007Q4", 2.0, 64.0],
    ]  # fmt: skip


def test_every_number_that_can_be_followed_is_followed_all_the_way():
    from kvalitet_eval.prepare.spells.calendar import number_years

    known = {(recorded, year): number for recorded, year, number, _ in number_years(register(), range(2000, 2025))}
    ends = {recorded: max(year for number, year in known if number == recorded) for recorded, _ in known}
    starts = {recorded: min(year for number, year in known if number == recorded) for recorded, _ in known}
    gaps = [(n, y) for n in ends for y in range(starts[n], ends[n] + 1) if (n, y) not in known]
    assert gaps == []
    assert known["1503", 2024] == "1505"
    assert known["0301", 2007] == "0301"


def test_what_was_not_delivered_is_missing_and_told(tmp_path):
    jobs = [FULL_TIME, "B;0101;other;2000-01-01;;100", "C;0301;education;2000-01-01;;100"]
    result = panel(tmp_path, [spell("2007-06-04", "2007-06-08")], jobs, HALF_YEAR)
    rows = result.rows.set_index(["municipality_number", "sector", "quarter"])["lost_days_self"]
    assert rows["0301", "other", "2007Q2"] == 5.0
    assert rows["0301", "education", "2007Q2"] == 0.0
    assert rows[["0101"]].isna().all()
    assert rows["0301", "other", "2007Q1"] != rows["0301", "other", "2007Q1"]
    assert [(item.code, item.found) for item in result.findings] == [("SPE-17", "0101"), ("SPE-18", "0301 2007Q1")]


def test_the_panel_is_a_file_in_the_documented_format(tmp_path):
    result = panel(tmp_path, [spell("2007-06-04", "2007-06-08", share="94,667")], window=HALF_YEAR)
    path = tmp_path / "panel.csv"
    result.rows.to_csv(path, sep=";", index=False)
    intake = read(path, "sick_leave_days", register())
    assert [item for item in intake.findings if item.severity == "error"] == []
    assert intake.rows["lost_days_self"].tolist()[1] == pytest.approx(5 * 0.94667)
    assert intake.rows["origin"].tolist() == ["observed"] * 2


def test_one_simulated_row_makes_the_panel_simulated(tmp_path):
    rows = [f"{spell('2007-06-04', '2007-06-08')};observed", f"{spell('2007-06-11', '2007-06-11')};syntetisk"]
    spells = write(tmp_path / "s.csv", SPELL_HEADER + ";origin", *rows)
    jobs = write(tmp_path / "j.csv", JOB_HEADER, FULL_TIME)
    result = aggregate_spells([spells], jobs, Window("2007Q2", "2007Q2"), register())
    assert result.rows["origin"].tolist() == ["syntetisk"]


def test_parquet_gives_the_same_as_text(tmp_path):
    rows = [
        spell("2007-06-04", "2007-06-08", "50", share="37.5"),
        spell("2007-03-29", "2007-04-11", certificate="doctor"),
    ]
    expected = panel(tmp_path, rows, window=HALF_YEAR).rows
    frame = pd.DataFrame([row.split(";") for row in rows], columns=SPELL_HEADER.split(";"))
    frame = frame.assign(
        municipality_number=301,
        grade_pct=frame["grade_pct"].astype(float),
        first_day=pd.to_datetime(frame["first_day"]),
    )
    frame.to_parquet(tmp_path / "spells.parquet")
    found = aggregate_spells([tmp_path / "spells.parquet"], tmp_path / "jobs.csv", HALF_YEAR, register())
    pd.testing.assert_frame_equal(found.rows, expected)
    assert account(found, "changed", "is_padded") == 2


def test_several_files_are_added_up_and_rows_in_both_count_once(tmp_path):
    first = write(tmp_path / "a.csv", SPELL_HEADER, spell("2007-06-04", "2007-06-08", "50"))
    second = write(tmp_path / "b.csv", SPELL_HEADER, spell("2007-06-04", "2007-06-08", "50"),
                   spell("2007-06-11", "2007-06-11"))  # fmt: skip
    jobs = write(tmp_path / "j.csv", JOB_HEADER, FULL_TIME)
    result = aggregate_spells([first, second], jobs, Window("2007Q2", "2007Q2"), register())
    assert lost(result) == [3.5]
    assert result.counts["absence_spells"] == Counts(read=3, used=2, excluded=1, refused=0)


def test_a_period_outside_the_register_is_refused(tmp_path):
    with pytest.raises(DataError) as caught:
        panel(tmp_path, [spell("2007-06-04", "2007-06-08")], window=Window("2024Q4", "2025Q1"))
    assert [item.code for item in caught.value.findings] == ["SPE-23"]
