"""Random tables through the gate, then an attacker that shares no code with it."""

from __future__ import annotations

import numpy as np
import pytest
from outside_attacker import bounds_of
from random_tables import SHAPES, random_breakdowns, random_shares, random_table

from kvalitet_eval import publish
from kvalitet_eval.publish import repair

SAMPLED, ALL = 16, 150
PROFILES = ("ssb", "standard", "streng")


def policy_of(seed, **changes):
    policy = publish.Policy.load(PROFILES[seed % 3])
    return policy.model_copy(update={"protect_zeros": seed // len(SHAPES) % 2 == 0, **changes})


def attack(seed, policy):
    """What the outside attacker knows of each small cell: number of small cells, determined ones, and too near."""
    rows, frame, structure = random_table(seed)
    published = publish.table(frame, policy, structure)
    is_printed = (published.marks()["n"] == "").to_numpy()
    values = frame["n"].to_numpy()
    small = [row for row, n in enumerate(values) if 0 < n < policy.minimum or (n == 0 and policy.protect_zeros)]
    assert not is_printed[small].any()
    assert published.to_frame()["n"][is_printed].tolist() == values[is_printed].tolist()
    return judge(bounds_of(rows, is_printed, small), policy)


def judge(bounds, policy):
    """Number of cells, of determined ones, and of those whose upper bound is at the minimum or under it."""
    determined = sum(np.ceil(low - 1e-6) >= np.floor(high + 1e-6) for low, high in bounds.values())
    return len(bounds), determined, sum(np.floor(high + 1e-6) <= policy.minimum for _, high in bounds.values())


def attack_shares(seed, policy):
    """The same for shares: small among those counted, the group, or the others, whether printed or not."""
    ill, whole, rest, frame = random_shares(seed)
    structure = publish.Structure(
        (publish.Dimension("geo", total="all"),), (publish.Share("pct", "ill", "n", shown=("n",)),)
    )
    marks = publish.table(frame, policy, structure).marks()
    group_is_printed = (marks["n"] == "").to_numpy()
    is_told = group_is_printed & (marks["pct"] != ":").to_numpy()
    rows, printed = [*ill, *whole, *rest], np.concatenate([is_told, group_is_printed, np.zeros(len(rest), dtype=bool)])
    has_group = np.tile(frame["n"].to_numpy() > 0, 3)
    small = [
        place
        for place, (_, _, value) in enumerate(rows)
        if has_group[place] and (0 < value < policy.minimum or (value == 0 and policy.protect_zeros))
    ]
    assert not printed[small].any()
    return judge(bounds_of(rows, printed, small), policy)


def attack_breakdowns(seed, policy, memory):
    """The same for two tables of the same persons put together; ``memory`` may be shared or not."""
    rows, frames, structures = random_breakdowns(seed)
    printed = [
        (publish.table(frame, policy, structure, memory=kept).marks()["n"] == "").to_numpy()
        for frame, structure, kept in zip(frames, structures, memory, strict=True)
    ]
    both, is_printed = [*rows[0], *rows[1]], np.concatenate(printed)
    values = [value for _, _, value in both]
    small = [
        place
        for place, value in enumerate(values)
        if not is_printed[place] and (0 < value < policy.minimum or (value == 0 and policy.protect_zeros))
    ]
    return judge(bounds_of(both, is_printed, small), policy)


def attack_all(seeds, **changes):
    return np.sum([attack(seed, policy_of(seed, **changes)) for seed in seeds], axis=0)


@pytest.mark.parametrize(
    "n_tables", [pytest.param(SAMPLED, id="sampled"), pytest.param(ALL, id="all", marks=pytest.mark.slow)]
)
def test_nothing_small_is_determined_or_bounded_at_the_minimum(n_tables):
    n_small, n_determined, n_too_near = attack_all(range(n_tables))
    assert n_small > 5 * n_tables
    assert (n_determined, n_too_near) == (0, 0)


def test_without_elimination_the_attacker_determines_cells(monkeypatch):
    monkeypatch.setattr(repair, "suppress", lambda system, hidden: frozenset(hidden))
    monkeypatch.setattr(repair, "_repair", lambda system, attacker, hidden: (hidden, ()))
    assert attack_all(range(6))[1] > 0


def test_without_repair_the_attacker_comes_too_near(monkeypatch):
    assert attack_all(range(6), interval=False)[2] > 0
    monkeypatch.setattr(repair, "_repair", lambda system, attacker, hidden: (hidden, ()))
    assert attack_all(range(6))[2] > 0


def test_repair_alone_holds_the_attacker_off_too(monkeypatch):
    monkeypatch.setattr(repair, "suppress", lambda system, hidden: frozenset(hidden))
    assert attack_all(range(4))[1:].tolist() == [0, 0]


def test_shares_are_safe_in_all_three_groups():
    n_small, n_determined, n_too_near = np.sum([attack_shares(seed, policy_of(seed)) for seed in range(24)], axis=0)
    assert n_small > 100
    assert (n_determined, n_too_near) == (0, 0)


def test_two_tables_of_the_same_persons_are_safe_together():
    pairs = [(seed, publish.Memory()) for seed in range(12)]
    found = [attack_breakdowns(seed, policy_of(seed), (memory, memory)) for seed, memory in pairs]
    n_small, n_determined, n_too_near = np.sum(found, axis=0)
    assert n_small > 40
    assert (n_determined, n_too_near) == (0, 0)


def test_two_tables_are_not_safe_together_without_memory():
    found = [attack_breakdowns(seed, policy_of(seed), (publish.Memory(), publish.Memory())) for seed in range(12)]
    assert np.sum(found, axis=0)[2] > 0
