"""What a PDF must have to be read by everybody, each as a fault that can be told; and its text as it is read aloud."""

import io
import re
from itertools import pairwise

import pikepdf
from pypdf import PdfReader

HEADINGS = re.compile(r"/H[1-6]")


def opened(pdf):
    return pikepdf.open(io.BytesIO(pdf))


def elements(node):
    """Every structure element below a node, in the order in which it is read."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from elements(node.K)


def structure(document):
    return list(elements(document.Root.StructTreeRoot.K)) if "/StructTreeRoot" in document.Root else []


def named(document, *names):
    return [element for element in structure(document) if str(element.S) in names]


def attribute(element, name):
    """An attribute of a structure element, from whichever of its dictionaries has it."""
    given = element.get("/A", [])
    given = given if isinstance(given, pikepdf.Array) else [given]
    return next((str(item[name]) for item in given if isinstance(item, pikepdf.Dictionary) and name in item), None)


def levels(document):
    return [int(str(element.S)[2]) for element in structure(document) if HEADINGS.fullmatch(str(element.S))]


def faults(pdf, language="nb-NO"):
    """Names of what is missing or wrong, none for a PDF that everybody can read."""
    document = opened(pdf)
    root = document.Root
    found = {
        "language": str(root.get("/Lang", "")) != language,
        "marked": not bool(root.get("/MarkInfo", {}).get("/Marked", False)),
        "title is shown": not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
        "title": not str(document.docinfo.get("/Title", "")).strip(),
        "PDF/UA-1": "<pdfuaid:part>1</pdfuaid:part>" not in _metadata(root),
        "structure": not structure(document),
        "headings": not _in_order(levels(document)),
        "alternative text": any(not str(figure.get("/Alt", "")).strip() for figure in named(document, "/Figure")),
        "scope": any(attribute(cell, "/Scope") not in ("/Column", "/Row") for cell in named(document, "/TH")),
        "table headers": not all(_has_headers(table) for table in named(document, "/Table")),
        "fonts": any(not _is_embedded(font) for font in fonts(document)),
        "links": any("/Contents" not in note for page in document.pages for note in page.get("/Annots", [])),
    }
    return {name for name, is_fault in found.items() if is_fault}


def _metadata(root):
    return root.Metadata.read_bytes().decode() if "/Metadata" in root else ""


def _in_order(found):
    return found[:1] == [1] and found.count(1) == 1 and all(b - a <= 1 for a, b in pairwise(found))


def _has_headers(table):
    """Column headers in the first row, a row header first in every other."""
    rows = [[str(cell.S) for cell in elements(row.K) if str(cell.S) in ("/TH", "/TD")]
            for row in elements(table.K) if str(row.S) == "/TR"]  # fmt: skip
    return bool(rows) and set(rows[0]) == {"/TH"} and all(row[0] == "/TH" for row in rows)


def fonts(document):
    """Descendant fonts, and fonts that have none, of every page and drawing."""
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font" and "/DescendantFonts" not in item:
            yield item


def _is_embedded(font):
    about = font.get("/FontDescriptor", {})
    return any(name in about for name in ("/FontFile", "/FontFile2", "/FontFile3"))


def page_texts(pdf):
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def squeezed(words):
    """Without spaces and hyphens of line ends: where a line breaks is nobody's concern."""
    return re.sub(r"[\s\u00ad\u2010-]", "", words)


def out_of_order(text, strings):
    """Those of some strings that do not follow the one before in a text."""
    read, place, missing = squeezed(text), 0, []
    for words in strings:
        at = read.find(squeezed(words), place)
        if at < 0:
            missing.append(words)
        else:
            place = at + len(squeezed(words))
    return missing
