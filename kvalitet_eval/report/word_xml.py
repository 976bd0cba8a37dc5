"""Pieces of a Word document as text: paragraphs, tables and pictures in which every character is only a character.

Text is escaped and stands in ``w:t`` alone, so that nothing in it can become a field, a link or a setting. Whole pieces
are written at once because a document of a few tables has thousands of elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from docx.oxml.ns import nsdecls

from kvalitet_eval.present.geometry import text_width
from kvalitet_eval.present.tables import Table

NAMESPACES = nsdecls("w", "r", "wp", "a", "pic")
LANGUAGES = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
EMU_PER_PIXEL = 9525
EMU_PER_TWIP = 635
_FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0x7F, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
_BLANK = {9: " ", 10: " ", 13: " ", 0x85: " ", 0x2028: " ", 0x2029: " "}
_CHARACTERS = {**_FORBIDDEN, **_BLANK}
_SHORTEST, _LONGEST = 40, 300
_CELL_SIZE = 13  # pixels; the type is of 12, but headings are bold
_CELL_MARGINS = 14
_KEPT_WHOLE = 16
"""So many signs stand on one line: a quarter, an interval."""
_PICTURE = """<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" cy="{cy}"/>\
<wp:docPr id="{number}" name="{name}" descr={alt}/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/>\
</wp:cNvGraphicFramePr><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">\
<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="{name}" descr={alt}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>\
<a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>\
<a:ext cx="{cx}" cy="{cy}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>\
</a:graphicData></a:graphic></wp:inline></w:drawing>"""


def plain(value: str) -> str:
    """Return text on one line, without the characters that XML cannot hold."""
    return value.translate(_CHARACTERS)


def attribute(value: str) -> str:
    """Return text as the quoted value of an attribute."""
    return quoteattr(plain(value))


def run(value: str, *, language: str = "", style: str = "") -> str:
    """Return text in one language, in a character style when one is given."""
    look = f'<w:rStyle w:val="{style}"/>' if style else ""
    look += f"<w:lang w:val={attribute(LANGUAGES.get(language, language))}/>" if language else ""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(plain(value))}</w:t></w:r>'


def paragraph(style: str, *runs: str, align: str = "", more: str = "") -> str:
    """Return a paragraph of runs in a style; ``more`` are further properties of it."""
    look = more + (f'<w:jc w:val="{align}"/>' if align else "")
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{look}</w:pPr>{"".join(runs)}</w:p>'


def field(code: str, shown: str) -> str:
    """Return a field that Word fills in; ``code`` is one of our own, never text from elsewhere."""
    return f'<w:fldSimple w:instr=" {code} "><w:r><w:t>{shown}</w:t></w:r></w:fldSimple>'


def tab() -> str:
    """Return a jump to the next tab stop."""
    return "<w:r><w:tab/></w:r>"


def picture(number: int, name: str, alt: str, relation: str, size: tuple[int, int]) -> str:
    """Return a picture of a size in EMU, with its alternative text."""
    cx, cy = size
    values = {"number": number, "name": name, "alt": attribute(alt), "relation": relation, "cx": cx, "cy": cy}
    return f"<w:r>{_PICTURE.format(**values)}</w:r>"


def table(item: Table, styles: dict[str, str], room: int) -> str:
    """Return a table: the first row repeated on every page, the first column naming the rows, rows never split.

    Parameters
    ----------
    item : Table
        What to set.
    styles : dict of str to str
        Ids of the styles by their names.
    room : int
        Width of the page's text, in twentieths of a point.
    """
    widths = column_widths(item, room)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    sides = [column.align for column in item.columns]
    look = (sides, widths, styles)
    head = _row([column.heading for column in item.columns], *look, is_head=True, keeps_next=True)
    body = "".join(
        _row([cell.text for cell in row], *look, keeps_next=number == 0 and len(item.rows) > 1)
        for number, row in enumerate(item.rows)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{styles["Report table"]}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" '
        f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val={attribute(item.caption)}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    )


def _row(
    texts: Iterable[str],
    sides: Sequence[str],
    widths: Sequence[int],
    styles: dict[str, str],
    *,
    is_head: bool = False,
    keeps_next: bool = False,
) -> str:
    """A row that stays whole; the head and the row after it stay with the next, so that no head stands alone."""
    more = "<w:keepNext/>" if keeps_next else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"{paragraph(styles['Report cell'], run(words), align=side, more=more)}</w:tc>"
        for words, side, width in zip(texts, sides, widths, strict=True)
    )
    repeated = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"


def column_widths(item: Table, room: int) -> list[int]:
    """Share the page's width among the columns: long words and short cells are not broken, if all of them fit."""
    columns = []
    for index, column in enumerate(item.columns):
        texts = [column.heading, *(row[index].text for row in item.rows)]
        kept = {word for words in texts for word in words.split(" ")}
        kept |= {words for words in texts[1:] if len(words) <= _KEPT_WHOLE}
        line = max(text_width(words, _CELL_SIZE) for words in (texts[0][: -(-len(texts[0]) // 2)], *texts[1:]))
        least = max(_SHORTEST, max(text_width(word, _CELL_SIZE) for word in kept) + _CELL_MARGINS)
        columns.append((least, max(least, min(line + _CELL_MARGINS, _LONGEST))))
    least, wanted = (sum(column[side] for column in columns) for side in (0, 1))
    pixels = room * EMU_PER_TWIP / EMU_PER_PIXEL
    share = 1.0 if wanted <= least else min(max((pixels - least) / (wanted - least), 0.0), 1.0)
    chosen = [low + share * (high - low) for low, high in columns]
    widths = [int(room * width / sum(chosen)) for width in chosen]
    return [*widths[:-1], widths[-1] + room - sum(widths)]
