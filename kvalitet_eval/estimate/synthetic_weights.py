"""Who and when in the synthetic family: window, donors and weights of each cohort.

A cohort's window is every period in which at least half of its municipalities have a figure; its own municipalities
and its donors must have a figure in all of them. Donors are free of the programme in the whole window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kvalitet_eval.design.cohorts import Cohort
from kvalitet_eval.design.comparison import Design
from kvalitet_eval.estimate.weights_solver import descend, solve_exactly, solve_one

KINDS = ("synthetic_did", "synthetic_control", "did")
SOLVERS = ("frank_wolfe", "exact")
SMALL = 1e-6  # times the noise level: what keeps weights unique where no penalty is meant
LEAST_DECREASE = 1e-5  # times the noise level, squared: when the iterations stop
FEWEST_BEFORE = {"synthetic_did": 2, "synthetic_control": 2, "did": 1}


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Municipalities and periods behind the effect of one cohort; positions refer to the design's panel.

    Parameters
    ----------
    cohort : Cohort
        The cohort.
    members, donors : numpy.ndarray
        Its municipalities and those compared with, all with a figure in every period of the window.
    before, after, shown : numpy.ndarray
        Periods before the start less anticipation, from the start on, and all that are not before.
    incomplete : numpy.ndarray
        Members left out for a missing figure.
    n_incomplete_donors : int
        Donors left out for a missing figure.
    """

    cohort: Cohort
    members: np.ndarray
    donors: np.ndarray
    before: np.ndarray
    after: np.ndarray
    shown: np.ndarray
    incomplete: np.ndarray
    n_incomplete_donors: int

    def fault(self, kind: str) -> str:
        """Code of the reason why there is no estimate; empty when there is none."""
        if len(self.before) < FEWEST_BEFORE[kind]:
            return "EST-42"
        if not len(self.members) or not len(self.after):
            return "EST-43"
        return "EST-44" if len(self.donors) < 2 else ""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Weights of B treated series against the same donors.

    Parameters
    ----------
    omega : numpy.ndarray
        (B, n) weights of the donors, each row sums to one.
    lam : numpy.ndarray
        (B, T_before) weights of the periods before; rows sum to one, or are zero in ``synthetic_control``.
    noise, zeta_omega, zeta_lambda : float
        Standard deviation of the donors' changes from period to period before the start, and the two penalties, in
        units of the outcome.
    """

    omega: np.ndarray
    lam: np.ndarray
    noise: float
    zeta_omega: float
    zeta_lambda: float


def find_window(design: Design, cohort: Cohort, members: tuple[int, ...] | None = None) -> Window:
    """Choose periods, municipalities and donors for a cohort, or for some of its municipalities."""
    panel = design.panel
    observed, ordinals = panel.observed, panel.ordinals
    own = np.array(cohort.members if members is None else members, dtype=int)
    used = 2 * observed[own].sum(axis=0) >= len(own)
    early = ordinals < cohort.start - design.anticipation
    free = design.pool.copy()
    if design.uses_later_cohorts:
        free |= panel.start - design.anticipation > ordinals[used].max(initial=-np.inf)
    complete = observed[:, used].all(axis=1)
    return Window(
        cohort=cohort,
        members=own[complete[own]],
        donors=np.flatnonzero(free & complete),
        before=np.flatnonzero(used & early),
        after=np.flatnonzero(used & (ordinals >= cohort.start)),
        shown=np.flatnonzero(used & ~early),
        incomplete=own[~complete[own]],
        n_incomplete_donors=int((free & ~complete).sum()),
    )


def unit_mass(design: Design, window: Window, units: np.ndarray, *, balanced: bool = False) -> np.ndarray:
    """(n,) weight of a municipality: 1, or its mean weight before the start; ``balanced``: times the pool's factors."""
    panel = design.panel
    mass = np.ones(len(units)) if panel.weights is None else panel.weights[np.ix_(units, window.before)].mean(axis=1)
    return mass * design.pool_weight[units] if balanced else mass


def treated_series(design: Design, window: Window) -> np.ndarray:
    """(T,) mean outcome of the cohort's municipalities by their mass; only periods of the window mean anything."""
    return np.average(design.panel.outcome[window.members], axis=0, weights=unit_mass(design, window, window.members))


def fit(
    design: Design,
    window: Window,
    targets: np.ndarray,
    *,
    kind: str = "synthetic_did",
    solver: str = "frank_wolfe",
    n_treated: int = 1,
    allowed: np.ndarray | None = None,
) -> Fit:
    """Weights of donors and of periods (Arkhangelsky et al. 2021, American Economic Review 111(12), algorithm 1).

    Parameters
    ----------
    design, window
        The data.
    targets : numpy.ndarray
        (B, T) treated series.
    kind : {"synthetic_did", "synthetic_control", "did"}
        ``synthetic_control`` has no intercept, next to no penalty and no weights of periods; ``did`` equal weights.
    solver : {"frank_wolfe", "exact"}
        ``frank_wolfe`` is the published algorithm: iterations that stop a little early (:mod:`weights_solver`), and
        the noise of all changes about their common mean. ``exact`` goes to the optimum and measures the noise about
        each period's own mean, so that common ups and downs (seasons) do not move the weights.
    n_treated : int
        Municipalities behind each target.
    allowed : numpy.ndarray, optional
        (B, n) donors that may be used for each target, equally many for each; all by default.

    Notes
    -----
    omega minimises sum_t (omega_0 + sum_j omega_j Y_jt - target_t)^2 + zeta^2 T_before |omega|^2, lambda the sum over
    donors of (lambda_0 + sum_t lambda_t Y_jt - mean Y_j after)^2 + (1e-6 noise)^2 n |lambda|^2;
    zeta = (n_treated T_after)^(1/4) noise.
    """
    donors = design.panel.outcome[window.donors]
    allowed = np.ones((len(targets), len(donors)), dtype=bool) if allowed is None else allowed
    noise = _noise(donors[:, window.before], common=solver == "frank_wolfe")
    strength = (n_treated * len(window.after)) ** 0.25 if kind == "synthetic_did" else SMALL
    if kind == "did":
        mass = allowed * unit_mass(design, window, window.donors, balanced=True)
        lam = np.full((len(targets), len(window.before)), 1 / len(window.before))
        return Fit(mass / mass.sum(axis=1, keepdims=True), lam, noise, np.inf, np.inf)
    early = donors[:, window.before].T
    middle = early.mean(axis=1)
    matrix, wanted = early - middle[:, None], targets[:, window.before] - middle
    if kind == "synthetic_did":
        matrix = matrix - matrix.mean(axis=0)
        wanted = wanted - wanted.mean(axis=1, keepdims=True)
        lam = _period_weights(donors, window, allowed, noise, solver)
    else:
        lam = np.zeros((len(targets), len(window.before)))
    ridge = len(window.before) * (strength * noise) ** 2
    if solver == "exact":
        omega = solve_exactly(matrix, wanted, allowed, ridge=ridge)
    else:
        enough = len(window.before) * (LEAST_DECREASE * noise) ** 2
        omega = descend(matrix.T @ matrix, wanted @ matrix, allowed, ridge=ridge, least_decrease=enough)
    return Fit(omega, lam, noise, strength * noise, SMALL * noise)


def _noise(before: np.ndarray, *, common: bool) -> float:
    """Standard deviation of the donors' changes from period to period, about one mean or about each period's."""
    change = np.diff(before, axis=1)
    if change.size < 2:
        return 0.0
    if common:
        return float(np.std(change, ddof=1))
    return float(np.sqrt(change.var(axis=0, ddof=1).mean()))


def _period_weights(donors: np.ndarray, window: Window, allowed: np.ndarray, noise: float, solver: str) -> np.ndarray:
    """(B, T_before) weights under which the donors' level before predicts their level after."""
    patterns, where = np.unique(allowed, axis=0, return_inverse=True)
    before = donors[:, window.before]
    own = before.mean(axis=1, keepdims=True)
    x, y = before - own, donors[:, window.after].mean(axis=1) - own[:, 0]
    n = int(patterns[0].sum())
    ridge = n * (SMALL * noise) ** 2
    if solver == "exact":
        found = [solve_one(x[p] - x[p].mean(axis=0), y[p] - y[p].mean(), ridge=ridge) for p in patterns]
        return np.array(found)[where.reshape(-1)]
    keep = patterns.astype(float)
    mean_x, mean_y = keep @ x / n, keep @ y / n
    pairs = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    gram = (keep @ pairs).reshape(len(keep), *2 * x.shape[1:]) - n * mean_x[:, :, None] * mean_x[:, None, :]
    cross = keep @ (x * y[:, None]) - n * mean_x * mean_y[:, None]
    enough = n * (LEAST_DECREASE * noise) ** 2
    lam = descend(gram, cross, np.ones_like(cross, dtype=bool), ridge=ridge, least_decrease=enough)
    return lam[where.reshape(-1)]


def gaps(design: Design, window: Window, targets: np.ndarray, found: Fit) -> np.ndarray:
    """(B, T) target less its donors, less the same before by the weights of the periods."""
    donors = np.nan_to_num(design.panel.outcome[window.donors])
    gap = targets - found.omega @ donors
    return gap - (found.lam * gap[:, window.before]).sum(axis=1, keepdims=True)
