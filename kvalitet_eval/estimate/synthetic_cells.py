"""Effects of the synthetic family as sums of cells, with what a municipality's absence does to them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.estimate.cells import Cells, build_cells
from kvalitet_eval.estimate.linear import LinearForm, stack
from kvalitet_eval.estimate.synthetic_weights import Fit, Window, find_window, fit, treated_series, unit_mass


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """All cohorts of a design under one kind of weights.

    Parameters
    ----------
    form : LinearForm
        One row per cohort and period from anticipation on; every municipality is a profile of its own.
    windows, fits : tuple
        One per cohort; the fit is missing where the cohort has no estimate.
    changes : numpy.ndarray
        (N, R) estimate without a municipality, weights of the others as they are, less the estimate.
    alone : numpy.ndarray
        (R,) rows that do not exist without some municipality.
    """

    form: LinearForm
    windows: tuple[Window, ...]
    fits: tuple[Fit | None, ...]
    changes: np.ndarray
    alone: np.ndarray

    def averaging(self, averaged: LinearForm) -> np.ndarray:
        """(K, R) weights with which the rows of an average are made of the cells.

        A municipality of the cohort has its share in the period of its own cell and in no other cell of that period.
        """
        rows, weights = self.form.rows, np.zeros((averaged.loadings.shape[1], len(self.form.rows)))
        for r in np.flatnonzero(rows["identified"]):
            own = int(np.flatnonzero(self.form.treated[:, r])[0])
            position = int(rows["position"].iloc[r])
            weights[:, r] = averaged.loadings[own, :, position] / self.form.loadings[own, r, position]
        return weights


def build_family(design: Design, *, kind: str, solver: str) -> Family:
    """Fit every cohort."""
    windows = tuple(find_window(design, cohort) for cohort in design.cohorts)
    fits = tuple(
        None
        if window.fault(kind)
        else fit(design, window, treated_series(design, window)[None], kind=kind, solver=solver, n_treated=n)
        for window in windows
        for n in [len(window.members)]
    )
    used = np.unique(np.concatenate([np.concatenate([w.members, w.donors]) for w in windows]))
    cells = _single_cells(design, used, raw=kind == "synthetic_control")
    groups = [_group_of(cells, window) for window in windows]
    parts = [_cohort_form(cells, g, w, f) for g, w, f in zip(groups, windows, fits, strict=True)]
    form = stack([part for part, _ in parts])
    shares = np.concatenate([share for _, share in parts], axis=1)
    changes, alone = _leave_one_out(form, shares)
    return Family(form, windows, fits, changes, alone)


def list_weights(design: Design, *, kind: str = "synthetic_did", solver: str = "frank_wolfe") -> pd.DataFrame:
    """List the weights of municipalities and of periods, cohort by cohort.

    Returns
    -------
    pandas.DataFrame
        ``cohort``, ``part`` ("municipality" or "period"), ``name``, ``weight`` (shares; each part of a cohort sums to
        one, periods of ``synthetic_control`` to zero), ``noise`` and ``zeta`` (standard deviation of the changes before
        the start and penalty of the part, in units of the outcome; ``zeta`` infinite for equal weights). Cohorts
        without an estimate have no rows.
    """
    family, panel = build_family(design, kind=kind, solver=solver), design.panel
    parts = [pd.DataFrame({name: [] for name in ("cohort", "part", "name", "weight", "noise", "zeta")})]
    for window, found in zip(family.windows, family.fits, strict=True):
        if found is None:
            continue
        for part, places, names, weight, zeta in (
            ("municipality", window.donors, panel.units, found.omega[0], found.zeta_omega),
            ("period", window.before, panel.periods, found.lam[0], found.zeta_lambda),
        ):
            labels = [str(names[i]) for i in places]
            frame = pd.DataFrame({"cohort": window.cohort.name, "part": part, "name": labels, "weight": weight})
            parts.append(frame.assign(noise=found.noise, zeta=zeta))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _single_cells(design: Design, used: np.ndarray, *, raw: bool) -> Cells:
    """Cells with one profile per municipality; ``raw`` keeps the outcome's level: synthetic control needs it.

    Only municipalities in ``used`` have weight: who is in no comparison tells nothing about the others' unrest either.
    """
    base = build_cells(design)
    outcome = np.nan_to_num(design.panel.outcome) if raw else base.outcome
    n = len(base.profile)
    has_role = np.isin(np.arange(n), used)
    return replace(
        base,
        profile=np.arange(n),
        count=np.ones(n, dtype=int),
        group=base.group[base.profile],
        omega=base.omega[base.profile] * has_role[:, None],
        outcome=outcome,
    )


def _group_of(cells: Cells, window: Window) -> int:
    return int(cells.group[window.cohort.members[0]])


def _cohort_form(cells: Cells, group: int, window: Window, found: Fit | None) -> tuple[LinearForm, np.ndarray]:
    """Rows of one cohort, and (N, R) share of each municipality in its side of the comparison."""
    design = cells.design
    n, n_rows, n_periods = len(cells.profile), len(window.shown), len(design.panel.ordinals)
    loadings, shares = np.zeros((n, n_rows, n_periods)), np.zeros((n, n_rows))
    treated, comparison = np.zeros((n, n_rows), dtype=bool), np.zeros((n, n_rows), dtype=bool)
    mass = np.ones(len(window.members)) if found is None else unit_mass(design, window, window.members)
    if found is not None:
        share = np.zeros(n)
        share[window.members] = mass / mass.sum()
        share[window.donors] = -found.omega[0]
        profile = np.zeros((n_rows, n_periods))
        profile[np.arange(n_rows), window.shown] = 1.0
        profile[:, window.before] = -found.lam[0]
        loadings = share[:, None, None] * profile
        shares = np.repeat(np.abs(share)[:, None], n_rows, axis=1)
        treated[window.members] = True
        comparison[window.donors] = True
    event_time = design.panel.ordinals[window.shown] - window.cohort.start
    rows = pd.DataFrame(
        {
            "group": group,
            "position": window.shown,
            "event_time": event_time.astype(int),
            "mass": mass.sum(),
            "identified": found is not None,
        }
    )
    return LinearForm(cells=cells, rows=rows, loadings=loadings, treated=treated, comparison=comparison), shares


def _leave_one_out(form: LinearForm, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N, R) change when one municipality is left out and its side's weights are brought back to one, (R,) alone.

    With contribution c_i, share s_i and sum S of the side's contributions the change is (s_i S - c_i) / (1 - s_i).
    """
    contributions = np.einsum("prt,pt->pr", form.loadings, form.cells.outcome)
    changes, alone = np.zeros(contributions.shape), np.zeros(contributions.shape[1], dtype=bool)
    for side in (form.treated, form.comparison):
        whole = side & (shares > 1 - 1e-9)
        alone |= whole.any(axis=0)
        total = np.where(side, contributions, 0.0).sum(axis=0)
        rest = np.where(side & ~whole, 1 - shares, 1.0)
        changes += np.where(side & ~whole, (shares * total - contributions) / rest, 0.0)
    return changes, alone
