"""The prose of a document: what its reader reads from end to end, and how hard it is to read."""

from __future__ import annotations

from kvalitet_eval.present.readability import Readability, read_prose
from kvalitet_eval.report.blocks import Notice, Text
from kvalitet_eval.report.model import Report


def prose_of(report: Report) -> list[str]:
    """Return paragraphs and notices in the report's own language: no headings, charts or tables, and not the foot."""
    return [block.text for block in report.blocks if isinstance(block, Notice) or _is_own(block)]


def readability_of(report: Report) -> Readability:
    """Count the words and sentences of a document's prose."""
    return read_prose(prose_of(report))


def _is_own(block: object) -> bool:
    return isinstance(block, Text) and not block.language
