"""From rows and their declared structure to the systems that a reader could solve."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kvalitet_eval.publish import primary
from kvalitet_eval.publish.policy import Policy
from kvalitet_eval.publish.primary import Verdicts
from kvalitet_eval.publish.structure import Count, Magnitude, Measure, Ratio, Share, Structure
from kvalitet_eval.publish.system import Cell, System, name_of

Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a table, printed and behind it.

    Parameters
    ----------
    frame : pandas.DataFrame
        Printed rows first.
    n_printed : int
        How many are printed.
    columns : tuple of str
        The dimensions.
    codes : tuple of tuple of str
        Codes of each row, one for each dimension.
    leaves : tuple of mapping
        For each dimension, from a code to the smallest codes it stands for.
    """

    frame: pd.DataFrame
    n_printed: int
    columns: tuple[str, ...]
    codes: tuple[Codes, ...]
    leaves: tuple[Mapping[str, frozenset[str]], ...]

    def smallest(self, row: int) -> list[Codes]:
        """Return the smallest rows that a row is the sum of, in order."""
        groups = [sorted(leaves[code]) for leaves, code in zip(self.leaves, self.codes[row], strict=True)]
        return list(itertools.product(*groups))


@dataclass(frozen=True, slots=True)
class Quantity:
    """One column that adds up over rows: of which kinds of parts, with what verdicts."""

    column: str
    kinds: tuple[str, ...]
    amounts: np.ndarray
    verdicts: Verdicts
    is_printed: bool = True
    persons: np.ndarray | None = None


def rows_of(frame: pd.DataFrame, behind: pd.DataFrame | None, structure: Structure) -> Rows:
    """Put printed rows and those behind them together, with the rest of each dimension worked out by subtraction."""
    whole = frame if behind is None else pd.concat([frame, behind], ignore_index=True)
    for dimension in structure.dimensions:
        if dimension.rest is not None:
            whole = _with_rest(whole, structure, dimension.column, dimension.total, dimension.rest)
    keys = [whole[column].astype(str) for column in structure.keys]
    codes = tuple(zip(*keys, strict=True))
    leaves = tuple(dimension.leaves(key.unique()) for dimension, key in zip(structure.dimensions, keys, strict=True))
    return Rows(whole.reset_index(drop=True), len(frame), structure.keys, codes, leaves)


def _with_rest(whole: pd.DataFrame, structure: Structure, column: str, total: str | None, rest: str) -> pd.DataFrame:
    others = [key for key in structure.keys if key != column]
    added = [name for measure in structure.measures for name in _additive(measure)]
    text = whole.assign(**{key: whole[key].astype(str) for key in structure.keys})
    leaves = next(d for d in structure.dimensions if d.column == column).leaves(text[column].unique())
    is_leaf = text[column].map(lambda code: leaves[code] == frozenset({code}))
    by = others or [pd.Series("", index=text.index)]
    totals = text[text[column] == total].groupby(by, sort=True)[added].first() if others else None
    if totals is None:
        remaining = text.loc[text[column] == total, added].iloc[[0]] - text.loc[is_leaf, added].sum()
        made = remaining.assign(**{column: rest})
    else:
        parts = text[is_leaf].groupby(others, sort=True)[added].sum(min_count=1).reindex(totals.index).fillna(0.0)
        made = (totals - parts).reset_index().assign(**{column: rest})
    return pd.concat([whole, made], ignore_index=True)


def _additive(measure: Measure) -> tuple[str, ...]:
    match measure:
        case Count(column):
            return (column,)
        case Share(_, numerator, denominator):
            return (numerator, denominator)
        case Ratio(_, numerator, denominator, persons):
            return (numerator, denominator, persons)
        case Magnitude(column, persons):
            return (column, persons)
        case _:
            return ()


def quantities(measure: Measure, rows: Rows, policy: Policy) -> tuple[Quantity, ...]:
    """Return what adds up in a measure; nothing for a statistic."""
    frame = rows.frame
    match measure:
        case Count(column, is_attribute):
            values = _numbers(frame, column)
            return (Quantity(column, (column,), values, primary.judge_counts(values, policy, is_attribute)),)
        case Share(_, numerator, denominator):
            counted, group = _numbers(frame, numerator), _numbers(frame, denominator)
            judged = primary.judge_shares(counted, group, policy)
            rest = f"{denominator}-{numerator}"
            return (
                Quantity(numerator, (numerator,), counted, judged[0]),
                Quantity(denominator, (numerator, rest), group, judged[1]),
                Quantity(rest, (rest,), group - counted, judged[2], is_printed=False),
            )
        case Ratio(_, numerator, denominator, persons):
            people = _numbers(frame, persons)
            amounts = [(name, _numbers(frame, name)) for name in (numerator, denominator)]
            too_few = primary.judge_ratio(amounts[0][1], amounts[1][1], people, policy)
            return tuple(
                Quantity(name, (name,), values, primary.widened(too_few, values, policy), persons=people)
                for name, values in amounts
            )
        case Magnitude(column, persons, largest):
            values, people = _numbers(frame, column), _numbers(frame, persons)
            shares = np.column_stack([_numbers(frame, name) for name in largest])
            judged = primary.judge_amounts(values, people, shares, policy)
            return (Quantity(column, (column,), values, judged, persons=people),)
        case _:
            return ()


def build_system(
    measure: Measure, rows: Rows, policy: Policy, *, hidden_persons: Collection[int] = frozenset()
) -> System:
    """Return the system of one measure: its parts, its printed cells and the small ones that are not printed.

    Nobody gives nothing: an amount of nobody is known to the reader, unless the number of persons in that row is
    withheld (``hidden_persons``); then the amount is withheld too, because it would tell that there are none.
    """
    found = [_without_nobody(quantity, hidden_persons) for quantity in quantities(measure, rows, policy)]
    parts = _Parts(rows.columns)
    cells: list[Cell] = []
    bundles: dict[tuple[int, int], list[int]] = {}
    for place, quantity in enumerate(found):
        for row in range(len(rows.codes)):
            members = parts.of(quantity.kinds, rows.smallest(row))
            is_candidate = quantity.is_printed and row < rows.n_printed
            if is_candidate:
                together = -1 if isinstance(measure, Ratio) else place
                bundles.setdefault((row, together), []).append(len(cells))
            cells.append(_cell(quantity, row, members, is_candidate=is_candidate, has_needs=policy.interval, rows=rows))
            if _is_of_nobody(quantity, row):
                cells.append(Cell(cells[-1].name, members, 0.0, "known"))
    cells += parts.absent(cells)
    is_whole = isinstance(measure, Count | Share)
    zeros_are_open = isinstance(measure, Count) and not (policy.protect_zeros and measure.is_attribute)
    return System(parts.names, tuple(cells), tuple(map(tuple, bundles.values())), (), is_whole, zeros_are_open)


def _without_nobody(quantity: Quantity, hidden_persons: Collection[int]) -> Quantity:
    """Withhold the amounts of nobody where the number of persons is withheld."""
    rules = tuple(
        primary.ZERO if row in hidden_persons and _is_of_nobody(quantity, row) else rule
        for row, rule in enumerate(quantity.verdicts.rules)
    )
    return replace(quantity, verdicts=Verdicts(rules, quantity.verdicts.needs))


def _is_of_nobody(quantity: Quantity, row: int) -> bool:
    """Whether an amount is nothing, has nobody behind it, and may be shown."""
    if quantity.persons is None or quantity.verdicts.rules[row]:
        return False
    return bool(quantity.persons[row] == 0 and quantity.amounts[row] == 0)


def _cell(
    quantity: Quantity, row: int, members: tuple[int, ...], *, is_candidate: bool, has_needs: bool, rows: Rows
) -> Cell:
    rule, need = quantity.verdicts.rules[row], float(quantity.verdicts.needs[row])
    return Cell(
        name=name_of(quantity.column, rows.columns, rows.codes[row]),
        parts=members,
        value=float(quantity.amounts[row]),
        status="candidate" if is_candidate else "unprinted",
        rule=rule,
        need=need if has_needs else float("nan"),
        row=row if row < rows.n_printed else -1,
        persons=float("nan") if quantity.persons is None else float(quantity.persons[row]),
    )


class _Parts:
    """Smallest parts in the order they are met."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._columns = columns
        self._place: dict[str, int] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._place)

    def of(self, kinds: Iterable[str], smallest: Iterable[Codes]) -> tuple[int, ...]:
        smallest = list(smallest)
        names = (name_of(kind, self._columns, codes) for kind in kinds for codes in smallest)
        return tuple(self._place.setdefault(name, len(self._place)) for name in names)

    def absent(self, cells: Iterable[Cell]) -> list[Cell]:
        """Parts without a row of their own are 0, and the reader knows: the totals add up without them."""
        alone = {cell.parts[0] for cell in cells if len(cell.parts) == 1}
        return [Cell(name, (place,), 0.0, "known") for name, place in self._place.items() if place not in alone]


def _numbers(frame: pd.DataFrame, column: str) -> np.ndarray:
    return pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
