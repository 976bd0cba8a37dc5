"""The same cohort against several comparison pools, side by side with how alike each pool was before the start."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kvalitet_eval.design.balance import balance
from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.effects import estimate

MEASURES = ("level", "last_year", "slope", "log_size")


def compare_pools(
    designs: Mapping[str, Design], cohort: str, *, method: str = "imputation", level: float = 0.95, year: int = 4
) -> pd.DataFrame:
    """Estimate a cohort's average effect against each pool.

    Parameters
    ----------
    designs : mapping of str to Design
        Name of a pool and its design, for example from :func:`kvalitet_eval.design.comparison.compare` and
        :func:`kvalitet_eval.design.pools.mimic_selection`.
    cohort : str
        Cohort that all designs have.
    method : str
        Estimator.
    level : float
        Level of the intervals, as a share.
    year : int
        Periods of a year, for the last year before the start.

    Returns
    -------
    pandas.DataFrame
        ``pool``, the columns of :data:`kvalitet_eval.results.COLUMNS`, and the standardised differences of
        :data:`MEASURES` (:func:`kvalitet_eval.design.balance.balance`), missing where a measure is not known. A pool
        that is alike in the outcome before the start can bend the answer by having been chosen for it.

    Raises
    ------
    EstimationError
        No design, a design without the cohort, or one that nothing can be estimated from.
    """
    if not designs:
        raise EstimationError.of("EST-80")
    rows = []
    for name, design in designs.items():
        row = estimate(design, method, level=level).aggregate("overall", cohort=cohort).frame
        alike = balance(design, cohort=cohort, year=year).groupby("measure")["standardised_difference"].first()
        row.insert(0, "pool", name)
        rows.append(row.assign(**{measure: alike.get(measure) for measure in MEASURES}))
    return pd.concat(rows, ignore_index=True).astype(dict.fromkeys(MEASURES, "float64"))
