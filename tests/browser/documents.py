"""The documents that the browser is shown, each in every language. A new kind is a new line in the table."""

from __future__ import annotations

import base64
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from made_programme import made_programme
from report_samples import full_report

from kvalitet_eval.present.messages import languages
from kvalitet_eval.report.blocks import Picture, Text
from kvalitet_eval.report.html import render_page

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = languages()
NARROW, WIDE = 320, 1280
PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d494844520000000100000001080200000090"
        "7753de0000000c49444154789c6360f8cf00000301010018dd8db00000000049454e44ae426082"
    )
).decode()


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


def real(kind, id):
    def build(language):
        report = from_notebook(kind, **{kind: id}, language=language)
        return render_page(report, index_href="../index-syntetisk.html"), ()

    return build


def every_block(language):
    """Every kind of block, with a picture and with words in another language."""
    other, said = ("en", "In the words of the municipality.") if language == "nn" else ("nn", "Med kommunen sine ord.")
    report = full_report(language=language)
    report._blocks.append(Text(said, other))
    report._blocks.append(Picture("meeting", "Folk rundt eit bord.", PIXEL, 1, 1, "Møte i personalet.", other))
    quotes = (said, "Folk rundt eit bord.", "Møte i personalet.")
    return render_page(report, index_href="../index-syntetisk.html"), tuple((quote, other) for quote in quotes)


DOCUMENTS = {
    "every block": every_block,
    "municipality report": real("municipality", "0542"),
    "municipality report without published figures": real("municipality", "1902"),
    "cohort report": real("cohort", "pulje_2"),
    "cohort report without members": real("cohort", "pulje_3"),
}
"""Name of a kind of document to a function from language to the page and to its texts in other languages."""


@cache
def document(name: str, language: str) -> Document:
    """Build one document, once for each process."""
    html, quotes = DOCUMENTS[name](language)
    return Document(name.replace(" ", "-"), language, html, quotes)
