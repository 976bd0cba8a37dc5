"""What a table consists of: its dimensions with totals and hierarchies, and what its columns measure.

The structure is what a reader can work out from headings and totals, so it decides what must be withheld together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class Dimension:
    """One column that says what a row is about.

    Parameters
    ----------
    column : str
        Its codes are compared as text.
    total : str, optional
        Code that stands for all the others of the table.
    parents : mapping of str to str, optional
        From a code to the code it is part of, in as many steps as needed.
    members : mapping of str to tuple of str, optional
        From a code to the codes it is the sum of; these may overlap: rolling windows, other groupings.
    rest : str, optional
        Name of everything the total covers beyond the codes of the table; never printed, worked out by subtraction.

    Examples
    --------
    >>> geo = Dimension("geo", total="Total", parents={"Spain": "EU", "Portugal": "EU"})
    >>> {code: sorted(parts) for code, parts in geo.leaves(["EU", "Iceland", "Total"]).items()}["Total"]
    ['Iceland', 'Portugal', 'Spain']
    """

    column: str
    total: str | None = None
    parents: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rest: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "parents", MappingProxyType(dict(self.parents)))
        object.__setattr__(self, "members", MappingProxyType({k: tuple(v) for k, v in self.members.items()}))

    def leaves(self, codes: Iterable[str]) -> dict[str, frozenset[str]]:
        """Return the smallest codes that each code is the sum of, for the codes of a table and of this declaration.

        Raises
        ------
        ValueError
            A code is part of itself.
        """
        sums = {self.total, *self.parents.values(), *self.members} - {None}
        known = {*codes, *self.parents, *(part for parts in self.members.values() for part in parts)}
        known |= {self.rest} - {None}
        smallest = known - sums
        parts: dict[str, set[str]] = {code: {code} for code in smallest} | {code: set() for code in sums}
        for code in smallest:
            for above in self._above(code):
                parts[above].add(code)
        for code, listed in self.members.items():
            parts[code] |= set().union(*(parts[part] for part in listed))
        if self.total is not None:
            parts[self.total] = set(smallest)
        return {code: frozenset(leaf) for code, leaf in parts.items()}

    def _above(self, code: str) -> list[str]:
        above: list[str] = []
        while code in self.parents:
            code = self.parents[code]
            if code in above:
                raise ValueError(f"dimension {self.column!r}: {code!r} is part of itself")
            above.append(code)
        return above


@dataclass(frozen=True, slots=True)
class Count:
    """Persons in a cell. ``also``: columns that say the same in another way and are withheld with it."""

    column: str
    is_attribute: bool = True
    also: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """Columns the rules read."""
        return (self.column,)

    @property
    def printed(self) -> tuple[str, ...]:
        """Columns that are published."""
        return (self.column, *self.also)


@dataclass(frozen=True, slots=True)
class Share:
    """Share of persons: ``numerator`` of the ``denominator`` persons of the cell, both counts.

    The reader is taken to know the denominator: a printed share then gives the count, also without decimals.
    ``shown`` says which of the two counts are printed; the others never leave.
    """

    column: str
    numerator: str
    denominator: str
    shown: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """Columns the rules read."""
        return (self.column, self.numerator, self.denominator)

    @property
    def printed(self) -> tuple[str, ...]:
        """Columns that are published."""
        return (self.column, *self.shown, *self.also)


@dataclass(frozen=True, slots=True)
class Ratio:
    """One amount over another, such as days lost over days agreed, with ``persons`` behind the cell.

    Withheld with both amounts when too few persons are behind it, or when it is nothing or all: then it says the same
    about each of them.
    """

    column: str
    numerator: str
    denominator: str
    persons: str
    shown: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """Columns the rules read."""
        return (self.column, self.numerator, self.denominator, self.persons)

    @property
    def printed(self) -> tuple[str, ...]:
        """Columns that are published."""
        return (self.column, *self.shown, *self.also)


@dataclass(frozen=True, slots=True)
class Magnitude:
    """An amount that adds up over cells, with ``persons`` (or other contributors) behind it.

    ``largest`` names the columns that hold the largest contributions, at least as many as the policy looks at; where
    one is unknown the amount is withheld.
    """

    column: str
    persons: str
    largest: tuple[str, ...]
    also: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """Columns the rules read."""
        return (self.column, self.persons, *self.largest)

    @property
    def printed(self) -> tuple[str, ...]:
        """Columns that are published."""
        return (self.column, *self.also)


@dataclass(frozen=True, slots=True)
class Statistic:
    """A value that does not add up: smallest, largest, percentile (``persons``), or of a regression (``residual_df``).

    ``basis`` is the column with the number of persons, or for a regression its residual degrees of freedom. A mean
    belongs in :class:`Ratio`, because means and group sizes give sums. ``persons`` names a column with the persons that
    an average rests on, who must be as many as in any other group.
    """

    column: str
    kind: Literal["extreme", "percentile", "regression"]
    basis: str
    also: tuple[str, ...] = ()
    persons: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """Columns the rules read."""
        return (self.column, self.basis, *([self.persons] if self.persons else []))

    @property
    def printed(self) -> tuple[str, ...]:
        """Columns that are published."""
        return (self.column, *self.also)


@dataclass(frozen=True, slots=True)
class Open:
    """Numbers that no rule withholds, and the reason, which the audit record counts.

    ``because`` is ``no_persons`` (files, lines, quarters, municipalities, properties of a method), ``public`` (the
    source has published the number itself), ``published`` (worked out from tables that passed the gate, missing with a
    status ``confidential`` where one of those is withheld) or ``simulated`` (nobody; only in a synthetic frame).
    """

    column: str
    because: Literal["no_persons", "public", "published", "simulated"]
    also: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """Columns the rules read."""
        return (self.column,)

    @property
    def printed(self) -> tuple[str, ...]:
        """Columns that are published."""
        return (self.column, *self.also)


OPEN_REASONS: tuple[str, ...] = ("no_persons", "public", "published", "simulated")
Measure = Count | Share | Ratio | Magnitude | Statistic | Open


@dataclass(frozen=True, slots=True)
class Structure:
    """The declared structure of a table.

    Parameters
    ----------
    dimensions : tuple of Dimension
        Together they name a row.
    measures : tuple of Measure
        Every printed number belongs to one.
    labels : tuple of str
        Further columns that are printed as they are: names of municipalities, units. Text only.
    family : str
        Tables of the same family are about the same persons and periods and are linked through the memory of what has
        been published.
    """

    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    labels: tuple[str, ...] = ()
    family: str = "table"

    @property
    def keys(self) -> tuple[str, ...]:
        """Columns that name a row."""
        return tuple(dimension.column for dimension in self.dimensions)

    @property
    def needs(self) -> tuple[str, ...]:
        """Every column that must be in the frame, once each."""
        measured = [column for measure in self.measures for column in (*measure.needs, *measure.printed)]
        return tuple(dict.fromkeys((*self.keys, *self.labels, *measured)))

    @property
    def printed(self) -> tuple[str, ...]:
        """Every column that leaves, once each."""
        measured = [column for measure in self.measures for column in measure.printed]
        return tuple(dict.fromkeys((*self.keys, *self.labels, *measured)))
