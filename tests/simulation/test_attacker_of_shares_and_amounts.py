"""Shares, ratios and amounts through the gate, then an attacker who shares no code with it and knows all that is shown.

The attacker has every printed number, knows which rows are sums of which, that nothing is negative, and that those
counted and those not counted are the whole together; unknown are the quantities of the smallest cells.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from random_persons import amounts, groups_of, random_persons, ratios, shares
from scipy.optimize import linprog

from kvalitet_eval import publish
from kvalitet_eval.publish import repair

SAMPLED, ALL = 4, 64
PROFILES = ("ssb", "standard", "streng")
KINDS = {"shares": shares, "ratios": ratios, "amounts": amounts}
CROSSED, TWO = (("place", "sector"),), (("place", "sector"), ("place", "sex"))
PARTS = {"whole": ("part", "rest")}
"""What a quantity is the sum of; any other is itself."""


def policy_of(seed):
    policy = publish.Policy.load(PROFILES[seed % 3])
    return policy.model_copy(update={"protect_zeros": seed // 3 % 2 == 0})


def told_of(table, kind):
    """Which quantities of each row the reader has; whoever has a share has the group too, and nobody gives nothing."""
    marks = table.marks()
    has_share = marks["pct"] != ":" if kind != "amounts" else pd.Series(data=False, index=marks.index)
    quantities = ("amount",) if kind == "amounts" else ("part", "whole")
    is_told = {name: has_share | (marks[name] == "") if name in marks else has_share for name in quantities}
    if "persons" in marks:
        is_nobody = table.to_frame()["persons"] == 0
        is_told = {name: told | is_nobody for name, told in is_told.items()} | {"persons": marks["persons"] == ""}
    return pd.DataFrame(is_told).to_dict("records")


def small_of(kind, row, policy):
    """Which quantities of a row must be protected, and what must at least stay possible (None: any two values)."""
    if kind == "shares":
        least = {
            name: row[name] for name in ("part", "rest", "whole") if row["whole"] > 0 and row[name] < policy.minimum
        }
        zero = {"part": policy.protect_zeros, "rest": policy.protect_full}
        return {name: policy.minimum + 1 for name, value in least.items() if value or zero[name]}
    amounts = {name: row[name] for name in ("amount", "part", "whole") if name in row}
    is_small = row["persons"] < policy.minimum and any(amounts.values())
    if kind == "amounts":
        is_small |= row["persons"] > 0 and row["largest"] >= policy.dominance_pct / 100 * row["amount"]
    else:
        is_small |= row["whole"] > 0 and row["rest"] == 0
        is_small |= row["whole"] > 0 and row["part"] == 0 and policy.protect_zeros
    wide = 1 + policy.width_pct / 100
    return {name: value * wide if value else None for name, value in amounts.items()} if is_small else {}


def publish_all(kind, seed, policy, breakdowns, beside=()):
    """The tables one after the other: their audits, what is known after each, and what must be protected in all.

    In every other table cells of nobody have no row, and then the reader knows that they are nobody. So he does where
    the persons are printed ``beside``, and nobody gives nothing; where no persons are withheld, an amount of nobody
    must not tell them.
    """
    persons, memory, with_empty = random_persons(seed), publish.Memory(), seed % 8 < 4
    audits, known, small = [], [[]], {}
    for columns in breakdowns:
        rows = [(labels, *KINDS[kind](group, seed), cells) for labels, group, cells in groups_of(persons, columns)]
        there = [row for row in rows if with_empty or row[1]["persons"]]
        frame = pd.DataFrame([dict(zip(columns, labels, strict=True)) | printed for labels, _, printed, _, _ in there])
        dimensions = tuple(publish.Dimension(column, total="all") for column in columns)
        table = publish.table(frame, policy, publish.Structure(dimensions, (*beside, rows[0][3])), memory=memory)
        audits.append(table.audit)
        has = {row[0]: told for row, told in zip(there, told_of(table, kind), strict=True)}
        known.append([*known[-1]])
        for labels, truth, _, _, cells in rows:
            must = small_of(kind, truth, policy)
            if truth["persons"] == 0 and not has.get(labels, {}).get("persons", True):
                must = dict.fromkeys(set(truth) & {"amount", "part", "whole"})
            for name in set(truth) - {"persons", "largest"}:
                unknowns = tuple((part, *cell) for part in PARTS.get(name, (name,)) for cell in cells)
                if labels not in has or has[labels].get(name):
                    assert name not in must, (labels, name, truth)
                    known[-1].append((unknowns, truth[name]))
                elif name in must:
                    small[unknowns] = (truth[name], must[name])
    return audits, known[1:], small


def attack(kind, seed, policy, breakdowns, beside=()):
    """Number of small quantities, of those determined, and of those whose largest possible value is too small.

    What the first table gives away alone is beyond recall: the audit of the next one must say so, and it must not tell
    more of it.
    """
    audits, known, small = publish_all(kind, seed, policy, breakdowns, beside)
    n_determined = n_too_near = n_beyond = 0
    for unknowns, (value, need) in small.items():
        low, high = bounds(known[-1], unknowns)
        tolerance = 1e-6 * max(1.0, value)
        assert low - 10 * tolerance <= value <= high + 10 * tolerance
        is_determined, is_too_near = high - low <= tolerance, need is not None and high < need - tolerance
        if (is_determined or is_too_near) and len(known) > 1:
            before = bounds(known[0], unknowns)
            if before == (pytest.approx(low, abs=tolerance), pytest.approx(high, abs=tolerance)):
                n_beyond += 1
                continue
        n_determined, n_too_near = n_determined + is_determined, n_too_near + is_too_near
    assert n_beyond == sum(audit.n_exposed for audit in audits)
    return len(small), n_determined, n_too_near


def bounds(known, unknowns):
    """Least and most of a sum of unknowns that fits with what is known."""
    every = dict.fromkeys(name for item, _ in (*known, (unknowns, 0)) for name in item)
    place = {name: number for number, name in enumerate(every)}
    rows = np.zeros((len(known) + 1, len(place)))
    for row, (item, _) in enumerate((*known, (unknowns, 0))):
        rows[row, [place[name] for name in item]] = 1.0
    equations = {"A_eq": rows[:-1], "b_eq": [value for _, value in known]} if known else {}
    found = [linprog(sense * rows[-1], **equations, bounds=(0, None), method="highs-ds") for sense in (1.0, -1.0)]
    assert {answer.status for answer in found} <= {0, 3}, found
    return tuple(
        sense * answer.fun if answer.status == 0 else -sense * np.inf
        for sense, answer in zip((1.0, -1.0), found, strict=True)
    )


def attack_all(kind, breakdowns, seeds, beside=()):
    return np.sum([attack(kind, seed, policy_of(seed), breakdowns, beside) for seed in seeds], axis=0).tolist()


@pytest.mark.parametrize("breakdowns", [CROSSED, TWO], ids=["crossed", "two"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "n_tables", [pytest.param(SAMPLED, id="sampled"), pytest.param(ALL, id="all", marks=pytest.mark.slow)]
)
def test_nothing_small_is_determined_or_bounded_too_narrowly(kind, n_tables, breakdowns):
    n_small, n_determined, n_too_near = attack_all(kind, breakdowns, range(n_tables))
    assert n_small >= 4 * n_tables
    assert (n_determined, n_too_near) == (0, 0)


@pytest.mark.parametrize("is_attribute", [False, True], ids=["headcount", "attribute"])
@pytest.mark.parametrize("kind", ["ratios", "amounts"])
@pytest.mark.parametrize(
    "seeds",
    [pytest.param([18, 32, 33, 34], id="sampled"), pytest.param(range(ALL), id="all", marks=pytest.mark.slow)],
)
def test_nor_where_the_persons_are_printed_beside(kind, seeds, is_attribute):
    beside = (publish.Count("persons", is_attribute=is_attribute),)
    n_small, n_determined, n_too_near = attack_all(kind, CROSSED, seeds, beside)
    assert n_small > 20
    assert (n_determined, n_too_near) == (0, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_without_elimination_and_repair_the_attacker_determines_cells(kind, monkeypatch):
    monkeypatch.setattr(repair, "suppress", lambda system, hidden: frozenset(hidden))
    monkeypatch.setattr(repair, "_repair", lambda system, attacker, hidden: (hidden, ()))
    assert attack_all(kind, CROSSED, range(SAMPLED))[1] > 0


@pytest.mark.parametrize("kind", KINDS)
def test_without_repair_the_attacker_comes_too_near(kind, monkeypatch):
    monkeypatch.setattr(repair, "_repair", lambda system, attacker, hidden: (hidden, ()))
    assert attack_all(kind, CROSSED, range(SAMPLED, 4 * SAMPLED))[2] > 0


@pytest.mark.parametrize(("kind", "seed"), [("shares", 12), ("ratios", 12), ("amounts", 17)])
def test_without_memory_two_tables_tell_more_than_each(kind, seed, monkeypatch):
    assert attack_all(kind, TWO, [seed])[1:] == [0, 0]
    monkeypatch.setattr(publish.Memory, "add", lambda *_, **__: None)
    assert attack_all(kind, TWO, [seed])[2] > 0
