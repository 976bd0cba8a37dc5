"""The words of every result table, and the frozen table that carries them.

Every estimator answers with the same columns in the same order, so that results can be stacked, compared, drawn and
stored without renaming. The meaning of each column is written once, here, and pulled into ``docs/METHODS.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from kvalitet_eval.errors import EstimationError, Finding

OBSERVED, SYNTHETIC = "observed", "syntetisk"
AggregationKind = Literal[
    "overall", "cohort", "event_time", "calendar", "cell", "cohort_mean", "event_time_mean", "calendar_mean"
]

COLUMNS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "estimand": ("str", "what is estimated: cell, event_time, cohort, calendar or overall"),
        "method": ("str", "estimator: imputation, group_time, two_way, ..."),
        "comparison": ("str", "rule by which the comparison group was chosen"),
        "weighting": ("str", "municipality: each counts the same; employee: each counts by its weight"),
        "outcome": ("str", "identifier of the outcome"),
        "unit": ("str", "unit of the estimate, the interval and the smallest detectable effect"),
        "cohort": ("str", "intake; missing where the row is about all intakes"),
        "period": ("str", "calendar period; missing where the row is about several"),
        "event_time": ("Int64", "periods since the first treated period (0); missing where it does not apply"),
        "estimate": ("float64", "effect, outcome minus what it would have been; negative means lower than expected"),
        "std_error": ("float64", "standard error from estimate/inference; missing when it cannot be computed"),
        "statistic": ("float64", "estimate divided by std_error; missing with it"),
        "degrees_of_freedom": ("float64", "Satterthwaite degrees of freedom of the reference t distribution"),
        "p_value": ("float64", "two-sided p-value of no difference, from the same t distribution"),
        "conf_low": ("float64", "lower limit of the pointwise interval"),
        "conf_high": ("float64", "upper limit of the pointwise interval"),
        "conf_level": ("float64", "level of the pointwise interval and of the band, as a share"),
        "band_low": ("float64", "lower limit of the simultaneous band over the rows of this table; else missing"),
        "band_high": ("float64", "upper limit of the simultaneous band over the rows of this table; else missing"),
        "smallest_detectable": ("float64", "smallest true effect found with 80 per cent probability at this level"),
        "n_treated": ("Int64", "treated municipalities that the row rests on"),
        "n_comparison": ("Int64", "comparison municipalities that the row rests on"),
        "n_clusters": ("Int64", "municipalities with any weight in the row"),
        "n_cohorts": ("Int64", "intakes that the row rests on; a change of this number is a change of composition"),
        "origin": ("str", "observed, or syntetisk when any figure behind the row is simulated"),
    }
)


@dataclass(frozen=True, slots=True)
class EffectTable:
    """Effects in the common vocabulary, with what is needed to aggregate them.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per estimand, columns as in :data:`COLUMNS`. Never changed after construction; ``to_frame`` copies.
    warnings : tuple of Finding
        What the reader must know: rows without a standard error, cells that cannot be identified, and why.
    account : pandas.DataFrame
        Who was compared with whom and who fell out: columns ``unit``, ``role``, ``reason``.
    aggregator : callable, optional
        From a kind of aggregation and a cohort to a new table; given by the estimator, absent after reading from disk.
    cells : object, optional
        The effects by cohort and period as sums of figures (``estimate.linear.LinearForm``), which checks are made of;
        absent where the estimator has none, and after reading from disk.
    inference : str
        Name of the inference that was asked for.
    """

    frame: pd.DataFrame
    warnings: tuple[Finding, ...] = ()
    account: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["unit", "role", "reason"]))
    aggregator: Callable[[AggregationKind, str | None], EffectTable] | None = None
    cells: object | None = None
    inference: str = ""

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the rows."""
        return self.frame.copy()

    def aggregate(self, kind: AggregationKind, *, cohort: str | None = None) -> EffectTable:
        """Average the cells overall, by cohort, by event time or by calendar period, of all cohorts or of one.

        ``cell`` keeps the cells as they are; with ``cohort`` it gives that cohort's course with a band of its own.

        Raises
        ------
        EstimationError
            The table was read from disk and no longer knows how the municipalities moved together.
        """
        if self.aggregator is None:
            raise EstimationError.of("EST-01", kind=kind)
        return self.aggregator(kind, cohort)


def origin_of(frame: pd.DataFrame) -> str:
    """``syntetisk`` when any row is simulated, else ``observed``; a frame without the column is observed.

    Examples
    --------
    >>> origin_of(pd.DataFrame({"origin": ["observed", "syntetisk"]})), origin_of(pd.DataFrame({"a": [1]}))
    ('syntetisk', 'observed')
    """
    return SYNTHETIC if "origin" in frame and (frame["origin"] == SYNTHETIC).any() else OBSERVED


def effect_frame(columns: dict[str, object]) -> pd.DataFrame:
    """Return a frame with exactly the columns of :data:`COLUMNS`, typed; what is not given is missing.

    Examples
    --------
    >>> effect_frame({"estimate": [-0.4], "cohort": ["innsats"]})[["cohort", "estimate", "event_time"]]
        cohort  estimate  event_time
    0  innsats      -0.4        <NA>
    """
    unknown = sorted(set(columns) - set(COLUMNS))
    if unknown:
        raise KeyError(f"not in the vocabulary of results.COLUMNS: {unknown}")
    lists = {name: list(values) for name, values in columns.items() if not _is_single(values)}
    n_rows = len(next(iter(lists.values()), []))
    series = {}
    for name, (dtype, _) in COLUMNS.items():
        given = columns.get(name, pd.NA)
        if dtype == "float64" and isinstance(given, np.ndarray) and given.dtype == dtype:
            series[name] = pd.Series(given)
            continue
        values = lists.get(name, [given] * n_rows)
        series[name] = pd.Series(values, dtype=dtype if dtype != "float64" else "Float64").astype(dtype)
    return pd.DataFrame(series)


def _is_single(value: object) -> bool:
    return isinstance(value, str) or not hasattr(value, "__len__")
