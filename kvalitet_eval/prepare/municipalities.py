"""The municipality register: which numbers and names are valid when, and how numbers follow each other.

Numbers are text of four characters. A number is joined together with a year, never with a name: six names of 2007 are
two municipalities each, and a number can stay while the municipality grows.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from kvalitet_eval.config import Config
from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.intake import read
from kvalitet_eval.prepare.municipality_names import NameIndex, NameMatch, fold, spellings

MAX_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Municipality:
    """One spelling of one municipality, valid from the first to the last year, both included."""

    number: str
    name: str
    county: str
    first_year: int
    last_year: int

    def __str__(self) -> str:
        return f"{self.number} {self.name} ({self.county})"


@dataclass(frozen=True, slots=True)
class Change:
    """The area (or a part of it) of ``old`` belongs to ``new`` from 1 January of ``year``."""

    year: int
    old: str
    new: str


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """Municipalities and changes of all years from ``first_year`` to ``last_year``.

    Parameters
    ----------
    municipalities : tuple of Municipality
        One per number and spelling.
    changes : tuple of Change
        A merger that keeps a number has a change from that number to itself; a split has several from one number.
    """

    municipalities: tuple[Municipality, ...]
    changes: tuple[Change, ...]
    _valid: Mapping[int, Mapping[str, Municipality]] = field(init=False, repr=False)
    _successors: Mapping[tuple[int, str], frozenset[str]] = field(init=False, repr=False)
    _predecessors: Mapping[tuple[int, str], frozenset[str]] = field(init=False, repr=False)
    _names: dict[int, NameIndex] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        valid: dict[int, dict[str, Municipality]] = defaultdict(dict)
        for item in self.municipalities:
            for year in range(item.first_year, item.last_year + 1):
                valid[year][item.number] = item
        object.__setattr__(self, "_valid", {year: dict(sorted(valid[year].items())) for year in sorted(valid)})
        object.__setattr__(self, "_successors", _group(((c.year, c.old), c.new) for c in self.changes))
        object.__setattr__(self, "_predecessors", _group(((c.year, c.new), c.old) for c in self.changes))

    @property
    def first_year(self) -> int:
        """First year the register covers."""
        return min(self._valid)

    @property
    def last_year(self) -> int:
        """Last year the register covers."""
        return max(self._valid)

    def numbers(self, year: int) -> tuple[str, ...]:
        """Return all numbers valid in a year, sorted.

        Raises
        ------
        DataError
            The register does not cover the year.
        """
        if year not in self._valid:
            raise DataError.of("REG-01", found=year, first=self.first_year, last=self.last_year)
        return tuple(self._valid[year])

    def exists(self, number: str, year: int) -> bool:
        """Whether a number is valid in a year; False for a year the register does not cover."""
        return number in self._valid.get(year, {})

    def municipality(self, number: str, year: int) -> Municipality:
        """Return number, name and county as they are in a year.

        Raises
        ------
        DataError
            The number is not valid in that year; the message has the nearest ones.
        """
        if not self.exists(number, year):
            self.numbers(year)
            raise DataError(self._not_valid(number, year))
        return self._valid[year][number]

    def name(self, number: str, year: int) -> str:
        """Return the name a number has in a year; errors as for :meth:`municipality`."""
        return self.municipality(number, year).name

    def candidates(self, name: str, year: int) -> tuple[Municipality, ...]:
        """Return every municipality that a name can mean in a year; never a guess.

        Returns
        -------
        tuple of Municipality
            Empty when nobody has the name, several when the name is ambiguous.
        """
        return self.resolve(name, year).found

    def resolve(self, name: str, year: int) -> NameMatch:
        """Return what a name can mean in a year and how it was read; see :mod:`.municipality_names`.

        One language of a double name is enough ("Tana" for "Deatnu - Tana"), a county in brackets narrows the answer
        ("Os (Hedmark)"), and "Hå kommune" or "Nord Aurdal" are read with the rule named. A year that the register does
        not cover has no names.
        """
        if year not in self._names:
            self._names[year] = NameIndex(self._valid.get(year, {}).values())
        return self._names[year].match(name)

    def nearest(self, text: str, year: int | None = None) -> tuple[str, ...]:
        """Return up to three municipalities (of a year, or of any) that a wrong number or name probably stands for.

        A number that is valid in another year gives what became of it, or what it was made of; everything else what is
        written nearly alike. For messages only: never a match.
        """
        known = self.municipalities if year is None else tuple(self._valid.get(year, {}).values())
        if any(character.isdigit() for character in text):
            wanted, spelled = text.strip().zfill(4), {item.number: item for item in known}
            close = self._same_area(wanted, year) if year in self._valid else ()
        else:
            wanted, spelled = fold(text), {spelling: item for item in known for spelling in spellings(item.name)}
            close = ()
        close = close or difflib.get_close_matches(wanted, spelled, n=MAX_SUGGESTIONS, cutoff=0.7)
        return tuple(dict.fromkeys(str(spelled[spelling]) for spelling in close))

    def targets(self, number: str, year_from: int, year_to: int) -> tuple[str, ...]:
        """Return every number of ``year_to`` that some of the area of a number of ``year_from`` can belong to.

        Changes are followed in the order of time, backwards when ``year_to`` is earlier. One number means that the
        whole area went there; several mean that figures cannot be carried over.
        """
        return tuple(sorted(self._follow(number, year_from, year_to)[0]))

    def map_to(self, number: str, year_from: int, year_to: int) -> str:
        """Return the one number of ``year_to`` that holds the whole area of a number of ``year_from``.

        Raises
        ------
        DataError
            The number is not valid in ``year_from``, or its area was split (forwards) or merged (backwards) on the
            way; the message names the date and all candidates.
        """
        self.municipality(number, year_from)
        self.numbers(year_to)
        reached, change_year = self._follow(number, year_from, year_to)
        if len(reached) > 1:
            raise DataError(self._not_carried(number, year_from, year_to, reached, change_year))
        return min(reached)

    def predecessors(self, year_from: int, year_to: int) -> dict[str, tuple[str, ...]]:
        """Return, for each number of ``year_to``, the numbers of ``year_from`` whose whole area lies in it."""
        found: dict[str, list[str]] = defaultdict(list)
        for number in self.numbers(year_from):
            targets = self.targets(number, year_from, year_to)
            if len(targets) == 1:
                found[targets[0]].append(number)
        return {target: tuple(numbers) for target, numbers in found.items()}

    def links(self, number: str, year: int, *, forwards: bool) -> frozenset[str]:
        """Return the numbers that share area with a number across 1 January of ``year``.

        Forwards from the number of the year before, backwards from the number of ``year``; the number itself when
        nothing changed.
        """
        return (self._successors if forwards else self._predecessors).get((year, number), frozenset({number}))

    def _follow(self, number: str, year_from: int, year_to: int) -> tuple[set[str], int | None]:
        reached, divided = {number}, None
        for year in changes_between(year_from, year_to):
            reached = {target for one in reached for target in self.links(one, year, forwards=year_from <= year_to)}
            if len(reached) > 1 and divided is None:
                divided = year
        return reached, divided

    def _same_area(self, number: str, year: int) -> tuple[str, ...]:
        """Return the numbers of ``year`` with the area that a number has in the nearest year in which it is valid."""
        valid = [other for other in self._valid if self.exists(number, other)]
        return self.targets(number, min(valid, key=lambda other: abs(other - year)), year) if valid else ()

    def _not_valid(self, number: str, year: int) -> Finding:
        return finding("REG-02", found=number, year=year, nearest=_listed(self.nearest(number, year)))

    def _not_carried(
        self, number: str, year_from: int, year_to: int, reached: Iterable[str], change_year: int | None
    ) -> Finding:
        return finding(
            "REG-03" if year_from <= year_to else "REG-04",
            found=number,
            name=self.name(number, year_from),
            date=f"{change_year}-01-01",
            year=year_to,
            candidates=_listed(str(self._valid[year_to][target]) for target in sorted(reached)),
        )


def changes_between(year_from: int, year_to: int) -> range:
    """Return the years on whose 1 January borders can change on the way, in the order in which they are passed.

    Examples
    --------
    >>> list(changes_between(2007, 2009)), list(changes_between(2009, 2007))
    ([2008, 2009], [2009, 2008])
    """
    forwards = year_from <= year_to
    return range(year_from + 1, year_to + 1) if forwards else range(year_from, year_to, -1)


def load_register(config: Config) -> Register:
    """Read the register and the changes of a programme and check that they agree.

    Raises
    ------
    DataError
        A file cannot be read, a number is valid twice in a year, or a change does not fit the register; all faults
        at once.
    """
    path, changes_path = config.file("municipalities"), config.file("municipality_changes")
    rows, change_rows = read(path, "municipalities").rows, read(changes_path, "municipality_changes").rows
    columns = ["municipality_number", "name", "county", "first_year", "last_year"]
    register = Register(
        tuple(Municipality(*texts, int(a), int(b)) for *texts, a, b in rows[columns].itertuples(index=False)),
        tuple(
            Change(pd.Timestamp(date).year, old, new)
            for date, old, new in change_rows[["date", "old_number", "new_number"]].itertuples(index=False)
        ),
    )
    faults = [*_valid_twice(rows, path), *_change_faults(change_rows, register, changes_path)]
    if faults:
        raise DataError(faults)
    return register


def _valid_twice(rows: pd.DataFrame, path: Path) -> list[Finding]:
    ordered = rows.sort_values(["municipality_number", "first_year"])
    before = ordered.groupby("municipality_number")["last_year"].shift()
    overlapping = ordered[ordered["first_year"] <= before]
    return [
        finding("REG-05", file=path, line=line, column="first_year", found=year, number=number)
        for number, year, line in overlapping[["municipality_number", "first_year", "line"]].itertuples(index=False)
    ]


def _change_faults(rows: pd.DataFrame, register: Register, path: Path) -> list[Finding]:
    found = []
    for row in rows.itertuples():
        date = pd.Timestamp(row.date)
        if (date.month, date.day) != (1, 1):
            found.append(finding("REG-06", file=path, line=row.line, column="date", found=f"{date:%Y-%m-%d}"))
        for column, year in (("old_number", date.year - 1), ("new_number", date.year)):
            number = getattr(row, column)
            if not register.exists(number, year):
                found.append(finding("REG-07", file=path, line=row.line, column=column, found=number, year=year))
    return found


def _group(pairs: Iterable[tuple[tuple[int, str], str]]) -> dict[tuple[int, str], frozenset[str]]:
    groups: dict[tuple[int, str], set[str]] = defaultdict(set)
    for key, value in pairs:
        groups[key].add(value)
    return {key: frozenset(values) for key, values in groups.items()}


def _listed(items: Iterable[str]) -> str:
    return ", ".join(items) or "–"
