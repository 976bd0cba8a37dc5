"""Who is compared with whom, and the account of everybody who is not.

The rule of this module: a municipality about which nothing is known is not called never-treated. It takes part in a
comparison group only under the name ``non_participants``, with a warning that says how it bends the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kvalitet_eval.design.cohorts import Cohort, find_cohorts
from kvalitet_eval.errors import DesignError, Finding, finding
from kvalitet_eval.prepare.panel import Panel

COMPARISONS = ("not_yet_treated", "never_treated", "non_participants", "same_size")
DEFAULT_SIZE_GROUPS = (5000, 20000)
MAX_LISTED = 20


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """A panel with the answer to "compared with whom?".

    Parameters
    ----------
    panel : Panel
        Only municipalities with a role, in the order of the original panel.
    comparison : str
        One of :data:`COMPARISONS`.
    anticipation : int
        Periods before the start that are used neither as "before" nor as comparison.
    cohorts : tuple of Cohort
        Cohorts whose effect can be asked for; positions refer to ``panel``.
    pool : numpy.ndarray
        (N,) whether a municipality belongs to the comparison pool without a start.
    pool_weight : numpy.ndarray
        (N,) weight of a municipality within the pool; 1 except for ``same_size``.
    account : pandas.DataFrame
        One row per municipality of the original panel: ``unit``, ``role`` (treated, comparison, left_out), ``reason``
        (code of a catalogue sentence), ``cohort``.
    findings : tuple of Finding
        Warnings that belong to every result of this design.
    """

    panel: Panel
    comparison: str
    anticipation: int
    cohorts: tuple[Cohort, ...]
    pool: np.ndarray
    pool_weight: np.ndarray
    account: pd.DataFrame
    findings: tuple[Finding, ...] = ()

    @property
    def uses_later_cohorts(self) -> bool:
        """Whether municipalities that start later are compared with until they start."""
        return self.comparison == "not_yet_treated"


def compare(
    panel: Panel,
    comparison: str = "not_yet_treated",
    *,
    anticipation: int = 0,
    exclude: Iterable[str] | Mapping[str, str] = (),
    size_groups: tuple[int, ...] = DEFAULT_SIZE_GROUPS,
    published_participants: int | None = None,
) -> Design:
    """Decide who is compared with whom.

    Parameters
    ----------
    panel : Panel
        All municipalities with their status.
    comparison : {"not_yet_treated", "never_treated", "non_participants", "same_size"}
        ``not_yet_treated``: later cohorts until they start (less anticipation) and confirmed never-treated.
        ``never_treated``: confirmed never-treated only. ``non_participants``: everybody not known to take part,
        confirmed or not. ``same_size``: confirmed never-treated of the size groups of the treated, weighted so that
        each size group has the same share as among the treated (of municipalities, or of the panel's weights).
    anticipation : int
        Periods before the start in which the outcome may already react.
    exclude : iterable of str, or mapping of str to str
        Units left out of both sides; a mapping gives a reason for each.
    size_groups : tuple of int
        Limits between size groups in inhabitants; a limit belongs to the group above it.
    published_participants : int, optional
        Number of participants that the programme has published, for the message about unknown ones.

    Returns
    -------
    Design
        With the account of every municipality.

    Raises
    ------
    DesignError
        Unknown comparison, unknown excluded unit, nobody treated, nobody to compare with, an intake without any figure
        from its start on (it may not vanish from an average), or unlisted municipalities
        would have to be called never-treated without confirmation.

    Examples
    --------
    >>> frame = pd.DataFrame({"unit": list("aabbcc"), "t": [1, 2] * 3, "y": [1.0, 3, 1, 2, 0, 1],
    ...                       "g": [2, 2] + [None] * 4})
    >>> panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    >>> compare(panel, "never_treated").account["role"].tolist()
    ['treated', 'comparison', 'comparison']
    """
    if comparison not in COMPARISONS:
        raise DesignError.of("DES-01", found=comparison, allowed=", ".join(COMPARISONS))
    if anticipation < 0:
        raise DesignError.of("DES-02", found=anticipation)
    reasons = dict(exclude) if isinstance(exclude, Mapping) else dict.fromkeys(exclude, "")
    strangers = sorted(set(reasons) - set(panel.units))
    if strangers:
        raise DesignError.of("DES-03", found=", ".join(strangers))
    account = _account(panel, comparison, anticipation, reasons, size_groups)
    _refuse_unconfirmed(account, comparison, published_participants)
    return _design(
        panel,
        comparison,
        anticipation,
        account=account,
        limits=size_groups,
        published=published_participants,
    )


def size_group(inhabitants: np.ndarray, limits: tuple[int, ...]) -> np.ndarray:
    """Number the size groups from 0, smallest first.

    Examples
    --------
    >>> size_group(np.array([4999, 5000, 20000]), (5000, 20000)).tolist()
    [0, 1, 2]
    """
    return np.searchsorted(np.asarray(limits, dtype=float), np.asarray(inhabitants, dtype=float), side="right")


def _account(
    panel: Panel, comparison: str, anticipation: int, excluded: dict[str, str], size_groups: tuple[int, ...]
) -> pd.DataFrame:
    table = pd.DataFrame({"unit": panel.units, "cohort": panel.cohort, "status": panel.status})
    has_start = ~np.isnan(panel.start)
    observed = panel.observed
    before = (observed & (panel.ordinals[None, :] < (panel.start - anticipation)[:, None])).any(axis=1)
    accepted = {"never_treated"} | ({"unknown"} if comparison == "non_participants" else set())
    role = np.where(has_start, "treated", np.where(table["status"].isin(accepted), "comparison", "left_out"))
    reason = np.where(has_start, "treated", table["status"])
    late = has_start & (panel.start > panel.ordinals[-1])
    role, reason = _set(
        role, reason, late, "comparison" if comparison == "not_yet_treated" else "left_out", "starts_later"
    )
    role, reason = _set(role, reason, has_start & ~before, "left_out", "no_period_before")
    role, reason = _set(role, reason, ~observed.any(axis=1), "left_out", "no_figures")
    barred = table["unit"].isin(excluded).to_numpy() | (table["status"] == "excluded").to_numpy()
    role, reason = _set(role, reason, barred, "left_out", "excluded")
    if comparison == "same_size":
        if panel.size is None:
            raise DesignError.of("DES-04")
        role, reason = _set(role, reason, (role != "left_out") & np.isnan(panel.size), "left_out", "no_size")
        groups = size_group(panel.size, size_groups)
        elsewhere = (role == "comparison") & ~np.isin(groups, groups[role == "treated"])
        role, reason = _set(role, reason, elsewhere, "left_out", "other_size")
    note = [excluded.get(unit, "") for unit in panel.units] if excluded else ""
    return table.assign(role=role, reason=reason, note=note)[["unit", "role", "reason", "cohort", "note"]]


def _set(role: np.ndarray, reason: np.ndarray, where: np.ndarray, new_role: str, new_reason: str) -> tuple:
    return np.where(where, new_role, role), np.where(where, new_reason, reason)


def _refuse_unconfirmed(account: pd.DataFrame, comparison: str, published: int | None) -> None:
    unknown = int((account["reason"] == "unknown").sum())
    if unknown and comparison in ("never_treated", "same_size"):
        raise DesignError.of(
            "DES-05",
            found=comparison,
            n_unknown=unknown,
            n_known=int((account["cohort"] != "").sum()),
            n_register=len(account),
            published="?" if published is None else published,
        )


def _cohorts_of(account: pd.DataFrame, reason: str) -> str:
    """Names of the intakes of municipalities with a reason; "-" for those without an intake, or for nobody."""
    names = account.loc[account["reason"] == reason, "cohort"]
    return ", ".join(sorted(set(names) - {""})) or "-"


def _design(
    panel: Panel,
    comparison: str,
    anticipation: int,
    *,
    account: pd.DataFrame,
    limits: tuple[int, ...],
    published: int | None,
) -> Design:
    keep = np.flatnonzero(account["role"] != "left_out")
    kept = subset(panel, keep)
    role = account["role"].to_numpy()[keep]
    cohorts = tuple(c for c in find_cohorts(kept, anticipation=anticipation) if c.n_after)
    if not cohorts:
        early = _cohorts_of(account, "no_period_before")
        started = [unit for unit, start in zip(panel.units, panel.start, strict=True) if not np.isnan(start)]
        facts = {"n": len(panel.units), "first": str(panel.periods[0]), "cohorts": early}
        raise DesignError.of("DES-06", found=", ".join(started[:MAX_LISTED]) or None, **facts)
    pool = (role == "comparison") & np.isnan(kept.start)
    if not pool.any() and (comparison != "not_yet_treated" or len({c.start for c in find_cohorts(kept)}) < 2):
        raise DesignError.of("DES-07", found=comparison, cohorts=", ".join(c.name for c in cohorts))
    weight = _balance(kept, role, limits) if comparison == "same_size" else np.ones(len(keep))
    unknown = int(((account["role"] == "comparison") & (account["reason"] == "unknown")).sum())
    left_unknown = int(((account["role"] == "left_out") & (account["reason"] == "unknown")).sum())
    facts = {"n_unknown": unknown or left_unknown, "n_register": len(account), "published": published or "?"}
    findings = [finding("DES-08", severity="warning", **facts)] if unknown else []
    findings += [finding("DES-09", severity="warning", **facts)] if left_unknown else []
    for reason, code in (("no_period_before", "DES-10"), ("no_figures", "DES-11"), ("no_size", "DES-13")):
        names = account.loc[account["reason"] == reason, "unit"]
        if len(names):
            facts = {"n": len(names), "cohorts": _cohorts_of(account, reason)}
            findings.append(finding(code, severity="warning", found=", ".join(names[:MAX_LISTED]), **facts))
    if empty := list(_without_figures_after(kept, cohorts)):
        raise DesignError(empty)
    if lost := _lost_after(kept):
        facts = {"n": len(lost), "n_treated": sum(cohort.size for cohort in cohorts)}
        findings.append(finding("DES-20", severity="warning", found=", ".join(lost[:MAX_LISTED]), **facts))
    return Design(kept, comparison, anticipation, cohorts, pool, weight, account, tuple(findings))


def _without_figures_after(panel: Panel, cohorts: Iterable[Cohort]) -> Iterator[Finding]:
    """Tell of cohorts that have no figure from their start on: no estimate and no average can say anything of them."""
    for cohort in cohorts:
        members = list(cohort.members)
        if not panel.observed[np.ix_(members, panel.ordinals >= cohort.start)].any():
            units = ", ".join(panel.units[i] for i in members[:MAX_LISTED])
            yield finding("DES-16", found=cohort.name, n=cohort.size, units=units)


def _lost_after(panel: Panel) -> list[str]:
    """Municipalities that have started by the last period and have no figure from their start on."""
    after = panel.observed & (panel.ordinals[None, :] >= panel.start[:, None])
    return [panel.units[i] for i in np.flatnonzero((panel.start <= panel.ordinals[-1]) & ~after.any(axis=1))]


def _balance(panel: Panel, role: np.ndarray, limits: tuple[int, ...]) -> np.ndarray:
    """(N,) factors that give each size group of the pool its share among the treated; mean 1 over the pool's mass."""
    groups, weight = size_group(panel.size, limits), np.ones(len(role))
    mass = np.ones(len(role)) if panel.weights is None else np.nanmean(panel.weights, axis=1)
    treated, pool = role == "treated", role == "comparison"
    for group in np.unique(groups[treated]):
        inside = pool & (groups == group)
        if not inside.any():
            raise DesignError.of("DES-12", found=int(group) + 1, limits=", ".join(map(str, limits)))
        share = mass[treated & (groups == group)].sum() / mass[treated].sum()
        weight[inside] = share * mass[pool].sum() / mass[inside].sum()
    return weight


def subset(panel: Panel, keep: np.ndarray) -> Panel:
    """Return the panel of the municipalities at the positions ``keep``."""
    if len(keep) == len(panel.units) and (keep == np.arange(len(keep))).all():
        return panel
    return replace(
        panel,
        units=tuple(panel.units[i] for i in keep),
        outcome=panel.outcome[keep],
        weights=None if panel.weights is None else panel.weights[keep],
        start=panel.start[keep],
        cohort=tuple(panel.cohort[i] for i in keep),
        status=tuple(panel.status[i] for i in keep),
        size=None if panel.size is None else panel.size[keep],
    )
