"""How many municipalities an average really rests on when some count for more than others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.estimate.check_result import CheckResult

TREATED, COMPARISON = "treated", "comparison"


def effective_number(design: Design) -> CheckResult:
    """Tell to how many equally heavy municipalities each side of the comparison amounts.

    Parameters
    ----------
    design : Design
        Panel and comparison, with the panel's weights (employees, agreed days) and the pool's.

    Returns
    -------
    CheckResult
        ``side`` (treated, comparison), ``cohort`` (missing for all together and for the pool), ``n`` municipalities,
        ``n_effective``, ``largest_share`` (of the weight, 0-1) and ``heaviest`` (its unit). Information: there is no
        mark to pass.

    Notes
    -----
    n_effective = (sum w)^2 / sum w^2 (Kish 1965, Survey Sampling, section 11.7): n for equal weights, near 1 when one
    municipality carries the average. Standard errors by municipality lean on it rather than on n (Carter, Schnepel and
    Steigerwald 2017, Review of Economics and Statistics 99(4)).

    Examples
    --------
    Weights 3, 1 and 1: (5^2) / (9 + 1 + 1) = 2.27, and the heaviest has 60 per cent.

    >>> from kvalitet_eval.prepare.panel import Panel
    >>> from kvalitet_eval.design.comparison import compare
    >>> frame = pd.DataFrame({"unit": list("aabbccdd"), "t": [1, 2] * 4, "y": [1.0, 2, 3, 4, 5, 6, 7, 9],
    ...                       "g": [2, 2] * 3 + [None] * 2, "w": [3.0] * 2 + [1.0] * 6})
    >>> panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g", weights="w")
    >>> found = effective_number(compare(panel, "never_treated")).table.iloc[0]
    >>> [found["n"].item(), found["n_effective"].round(2).item(), found["largest_share"].item(), found["heaviest"]]
    [3, 2.27, 0.6, 'a']
    """
    panel = design.panel
    seen = panel.observed
    weights = np.ones(panel.outcome.shape) if panel.weights is None else panel.weights
    mean = np.where(seen, weights, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    units = np.array(panel.units, dtype=object)
    everybody = [i for item in design.cohorts for i in item.members]
    sides = [(TREATED, pd.NA, everybody)]
    sides += [(TREATED, item.name, list(item.members)) for item in design.cohorts]
    sides += [(COMPARISON, pd.NA, np.flatnonzero(design.pool).tolist())]
    heavy = mean * np.where(design.pool, design.pool_weight, 1.0)
    table = pd.DataFrame([_row(side, name, heavy[members], units[members]) for side, name, members in sides])
    whole = table[table["cohort"].isna()].set_index("side")
    facts = {f"{name}_{side}": whole.loc[side, name] for side in (TREATED, COMPARISON) for name in ("n", "n_effective")}
    return CheckResult("effective_number", None, table, "check.effective_number", facts)


def _row(side: str, cohort: object, weights: np.ndarray, units: np.ndarray) -> dict[str, object]:
    carried = weights.sum()
    if not carried > 0:
        return {"side": side, "cohort": cohort, "n": 0, "n_effective": 0.0, "largest_share": np.nan, "heaviest": ""}
    return {
        "side": side,
        "cohort": cohort,
        "n": int((weights > 0).sum()),
        "n_effective": float(carried**2 / (weights**2).sum()),
        "largest_share": float(weights.max() / carried),
        "heaviest": str(units[int(weights.argmax())]),
    }
