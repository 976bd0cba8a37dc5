"""What a report consists of, in reading order: headings, paragraphs, notices, charts and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from kvalitet_eval.present import chart as charts
from kvalitet_eval.present import tables
from kvalitet_eval.present.chart import Chart
from kvalitet_eval.present.tables import Table
from kvalitet_eval.publish import Picture

NoticeKind = Literal["finding", "caution", "note", "limits", "missing"]
NOTICE_KINDS: tuple[str, ...] = get_args(NoticeKind)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the second level."""

    heading: str


@dataclass(frozen=True, slots=True)
class Text:
    """Plain paragraphs separated by an empty line; lines that begin with ``- `` are a list.

    ``language`` is given when it is not the report's: a municipality's own words.
    """

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Text set apart: the main finding, what to be careful with, a note, a limit of the report, a missing part."""

    kind: NoticeKind
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart, with its numbers as a table that the reader can open."""

    chart: Chart
    with_table: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of its own."""

    table: Table


Block = Section | Text | Notice | Figure | Listing | Picture


def to_plain(block: Block) -> dict[str, Any]:
    """Return a block as plain dictionaries for ``results.json``."""
    match block:
        case Section(heading):
            return {"type": "section", "heading": heading}
        case Text(text, language):
            return {"type": "text", "text": text, "language": language}
        case Notice(kind, text):
            return {"type": "notice", "kind": kind, "text": text}
        case Figure(chart, with_table):
            return {"type": "chart", "with_table": with_table, "chart": chart.to_dict()}
        case Listing(table):
            return {"type": "table", "table": table.to_dict()}
        case Picture():
            return {"type": "picture", **asdict(block)}


def from_plain(stored: Mapping[str, Any]) -> Block:
    """Build a block again from :func:`to_plain`.

    Raises
    ------
    KeyError, TypeError, ValueError
        The stored block is not one; the caller names the file.
    """
    match stored["type"]:
        case "section":
            return Section(stored["heading"])
        case "text":
            return Text(stored["text"], stored["language"])
        case "notice":
            return Notice(stored["kind"], stored["text"])
        case "chart":
            return Figure(charts.from_dict(stored["chart"]), bool(stored["with_table"]))
        case "table":
            return Listing(tables.from_dict(stored["table"]))
        case "picture":
            return Picture(**{name: value for name, value in stored.items() if name != "type"})
        case other:
            raise ValueError(f"unknown type of block {other!r}")
