"""Which cells a rule withholds by themselves, and how far an attacker must be kept from each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kvalitet_eval.publish.policy import Policy
from kvalitet_eval.publish.structure import Statistic

SMALL, ZERO, FULL, COMPLEMENT, DENOMINATOR = "small", "zero", "full", "complement", "denominator"
PERSONS, DOMINANCE, BASIS, SOURCE = "persons", "dominance", "basis", "source"
RULES = (SMALL, ZERO, FULL, COMPLEMENT, DENOMINATOR, PERSONS, DOMINANCE, BASIS, SOURCE)
_NONE = float("nan")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """For each row, the rule that withholds it (empty: none), and the value that must stay possible (NaN: any two)."""

    rules: tuple[str, ...]
    needs: np.ndarray


def judge_counts(persons: np.ndarray, policy: Policy, is_attribute: bool = True) -> Verdicts:
    """Judge groups of persons; ``is_attribute`` when being counted says something about everybody in the group.

    Examples
    --------
    >>> judge_counts(np.array([0.0, 1.0, 4.0, 5.0]), Policy(name="standard", minimum=5)).rules
    ('zero', 'small', 'small', '')
    """
    rules = np.full(len(persons), "", dtype=object)
    rules[(persons > 0) & (persons < policy.minimum)] = SMALL
    if policy.protect_zeros and is_attribute:
        rules[persons == 0] = ZERO
    rules[np.isnan(persons)] = SOURCE
    return Verdicts(tuple(rules), _above_minimum(rules, policy))


def judge_shares(counted: np.ndarray, group: np.ndarray, policy: Policy) -> tuple[Verdicts, Verdicts, Verdicts]:
    """Judge the persons counted, the group they are counted in, and those of the group who are not counted.

    A group of nobody discloses nobody.

    Examples
    --------
    >>> counted, group = np.array([0.0, 20.0, 18.0, 2.0, 3.0]), np.array([20.0, 20.0, 20.0, 20.0, 4.0])
    >>> [verdicts.rules for verdicts in judge_shares(counted, group, Policy(name="standard", minimum=5))]
    [('zero', '', '', 'small', 'small'), ('', '', '', '', 'denominator'), ('', 'full', 'complement', '', 'complement')]
    """
    others = group - counted
    hit = np.full(len(group), "", dtype=object)
    hit[(counted > 0) & (counted < policy.minimum)] = SMALL
    if policy.protect_zeros:
        hit[(counted == 0) & (group > 0)] = ZERO
    hit[np.isnan(counted)] = SOURCE
    whole = np.where((group > 0) & (group < policy.minimum), DENOMINATOR, "").astype(object)
    whole[np.isnan(group)] = SOURCE
    spared = np.full(len(group), "", dtype=object)
    if policy.protect_complement:
        spared[(others > 0) & (others < policy.minimum)] = COMPLEMENT
    if policy.protect_full:
        spared[(others == 0) & (group > 0)] = FULL
    return tuple(Verdicts(tuple(rules), _above_minimum(rules, policy)) for rules in (hit, whole, spared))


def judge_persons(persons: np.ndarray, policy: Policy, values: np.ndarray | None = None) -> Verdicts:
    """Judge values by the number of persons behind them; an unknown number is too few.

    Nobody is too few when there is a value, for it must come from somebody; with nothing of nobody nothing is told.
    """
    is_somebody = persons > 0 if values is None else (persons > 0) | (np.nan_to_num(values) != 0)
    rules = np.where(is_somebody & (persons < policy.minimum), PERSONS, "").astype(object)
    rules[np.isnan(persons)] = SOURCE
    return Verdicts(tuple(rules), np.full(len(persons), _NONE))


def judge_ratio(amounts: np.ndarray, whole: np.ndarray, persons: np.ndarray, policy: Policy) -> Verdicts:
    """Judge an amount over another: too few persons, or nothing or all of it, which says the same about each of them.

    Examples
    --------
    >>> amounts, whole, persons = np.array([0.0, 90.0, 8.0, 8.0]), np.full(4, 90.0), np.array([20.0, 20.0, 20.0, 4.0])
    >>> judge_ratio(amounts, whole, persons, Policy(name="standard", minimum=5)).rules
    ('zero', 'full', '', 'persons')
    """
    rules = np.array(judge_persons(persons, policy, np.abs(amounts) + np.abs(whole)).rules, dtype=object)
    is_free = (rules == "") & (whole > 0)
    if policy.protect_zeros:
        rules[is_free & (amounts == 0)] = ZERO
    if policy.protect_full:
        rules[is_free & (amounts == whole)] = FULL
    return Verdicts(tuple(rules), np.full(len(persons), _NONE))


def judge_amounts(values: np.ndarray, persons: np.ndarray, largest: np.ndarray, policy: Policy) -> Verdicts:
    """Judge amounts: too few contributors, or a few of them give nearly all, or nobody knows whether they do.

    Parameters
    ----------
    values, persons : numpy.ndarray
        Shape *(n_rows,)*; the amount, and how many contribute to it.
    largest : numpy.ndarray
        Shape *(n_rows, n_known)*: the largest contributions, at least as many as the policy asks for; NaN is unknown.

    Examples
    --------
    >>> largest = np.array([[60.0, 30.0], [50.0, 30.0]])
    >>> judge_amounts(np.array([100.0, 100.0]), np.array([9.0, 9.0]), largest, Policy(name="ssb", minimum=3)).rules
    ('dominance', '')
    """
    rules = np.array(judge_persons(persons, policy, values).rules, dtype=object)
    known = np.where(np.isnan(largest), np.inf, np.abs(largest))
    top = -np.sort(-known, axis=1)[:, : policy.dominance_n].sum(axis=1)
    is_dominated = top >= policy.dominance_pct / 100 * np.abs(values) - 1e-9
    rules[(rules == "") & is_dominated & (persons > 0)] = DOMINANCE
    rules[np.isnan(values)] = SOURCE
    return widened(Verdicts(tuple(rules), np.full(len(values), _NONE)), values, policy)


def widened(verdicts: Verdicts, values: np.ndarray, policy: Policy) -> Verdicts:
    """Give withheld amounts the width that the policy asks for."""
    needs = np.where(values > 0, values * (1 + policy.width_pct / 100), _NONE)
    return Verdicts(verdicts.rules, np.where(np.array(verdicts.rules, dtype=object) == "", _NONE, needs))


def judge_statistic(
    measure: Statistic, basis: np.ndarray, policy: Policy, persons: np.ndarray | None = None
) -> tuple[str, ...]:
    """Judge values that do not add up by the persons or residual degrees of freedom behind them, or by both.

    Examples
    --------
    >>> judge_statistic(Statistic("median", "percentile", "n"), np.array([9.0, 10.0]), Policy(name="ssb", minimum=3))
    ('basis', '')
    """
    limit = policy.residual_df_minimum if measure.kind == "regression" else policy.percentile_minimum
    few = ("",) * len(basis) if persons is None else judge_persons(persons, policy).rules
    return tuple(rule if enough else BASIS for rule, enough in zip(few, basis >= limit, strict=True))


def _above_minimum(rules: np.ndarray, policy: Policy) -> np.ndarray:
    """The largest possible number of persons must lie above the minimum, not at it."""
    return np.where(rules == "", _NONE, float(policy.minimum + 1))
