"""The documents that the browser is shown, each in every language. A new kind is a new line in the table."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from made_programme import made_programme
from report_samples import FACTS, full_report, passed
from site_samples import PIXEL, SIZES
from site_samples import document as published

from kvalitet_eval.prepare.participation import participation_account
from kvalitet_eval.present.messages import languages
from kvalitet_eval.report.absent import Absent
from kvalitet_eval.report.blocks import Picture, Text
from kvalitet_eval.report.changes import Changes
from kvalitet_eval.report.document_files import ENDINGS
from kvalitet_eval.report.evaluation import load_evaluation
from kvalitet_eval.report.html import render_page, split_paragraphs
from kvalitet_eval.report.imported import load_imported
from kvalitet_eval.report.offers import offer
from kvalitet_eval.report.page_links import page_links
from kvalitet_eval.report.provenance import run_facts
from kvalitet_eval.report.site import Site, collect_site, render_index
from kvalitet_eval.report.site_parts import ChangeList, Cohort, Municipality

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = languages()
NARROW, WIDE = 320, 1280


@dataclass(frozen=True)
class Document:
    """A page with its language, and texts in it that are in another one."""

    name: str
    language: str
    html: str
    quotes: tuple[tuple[str, str], ...] = ()


@cache
def programme():
    """An imported and evaluated programme, once for each process; the folder goes when the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="kvalitet-browser-")
    return folder, made_programme(Path(folder.name))


def from_notebook(kind, **parameters):
    """The report that a template makes, without a kernel: its cells are run here, one after the other."""
    notebook = nbformat.read(ROOT / "notebooks" / "reports" / f"{kind}.ipynb", as_version=4)
    names: dict[str, object] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, kind, "exec"), names)
            if "parameters" in cell.metadata.get("tags", ()):
                names |= {"programme": str(programme()[1].path), **parameters}
    return names["report"]


def real(template, **about):
    """A document of a template, with the texts that its results say are in another language."""

    def build(language):
        report = from_notebook(template, **about, language=language)
        quotes = [(words, block.language) for block in report.blocks for words in _own_words(block)]
        others = tuple((words, own) for words, own in quotes if own and own != language)
        return render_page(report, index_href="../index-syntetisk.html"), others

    return build


def _own_words(block):
    if isinstance(block, Picture):
        return [words for words in (block.alt, block.caption) if words]
    return [part for _, parts in split_paragraphs(block.text) for part in parts] if isinstance(block, Text) else []


def every_block(language):
    """Every kind of block, with a picture and with words in another language."""
    other, said = ("en", "In the words of the municipality.") if language == "nn" else ("nn", "Med kommunen sine ord.")
    report = full_report(language=language)
    report._blocks.append(Text(said, other))
    report._blocks.append(Picture("meeting", "Folk rundt eit bord.", PIXEL, 1, 1, "Møte i personalet.", other))
    quotes = (said, "Folk rundt eit bord.", "Møte i personalet.")
    return render_page(report, index_href="../index-syntetisk.html"), tuple((quote, other) for quote in quotes)


def index(language):
    """An index of reports in several languages, with files, posters and a page about the method."""
    config = programme()[1]
    imported = load_imported(config)
    named = imported.membership[imported.membership["status"] == "treated"].head(12)
    numbers = zip(named["municipality_number"], named["name"], strict=True)
    about = [("municipality", number, name) for number, name in numbers]
    about += [("cohort", intake.id, intake.name) for intake in config.intakes]
    documents = [published(*who, language=code) for who in about for code in ("nb", "nn")]
    documents += [published(*about[0], document="poster"), published("programme", "kkp", "Programmet")]
    documents.append(published("page", "method", "Metode", document="page", title="Slik har vi regnet"))
    changes = Changes(False, new=(about[0][:2],), changed=(about[1][:2], about[-1][:2]))
    facts = run_facts(config, imported, load_evaluation(config, imported), language)
    account = participation_account(config, imported.register, imported.participants)
    shown = {"documents": documents, "changes": changes, "facts": facts, "origin": "syntetisk", "language": language}
    quotes = () if language == "nb" else (("Slik har vi regnet", "nb"),)
    return render_index(collect_site(config, account, imported.membership, **shown)), quotes


SMALL = (
    ("2012", "Alta", "Finnmark", 5), ("0542", "Nord-Aurdal", "Oppland", 0), ("0713", "Sande", "Møre og Romsdal", 1),
    ("0528", "Østre Toten", "Oppland", 2), ("0619", "Ål", "Buskerud", 3), ("1502", "Ålesund", "Møre og Romsdal", 2),
)  # fmt: skip
"""Number, name, county and place of the intake, in Norwegian order; the numbers are in no order of their own."""
_COUNTIES = ("Buskerud", "Finnmark", "Møre og Romsdal", "Oppland")
_INTAKES = ("Innsats", "Pulje I", "Pulje II", "Pulje III", "Pulje IV", "Ukjent")


def small_index(language):
    """An index of six municipalities with a report and one without, made without any programme."""
    listed = tuple(
        Municipality(number, name, county, _COUNTIES.index(county), _INTAKES[place], place,
                     (offer(published("municipality", number, name), language),))
        for number, name, county, place in SMALL
    )  # fmt: skip
    parts = (listed, (Cohort("Innsats", "Om opptaket.", (), 1),), (), (), (ChangeList("Ikke noe nytt."),))
    absent = (Absent("Bærum", "Ikke laget."),)
    site = Site("Programmet", "2007", 7, 6, *parts, absent, False, "syntetisk", FACTS, language=language)
    return Document("small-index", language, render_index(passed(site)))


def with_links(language):
    """The report of a municipality that also has a poster, other languages, and files of every format."""
    report, *others = (from_notebook("municipality", municipality="0542", language=code) for code in by_first(language))
    made = [(item, {f"{item.file_stem}{ENDINGS[form]}": "x" for form in SIZES}) for item in (report, *others)]
    return render_page(report, index_href="../index-syntetisk.html", links=page_links(report, made)), ()


def by_first(language):
    return sorted(LANGUAGES, key=lambda code: code != language)


DOCUMENTS = {
    "index": index,
    "every block": every_block,
    "municipality report": with_links,
    "municipality report without published figures": real("municipality", municipality="1902"),
    "status report": real("status_report", municipality="0542"),
    "poster": real("poster", municipality="0542"),
    "poster without texts": real("poster", municipality="1902"),
    "project mandate": real("project_mandate", municipality="0542"),
    "cohort report": real("cohort", cohort="pulje_2"),
    "cohort report without members": real("cohort", cohort="pulje_3"),
    "programme report": real("programme"),
    "method": real("page", page="method"),
    "glossary": real("page", page="glossary"),
    "accessibility statement": real("page", page="accessibility"),
}
"""Name of a kind of document to a function from language to the page and to its texts in other languages."""


@cache
def document(name: str, language: str) -> Document:
    """Build one document, once for each process."""
    html, quotes = DOCUMENTS[name](language)
    return Document(name.replace(" ", "-"), language, html, quotes)
