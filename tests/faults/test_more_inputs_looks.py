"""Workbooks that show something else than they hold: hidden figures, struck-out rows, written-out characters."""

import io

import hostile_workbooks as made
import pytest
import xlsxwriter
from intake_cases import look, values
from more_cases import Case, check

from kvalitet_eval.prepare.files.workbook_styles import read_styles
from kvalitet_eval.present.messages import describe

HEADER = ("kommunenr", "kvartal", "sykefravar")
ROWS = (("0104", "2007K1", 8.2), ("0101", "2007K1", 9.1), ("0105", "2007K1", 8.7))


def styled(shown, cells=((2, 2),), header=None):
    """A workbook in which some cells, (row, column) from 0, and perhaps the header are formatted."""
    store = io.BytesIO()
    with xlsxwriter.Workbook(store, {"in_memory": True}) as book:
        sheet, style = book.add_worksheet("Data"), book.add_format(shown)
        sheet.write_row(0, 0, HEADER, book.add_format(header) if header else None)
        for line, row in enumerate(ROWS, start=1):
            for column, value in enumerate(row):
                sheet.write(line, column, value, style if (line, column) in cells else None)
    return store.getvalue()


def raw(*rows, **parts):
    """A workbook of written XML: texts of rows below the header, each a cell's content or a text."""
    lines = []
    for line, row in enumerate((HEADER, *rows), start=1):
        cells = [
            f'<c r="{letter}{line}" t="inlineStr"><is>{text if text.startswith("<") else f"<t>{text}</t>"}</is></c>'
            for letter, text in zip("ABC", row, strict=True)
        ]
        lines.append(f'<row r="{line}">{"".join(cells)}</row>')
    return made.pack(made.parts(made.sheet("".join(lines)), **parts))


WHOLE_ROW = tuple((2, column) for column in range(3))
WHITE, DARK = {"font_color": "#FFFFFF"}, {"font_color": "#FFFFFF", "bg_color": "#1F3864"}
WARNED = (
    ("no format at all", styled({"num_format": ";;;"}), "INN-C30", "C3", 1),
    ("no format for positive numbers", styled({"num_format": ";-0.0"}), "INN-C30", "C3", 1),
    ("white on nothing", styled(WHITE), "INN-C30", "C3", 1),
    ("white on white", styled(WHITE | {"bg_color": "#FFFFFF"}), "INN-C30", "C3", 1),
    ("struck-out row", styled({"font_strikeout": True}, WHOLE_ROW), "INN-C31", "A3, B3, C3", 3),
    ("struck-out figure", styled({"font_strikeout": True}), "INN-C31", "C3", 1),
    ("struck-out figure with per cent", styled({"font_strikeout": True, "num_format": '0.0" x"'}), "INN-C31", "C3", 1),
)
SILENT = (
    ("white header on dark", styled({}, header=DARK)),
    ("white figures on dark", styled(DARK)),
    ("grey figures", styled({"font_color": "#808080"})),
    ("negative numbers in red", styled({"num_format": "0.0;[Red]-0.0"})),
    ("nothing shown for zero only", styled({"num_format": "0.0;-0.0;;@"})),
    ("unseen empty cells", styled({"num_format": ";;;"}, ((7, 7),))),
)


@pytest.mark.parametrize(
    ("content", "code", "found", "n"), [case[1:] for case in WARNED], ids=[case[0] for case in WARNED]
)
def test_what_a_reader_does_not_see_as_ordinary_is_told_and_read(tmp_path, content, code, found, n):
    result = look(tmp_path, content, "sick_leave_rates", name="bok.xlsx")
    assert result.is_accepted
    assert values(result) == [8.2, 9.1, 8.7]
    (item,) = result.findings
    assert (item.code, item.severity, item.sheet, item.line) == (code, "warning", "Data", 3)
    assert (item.found, item.facts["n"]) == (found, str(n))
    assert "tatt med" in describe([item])


@pytest.mark.parametrize("content", [case[1] for case in SILENT], ids=[case[0] for case in SILENT])
def test_ordinary_looks_are_not_told(tmp_path, content):
    result = look(tmp_path, content, "sick_leave_rates", name="bok.xlsx")
    assert (values(result), result.findings) == ([8.2, 9.1, 8.7], ())


def test_the_style_of_cells_without_one_is_looked_at_too(tmp_path):
    styles = (
        f'<styleSheet xmlns="{made.MAIN}"><fonts><font><strike/></font></fonts><fills><fill/></fills>'
        '<cellXfs><xf numFmtId="0" fontId="0" fillId="0"/></cellXfs></styleSheet>'
    )
    result = look(tmp_path, raw(("0101", "2007K1", "9,1"), xl__styles=styles), "sick_leave_rates", name="bok.xlsx")
    assert [(item.code, item.facts["n"]) for item in result.findings] == [("INN-C31", "6")]


def test_a_strike_that_is_switched_off_is_none():
    fonts = '<fonts><font><strike val="0"/></font></fonts>'
    styles = f'<styleSheet xmlns="{made.MAIN}">{fonts}<cellXfs><xf/></cellXfs></styleSheet>'
    assert read_styles(styles.encode()).struck == frozenset()


RAISED = '<r><t>9,1</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>'
TEXTS = (
    Case("a raised digit in the cell itself", raw(("0101", "2007K1", RAISED)), name="bok.xlsx",
         code="INN-D01", line=2, found="9,1¹"),
    Case("a line end that is written out", raw(("0101", "2007K1", "9,1_x000D_")), name="bok.xlsx", values=(9.1,)),
    Case("a letter that is written out", raw(("0101", "2007_x004B_1", "9,1")), name="bok.xlsx", values=(9.1,)),
    Case("underscores that are meant", raw(("0101", "2007K1", "_x005F_x0039_")), name="bok.xlsx",
         code="INN-D01", line=2, found="_x0039_"),
    Case("a character that no text has", raw(("0101", "2007K1", "9,1_x0000_")), name="bok.xlsx",
         code="INN-D01", line=2, found="9,1\x00"),
)  # fmt: skip


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case.id)
def test_texts_are_read_as_excel_shows_them(tmp_path, case):
    check(tmp_path, case)
