"""Tables through the gate: marks, rules by kind of measure, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from publish_samples import GEO, SSB, STANDARD, count_structure, counts, share_frame, share_structure, withheld

from kvalitet_eval import publish
from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish import Count, Dimension, Magnitude, Ratio, Share, Statistic, Structure
from kvalitet_eval.publish.published import PublishedFigure, PublishedTable, PublishedText


def codes_of(caught):
    return sorted({item.code for item in caught.value.findings})


def refused(frame, structure, **options):
    with pytest.raises(ReportError) as caught:
        publish.table(frame, STANDARD, structure, **options)
    assert "PUB-" in str(caught.value)
    assert "Hvorfor" in str(caught.value)
    return caught


def test_withheld_values_are_gone_and_marked():
    frame = counts([2, 9, 30])
    before = frame.copy()
    table = publish.table(frame, SSB, count_structure(), output="absent")
    assert withheld(table) == ["a", "b"]
    assert table.to_frame()["n"].isna().tolist() == [True, True, False, False]
    assert table.to_frame()["n"].tolist()[2:] == [30.0, 41.0]
    assert [record["n"].value for record in table.records()] == [None, None, 30.0, 41.0]
    assert table.mark(0, "n") == ":"
    assert [record["n"].mark for record in table.records()] == [":", ":", "", ""]
    assert (table.stamp.output, table.stamp.policy, table.stamp.policy_sha256) == ("absent", "ssb", SSB.sha256)
    pd.testing.assert_frame_equal(frame, before)


def test_changing_a_copy_changes_nothing():
    table = publish.table(counts([2, 9, 30]), SSB, count_structure())
    frame, marks = table.to_frame(), table.marks()
    frame.loc[0, "n"], marks.loc[0, "n"] = 2.0, ""
    assert np.isnan(table.to_frame()["n"][0])
    assert table.mark(0, "n") == ":"
    assert "_frame" not in repr(table)


def test_the_record_counts_by_rule_and_tells_no_value():
    table = publish.table(counts([2, 9, 30]), SSB, count_structure())
    audit = table.audit
    assert dict(audit.by_rule) == {"secondary": 1, "small": 1}
    assert (audit.n_cells, audit.n_withheld, audit.n_protected, audit.n_exposed) == (4, 2, 1, 0)
    assert audit.narrowest >= 3 - 2
    assert table.stamp.audit_sha256 == audit.sha256


def test_only_the_gate_makes_published_objects():
    table = publish.table(counts([9, 30]), SSB, count_structure())
    with pytest.raises(TypeError, match=r"only publish\.table"):
        PublishedTable(table.stamp, ("geo",), "observed", table.audit, pd.DataFrame(), pd.DataFrame(), object())
    with pytest.raises(TypeError, match=r"only publish\.figure"):
        PublishedFigure(None, (), "observed", None)
    with pytest.raises(TypeError, match=r"only publish\.text"):
        PublishedText("secret", (), None)


def test_a_share_is_withheld_with_its_count_and_prints_the_group():
    table = publish.table(share_frame([2, 20, 30], [40, 60, 70]), STANDARD, share_structure())
    assert withheld(table, "pct") == ["a", "b"]
    assert withheld(table, "n") == []
    assert table.columns == ("geo", "pct", "n")


def test_a_share_is_withheld_with_its_denominator():
    """a: three persons in the group, one counted; b protects both."""
    table = publish.table(share_frame([1, 20, 30], [3, 60, 70]), STANDARD, share_structure())
    assert withheld(table, "n") == ["a", "b"]
    assert withheld(table, "pct") == ["a", "b"]


@pytest.mark.parametrize(("counted", "rule"), [(0, "zero"), (40, "full"), (37, "complement")])
def test_nobody_everybody_and_all_but_a_few(counted, rule):
    table = publish.table(share_frame([counted, 20, 30], [40, 60, 70]), STANDARD, share_structure())
    assert "a" in withheld(table, "pct")
    assert rule in table.audit.by_rule


@pytest.mark.parametrize(
    ("switch", "counted"), [("protect_zeros", 0), ("protect_full", 40), ("protect_complement", 37)]
)
def test_each_switch_of_the_policy_lets_its_cell_through(switch, counted):
    open_policy = STANDARD.model_copy(update={switch: False})
    table = publish.table(share_frame([counted, 20, 30], [40, 60, 70]), open_policy, share_structure())
    assert withheld(table, "pct") == []


def test_a_rounded_share_with_a_known_group_gives_the_count():
    """4 of 40 printed as 10 per cent without decimals is 4 persons: the rounded column is withheld with the share."""
    frame = share_frame([4, 20, 30], [40, 60, 70]).assign(pct=lambda rows: rows["pct"].round(0))
    assert withheld(publish.table(frame, STANDARD, share_structure()), "pct") == ["a", "b"]
    in_words = frame.assign(words=frame["pct"].map("{:.0f} prosent".format))
    structure = Structure((GEO,), (Share("pct", "ill", "n", shown=("n",), also=("words",)),))
    table = publish.table(in_words, STANDARD, structure)
    assert withheld(table, "words") == ["a", "b"]
    assert table.to_frame()["words"].isna().tolist() == [True, True, False, False]


def test_a_group_at_the_minimum_cannot_hide_a_person():
    """1 of 5 printed beside n = 5 leaves at most 5 possible: the group is withheld too."""
    table = publish.table(share_frame([1, 20, 30], [5, 60, 70]), STANDARD, share_structure())
    assert "a" in withheld(table, "n")


def test_a_ratio_is_withheld_by_the_persons_behind_it():
    frame = counts([20.0, 300.0, 400.0], column="lost").assign(
        agreed=[200.0, 4000.0, 5000.0, 9200.0], n=[3, 60, 70, 133]
    )
    frame["rate"] = 100 * frame["lost"] / frame["agreed"]
    structure = Structure(
        (GEO,), (Ratio("rate", "lost", "agreed", "n", shown=("agreed",)), Count("n", is_attribute=False))
    )
    table = publish.table(frame, STANDARD, structure)
    assert table.columns == ("geo", "rate", "agreed", "n")
    assert withheld(table, "rate") == withheld(table, "agreed") == withheld(table, "n") == ["a", "b"]
    assert table.audit.by_rule["persons"] == 2


def test_dominance():
    frame = counts([100.0, 100.0, 100.0], column="kr").assign(
        n=20, first=[80.0, 30.0, 30.0, 80.0], second=[15.0, 30.0, 30.0, 30.0]
    )
    structure = Structure((GEO,), (Magnitude("kr", "n", ("first", "second")),))
    table = publish.table(frame, STANDARD, structure)
    assert "a" in withheld(table, "kr")
    assert len(withheld(table, "kr")) == 2
    assert table.audit.by_rule["dominance"] == 1
    lax = STANDARD.model_copy(update={"dominance_pct": 96.0})
    assert withheld(publish.table(frame, lax, structure), "kr") == []


def test_a_withheld_amount_keeps_its_width():
    """Two amounts with nearly nothing in the one: the sum would tell the other to within a few per cent."""
    frame = counts([1000.0, 5.0, 4000.0], column="kr").assign(n=[2, 40, 40, 82], first=0.0, second=0.0)
    structure = Structure((GEO,), (Magnitude("kr", "n", ("first", "second")),))
    assert withheld(publish.table(frame, STANDARD, structure), "kr") == ["a", "c"]
    lax = STANDARD.model_copy(update={"interval": False})
    assert withheld(publish.table(frame, lax, structure), "kr") == ["a", "b"]


@pytest.mark.parametrize("kind", ["extreme", "percentile", "regression"])
def test_statistics_need_ten(kind):
    frame = counts([9, 10, 40], total=False, column="basis").assign(x=[1.5, 2.5, 3.5])
    table = publish.table(frame, SSB, Structure((Dimension("geo"),), (Statistic("x", kind, "basis"),)))
    assert withheld(table, "x") == ["a"]
    assert table.columns == ("geo", "x")


def test_the_three_marks():
    frame = pd.DataFrame(
        {
            "geo": list("abcd"),
            "n": [9.0, np.nan, np.nan, np.nan],
            "n_status": ["", "confidential", "not_available", "not_applicable"],
        }
    )
    table = publish.table(frame, STANDARD, Structure((Dimension("geo"),), (Count("n"),)))
    assert table.marks()["n"].tolist() == ["", ":", "..", "."]
    assert "n_status" not in table.columns


def test_a_share_of_nobody_does_not_apply():
    table = publish.table(share_frame([0, 20, 30], [0, 60, 70]), STANDARD, share_structure())
    assert table.marks()["pct"].tolist() == [".", "", "", ""]


def test_the_source_s_own_secret_is_not_worked_out():
    frame = counts([np.nan, 9, 30], total=False).assign(n_status=["confidential", "", ""])
    frame.loc[3] = ["all", 44.0, ""]
    assert withheld(publish.table(frame, STANDARD, count_structure())) == ["a", "b"]


def test_rest_and_rows_behind():
    """all = 41 lists two of three places; the third has 2 persons and is not printed, but all less the others is."""
    frame = pd.DataFrame({"geo": ["b", "c", "all"], "n": [9, 30, 41]})
    rest = Structure((Dimension("geo", total="all", rest="others"),), (Count("n"),))
    assert withheld(publish.table(frame, SSB, rest)) == ["b"]
    behind = pd.DataFrame({"geo": ["a"], "n": [2]})
    assert withheld(publish.table(frame, SSB, count_structure(), behind=behind)) == ["b"]
    assert codes_of(refused(frame, count_structure())) == ["PUB-12"]


def test_rest_in_two_dimensions():
    rows = [("b", "f", 10), ("b", "m", 20), ("b", "all", 30), ("all", "f", 12), ("all", "m", 50), ("all", "all", 62)]
    frame = pd.DataFrame(rows, columns=["geo", "sex", "n"])
    structure = count_structure(Dimension("geo", total="all", rest="others"), Dimension("sex", total="all"))
    assert "b f" in withheld(publish.table(frame, SSB, structure))


def test_synthetic_rows_make_a_synthetic_table():
    frame = counts([9, 30]).assign(origin=["observed", "syntetisk", "observed"])
    table = publish.table(frame, SSB, count_structure())
    assert table.origin == "syntetisk"
    assert "origin" not in table.columns


def test_a_column_two_measures_share_is_withheld_in_both():
    frame = share_frame([2, 20, 30], [4, 60, 70]).assign(fit=[1, 30, 40, 71])
    frame["fit_pct"] = 100 * frame["fit"] / frame["n"]
    shares = (Share("pct", "ill", "n", shown=("n",)), Share("fit_pct", "fit", "n", shown=("n",)))
    table = publish.table(frame, STANDARD, Structure((GEO,), shares))
    assert {"a", "b"} <= set(withheld(table, "n")) <= set(withheld(table, "pct")) & set(withheld(table, "fit_pct"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda f: f.to_dict("records"), "PUB-03"),
        (lambda f: f.drop(columns="n"), "PUB-04"),
        (lambda f: f.assign(person="x"), "PUB-05"),
        (lambda f: pd.concat([f, f.iloc[[0]]]), "PUB-06"),
        (lambda f: f.assign(geo=["a", None, "c", "all"]), "PUB-07"),
        (lambda f: f.assign(n=[-1, 12, 30, 41]), "PUB-08"),
        (lambda f: f.assign(n=[1.5, 9.5, 30, 41]), "PUB-08"),
        (lambda f: f.iloc[:0], "PUB-11"),
        (lambda f: f.assign(n=[2, 9, 30, 42]), "PUB-12"),
    ],
)
def test_what_is_not_declared_or_does_not_add_up_is_refused(change, code):
    assert codes_of(refused(change(counts([2, 9, 30])), count_structure())) == [code]


def test_a_message_never_repeats_a_number_of_the_table():
    text = str(refused(counts([2, 9, 30]).assign(n=[137, 139, 30, 4242]), count_structure()).value)
    assert not {"137", "139", "4242", "306"} & set(text.replace(",", " ").split())


def test_numbers_as_labels_and_double_declarations_are_refused():
    frame = counts([2, 9, 30]).assign(wage=1.0)
    assert codes_of(refused(frame, Structure((GEO,), (Count("n"),), labels=("wage",)))) == ["PUB-09"]
    assert codes_of(refused(counts([2, 9, 30]), Structure((GEO,), (Count("n"),), labels=("n",)))) == ["PUB-10"]


def test_more_counted_than_there_are_is_refused():
    assert codes_of(refused(share_frame([50, 20, 30], [40, 60, 70]), share_structure())) == ["PUB-08"]


def test_no_policy_no_table():
    with pytest.raises(ReportError) as caught:
        publish.table(counts([9, 30]), "ssb", count_structure())
    assert codes_of(caught) == ["PUB-19"]
