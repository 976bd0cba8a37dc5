"""Estimates by event time with their covariance: what pre-trend tests and honest bounds are made of."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.inference import Inference, infer, infer_cluster, infer_conservative, infer_influence
from kvalitet_eval.estimate.linear import LinearForm
from kvalitet_eval.results import EffectTable

KINDS = ("event_time", "cell")
Infer = Callable[..., Inference]
COVARIANCES: dict[str, Infer] = {
    "cluster": infer_cluster,
    "influence": infer_influence,
    "conservative": infer_conservative,
    "multiplier": infer_influence,
}
"""Inference that gives the covariance of a table's rows, by the inference that was asked for; else that of CR2."""


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """R estimates that have a standard error, with what a check needs of them.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``cohort``, ``period``, ``event_time``, ``unit``, ``estimate``, ``std_error``, ``degrees_of_freedom``,
        ``conf_low``, ``conf_high``, ``n_treated``, ``n_cohorts``, as in :data:`kvalitet_eval.results.COLUMNS`.
    covariance : numpy.ndarray
        (R, R), squared units of the outcome.
    drift : numpy.ndarray
        (R,) what each estimate would be, without any effect, if the treated drifted away from their comparison by one
        unit of the outcome per period.
    anticipation : int
        Periods before the start that do not count as "before".
    """

    frame: pd.DataFrame
    covariance: np.ndarray
    drift: np.ndarray
    anticipation: int

    @property
    def event_time(self) -> np.ndarray:
        """(R,) periods since the start."""
        return self.frame["event_time"].to_numpy(int)

    @property
    def estimate(self) -> np.ndarray:
        """(R,) the estimates."""
        return self.frame["estimate"].to_numpy(float)

    @property
    def degrees_of_freedom(self) -> float:
        """The smallest of the rows; infinite where none has any."""
        known = self.frame["degrees_of_freedom"].dropna()
        return float(known.min()) if len(known) else np.inf

    def take(self, keep: np.ndarray) -> Moments:
        """Return the rows where ``keep`` (R,) is true."""
        covariance = self.covariance[np.ix_(keep, keep)]
        return replace(
            self, frame=self.frame[keep].reset_index(drop=True), covariance=covariance, drift=self.drift[keep]
        )


def read_moments(
    effects: EffectTable, kind: Literal["event_time", "cell"] = "event_time", *, cohorts: Collection[str] | None = None
) -> Moments:
    """Estimates of a table with their covariance and drift, of all or some intakes.

    Rows without a standard error are left out.

    Raises
    ------
    EstimationError
        The table was read from disk, the estimator has no such rows, or there is no such intake.
    """
    if kind not in KINDS:
        raise EstimationError.of("EST-04", column="kind", found=kind, allowed=", ".join(KINDS))
    level = float(effects.frame["conf_level"].iloc[0])
    return describe_form(
        cells_of(effects, cohorts), kind, level=level, infer_rows=COVARIANCES.get(effects.inference, infer)
    )


def cells_of(effects: EffectTable, cohorts: Collection[str] | None = None) -> LinearForm:
    """The cells of a table as sums of figures, of all or some intakes; raises as :func:`read_moments`."""
    if effects.aggregator is None:
        raise EstimationError.of("EST-01", kind="event_time")
    form = effects.cells
    if not isinstance(form, LinearForm) or not (form.rows["group"] >= 0).all():
        raise EstimationError.of("EST-61", found=effects.frame["method"].iloc[0])
    known = {form.cells.names[g]: g for g in form.cells.estimable()}
    wanted = set(known) if cohorts is None else set(cohorts)
    if not wanted <= set(known):
        raise EstimationError.of("EST-10", found=", ".join(sorted(wanted - set(known))), allowed=", ".join(known))
    return form.take(form.rows["group"].map(lambda g: form.cells.names[g] in wanted).to_numpy(bool))


def describe_form(cells: LinearForm, kind: str, *, level: float, infer_rows: Infer = infer) -> Moments:
    """Moments of cells, or of their averages by event time."""
    own = replace(cells, loadings=cells.loadings * cells.treated[:, :, None])
    form, alone = (cells, own) if kind == "cell" else (aggregate_cells(cells, kind), aggregate_cells(own, kind))
    panel = form.cells.design.panel
    result = infer_rows(form, level=level)
    names = np.array([*form.cells.names[:-1], pd.NA, pd.NA], dtype=object)
    periods = np.array([*map(str, panel.periods), pd.NA], dtype=object)
    frame = pd.DataFrame(
        {
            "cohort": names[form.rows["group"].to_numpy(int)],
            "period": periods[form.rows["position"].to_numpy(int)],
            "event_time": form.rows["event_time"].to_numpy(int),
            "unit": panel.unit_of_measure,
            "estimate": form.estimates(),
            "std_error": result.std_error,
            "degrees_of_freedom": result.degrees_of_freedom,
            "conf_low": result.conf_low,
            "conf_high": result.conf_high,
            "n_treated": form.counts(form.treated),
            "n_cohorts": form.rows["n_cohorts"].to_numpy() if "n_cohorts" in form.rows else 1,
        }
    )
    drift = np.einsum("p,prt,t->r", form.cells.count, alone.loadings, panel.ordinals)
    everything = Moments(frame, result.covariance, drift, form.cells.design.anticipation)
    return everything.take(np.isfinite(result.std_error))
