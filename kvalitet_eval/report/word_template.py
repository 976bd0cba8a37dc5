"""A municipality's own Word template: what it may be before anything opens it, and what of it is kept.

Its styles, page, headers, footers and their pictures are kept; its own text, comments, properties and everything else
that belongs to the person who made it are not.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

from kvalitet_eval.errors import Finding, ReportError, finding
from kvalitet_eval.report.packed import pack

MOST_BYTES = 60 * 2**20
MOST_PARTS = 1_000
_CHUNK = 2**16
_MAIN = "word/document.xml"
_TYPES = "[Content_Types].xml"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_ACTIVE_PART = re.compile(r"vbaproject|vbadata|activex|/embeddings/|oleobject|customui|attachedtoolbars", re.IGNORECASE)
_ACTIVE_TYPE = re.compile(rb"macroenabled|vbaproject|activex|oleobject|ms-office\.vba", re.IGNORECASE)
_ACTIVE_FIELD = re.compile(
    r"\b(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|EMBED|DATABASE|MACROBUTTON|HYPERLINK|RD|HTMLCONTROL"
    r"|ADDIN|CONTROL)\b",
    re.IGNORECASE,
)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_XML = (".xml", ".rels", ".vml")
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError)


def checked_template(data: bytes, name: str) -> bytes:
    """Return a template that passed, packed anew: what was checked is what is opened.

    Parameters
    ----------
    data : bytes
        The file that a municipality supplied.
    name : str
        What the file is called in messages.

    Raises
    ------
    ReportError
        RAP-70 no Word document, RAP-71 macros or other active parts, RAP-72 something outside the file, RAP-73 it
        unpacks to too much, RAP-74 a field that fetches or starts something. Everything that is wrong is told at once.
    """
    try:
        parts = _unpacked(data, name)
    except _BROKEN as error:
        raise ReportError.of("RAP-70", file=name, reason=f"{type(error).__name__}: {error}") from error
    missing = [part for part in (_TYPES, "_rels/.rels", _MAIN) if part not in parts]
    if missing:
        raise ReportError.of("RAP-70", file=name, reason=", ".join(missing))
    if faults := list(_faults(parts, name)):
        raise ReportError(faults)
    parts[_TYPES] = parts[_TYPES].replace(_TEMPLATE.encode(), _DOCUMENT.encode())
    if _DOCUMENT.encode() not in parts[_TYPES]:
        raise ReportError.of("RAP-70", file=name, reason=_TYPES)
    return pack(parts)


def _unpacked(data: bytes, name: str) -> dict[str, bytes]:
    """Unpack chunk by chunk, so that a small file cannot fill the memory, whatever its directory says."""
    parts: dict[str, bytes] = {}
    left = MOST_BYTES
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        infos = [info for info in packed.infolist() if not info.is_dir()]
        if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_BYTES:
            raise _too_large(name, sum(info.file_size for info in infos), len(infos))
        for info in infos:
            if info.filename in parts:
                raise zipfile.BadZipFile(info.filename)
            pieces = []
            with packed.open(info) as member:
                while piece := member.read(_CHUNK):
                    left -= len(piece)
                    if left < 0:
                        raise _too_large(name, MOST_BYTES - left, len(infos))
                    pieces.append(piece)
            parts[info.filename] = b"".join(pieces)
    return parts


def _too_large(name: str, n_bytes: int, n_parts: int) -> ReportError:
    limits = {"most": MOST_BYTES // 2**20, "most_parts": MOST_PARTS}
    return ReportError.of("RAP-73", file=name, size=-(-n_bytes // 2**20), n=n_parts, **limits)


def _faults(parts: dict[str, bytes], name: str) -> Iterator[Finding]:
    if found := _ACTIVE_TYPE.search(parts[_TYPES]):
        yield finding("RAP-71", file=name, found=found[0].decode(), part=_TYPES)
    for part in sorted(parts):
        if _ACTIVE_PART.search(part):
            yield finding("RAP-71", file=name, found=part, part=part)
        if not part.lower().endswith(_XML):
            continue
        if _DECLARATION.search(parts[part]):
            yield finding("RAP-70", file=name, found=part, reason=f"{part}: DOCTYPE")
            continue
        try:
            root = ElementTree.fromstring(parts[part])
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            yield finding("RAP-70", file=name, found=part, reason=f"{part}: {error}")
            continue
        yield from _outside(root, part, name)
        if part != _MAIN:  # the template's own text is not kept
            yield from _fields(root, part, name)


def _outside(root: ElementTree.Element, part: str, name: str) -> Iterator[Finding]:
    for relation in root.iter():
        if relation.get("TargetMode", "").lower() == "external":
            yield finding("RAP-72", file=name, found=relation.get("Target", ""), part=part)


def _fields(root: ElementTree.Element, part: str, name: str) -> Iterator[Finding]:
    """Fields that fetch or start something; one may be spread over several runs of a paragraph."""
    for paragraph in (element for element in root.iter() if _tag(element) == "p"):
        inside = list(paragraph.iter())
        spread = "".join(element.text or "" for element in inside if _tag(element) == "instrText")
        simple = (value for element in inside for key, value in element.items() if key.rpartition("}")[2] == "instr")
        for code in (spread, *simple):
            if _ACTIVE_FIELD.search(code):
                yield finding("RAP-74", file=name, found=code.strip(), part=part)


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]
