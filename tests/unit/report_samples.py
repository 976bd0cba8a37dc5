"""Small reports, charts, tables and notebooks for the tests of `report`."""

from pathlib import Path

import nbformat
import pandas as pd
from publish_samples import STANDARD, opened

from kvalitet_eval import publish
from kvalitet_eval.present.chart import Axis, Chart, Point, Series
from kvalitet_eval.present.tables import Table, TableColumn, build_table
from kvalitet_eval.publish import PublishedFigure, PublishedText
from kvalitet_eval.report.facts import RunFacts
from kvalitet_eval.report.model import Report
from kvalitet_eval.report.safe_notebooks import REGISTER, read_register, register_notebooks
from kvalitet_eval.report.safe_tables import column_cells
from kvalitet_eval.report.site import Site
from kvalitet_eval.report.subject import Subject

FACTS = RunFacts(
    source="Årsrapport 2007",
    period="4. kv. 2005 – 3. kv. 2007",
    method="Forskjell i forskjeller",
    n_municipalities=1430,
    data_sha256="a" * 64,
    programme_sha256="b" * 64,
    version="0.1.0",
    policy=STANDARD.name,
    policy_minimum=STANDARD.minimum,
    policy_sha256=STANDARD.sha256,
)


def words(text: str) -> PublishedText:
    """A text through the gate; what stands in it is said to be known."""
    return publish.text(text, facts=[text])


def passed(content: Chart | Table | Site, policy: publish.Policy = STANDARD) -> PublishedFigure:
    """A chart, a set table or an index through the gate, from a published table of its own numbers."""
    numbers = pd.DataFrame({"value": [*content.numbers(), 0.0]}, dtype=float).assign(origin=content.origin)
    table = opened(numbers, policy=policy, output=f"numbers of {getattr(content, 'id', 'the index')}")
    return publish.figure(lambda _: content, table, facts=content.words())


def sample_report(**changes) -> Report:
    head = {
        "subject": Subject("municipality", "0542", "Nord-Aurdal"),
        "title": "Sykefraværet i Nord-Aurdal",
        "language": "nb",
        "programme": "Kvalitetskommuneprogrammet",
        "origin": "syntetisk",
        "facts": FACTS,
    }
    head |= changes
    return Report.start(**{**head, "title": words(head["title"])})


def sample_chart(id: str = "development", word: str = "Nord-Aurdal", origin: str = "syntetisk") -> Chart:
    return Chart(
        id=id,
        title=f"{word}: fraværet gikk ned",
        x=Axis("År", ticks=((2006, "2006"), (2007, "2007"), (2008, "2008"))),
        y=Axis("Sykefravær", "prosent"),
        series=(Series(word, (Point(2006, 10.700000000000001), Point(2007, None), Point(2008, 7.9))),),
        alt=f"Linjediagram for {word}: 10,7 prosent i 2006 og 7,9 prosent i 2008.",
        source=f"{word}, årsrapport",
        origin=origin,
        notes=(f"Note om {word}",),
    )


def sample_table(id: str = "published", word: str = "Nord-Aurdal", origin: str = "observed") -> Table:
    frame = pd.DataFrame({"name": [word, "Totalt"], "change_pp": [-2.8, None]})
    columns = [TableColumn("name", "Kommune"), TableColumn("change_pp", "Endring", "signed", "prosentpoeng")]
    about = {"id": id, "caption": f"Endring i {word}", "source": word, "notes": (word,), "facts": [word]}
    return build_table(opened(frame, origin=origin), columns, **about).content


def full_report(word: str = "Nord-Aurdal", **changes) -> Report:
    """Return a report with every kind of block, with ``word`` wherever a reader's text can stand."""
    subject = Subject("municipality", "0542", word)
    report = sample_report(**{"subject": subject, "title": f"Rapport for {word}", **changes})
    report.section(words(f"Utvikling i {word}"))
    report.text(words(f"Om {word}.\n\n- {word}\n- et punkt til"))
    report.chart(passed(sample_chart(word=word)))
    report.section(words("Tabell"))
    report.table(passed(sample_table(word=word)))
    for kind in ("finding", "caution", "note", "limits"):
        report.notice(kind, words(f"Merknad om {word}"))
    return report


LANGUAGE = 'language: str = "nb"  # language of the report'
PARAMETERS = f"""municipality: str = "0542"  # four digits, text
{LANGUAGE}
results_file: str = ""  # empty = only shown; see save"""

REPORTING = """
from kvalitet_eval import publish
from kvalitet_eval.report.facts import RunFacts
from kvalitet_eval.report.model import Report
from kvalitet_eval.report.site import Site
from kvalitet_eval.report.subject import Subject
facts = RunFacts("kilde", "2007", "metode", 430, "a" * 64, "b" * 64, "0.1.0", "standard", 5, "c" * 64)
report = Report.start(subject=Subject({kind!r}, {id}, "Østre Toten"), title=publish.text("Rapport"), language=language,
    programme="Programmet", origin="syntetisk", facts=facts)
report.section(publish.text("Overskrift"))
report.text(publish.text("Tekst"))
"""


def write_notebook(path: Path, *sources: str, parameters: str = PARAMETERS) -> Path:
    """Write a notebook with a parameters cell and one code cell per source."""
    cells = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="parameters")]
    cells += [nbformat.v4.new_code_cell(source, id=f"cell-{index}") for index, source in enumerate(sources)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    node = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(node), encoding="utf-8")
    return path


def register(root: Path, *notebooks: Path) -> None:
    """Let notebooks of a project run, beside those that may."""
    path = root / REGISTER
    register_notebooks(path, notebooks, read_register(path) if path.is_file() else {})


def table_cells(table, language="nb"):
    """Headings and rows of a finished table as the two writers of tables get them."""
    headings, rows = [], [[] for _ in table.rows]
    for _, names, parts in column_cells(table, language):
        headings += names
        for row, values in zip(rows, parts, strict=True):
            row.extend(values)
    return headings, rows
