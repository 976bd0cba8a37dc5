"""What each way of looking finds, by hand and on simulated panels without any effect."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hand_panels import NEVER, noisy, panel
from scipy import stats

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.design.pools import mimic_selection
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.bump import bump
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.inference import mean_interval
from kvalitet_eval.estimate.null_findings import WAYS, average_panels, find_by_each_way, levels_around_start

POOL = {f"p{k:02d}": (NEVER, [float(k)] * 4 + [k / 2 + 4] * 4) for k in range(3, 15)}
"""Half of a difference is left: on level k before, k/2 + 4 after."""
HIGH = {"h": (5, [11.0, 13, 12, 12, 9, 9, 9, 9]), "i": (5, [4.0, 4, 4, 4, 7, 7, 7, 7])}


def test_levels_by_hand():
    """12 is expected to become 10, and became 9; 4 is expected to become 6, and became 7."""
    found = levels_around_start(compare(panel({**HIGH, **POOL}), "never_treated"), "5").set_index("unit")
    columns = ["before", "after", "change", "expected"]
    assert found.loc["h", columns].tolist() == pytest.approx([12.0, 9.0, -3.0, -2.0])
    assert found.loc["i", columns].tolist() == pytest.approx([4.0, 7.0, 3.0, 2.0])
    assert (found.loc["p10", "role"], found.loc["p10", "change"]) == ("comparison", -1.0)
    assert found.loc["p10":, "expected"].isna().all()


def test_what_is_expected_is_learnt_from_the_same_size():
    """Small comparison municipalities stay where they are; a small participant is expected to stay too."""
    small = {f"q{k:02d}": (NEVER, [float(k)] * 8) for k in range(3, 15)}
    size = {**dict.fromkeys([*POOL, "h"], 9000), **dict.fromkeys([*small, "i"], 900)}
    design = compare(panel({**HIGH, **POOL, **small}, size=size), "never_treated")
    found = levels_around_start(design, "5").set_index("unit")
    assert found.loc[["h", "i"], "expected"].tolist() == pytest.approx([-2.0, 0.0])
    assert found.loc[["h", "i"], "size_group"].tolist() == [1, 0]
    together = levels_around_start(design, "5", size_groups=()).set_index("unit")
    assert together.loc[["h", "i"], "expected"].tolist() == pytest.approx([-1.0, 1.0])


def test_who_lacks_a_figure_is_left_out_and_a_short_window_leaves_nobody():
    rows = {**HIGH, **POOL, "h": (5, [11.0, np.nan, 12, 12, 9, 9, 9, 9])}
    found = levels_around_start(compare(panel(rows), "never_treated"), "5")
    assert found.loc[found["role"] == "treated", "unit"].tolist() == ["i"]
    assert levels_around_start(compare(panel(rows), "never_treated"), "5", n_periods=5).empty


def test_an_unknown_cohort_is_refused():
    with pytest.raises(EstimationError) as error:
        levels_around_start(compare(panel({**HIGH, **POOL}), "never_treated"), "no")
    assert error.value.findings[0].code == "EST-10"


def test_every_way_is_what_its_name_says():
    design = compare(panel(noisy([9, 9, 9, 11, 11, *[np.nan] * 30], n_periods=14, seed=3)), anticipation=1)
    found = find_by_each_way(design, "9").set_index("way")
    assert tuple(found.index) == WAYS
    own = levels_around_start(design, "9").query("role == 'treated'")
    limits = stats.t.interval(0.95, 2, own["change"].mean(), stats.sem(own["change"]))
    assert found.loc["before_after", ["conf_low", "conf_high"]].tolist() == pytest.approx(limits)
    assert found.loc["beyond_expected", "estimate"] == pytest.approx((own["change"] - own["expected"]).mean())
    for way, rule in (("group_time", design), ("imputation", design), ("same_level", mimic_selection(design, "9"))):
        method = "imputation" if way == "same_level" else way
        row = estimate(rule, method).aggregate("overall", cohort="9").frame.iloc[0]
        columns = ["estimate", "conf_low", "conf_high"]
        assert found.loc[way, columns].tolist() == pytest.approx(row[columns].tolist()), way
    years = bump(design).frame.set_index("cohort").loc["9"]
    assert found.loc["bump", "estimate"] == years["estimate"]


def test_average_of_panels_by_hand():
    """Three panels: -1, 0 and 1 less than 2; one of them without an interval, which does not count."""
    panels = [
        pd.DataFrame({"way": ["a"], "estimate": [e], "conf_low": [low], "conf_high": [high], "origin": ["syntetisk"]})
        for e, low, high in ((-3.0, -4, -2), (-2.0, -5, 1), (-1.0, -2, -0.5), (9.0, np.nan, np.nan))
    ]
    row = average_panels(panels).iloc[0]
    half = stats.t.ppf(0.975, 2) / np.sqrt(3)
    assert row[["estimate", "conf_low", "conf_high"]].tolist() == pytest.approx([-2.0, -2 - half, -2 + half])
    assert (row["share_below"], row["share_above"], row["n_panels"]) == (pytest.approx(2 / 3), 0.0, 3)
    assert row["origin"] == "syntetisk"


def test_one_figure_has_a_mean_and_no_limits():
    assert mean_interval(np.array([2.0]), level=0.95)[0] == 2.0
    assert np.isnan(mean_interval(np.array([2.0]), level=0.95)[1:]).all()
    assert np.isnan(mean_interval(np.array([]), level=0.95)).all()
