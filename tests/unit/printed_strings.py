"""What each form of a report prints, in reading order, read from the finished file without the code that wrote it."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import openpyxl
import word_samples

PIECES = ("h1", "h2", "h3", "p", "li", "caption", "th", "td", "dt", "dd", "summary", "figcaption")
SKIPPED = ("svg", "style", "nav", "title", "script")
VOID = ("meta", "img", "br", "link", "input", "hr")


class _Page(HTMLParser):
    """The texts of the elements that hold text, without drawings, styles and ways around the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[str] = []
        self._words: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in PIECES:
            self._flush()
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if tag in PIECES:
            self._flush()
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if not set(SKIPPED) & set(self._open) and set(PIECES) & set(self._open):
            self._words.append(data)

    def _flush(self):
        words = one_line("".join(self._words))
        self._words = []
        if words:
            self.found.append(words)


def one_line(words: str) -> str:
    """Blanks of every kind but the one that does not break become one."""
    return re.sub(r"[ \t\r\n]+", " ", words).strip(" ")


def of_page(page: str) -> list[str]:
    """Texts of an HTML page."""
    parser = _Page()
    parser.feed(page)
    return parser.found


def of_word(data: bytes) -> list[str]:
    """Texts of a Word document."""
    return [one_line(words) for words in word_samples.printed(data) if one_line(words)]


def of_workbook(data: bytes) -> list[list[str]]:
    """For each sheet but the first: caption, then headings and printed cells of its rows."""
    found = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets[1:]:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        headings = rows[3]
        shown = [i for i, heading in enumerate(headings) if _is_shown(heading, headings[i + 1 : i + 4])]
        end = next(i for i, row in enumerate([*rows, [None]]) if i > 3 and not any(cell is not None for cell in row))
        said = [rows[0][0]]
        for row in rows[3:end]:
            said += [PRINTED.sub("", str(row[index])) for index in shown]
        found.append([one_line(words) for words in said if one_line(words)])
    return found


PRINTED = re.compile(r", (?:slik det står i rapporten|as printed in the report)$")


def _is_shown(heading: str, following: list[str | None]) -> bool:
    """A column is printed unless the next one or two have its numbers as the report prints them."""
    if PRINTED.search(heading):
        return True
    stem = re.sub(r", (?:nedre grense|øvre grense|lower limit|upper limit)$", "", heading)
    return not any(PRINTED.search(other or "") and PRINTED.sub("", other) == stem for other in following)


def of_pdf(data: bytes) -> str:
    """All text of a PDF without blanks: where lines break is nobody's business."""
    import pypdf

    pages = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    return squeezed("".join(pages))


def squeezed(words: str) -> str:
    """Text without blanks and without signs that only say where a line may break."""
    return re.sub(r"[\s\u00a0\u00ad\u200b\u2060]", "", words)
