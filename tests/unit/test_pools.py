import numpy as np
import pandas as pd
import pytest

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.design.pools import mimic_selection
from kvalitet_eval.errors import DesignError
from kvalitet_eval.estimate import estimate
from kvalitet_eval.prepare.panel import Panel

# Level before (periods 1 and 2) and after (period 3). Members m and n lie at 10 and 2; everybody who was high before
# falls by 2, everybody who was low rises by 1, with or without the programme.
LEVELS = {"m": (10, 8), "n": (2, 3), "p": (10, 8), "q": (9, 7), "r": (6, 6), "s": (3, 4), "t": (1, 2)}
MEMBERS = ("m", "n")


def make(levels=LEVELS, sizes=None):
    rows = [
        (unit, t, float(before if t < 3 else after), 3.0 if unit in MEMBERS else None, (sizes or {}).get(unit, 1000.0))
        for unit, (before, after) in levels.items()
        for t in (1, 2, 3)
    ]
    frame = pd.DataFrame(rows, columns=["unit", "t", "y", "g", "size"])
    columns = {"unit": "unit", "period": "t", "outcome": "y", "cohort": "g"}
    return compare(Panel.from_frame(frame, **columns, size="size" if sizes else None), "never_treated")


def test_each_member_gets_the_nearest_on_its_level_and_all_members_weigh_the_same():
    design = mimic_selection(make(), "3", neighbours=2)
    weight = dict(zip(design.panel.units, design.pool_weight.tolist(), strict=True))
    assert weight == {"m": 1.0, "n": 1.0, "p": 1.0, "q": 1.0, "s": 1.0, "t": 1.0}


def test_a_neighbour_of_two_members_weighs_double():
    levels = {**LEVELS, "n": (9.4, 8)}
    design = mimic_selection(make(levels), "3", neighbours=2)
    assert design.panel.units == ("m", "n", "p", "q")
    assert design.pool_weight.tolist() == [1.0, 1.0, 1.0, 1.0]
    one = mimic_selection(make({**LEVELS, "n": (10.2, 8)}), "3", neighbours=1)
    assert one.panel.units == ("m", "n", "p")


def test_regression_to_the_mean_goes_when_the_pool_had_the_same_luck():
    plain = estimate(make(), leads=0).aggregate("overall").frame["estimate"].item()
    pool = [after - before for unit, (before, after) in LEVELS.items() if unit not in MEMBERS]
    assert plain == pytest.approx((-2 + 1) / 2 - np.mean(pool))
    matched = (
        estimate(mimic_selection(make(), "3", neighbours=2), leads=0).aggregate("overall").frame["estimate"].item()
    )
    assert matched == pytest.approx(0.0, abs=1e-12)


def test_size_counts_beside_the_level():
    sizes = {"m": 50_000.0, "p": 500.0, "q": 50_000.0}
    design = mimic_selection(make(sizes=sizes), "3", neighbours=1)
    assert "q" in design.panel.units
    assert "p" not in design.panel.units


def test_everybody_left_out_is_accounted_for():
    design = mimic_selection(make(), "3", neighbours=1)
    account = design.account.set_index("unit")
    assert account.loc["r", ["role", "reason"]].tolist() == ["left_out", "other_level"]
    assert set(account.index[account["role"] != "left_out"]) == set(design.panel.units)


def test_too_small_a_pool_and_an_unknown_cohort_are_refused_with_numbers():
    with pytest.raises(DesignError, match="Bare 5 sammenligningskommuner"):
        mimic_selection(make(), "3", neighbours=6)
    with pytest.raises(DesignError, match="opptaket innsats"):
        mimic_selection(make(), "innsats")
