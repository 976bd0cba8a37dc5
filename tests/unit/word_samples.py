"""Word documents for the tests: a municipality's template made by hand, and what can be read from a finished file."""

from __future__ import annotations

import base64
import io
import zipfile

import docx
import resvg_py
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor

LOGO = resvg_py.svg_to_bytes(
    svg_string='<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"><circle cx="24" cy="24" r="22" '
    'fill="#0B6E4F"/><path d="M8 34L24 10L40 34Z" fill="#FFF"/></svg>',
    zoom=4,
)
LOGO_BASE64 = base64.b64encode(LOGO).decode()
NAME = "Fjellvik kommune"
PERSON = "Kari Saksbehandler"


def municipal_template(*, without: tuple[str, ...] = ("Caption", "List Bullet"), first_page: bool = False) -> bytes:
    """A template as municipalities have them: logo, colours, own text, comments of a person, fewer styles than ours."""
    made = docx.Document()
    made.core_properties.author = made.core_properties.last_modified_by = PERSON
    made.styles["Heading 1"].font.color.rgb = RGBColor(0x0B, 0x6E, 0x4F)
    made.styles["Heading 1"].font.name = "Georgia"
    made.styles["Normal"].font.size = Pt(11)
    for name in without:
        style = made.styles[name].element
        style.getparent().remove(style)
    section = made.sections[0]
    section.different_first_page_header_footer = first_page
    for header in (section.header, *([section.first_page_header] if first_page else [])):
        header.paragraphs[0].add_run().add_picture(io.BytesIO(LOGO), height=Pt(36))
        header.paragraphs[0].add_run(f"  {NAME}")
    section.footer.paragraphs[0].text = f"{NAME}, Fjellvegen 1"
    written = made.add_paragraph("Skriv saken her", style="Heading 1")
    made.add_comment(written.runs, text="Husk vedlegg", author=PERSON, initials="KS")
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def changed(
    data: bytes, name: str, content: bytes | None = None, *, replace: tuple[bytes, bytes] = (b"", b"")
) -> bytes:
    """A package with one part added or changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {part: old.read(part) for part in old.namelist()}
        parts[name] = parts[name].replace(*replace) if content is None else content
        for part, inside in parts.items():
            new.writestr(part, inside)
    return stream.getvalue()


def add_field(data: bytes, code: str) -> bytes:
    """A template whose header has a field that is spread over several runs."""
    made = docx.Document(io.BytesIO(data))
    middle = len(code) // 2
    pieces = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (code[:middle], code[middle:]))
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    made.sections[0].header._element.append(parse_xml(f"<w:p {nsdecls('w')}>{begin}{pieces}{end}</w:p>"))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def body(data: bytes):
    """The root of the document's text."""
    return docx.Document(io.BytesIO(data)).element.body


def printed(data: bytes) -> list[str]:
    """What a reader sees, in order: paragraphs and cells, a tab parting two texts."""
    found = []
    for paragraph in body(data).iter(qn("w:p")):
        pieces = (e for run in paragraph.iter(qn("w:r")) for e in run.iter(qn("w:t"), qn("w:tab")))
        words = "".join("\t" if piece.tag == qn("w:tab") else piece.text or "" for piece in pieces)
        found += [part for part in words.split("\t") if part]
    return found


def styles_of(data: bytes) -> list[tuple[str, str]]:
    """Name of the style and text of each paragraph outside tables."""
    made = docx.Document(io.BytesIO(data))
    return [(paragraph.style.name, paragraph.text) for paragraph in made.paragraphs]
