"""Pools side by side: each row is that pool's own estimate and balance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hand_panels import noisy, panel

from kvalitet_eval.design.balance import balance
from kvalitet_eval.design.comparison import compare
from kvalitet_eval.design.pools import mimic_selection
from kvalitet_eval.errors import DesignError, EstimationError
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.pools_compared import MEASURES, compare_pools

STARTS = [4.0] * 4 + [6.0] * 3 + [np.nan] * 20


@pytest.fixture(scope="module")
def designs():
    data = panel(noisy(STARTS, n_periods=8, seed=4))
    own = {kind: compare(data, kind) for kind in ("not_yet_treated", "never_treated")}
    return {**own, "same_level": mimic_selection(own["never_treated"], "4", neighbours=3)}


def test_each_row_is_that_pools_own_answer(designs):
    found = compare_pools(designs, "4", year=1).set_index("pool")
    assert list(found.index) == list(designs)
    for name, design in designs.items():
        direct = estimate(design).aggregate("overall", cohort="4").frame.iloc[0]
        alike = balance(design, cohort="4", year=1).set_index("measure")["standardised_difference"]
        row = found.loc[name]
        assert (row["estimate"], row["conf_low"]) == (direct["estimate"], direct["conf_low"])
        assert row["level"] == alike["level"]
        assert pd.isna(row["log_size"])
    assert set(MEASURES) <= set(found.columns)


def test_the_pool_on_the_same_level_is_more_alike_in_level(designs):
    found = compare_pools(designs, "4").set_index("pool")["level"].abs()
    assert found["same_level"] < found["never_treated"]


def test_no_pool_and_an_unknown_cohort_are_refused(designs):
    with pytest.raises(EstimationError) as caught:
        compare_pools({}, "4")
    assert caught.value.findings[0].code == "EST-80"
    with pytest.raises((DesignError, EstimationError)):
        compare_pools(designs, "5")
