"""What a notebook shows of a block that was added to its report: the same content as on the page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from kvalitet_eval.present.to_plotly import to_plotly
from kvalitet_eval.report.blocks import Block, Figure, Listing, Notice, Picture, Section, Text
from kvalitet_eval.report.html import render_block

PLOTLY_MIME = "application/vnd.plotly.v1+json"


@dataclass(frozen=True, slots=True)
class Shown:
    """A block that was added, as JupyterLab shows it: the same content as on the page."""

    block: Block
    language: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/html": str(render_block(self.block, self.language)), "text/plain": repr(self)}
        if isinstance(self.block, Figure):
            bundle[PLOTLY_MIME] = json.loads(to_plotly(self.block.chart).to_json())
        return bundle

    def __repr__(self) -> str:
        match self.block:
            case Section(text) | Text(text) | Notice(_, text):
                return text
            case Picture(alt=alt):
                return alt
            case Figure(chart):
                return f"{chart.title}. {chart.alt}"
            case Listing(table):
                return f"{table.caption} ({len(table.rows)} x {len(table.columns)})"
