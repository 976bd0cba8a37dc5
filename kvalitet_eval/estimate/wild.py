"""Wild cluster restricted bootstrap (WCR11): p-value of "no effect" and the interval that the test allows.

Cameron, Gelbach and Miller (2008), Review of Economics and Statistics 90(3); Roodman, MacKinnon, Nielsen and Webb
(2019), Stata Journal 19(1), for the algebra that needs no new regression per draw; Canay, Santos and Shaikh (2021),
Review of Economics and Statistics 103(2), for few clusters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.group_paths import Block, companion_groups, is_coefficient, path_blocks, two_way_block
from kvalitet_eval.estimate.inference import Inference, infer
from kvalitet_eval.estimate.inference_by_draws import NullDraws, fewest_draws
from kvalitet_eval.estimate.linear import LinearForm

DRAWS = 9_999
ENUMERATED = 2**16
FEWEST_TREATED = 2
AT_ONCE = 4_000_000  # numbers of one piece of the drawn signs
RANK = 1e-12


def infer_wild(form: LinearForm, *, level: float = 0.95, seed: int = 0, draws: int = DRAWS) -> Inference:
    """Test each estimate by flipping the signs of whole municipalities' residuals under "the effect is zero".

    Parameters
    ----------
    form : LinearForm
        The estimates; complete or ragged, weighted or not.
    level : float
        Level of the interval, as a share.
    seed : int
        Seed of the signs, the same for all rows.
    draws : int
        Number of draws. All sign patterns are gone through instead when there are at most 65 536, or no more than
        ``draws``.

    Returns
    -------
    Inference
        ``p_value``, ``conf_low`` and ``conf_high`` are those of the bootstrap; the rest is that of
        :func:`inference.infer` (HC2/CR2), so that band and smallest detectable effect keep their meaning. A limit is
        missing where the test rejects nothing on that side. The two-way coefficient has a p-value with cohorts of one
        too, for it does not need their own paths.

    Raises
    ------
    EstimationError
        ``EST-20``: too few draws for the level. ``EST-21``: too few municipalities; no pattern of signs is rare enough.
        ``EST-27``: the estimate is adjusted for covariates.

    Notes
    -----
    Regression: y = municipality effects + X b + e, with X the periods and "has started" when the estimate is that
    coefficient, else one path per group. Restricted residuals u~ = u^ + X M c gap / (c' M c), c'b the estimate, M the
    inverse moments of X, gap = estimate - hypothesis. A draw is y* = v_i u~_i with v_i = -1 or 1 per municipality;
    t* = sum_i l_i . y*_i / sqrt(sum_i (l_i . u^*_i)^2), l_i the loadings, u^* the residuals of y* (CV1; its constant
    cancels). p = (1 + #(|t*| >= |t|)) / (B + 1), or the share of all patterns.
    """
    if form.adjustments is not None:
        raise EstimationError.of("EST-27")
    base = infer(form, level=level)
    if draws < fewest_draws(level):
        raise EstimationError.of("EST-20", found=draws, fewest=fewest_draws(level), level=f"{100 * level:g}")
    regressions = _Regressions(form)
    usable = [row for row in range(len(form.rows)) if regressions.can_test(row, alone=bool(base.alone[row]))]
    clusters = [sum(len(block.members) for block in regressions.blocks(row)) for row in usable]
    if clusters and 2.0 ** (1 - max(clusters)) > 1 - level:
        raise EstimationError.of("EST-21", found=max(clusters), level=f"{100 * level:g}")
    estimate = form.estimates()
    p_value, low, high = (np.full(len(estimate), np.nan) for _ in range(3))
    signs = None
    for row, n_clusters in zip(usable, clusters, strict=True):
        blocks = regressions.blocks(row)
        exact = 2**n_clusters <= max(draws, ENUMERATED)
        if signs is None and not exact:
            signs = draw_signs(draws, len(form.cells.profile), seed=seed)
        drawn = enumerate_signs(blocks, len(form.cells.profile)) if exact else signs
        null = _null_draws(form.loadings[:, row], estimate[row], blocks, drawn, exact=exact)
        if null.observed_variance <= regressions.floor(row):
            continue
        p_value[row] = null.p_value(estimate[row])
        low[row], high[row] = null.interval(estimate[row], level=level)
    return replace(base, p_value=p_value, conf_low=low, conf_high=high)


def draw_signs(draws: int, n_units: int, *, seed: int) -> np.ndarray:
    """(B, N) signs -1 and 1 with equal probability, one byte each."""
    rng = np.random.default_rng(np.random.SeedSequence(seed))
    bits = np.unpackbits(rng.integers(0, 256, size=-(-draws * n_units // 8), dtype=np.uint8), count=draws * n_units)
    return 2 * bits.astype(np.int8).reshape(draws, n_units) - 1


def enumerate_signs(blocks: list[Block], n_units: int) -> np.ndarray:
    """(2^(G-1), N) every pattern of the blocks' G municipalities; a pattern and its mirror image have the same |t|."""
    members = np.concatenate([block.members for block in blocks])
    codes = np.arange(2 ** (len(members) - 1))
    signs = np.ones((len(codes), n_units), dtype=np.int8)
    signs[:, members[1:]] = 1 - 2 * ((codes[:, None] >> np.arange(len(members) - 1)) & 1)
    return signs


class _Regressions:
    """The regression that each row belongs to, built once for rows that share it."""

    def __init__(self, form: LinearForm) -> None:
        self._form = form
        self._companions = companion_groups(form)
        self._two_way = two_way_block(form.cells)
        self._paths: dict[bytes, list[Block]] = {}

    def blocks(self, row: int) -> list[Block]:
        """Blocks with any loading in the row."""
        loadings = self._form.loadings[:, row]
        if is_coefficient(self._two_way, loadings):
            return [self._two_way]
        pattern = self._companions[:, row]
        if pattern.tobytes() not in self._paths:
            self._paths[pattern.tobytes()] = path_blocks(self._form.cells, pattern)
        return [block for block in self._paths[pattern.tobytes()] if loadings[block.profiles].any()]

    def can_test(self, row: int, *, alone: bool) -> bool:
        """Whether a row rests on two treated municipalities or more, and has residuals to draw from.

        In the two-way regression a cohort of one has residuals; measured against its own path (``alone``) it has none.
        """
        form = self._form
        if not form.rows["identified"].iloc[row] or form.counts(form.treated)[row] < FEWEST_TREATED:
            return False
        return not alone or self.blocks(row) == [self._two_way]

    def floor(self, row: int) -> float:
        """Variance below which there is only rounding."""
        size = (self._form.loadings[:, row] ** 2).sum()
        return 1e-22 * size * np.abs(self._form.cells.outcome).max(initial=0.0) ** 2


@dataclass(frozen=True, slots=True, eq=False)
class _Direction:
    """How a block's fit moves when the estimate moves by one: (P, T) fitted values."""

    per_unit: np.ndarray
    loadings: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """(2, B) and (3, B) drawn estimates and variances, as in :class:`NullDraws`; added to block by block."""

    numerator: np.ndarray
    variance: np.ndarray


def _null_draws(
    loadings: np.ndarray, estimate: float, blocks: list[Block], signs: np.ndarray, *, exact: bool
) -> NullDraws:
    weights = [block.count @ block.project(loadings[block.profiles]) for block in blocks]
    moved = [block.bread @ weight for block, weight in zip(blocks, weights, strict=True)]
    scale = sum(float(weight @ step) for weight, step in zip(weights, moved, strict=True))
    fitted = sum(float(weight @ block.coefficients) for weight, block in zip(weights, blocks, strict=True))
    sums = _Sums(np.zeros((2, len(signs))), np.zeros((3, len(signs))))
    observed = 0.0
    for block, step in zip(blocks, moved, strict=True):
        direction = _Direction(block.fitted(step) / scale, loadings[block.profiles])
        observed += float(((direction.loadings[block.place] * block.residual).sum(axis=1) ** 2).sum())
        _add_block(sums, block, direction, fitted - estimate, signs)
    return NullDraws(sums.numerator, sums.variance, observed, exact)


def _add_block(sums: _Sums, block: Block, direction: _Direction, shift: float, signs: np.ndarray) -> None:
    """Add one block's municipalities to the drawn estimates and variances.

    With a_i = X_i' l_i = U_i C (U, C of full rank) and g* = C M sum_i v_i X_i' W u~_i, the drawn score of municipality
    i is v_i s_i - U_i g*, s_i = l_i . u~_i; the sum of its squares is sum s_i^2 - 2 g* . sum v_i s_i U_i + g*' U'U g*.
    ``shift`` is what the fit says of the estimate less the estimate: 0 unless the loadings are not least squares.
    """
    place = block.place
    slope = (direction.loadings * direction.per_unit).sum(axis=1)[place]
    level = (direction.loadings[place] * block.residual).sum(axis=1) + shift * slope
    rows, columns = _factors(block.project(direction.loadings))
    turned = columns @ block.bread
    step = (block.project(block.omega * direction.per_unit) @ turned.T)[place]
    start = block.project(block.omega[place] * block.residual) @ turned.T + shift * step
    own = rows[place]
    features = np.column_stack([level, slope, start, step, level[:, None] * own, slope[:, None] * own])
    between = (rows * block.count[:, None]).T @ rows
    size = max(1, AT_ONCE // len(block.members))
    fixed = np.array([(level**2).sum(), 2 * (level * slope).sum(), (slope**2).sum()])
    for first in range(0, len(signs), size):
        piece = slice(first, first + size)
        drawn = signs[piece][:, block.members].astype(float) @ features
        sums.numerator[:, piece] += drawn[:, :2].T
        g0, g1, h0, h1 = np.split(drawn[:, 2:], 4, axis=1)
        b0, b1 = g0 @ between, g1 @ between
        sums.variance[0, piece] += fixed[0] + (g0 * (b0 - 2 * h0)).sum(axis=1)
        sums.variance[1, piece] += fixed[1] + 2 * (g0 * b1 - g0 * h1 - g1 * h0).sum(axis=1)
        sums.variance[2, piece] += fixed[2] + (g1 * (b1 - 2 * h1)).sum(axis=1)


def _factors(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(P, r) and (r, K) factors of full rank of a (P, K) matrix."""
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    keep = values > RANK * max(values.max(initial=0.0), np.finfo(float).tiny)
    return left[:, keep] * values[keep], right[keep]
