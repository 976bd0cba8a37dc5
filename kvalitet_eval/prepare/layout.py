"""How one column and one kind of file are described."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["municipality", "quarter", "number", "count", "text", "choice", "date"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file.

    Parameters
    ----------
    name, kind
        Name in the header; what its cells hold. ``number`` is read as float64, ``count`` (a whole number) as Int64,
        everything else as text: municipality numbers with four digits, quarters as ``2007Q3``, dates as ISO 8601
        with the precision of the file (``2007-01`` stays a month).
    description_nb, description_en : str
        What it is, for the data dictionary.
    unit : str
        Unit of numbers; empty for others.
    required : bool
        Whether the column must be there. ``default`` is its value when it is not.
    nullable : bool
        Whether a cell may be empty (missing, never 0).
    low, high : float, optional
        Smallest and largest value allowed, both included.
    allowed : tuple of str
        For a choice: the values. For a municipality: numbers that are valid beside the register's.
    digits : int, optional
        For a text that is a number of so many digits: a spreadsheet takes the first away when it is zero.
    aliases : tuple of str
        Other names the column has in files; capitals, accents, spaces and signs do not matter.
    synonyms : mapping of str to str
        For a choice: other words, in small letters, and the value each stands for.
    """

    name: str
    kind: Kind
    description_nb: str
    description_en: str
    unit: str = ""
    required: bool = True
    nullable: bool = False
    low: float | None = None
    high: float | None = None
    allowed: tuple[str, ...] = ()
    default: str | None = None
    digits: int | None = None
    aliases: tuple[str, ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """One kind of file.

    Parameters
    ----------
    id, title_nb, title_nn, title_en, source_en : str
        Identifier, what the file is, and where such files come from.
    columns : tuple of Column
        All columns that are read; others are left out with a warning.
    key : tuple of str
        Columns whose values together may occur only once.
    dash_is_zero : bool
        Whether ``-`` means zero, as in tables from Statistics Norway; elsewhere it is refused.
    """

    id: str
    title_nb: str
    title_nn: str
    title_en: str
    source_en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    dash_is_zero: bool = False

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be there."""
        return tuple(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column:
        """Return one column; KeyError when there is none of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"layout {self.id} has no column {name}")

    def of_kind(self, kind: Kind) -> tuple[Column, ...]:
        """Return the columns of one kind."""
        return tuple(column for column in self.columns if column.kind == kind)


def percent(name: str, description_nb: str, description_en: str, **options: Any) -> Column:
    """Describe a column of percentages, 0 to 100; options as for :class:`Column`."""
    return Column(name, "number", description_nb, description_en, unit="percent", low=0, high=100, **options)


def year(name: str, description_nb: str, description_en: str) -> Column:
    """Describe a column of years."""
    return Column(name, "count", description_nb, description_en, unit="year", low=1900, high=2100)


def text(name: str, description_nb: str, description_en: str, **options: Any) -> Column:
    """Describe a column of text; options as for :class:`Column`."""
    return Column(name, "text", description_nb, description_en, **options)
