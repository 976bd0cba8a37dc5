"""How large an effect must be to be found: per intake and for all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.inference_checks import power_of_t

COLUMNS = (
    "estimand",
    "cohort",
    "unit",
    "std_error",
    "degrees_of_freedom",
    "smallest_detectable",
    "n_treated",
    "n_comparison",
)


@dataclass(frozen=True, slots=True, eq=False)
class Power:
    """Smallest detectable effects and the probability of finding given ones.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for all intakes (``overall``), then one per intake: ``smallest_detectable`` is the true effect, of
        either sign, that is found with 80 per cent probability; missing where there is no standard error.
    chances : pandas.DataFrame
        ``estimand``, ``cohort``, ``effect`` (unit of the outcome) and ``power`` (probability of finding it, a share).
    level : float
        One less the size of the test.
    """

    frame: pd.DataFrame
    chances: pd.DataFrame
    level: float

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the rows."""
        return self.frame.copy()

    @property
    def check(self) -> CheckResult:
        """Information: what the study could have found at all."""
        row = self.frame.iloc[0]
        known = bool(np.isfinite(row["smallest_detectable"]))
        key = "check.power" if known else "check.power.not_applicable"
        return CheckResult("power", None, self.to_frame(), key, {"smallest_detectable": row["smallest_detectable"]})


def power(
    design: Design, *, effects: Sequence[float] = (), method: str = "imputation", level: float = 0.95, **options: Any
) -> Power:
    """Tell what effects the design can find.

    Parameters
    ----------
    design : Design
        Panel and comparison. The standard error is that of the estimate itself; it depends on how municipalities vary,
        not on how large the effect is.
    effects : sequence of float
        True effects whose probability of being found is wanted, in the outcome's unit; the sign does not matter.
    method : str
        Estimator.
    level : float
        One less the size of the test, as a share.
    **options
        Further arguments of :func:`kvalitet_eval.estimate.effects.estimate`.

    Raises
    ------
    EstimationError
        As :func:`kvalitet_eval.estimate.effects.estimate`.

    Notes
    -----
    Smallest detectable effect: (t_(1-alpha/2) + t_0.8) x standard error (Bloom 1995, Evaluation Review 19(5)). The
    probabilities are those of the noncentral t distribution.
    """
    table = estimate(design, method, level=level, **options)
    kinds = ("overall",) if method == "two_way" else ("overall", "cohort")
    rows = pd.concat([table.aggregate(kind).frame for kind in kinds], ignore_index=True)
    spread, degrees = rows["std_error"].to_numpy(), rows["degrees_of_freedom"].to_numpy()
    chances = [
        rows[["estimand", "cohort"]].assign(effect=float(e), power=power_of_t(e, spread, degrees, level=level))
        for e in effects
    ]
    empty = pd.DataFrame(columns=["estimand", "cohort", "effect", "power"])
    return Power(rows[list(COLUMNS)], pd.concat(chances, ignore_index=True) if chances else empty, level)
