"""The publishing gate: what leaves the workbench goes through ``table``, ``figure`` or ``text``, or does not leave."""

from kvalitet_eval.publish.audit import AuditRecord, WithheldValue, read_withheld, write_private, write_withheld
from kvalitet_eval.publish.figures import figure
from kvalitet_eval.publish.gate import table
from kvalitet_eval.publish.linked import compare
from kvalitet_eval.publish.memory import Memory
from kvalitet_eval.publish.pictures import Picture, picture
from kvalitet_eval.publish.policy import PROFILES, Policy
from kvalitet_eval.publish.published import (
    CONFIDENTIAL,
    MISSING,
    NOT_APPLICABLE,
    PublishedCell,
    PublishedFigure,
    PublishedTable,
    PublishedText,
    Stamp,
)
from kvalitet_eval.publish.quotes import described, quote
from kvalitet_eval.publish.stored import load_tables, save_tables
from kvalitet_eval.publish.structure import Count, Dimension, Magnitude, Open, Ratio, Share, Statistic, Structure
from kvalitet_eval.publish.texts import join, text

__all__ = [
    "CONFIDENTIAL",
    "MISSING",
    "NOT_APPLICABLE",
    "PROFILES",
    "AuditRecord",
    "Count",
    "Dimension",
    "Magnitude",
    "Memory",
    "Open",
    "Picture",
    "Policy",
    "PublishedCell",
    "PublishedFigure",
    "PublishedTable",
    "PublishedText",
    "Ratio",
    "Share",
    "Stamp",
    "Statistic",
    "Structure",
    "WithheldValue",
    "compare",
    "described",
    "figure",
    "join",
    "load_tables",
    "picture",
    "quote",
    "read_withheld",
    "save_tables",
    "table",
    "text",
    "write_private",
    "write_withheld",
]
