"""Synthetic difference in differences, synthetic control and plain difference in differences, as one family.

Made for one or a few treated municipalities against a large pool: the comparison is a weighted average of the pool
whose development before the start runs parallel to that of the treated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import EstimationError, Finding, finding
from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.effect_rows import describe_rows
from kvalitet_eval.estimate.inference import Inference, infer, simultaneous_band
from kvalitet_eval.estimate.inference_synthetic import infer_jackknife, infer_placebo, placebo_band
from kvalitet_eval.estimate.linear import LinearForm, stack
from kvalitet_eval.estimate.synthetic_cells import Family, build_family
from kvalitet_eval.estimate.synthetic_placebo import DRAWS, assign, placebo_cells
from kvalitet_eval.estimate.synthetic_weights import FEWEST_BEFORE, KINDS, SOLVERS
from kvalitet_eval.results import AggregationKind, EffectTable, effect_frame

INFERENCES = ("automatic", "jackknife", "placebo")
HEAVY = 0.5  # share of one municipality in the comparison from which the reader is warned
MAX_LISTED = 20
REPORTED = (
    "std_error",
    "statistic",
    "degrees_of_freedom",
    "p_value",
    "conf_low",
    "conf_high",
    "smallest_detectable",
)


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """A fitted family and, where the uncertainty comes from placebos, (B, R) their cells."""

    family: Family
    placebos: np.ndarray | None
    method: str
    level: float
    seed: int
    findings: tuple[Finding, ...]


def synthesise(
    design: Design,
    *,
    kind: str = "synthetic_did",
    level: float = 0.95,
    seed: int = 0,
    inference: str = "automatic",
    solver: str = "frank_wolfe",
    draws: int = DRAWS,
) -> EffectTable:
    """Estimate the effect against a weighted average of the comparison municipalities.

    Parameters
    ----------
    design : Design
        Panel and comparison; compared with are those who are free of the programme in the whole window.
    kind : {"synthetic_did", "synthetic_control", "did"}
        Weights of municipalities and periods with intercepts; of municipalities only, levels included; equal weights.
    level : float
        Level of intervals and bands, as a share.
    seed : int
        Seed of random placebos and of the simultaneous band.
    inference : {"automatic", "jackknife", "placebo"}
        ``placebo``: exact over all comparison municipalities when one municipality is treated, else ``draws`` random
        sets. ``jackknife``: fixed weights. ``automatic``: jackknife when every cohort has two municipalities or more.
    solver : {"frank_wolfe", "exact"}
        See :func:`synthetic_weights.fit`; the published values of the family belong to the first.
    draws : int
        Random placebos with several treated municipalities.

    Returns
    -------
    EffectTable
        First row ``overall``, then one per cohort; ``aggregate`` gives the other averages and the cells. Negative
        estimates mean that the outcome is lower than it would have been. ``method`` is "synthetic" for synthetic
        difference in differences and the name of the kind otherwise.

    Raises
    ------
    EstimationError
        Unknown option, or no cohort can be estimated: each with its reason.

    Examples
    --------
    The treated municipality moves like the mean of ``b`` and ``c`` before its start and lies 2 lower after it:

    >>> from kvalitet_eval.prepare.panel import Panel
    >>> from kvalitet_eval.design.comparison import compare
    >>> frame = pd.DataFrame({"unit": list("aaaabbbbcccc"), "t": [1, 2, 3, 4] * 3, "g": [4.0] * 4 + [None] * 8,
    ...                       "y": [7.0, 8, 8, 6, 1, 2, 1, 2, 2, 3, 4, 3]})
    >>> panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    >>> effects = synthesise(compare(panel, "never_treated"), kind="did")
    >>> effects.to_frame()[["estimand", "estimate"]].round(4).values.tolist()
    [['overall', -2.0], ['cohort', -2.0]]
    """
    _check(kind, level, inference, solver, draws)
    family = build_family(design, kind=kind, solver=solver)
    faults = _faults(family, kind)
    if all(found is None for found in family.fits):
        raise EstimationError([_as_error(fault) for fault in faults])
    placebos = None
    if inference == "placebo" or (inference == "automatic" and family.alone.any()):
        assigned = assign(family, draws=draws, seed=seed)
        placebos = placebo_cells(family, assigned, kind=kind, solver=solver)
    answer = _Answer(
        family=family,
        placebos=placebos,
        method="synthetic" if kind == "synthetic_did" else kind,
        level=level,
        seed=seed,
        findings=(*faults, *_cautions(family)),
    )
    averages = [aggregate_cells(family.form, name) for name in ("overall", "cohort")]
    names = [name for name, part in zip(("overall", "cohort"), averages, strict=True) for _ in range(len(part.rows))]
    return _table(answer, stack(averages), names, banded=False)


def _check(kind: str, level: float, inference: str, solver: str, draws: int) -> None:
    for name, value, allowed in (
        ("kind", kind, KINDS),
        ("inference", inference, INFERENCES),
        ("solver", solver, SOLVERS),
    ):
        if value not in allowed:
            raise EstimationError.of("EST-04", column=name, found=value, allowed=", ".join(allowed))
    if not 0 < level < 1:
        raise EstimationError.of("EST-04", column="level", found=level, allowed="0 < level < 1")
    if draws < 1:
        raise EstimationError.of("EST-04", column="draws", found=draws, allowed=">= 1")


def _aggregate(answer: _Answer, kind: AggregationKind, cohort: str | None = None) -> EffectTable:
    form = answer.family.form
    if cohort is not None:
        groups = [g for g in form.cells.estimable() if form.cells.names[g] == cohort]
        if not groups:
            names = ", ".join(form.cells.names[g] for g in form.cells.estimable())
            raise EstimationError.of("EST-10", found=cohort, allowed=names)
        form = form.take(form.rows["group"].isin(groups).to_numpy())
    shown = form if kind == "cell" else aggregate_cells(form, kind)
    return _table(answer, shown, [kind] * len(shown.rows), banded=True, cohort=cohort)


def _table(
    answer: _Answer, form: LinearForm, estimands: list[str], *, banded: bool, cohort: str | None = None
) -> EffectTable:
    values = form.estimates()
    weights = answer.family.averaging(form)
    result, placebos = _infer(answer, form, values, weights)
    band = _band(answer, values, result, placebos) if banded else {}
    frame = effect_frame(
        {
            "estimand": estimands,
            "method": answer.method,
            "conf_level": answer.level,
            **describe_rows(form, cohort),
            "estimate": values,
            **{name: getattr(result, name) for name in REPORTED},
            **band,
        }
    )
    design = form.cells.design
    return EffectTable(
        frame=frame,
        warnings=(*design.panel.findings, *design.findings, *answer.findings, *_silent(frame, placebos)),
        account=design.account,
        aggregator=partial(_aggregate, answer),
    )


def _band(answer: _Answer, values: np.ndarray, result: Inference, placebos: np.ndarray | None) -> dict[str, np.ndarray]:
    if placebos is None:
        low, high = simultaneous_band(values, result, level=answer.level, seed=answer.seed)
    else:
        low, high = placebo_band(values, result, placebos, level=answer.level)
    return {"band_low": low, "band_high": high}


def _infer(
    answer: _Answer, form: LinearForm, values: np.ndarray, weights: np.ndarray
) -> tuple[Inference, np.ndarray | None]:
    if answer.placebos is not None and len(answer.placebos):
        placebos = answer.placebos @ weights.T
        return infer_placebo(values, placebos, level=answer.level), placebos
    alone = (answer.family.alone[None, :] & (weights != 0)).any(axis=1)
    degrees = infer(form, level=answer.level).degrees_of_freedom
    changes, members = answer.family.changes @ weights.T, form.treated | form.comparison
    return infer_jackknife(values, changes, members, degrees, alone, level=answer.level), None


def _faults(family: Family, kind: str) -> list[Finding]:
    """Cohorts without an estimate, each with its reason."""
    fewest = {"fewest": FEWEST_BEFORE[kind]}
    return [
        finding(code, severity="warning", found=w.cohort.name, n=len(w.before), n_donors=len(w.donors), **fewest)
        for w in family.windows
        if (code := w.fault(kind))
    ]


def _as_error(fault: Finding) -> Finding:
    return finding(fault.code, found=fault.found, **fault.facts)


def _cautions(family: Family) -> list[Finding]:
    """Municipalities left out for a missing figure, and comparisons that rest on one municipality."""
    units = family.form.cells.design.panel.units
    found = []
    for window, fitted in zip(family.windows, family.fits, strict=True):
        if len(window.incomplete):
            names = ", ".join(units[i] for i in window.incomplete[:MAX_LISTED])
            facts = {"cohort": window.cohort.name, "n": len(window.incomplete)}
            found.append(finding("EST-40", severity="warning", found=names, **facts))
        if window.n_incomplete_donors:
            facts = {"n": window.n_incomplete_donors, "n_donors": len(window.donors)}
            found.append(finding("EST-41", severity="warning", found=window.cohort.name, **facts))
        if fitted is not None and fitted.omega.max() > HEAVY:
            name, share = units[window.donors[fitted.omega[0].argmax()]], f"{100 * fitted.omega.max():.0f}"
            found.append(finding("EST-45", severity="warning", found=name, cohort=window.cohort.name, share_pct=share))
    return found


def _silent(frame: pd.DataFrame, placebos: np.ndarray | None) -> list[Finding]:
    """Rows with an estimate and no interval."""
    n = int((frame["estimate"].notna() & frame["conf_low"].isna()).sum())
    if not n:
        return []
    return [finding("EST-46", severity="warning", n=n, n_placebos=0 if placebos is None else len(placebos))]
