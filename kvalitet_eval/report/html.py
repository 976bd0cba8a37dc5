"""The page of a report: one self-contained file that asks nobody for anything and runs no script but its own.

Every text is escaped by the template; only the drawings of ``present.to_svg``, which escape their own text, are set in
as they are. The same blocks are what a notebook shows.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kvalitet_eval.present import numbers, theme
from kvalitet_eval.present.chart import Chart
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.point_links import Place, point_links
from kvalitet_eval.present.tables import Cell, TableColumn, table_of_chart
from kvalitet_eval.present.to_svg import to_page_svg
from kvalitet_eval.report.blocks import Block, Figure, Listing, Notice, Picture, Section, Text
from kvalitet_eval.report.documents import WITHOUT_ESTIMATES, Document
from kvalitet_eval.report.facts import RunFacts
from kvalitet_eval.report.subject import subject_words
from kvalitet_eval.results import SYNTHETIC

if TYPE_CHECKING:
    from kvalitet_eval.report.model import Report
    from kvalitet_eval.report.page_links import PageLinks

TEMPLATES = Path(__file__).parent / "templates"
INDEX_SCRIPT = (TEMPLATES / "index.js").read_text(encoding="utf-8")
"""What lets a reader search and sort the index; without it everything is listed all the same."""
_BLOCK_NAMES = {
    Section: "section",
    Text: "text",
    Notice: "notice",
    Figure: "figure",
    Listing: "table",
    Picture: "picture",
}
_HASH_DIGITS = 12
_ORDINAL = re.compile(r"(?<![\d.,])(\d{1,2}\.) (?=[a-zæøå])")
_REST_OF_POLICY = "style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"


def content_security_policy(script: str = "") -> str:
    """Return the policy of a page: nothing from anywhere, and of scripts only the one given, by its hash."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = f"script-src 'sha256-{digest}'; " if script else ""
    return f"default-src 'none'; {allowed}{_REST_OF_POLICY}"


def render_page(report: Report, *, index_href: str = "", links: PageLinks | None = None) -> str:
    """Return the whole page.

    Parameters
    ----------
    report : Report
        As built in a notebook or read by ``model.load``.
    index_href : str
        Relative address of the index; empty for a page that stands alone.
    links : PageLinks, optional
        Where else the page leads; nothing for a page that stands alone.
    """
    sections: list[tuple[str, list[Block]]] = []
    for block in report.blocks:
        if isinstance(block, Section):
            sections.append((block.heading, []))
        else:
            sections[-1][1].append(block)
    return render_template(
        "page.html.j2",
        report.language,
        report=report,
        about=subject_words(report.subject, report.language),
        sections=sections,
        index_href=index_href,
        links=links,
        facts=facts_rows(report.facts, report.language, report.document),
        is_synthetic=report.origin == SYNTHETIC,
    )


def render_block(block: Block, language: str) -> Markup:
    """Return one block as it stands on the page, for a notebook."""
    return Markup(render_template("one_block.html.j2", language, block=block))


def facts_rows(facts: RunFacts, language: str, document: Document = "report") -> list[tuple[str, str]]:
    """Return what the foot of a document says: pairs of a label and its text, hashes shortened."""
    values = {
        "source": facts.source,
        "period": facts.period,
        "n_municipalities": numbers.count(facts.n_municipalities, language),
        "method": facts.method,
        "version": facts.version,
        "run": facts.run_id,
        "data": facts.data_sha256[:_HASH_DIGITS],
        "programme": facts.programme_sha256[:_HASH_DIGITS],
        "policy": text("report.about.policy_text", language, **_policy(facts)),
    }
    if document in WITHOUT_ESTIMATES:
        del values["method"]
    return [(text(f"report.about.{name}", language), value) for name, value in values.items()]


def _policy(facts: RunFacts) -> dict[str, object]:
    return {"name": facts.policy, "minimum": facts.policy_minimum, "hash": facts.policy_sha256[:_HASH_DIGITS]}


def render_template(name: str, language: str, **values: Any) -> str:
    """Fill one template; it can look up catalogue texts with ``t`` and knows the colours of ``present.theme``."""
    template = _environment().get_template(name)
    known = {"t": partial(text, language=language), "language": language, "script": "", "links": None}
    return template.render(**(known | values))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(theme=theme, policy=content_security_policy, synthetic=SYNTHETIC)
    environment.filters.update(
        block_name=lambda block: _BLOCK_NAMES[type(block)],
        paragraphs=split_paragraphs,
        drawing=_drawing,
        point_links=_point_links,
        chart_table=table_of_chart,
        headed=_headed,
        whole_words=_whole_words,
        as_script=Markup,
        compact=compact_style,
    )
    return environment


@cache
def compact_style(style: str) -> Markup:
    """Return a style sheet without the white space that is there for its authors.

    Examples
    --------
    >>> compact_style("td, th { margin: 0 auto; color: red; } li:hover { margin: 0 }")
    Markup('td,th{margin:0 auto;color:red;}li:hover{margin:0}')
    """
    return Markup(re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r":\s+", ":", style)))


def split_paragraphs(plain: str) -> list[tuple[str, list[str]]]:
    r"""Part plain text into paragraphs and lists; a number with a point stays on the line of what it counts.

    Examples
    --------
    >>> split_paragraphs("One\nline.\n\n- first\n- second")
    [('p', ['One line.']), ('ul', ['first', 'second'])]
    >>> split_paragraphs("Til 4. kv. 2010.")
    [('p', ['Til 4.\xa0kv. 2010.'])]
    """
    parts: list[tuple[str, list[str]]] = []
    is_new = True
    for line in (_ORDINAL.sub("\\1\u00a0", raw.strip()) for raw in plain.split("\n")):
        if line.startswith("- "):
            if is_new or parts[-1][0] != "ul":
                parts.append(("ul", []))
            parts[-1][1].append(line[2:].strip())
        elif line and (is_new or not parts):
            parts.append(("p", [line]))
        elif line:
            if parts[-1][0] == "ul":
                parts.append(("p", [line]))
            else:
                parts[-1][1][0] += f" {line}"
        is_new = not line
    return parts


def _drawing(chart: Chart) -> Markup:
    return Markup(to_page_svg(chart))


def _point_links(chart: Chart, hrefs: Mapping[Place, str]) -> Markup:
    return Markup(point_links(chart, hrefs))


def _headed(row: tuple[Cell, ...], columns: tuple[TableColumn, ...]) -> list[tuple[Cell, TableColumn]]:
    return list(zip(row, columns, strict=True))


def _whole_words(heading: str) -> Markup:
    """Keep names such as Nord-Aurdal on one line: browsers break after a hyphen."""
    whole = Markup('<span class="whole">{}</span>')
    return Markup(" ").join(whole.format(word) if "-" in word else word for word in heading.split())
