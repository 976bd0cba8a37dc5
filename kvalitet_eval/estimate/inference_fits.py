"""How much each municipality could have moved an estimate that is adjusted for covariates.

The counterpart of :mod:`kvalitet_eval.estimate.inference_paths`. Municipality i contributes its influence value over
sqrt(1 - h_i), h_i its leverage in the fit that it is measured against: the mean of its side, or the outcome regression
of the comparison. Degrees of freedom are 2 E(V)^2 / Var(V), as if cells were independent and normal with variance
1 / w, by the exact moments of the contributions as linear functions of the cells.
"""

from __future__ import annotations

import numpy as np

from kvalitet_eval.estimate.adjust import Adjusted
from kvalitet_eval.estimate.inference_paths import LEVERAGE_LIMIT
from kvalitet_eval.estimate.linear import LinearForm


def vary_around_fits(form: LinearForm) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(N, R) contributions psi_i / sqrt(1 - h_i), (R,) degrees of freedom, (R,) rows without company."""
    given = form.adjustments
    scaled = np.zeros((len(form.cells.profile), len(given.weights)))
    alone = form.counts(form.treated) == 1
    for part, contrast, weight in zip(given.parts, given.contrasts, given.weights.T, strict=True):
        if part is None or not weight.any():
            continue
        own, full = _inflation(part)
        psi = own * part.influence(form.cells.outcome[part.units] @ contrast)
        scaled[part.units] += psi[:, None] * weight
        alone |= full & (weight != 0)
    degrees = [_degrees(form, row) for row in given.weights]
    return scaled, np.array(degrees), alone


def _inflation(part: Adjusted) -> tuple[np.ndarray, bool]:
    """(n,) factors 1 / sqrt(1 - h), and whether somebody's residual is zero whatever happens."""
    full = (part.leverage >= LEVERAGE_LIMIT) & (part.loading != 0)
    return 1 / np.sqrt(1 - np.where(full, 0.0, np.minimum(part.leverage, LEVERAGE_LIMIT))), bool(full.any())


def _degrees(form: LinearForm, row: np.ndarray) -> float:
    """Satterthwaite degrees of freedom of one row; ``row`` is (R_cells,) its weights of the comparisons.

    Notes
    -----
    Contributions are s = sum_c d_c . (change_c) - Z (G change), with own parts d (N, C) and low-rank parts Z (N, K) and
    G (K, N). With covariances of the changes Gamma (C, C) and q = 1 / w: E(ss') = diag(d Gamma d' q) - U Z' - Z U' +
    Z Q Z', U = q (d Gamma) . G', Q = (G q G') . Gamma; its trace and its squared length are E(V) and Var(V) / 2.
    """
    used = [c for c in np.flatnonzero(row) if form.adjustments.parts[c] is not None]
    if not used:
        return 0.0
    n, parts = len(form.cells.profile), [form.adjustments.parts[c] for c in used]
    contrasts = form.adjustments.contrasts[used]
    gamma = contrasts @ contrasts.T
    direct, noise = np.zeros((n, len(used))), np.zeros(n)
    low, fit, owner = [], [], []
    for c, part in enumerate(parts):
        factor = row[used[c]] * _inflation(part)[0]
        direct[part.units, c] = factor * part.loading
        noise[part.units] = 1 / part.weight
        spread, basis = np.zeros((n, part.spread.shape[1])), np.zeros((part.fit.shape[0], n))
        spread[part.units], basis[:, part.units] = factor[:, None] * part.spread, part.fit
        low.append(spread)
        fit.append(basis)
        owner += [c] * len(basis)
    z, g = np.column_stack(low), np.vstack(fit)
    u = noise[:, None] * (direct @ gamma)[:, owner] * g.T
    q = ((g * noise) @ g.T) * gamma[np.ix_(owner, owner)]
    own = noise * ((direct @ gamma) * direct).sum(axis=1)
    joint = np.column_stack([u, z])
    zero, one = np.zeros_like(q), np.eye(len(q))
    mixed = joint @ np.block([[zero, -one], [-one, q]])
    diagonal = (mixed * joint).sum(axis=1)
    inner = joint.T @ mixed
    mean = own.sum() + diagonal.sum()
    spread = (own**2).sum() + 2 * own @ diagonal + (inner * inner.T).sum()
    return float(mean**2 / spread) if spread > 0 else 0.0
