"""Randomisation inference: what the estimate would have been, had others been treated.

Studentised permutation of the cohorts among treated and comparison municipalities within strata. Janssen (1997),
Statistics and Probability Letters 36(1), and Chung and Romano (2013), Annals of Statistics 41(2), for why the statistic
must be studentised: a permuted estimate alone rejects a true null in 37 of 100 cases when small, and so more variable,
municipalities are the treated ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from kvalitet_eval.design.comparison import Design
from kvalitet_eval.errors import EstimationError, Finding, finding
from kvalitet_eval.estimate.aggregate import aggregate_cells
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.group_time import difference_cells
from kvalitet_eval.estimate.imputation import impute
from kvalitet_eval.estimate.inference import Inference, infer
from kvalitet_eval.estimate.inference_by_draws import NullDraws, fewest_draws
from kvalitet_eval.estimate.inference_relabelled import estimate_anew, gather, is_exchangeable
from kvalitet_eval.estimate.linear import LinearForm
from kvalitet_eval.estimate.relabelling import ENUMERATED, Exchange, Rebuild, Strata, exchange_of, label_strata
from kvalitet_eval.estimate.two_way import regress_two_way

DRAWS = 999


@dataclass(frozen=True, slots=True, eq=False)
class Permutation:
    """The overall effect beside the effects found for reassigned cohorts.

    Parameters
    ----------
    estimate, std_error, statistic : float
        As in the effect table with ``cr2``; units of the outcome, and their ratio.
    p_value : float
        Share of assignments with a statistic as large as this one in absolute value; ties count.
    conf_low, conf_high, level : float
        Effects that the test does not reject, and its level as a share; not-a-number where it rejects none.
    draws : int
        Assignments behind the p-value.
    exact : bool
        They are all there are, each once.
    n_assignments : int
        Different assignments that exist.
    n_treated, n_comparison, n_strata : int
        Municipalities whose places were exchanged, and strata.
    statistics : numpy.ndarray
        (draws,) statistics of the assignments under no effect.
    """

    estimate: float
    std_error: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    level: float
    draws: int
    exact: bool
    n_assignments: int
    n_treated: int
    n_comparison: int
    n_strata: int
    statistics: np.ndarray


def permute(
    design: Design,
    draws: int = DRAWS,
    seed: int = 0,
    method: str = "imputation",
    strata: Strata = None,
    *,
    level: float = 0.95,
) -> Permutation:
    """Test the overall effect by reassigning the cohorts.

    Parameters
    ----------
    design : Design
        Panel and comparison; any panel. Ragged and weighted ones are estimated anew for every draw.
    draws : int
        Number of random assignments; all are gone through instead when there are no more than that, or (complete and
        unweighted) than 20 000.
    seed : int
        Seed of the draws.
    method : {"imputation", "group_time", "two_way"}
        Estimator.
    strata : {"size", "none"}, mapping or None
        Municipalities change places only within a stratum; see :func:`relabelling.label_strata`.
    level : float
        Level of the interval, as a share.

    Raises
    ------
    EstimationError
        ``EST-04``: no such method. ``EST-20``: too few draws. ``EST-24``: strata that cannot be made. ``EST-26``: no
        standard error to divide by, or nobody to change places with.

    Examples
    --------
    Two of five treated, changes 3, 4 against 0, 1, 2: ten assignments; only the observed one and its opposite (0, 1
    against 2, 3, 4) are as far out.

    >>> import pandas as pd
    >>> from kvalitet_eval.prepare.panel import Panel
    >>> from kvalitet_eval.design.comparison import compare
    >>> frame = pd.DataFrame({"unit": list("aabbccddee"), "t": [1, 2] * 5, "g": [2.0] * 4 + [None] * 6,
    ...                       "y": [0.0, 3, 0, 4, 0, 0, 0, 1, 0, 2]})
    >>> panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    >>> found = permute(compare(panel, "never_treated"))
    >>> round(found.estimate, 9), found.p_value, found.exact, found.n_assignments
    (2.5, 0.2, True, 10)
    """
    rebuild = partial(_overall, method=method)
    form = rebuild(design)
    result, nulls = _test(form, level=level, seed=seed, draws=draws, strata=strata, rebuild=rebuild)
    if not nulls:
        raise EstimationError.of("EST-26", found=int(form.counts(form.treated)[0]))
    exchange, null = nulls[0]
    estimate = float(form.estimates()[0])
    return Permutation(
        **{name: float(getattr(result, name)[0]) for name in ("std_error", "statistic", "p_value")},
        **{name: float(getattr(result, name)[0]) for name in ("conf_low", "conf_high")},
        estimate=estimate,
        level=level,
        draws=null.numerator.shape[1],
        exact=null.exact,
        n_assignments=exchange.n_assignments(),
        n_treated=int((exchange.group != form.cells.pool_group).sum()),
        n_comparison=int((exchange.group == form.cells.pool_group).sum()),
        n_strata=len(exchange.bounds) - 1,
        statistics=null.statistics(estimate),
    )


def infer_permutation(
    form: LinearForm,
    *,
    level: float = 0.95,
    seed: int = 0,
    draws: int = DRAWS,
    strata: Strata = None,
    rebuild: Rebuild | None = None,
) -> Inference:
    """Test each estimate by reassigning the cohorts within strata.

    Parameters
    ----------
    form : LinearForm
        The estimates.
    level, seed, draws, strata
        As in :func:`permute`.
    rebuild : callable, optional
        From a design to the same estimates; needed where loadings depend on who is in which cohort (holes, weights).

    Returns
    -------
    Inference
        ``p_value``, ``conf_low`` and ``conf_high`` are those of the permutation; the rest is that of
        :func:`inference.infer`. All are missing where nobody can change places.

    Raises
    ------
    EstimationError
        ``EST-20``: too few draws. ``EST-24``: strata that cannot be made. ``EST-25``: holes or weights, and no
        ``rebuild``.

    Notes
    -----
    t = estimate / HC2 error, in every draw. Complete, unweighted: municipality i in a place of group h has the score
    s_ih = l_h . y_i; a draw sums scores and their squares over the places. Interval: hypotheses "the effect is the same
    c in every treated cell" that are not rejected, c taken from those cells before the exchange. Otherwise a draw is
    a new estimation, and the interval is estimate -/+ (quantile of |t*| under no effect) x error.
    """
    result, _ = _test(form, level=level, seed=seed, draws=draws, strata=strata, rebuild=rebuild)
    return result


def warn_few_assignments(form: LinearForm, *, level: float, strata: Strata = None) -> tuple[Finding, ...]:
    """Say that rows have so few ways to reassign their municipalities that no p-value can reach the level."""
    labels = label_strata(form.cells.design, strata)
    rows = np.flatnonzero(np.isfinite(infer(form, level=level).std_error)).tolist()
    ways = [exchange_of(form, row, labels).n_assignments() for row in rows]
    few = [n for n in ways if n <= fewest_draws(level)]
    if not few:
        return ()
    return (finding("EST-28", severity="warning", n=len(few), fewest=min(few), level=f"{100 * level:g}"),)


def _overall(design: Design, *, method: str) -> LinearForm:
    cells = build_cells(design)
    if method == "imputation":
        return aggregate_cells(impute(cells, leads=0), "overall")
    if method == "group_time":
        return aggregate_cells(difference_cells(cells, base="universal"), "overall")
    if method == "two_way":
        return regress_two_way(cells)
    raise EstimationError.of("EST-04", column="method", found=method, allowed="imputation, group_time, two_way")


def _test(
    form: LinearForm, *, level: float, seed: int, draws: int, strata: Strata, rebuild: Rebuild | None
) -> tuple[Inference, list[tuple[Exchange, NullDraws]]]:
    if draws < fewest_draws(level):
        raise EstimationError.of("EST-20", found=draws, fewest=fewest_draws(level), level=f"{100 * level:g}")
    base, estimate = infer(form, level=level), form.estimates()
    labels = label_strata(form.cells.design, strata)
    p_value, low, high = (np.full(len(estimate), np.nan) for _ in range(3))
    rows_of: dict[bytes, list[int]] = {}
    exchanges = {row: exchange_of(form, row, labels) for row in np.flatnonzero(np.isfinite(base.std_error)).tolist()}
    for row, exchange in exchanges.items():
        rows_of.setdefault(exchange.units.tobytes(), []).append(row)
    found = []
    for rows in rows_of.values():
        exchange = exchanges[rows[0]]
        if exchange.n_assignments() == 1:
            continue
        exact = exchange.n_assignments() <= (max(ENUMERATED, draws) if is_exchangeable(form) else draws)
        rng = np.random.default_rng(np.random.SeedSequence(seed))
        placed = exchange.enumerate() if exact else exchange.draw(draws, rng)
        if is_exchangeable(form):
            nulls = [gather(form, row, exchange, placed, variance=base.covariance[row, row]) for row in rows]
        elif rebuild is not None:
            nulls = estimate_anew(form, rows, exchange, placed, rebuild=rebuild)
        else:
            raise EstimationError.of("EST-25")
        for row, null in zip(rows, (replace(n, exact=exact) for n in nulls), strict=True):
            p_value[row] = null.p_value(estimate[row])
            low[row], high[row] = null.interval(estimate[row], level=level)
            found.append((exchange, null))
    return replace(base, p_value=p_value, conf_low=low, conf_high=high), found
