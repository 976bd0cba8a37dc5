"""The leak scanner finds each kind of leak in each kind of file, and is silent when there is none."""

import base64
import io
import json
import zipfile

import numpy as np
import pytest
from leaky_files import (
    PLACES,
    archive,
    docx,
    docx_table,
    drawing,
    notebook,
    page,
    paragraph,
    pdf,
    plotly,
    png,
    shown,
    xlsx,
)
from pypdf import PdfReader, PdfWriter

from kvalitet_eval.present.messages import describe
from kvalitet_eval.report import disclosure_seen
from kvalitet_eval.report.disclosure import scan
from kvalitet_eval.report.disclosure_record import DisclosureRecord, Suppressed

CELL = (("1719", "Levanger"), ("2007Q3",), ("Legemeldt",))
LONG = Suppressed("legemeldt", CELL, 8.4172935)
THREE = Suppressed("legemeldt", CELL, 3.0)
RATE = Suppressed("legemeldt", CELL, 8.4172935)
NAMED = DisclosureRecord((THREE,))
RECORD = DisclosureRecord((LONG,), ("KANARI-000317", "Kari Kanari Østmo"), places=("/proj" + "ects/kvalitet",))
LEAKS = {
    "SIK-01": "fravær 8,41729 prosent",
    "SIK-02": "gjelder 010107 10029 i dag",
    "SIK-03": "person KANARI-000317 her",
    "SIK-05": "token=abc123def456",
    "SIK-06": "fra /ho" + "me/kari/data.csv",
}


def codes(tmp_path, files, record=RECORD):
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    result = scan(tmp_path, record)
    return {item.code for item in result.findings}


def found(tmp_path, name, content, record=NAMED):
    return bool(codes(tmp_path, {name: content}, record) & {"SIK-01"})


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("code", LEAKS)
def test_a_leak_is_found_wherever_it_is(tmp_path, where, code):
    assert code in codes(tmp_path, {where.split()[0]: PLACES[where](LEAKS[code])})


@pytest.mark.parametrize("where", PLACES)
def test_nothing_is_found_where_nothing_is(tmp_path, where):
    assert codes(tmp_path, {where.split()[0]: PLACES[where]("fravær 8,5 prosent i 2007, 1 719 dager")}) == set()


@pytest.mark.parametrize("code", ["SIK-02", "SIK-03"])
def test_the_name_of_a_file_is_read(tmp_path, code):
    name = {"SIK-02": "01010710029.txt", "SIK-03": "kanari-000317.txt"}[code]
    assert codes(tmp_path, {name: b"a"}) == {code}


def test_a_planted_name_is_found_in_any_letters_and_with_a_line_end_within(tmp_path):
    assert codes(tmp_path, {"a.html": page("<p>KARI\n kanari <i>østmo</i></p>")}) == {"SIK-03"}


def test_the_alternative_text_of_a_picture_in_a_document_is_read(tmp_path):
    picture = '<w:p><w:r><w:drawing><docPr descr="KANARI-000317"/></w:drawing></w:r></w:p>'
    assert codes(tmp_path, {"a.docx": docx(picture)}) == {"SIK-03"}


@pytest.mark.parametrize("password", ["", "x"])
def test_an_encrypted_report_is_told(tmp_path, password):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("a"))))
    writer.encrypt(password, algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    assert codes(tmp_path, {"a.pdf": stream.getvalue()}) == {"SIK-07"}


def test_a_page_in_an_attribute_is_read_as_a_page(tmp_path):
    frame = '<iframe srcdoc="&lt;p&gt;Kari &lt;b&gt;Kanari&lt;/b&gt; Østmo&lt;/p&gt;"></iframe>'
    assert codes(tmp_path, {"a.html": page(frame)}) == {"SIK-03"}


def test_a_planted_word_is_found_within_a_longer_one(tmp_path):
    assert codes(tmp_path, {"a.txt": b"xKANARI-000317x"}) == {"SIK-03"}
    assert codes(tmp_path, {"a.txt": b"KANARI-000318"}) == set()


def test_a_planted_number_is_found_in_a_packed_array(tmp_path):
    trace = {"y": {"dtype": "f8", "bdata": base64.b64encode(np.array([1.5, 471.25])).decode()}}
    record = DisclosureRecord(canaries=("471.25",))
    assert codes(tmp_path, {"a.json": json.dumps(plotly(**trace)).encode()}, record) == {"SIK-03"}


def test_a_box_plot_that_keeps_its_points_is_found(tmp_path):
    box = {"type": "box", "boxpoints": False, "y": bdata("f8", 3.0, 471.25, 12.0)}
    record = DisclosureRecord(canaries=("471,25",))
    assert codes(tmp_path, {"a.json": json.dumps(plotly(**box)).encode()}, record) == {"SIK-03"}
    box["y"] = bdata("f8", 3.0, 7.5, 12.0)
    assert codes(tmp_path, {"a.json": json.dumps(plotly(**box)).encode()}, record) == set()


def test_the_place_that_the_caller_names_is_found(tmp_path):
    assert codes(tmp_path, {"a.txt": b"see /proj" + b"ects/kvalitet/reports"}) == {"SIK-06"}


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE KEY-----",
        "AKIA" + "A1B2C3D4E5F6G7H8",
        "ghp_" + "a1" * 18,
        "Bearer " + "a1b2" * 5,
        "https://kari:hemmelig1@ssb.no/a",
        "passord: sommer2024",
        "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT4",
        "API_KEY = 'x1y2z3w4'",
    ],
)
def test_a_secret_is_found(tmp_path, text):
    assert codes(tmp_path, {"a.txt": text.encode()}) == {"SIK-05"}


def test_a_secret_is_known_by_its_name(tmp_path):
    assert codes(tmp_path, {"a.json": b'{"passord": "sommerfugl"}'}) == {"SIK-05"}
    assert codes(tmp_path, {"a.json": b'{"key": "rate_pct", "passord": ""}'}) == set()


@pytest.mark.parametrize("text", ["passord: se over", "Tokenet er byttet", "https://ssb.no/a:b", "nøkkel: kommune"])
def test_words_about_secrets_are_none(tmp_path, text):
    assert codes(tmp_path, {"a.txt": text.encode()}) == set()


@pytest.mark.parametrize(
    "text",
    [
        "C:\\Users\\kari\\a.csv",
        "C:/Us" + "ers/kari/a.csv",
        "\\\\server\\felles\\a",
        "fil" + "e:///a/b",
        "/Us" + "ers/kari/a",
        '"/ro' + 'ot/a"',
        'File "/us' + 'r/lib/python3/a.py"',
    ],
)
def test_the_place_of_a_machine_is_found(tmp_path, text):
    assert codes(tmp_path, {"a.txt": text.encode()}) == {"SIK-06"}


@pytest.mark.parametrize("text", ["https://ssb.no/ho" + "me/a", "data/raw/a.csv", "../a.html", "kl. 9:30", "og/eller"])
def test_an_address_is_no_place_of_a_machine(tmp_path, text):
    assert codes(tmp_path, {"a.txt": text.encode()}) == set()


def test_a_table_with_one_row_per_person_is_found(tmp_path):
    assert codes(tmp_path, {"a.csv": b"fnr;dager\nx;3\n"}) == {"SIK-04"}
    assert codes(tmp_path, {"a.csv": b"fnr;dager\n"}) == set()
    assert codes(tmp_path, {"a.csv": b"", "a.xlsx": xlsx(["Person_ID", "dager"], ["x", 3])}) == {"SIK-04"}


def test_a_birth_number_stored_as_a_number_is_found(tmp_path):
    assert codes(tmp_path, {"a.json": b'{"a": [1010710029]}'}) == {"SIK-02"}
    assert codes(tmp_path, {"a.json": b'{"a": [1010710028]}'}) == set()


SPELLINGS = ["3", "3,0", "3.0", "3,00", "+3", "3 personer", "3 (av 40)"]


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_a_small_number_is_told_by_the_names_around_it(tmp_path, spelled):
    def table(name, value):
        rows = f"<tr><th>Kommune</th><th>3. kv. 2007</th></tr><tr><th>{name}</th><td>{value}</td></tr>"
        return page(f"<table><caption>Legemeldt fravær</caption>{rows}</table>")

    assert found(tmp_path, "a.html", table("Levanger", spelled))
    assert not found(tmp_path, "a.html", table("Verdal", spelled))
    assert not found(tmp_path, "a.html", table("Levanger", ":"))
    assert not found(tmp_path, "a.html", table("Levanger", "13"))


TOLD = {
    "text.html": lambda v: page(f"<p>Levanger hadde {v} legemeldt i 3. kvartal. I 3. kv. 2007 altså.</p>"),
    "list.html": lambda v: page(f"<h2>Legemeldt</h2><ul><li>Levanger, 3. kv.\n 2007: {v}</li></ul>"),
    "hover.svg": lambda v: drawing(f'<title>Legemeldt</title><g data-series="Levanger"><title>2007Q3: {v}</title></g>'),
    "wide.csv": lambda v: f"Legemeldt;2007Q2;2007Q3\nLevanger;9;{v}\n".encode(),
    "long.csv": lambda v: f"kommune,kvartal,legemeldt\n1719,2007K3,{v}\n".encode(),
    "a.xlsx": lambda v: xlsx(["kommune", "kvartal", "legemeldt"], ["1719", "2007Q3", v]),
    "a.docx": lambda v: docx_table(["Legemeldt", "2007Q2", "2007Q3"], ["Levanger", "9", str(v)]),
    "b.docx": lambda v: docx(paragraph(f"Legemeldt i Levanger, 2007Q3: {v}.")),
    "a.pdf": lambda v: pdf("Legemeldt", "Kommune 2007Q3", f"Levanger {v}"),
    "rows.json": lambda v: json.dumps(
        {
            "caption": "Legemeldt",
            "columns": [{"label": "Navn"}, {"label": "2007Q3"}],
            "rows": [[{"text": "Levanger"}, {"text": "x", "value": v}]],
        }
    ).encode(),
    "records.json": lambda v: json.dumps([{"kommune": "1719", "kvartal": "2007Q3", "legemeldt": v}]).encode(),
    "a.ipynb": lambda v: notebook(shown(text__plain=f"Levanger 2007Q3 legemeldt {v}")),
    "2007q3-legemeldt.md": lambda v: f"| navn | tall |\n| --- | --- |\n| Levanger | {v} |\n".encode(),
}


@pytest.mark.parametrize("name", TOLD)
def test_a_small_number_is_found_with_its_names_in_every_kind_of_file(tmp_path, name):
    assert found(tmp_path, name, TOLD[name](3))
    assert not found(tmp_path, name, TOLD[name](4))
    assert not found(tmp_path, name, TOLD[name](":"))


def bdata(kind, *numbers):
    return {"dtype": kind, "bdata": base64.b64encode(np.array(numbers, dtype=kind)).decode()}


ARRAYS = {
    "f8": lambda v: bdata("f8", 9.5, v, 7.25),
    "f4": lambda v: bdata("f4", 9.5, v, 7.25),
    "list": lambda v: [9.5, v, 7.25],
    "text": lambda v: ["9,5", f"{v:.2f}".replace(".", ","), "7,3"],
}


@pytest.mark.parametrize("kind", ARRAYS)
@pytest.mark.parametrize("where", ["a.json", "a.html", "a.ipynb"])
@pytest.mark.parametrize("record", [DisclosureRecord((RATE,)), DisclosureRecord((Suppressed("a", CELL, 8.375),))])
def test_a_number_in_a_packed_array_is_found(tmp_path, kind, where, record):
    value = record.suppressed[0].value
    figure = plotly(name="Levanger", x=bdata("i2", 8029, 8030, 8031), y=ARRAYS[kind](value))
    figure["layout"]["title"]["text"] = "Legemeldt"

    def written():
        text = json.dumps(figure)
        script = f'<script>Plotly.newPlot("a", {json.dumps(figure["data"])}, {{"title": "Legemeldt"}})</script>'
        return {
            "a.json": text.encode(),
            "a.html": page("<h2>Legemeldt</h2>", script),
            "a.ipynb": notebook(shown(**{"application__vnd.plotly.v1+json": figure})),
        }[where]

    assert found(tmp_path, where, written(), record)
    figure["data"][0]["y"] = ARRAYS[kind](4.0)
    assert not found(tmp_path, where, written(), record)


@pytest.mark.parametrize("kind", ["i1", "u1", "i2", "u2", "i4", "u4", "f4", "f8"])
def test_a_count_is_found_in_an_array_of_any_kind_at_its_own_place_only(tmp_path, kind):
    def figure(*numbers):
        trace = {"name": "Levanger, legemeldt", "x": ["2007Q2", "2007Q3"], "y": bdata(kind, *numbers)}
        return json.dumps(plotly(**trace)).encode()

    assert found(tmp_path, "a.json", figure(9, 3))
    assert not found(tmp_path, "a.json", figure(3, 9))


def test_an_array_in_lines_of_json_is_found(tmp_path):
    lines = "\n".join(json.dumps({"y": bdata("f8", 1.0, value)}) for value in (2.0, LONG.value))
    assert codes(tmp_path, {"a.jsonl": lines.encode()}) == {"SIK-01"}


def test_rows_of_different_length_have_the_headings_of_their_columns(tmp_path):
    assert codes(tmp_path, {"a.csv": b"fnr;dager\nx;3;merknad\ny\n"}) == {"SIK-04"}


@pytest.mark.parametrize(
    "text",
    [
        "# Legemeldt 2007Q3\n\n| navn | tall |\n| --- | --- |\n| Levanger | 3 |\n",
        "Legemeldt 2007Q3\nLevanger   3\nVerdal   9\n",
    ],
)
def test_the_heading_and_the_first_line_of_a_block_name_its_numbers(tmp_path, text):
    assert found(tmp_path, "a.txt", text.encode())
    assert not found(tmp_path, "a.txt", text.replace("Legemeldt", "Egenmeldt").encode())


def test_an_array_outside_json_is_found(tmp_path):
    record = DisclosureRecord((LONG,))
    packed = bdata("f8", 1.0, LONG.value)
    script = f"<script>go({{x: f(1), y: {{dtype: 'f8', bdata: '{packed['bdata']}'}}}})</script>"
    assert codes(tmp_path, {"a.html": page("", script)}, record) == {"SIK-01"}
    assert "SIK-07" in codes(tmp_path, {"a.html": page("", script.replace("'f8'", "kind"))}, record)


@pytest.mark.parametrize(
    "printed", ["8,417", "8,42", "8,4", "8", "0,084", "0,0842", "8.4172935", "84172935e-7", "−8,4"]
)
def test_a_rate_is_found_with_any_number_of_decimals_as_share_or_percentage(tmp_path, printed):
    record = DisclosureRecord((RATE,))
    is_leak = not printed.startswith("−")
    assert found(tmp_path, "a.txt", f"Levanger 2007Q3 legemeldt: {printed}".encode(), record) is is_leak
    assert not found(tmp_path, "a.txt", f"Verdal 2007Q3 legemeldt: {printed[:4]}".encode(), record)


@pytest.mark.parametrize("printed", ["1 234", "1\u00a0234", "1\u202f234", "1.234", "1,234", "1234", "1'234", "1234,0"])
def test_thousands_are_read_in_every_spelling(tmp_path, printed):
    record = DisclosureRecord((Suppressed("dager", CELL, 1234),))
    assert found(tmp_path, "a.txt", f"Levanger 2007Q3 legemeldt: {printed} dager".encode(), record)


def test_a_long_number_is_found_without_any_name(tmp_path):
    record = DisclosureRecord((LONG, Suppressed("dager", (), 1234567.0)))
    assert found(tmp_path, "a.txt", b"8,417294", record)
    assert found(tmp_path, "a.txt", b"1 234 567", record)
    assert not found(tmp_path, "a.txt", b"8,4173 8,417295", record)


def test_a_simple_ratio_needs_the_names(tmp_path):
    record = DisclosureRecord((Suppressed("andel", CELL, 100 / 3),))
    assert not found(tmp_path, "a.json", b"[33.333333333333336]", record)
    assert found(tmp_path, "a.txt", b"Levanger 2007Q3 legemeldt 33.333333333333336", record)


def test_the_digits_of_a_name_are_no_number(tmp_path):
    assert not found(tmp_path, "a.txt", b"Levanger, 3. kv. 2007, legemeldt: holdt tilbake")
    assert not found(tmp_path, "a.txt", b"Levanger legemeldt, 3. kv. 2007 og 3. kvartal 2008")


def test_a_short_value_in_single_precision_needs_the_names(tmp_path):
    def figure(name):
        trace = {"name": name, "x": ["2007Q2", "2007Q3"], "y": bdata("f4", 9.1, 8.3)}
        return json.dumps(plotly(**trace)).encode()

    record = DisclosureRecord((Suppressed("a", CELL, 8.3),))
    assert found(tmp_path, "a.json", figure("Levanger, legemeldt"), record)
    assert not found(tmp_path, "a.json", figure("Verdal, legemeldt"), record)


@pytest.mark.parametrize("before", [0, 3_580, 3_595, 3_990, 3_998, 50_000])
def test_a_leak_in_a_very_long_line_is_found(tmp_path, before):
    line = f"{'x ' * (before // 2)}KANARI-000317 8.4172935 010107 10029 {'y ' * 5_000}"
    assert codes(tmp_path, {"a.txt": line.encode()}) == {"SIK-01", "SIK-02", "SIK-03"}


def test_a_name_within_another_is_not_that_name(tmp_path):
    record = DisclosureRecord((Suppressed("a", (("Bø",),), 3),))
    assert found(tmp_path, "a.txt", "Bø: 3".encode(), record)
    assert not found(tmp_path, "a.txt", "Bømlo: 3".encode(), record)


def test_the_coordinates_of_a_drawing_are_no_numbers(tmp_path):
    assert not found(tmp_path, "a.svg", drawing('<g data-series="Levanger legemeldt 2007Q3" transform="scale(3)"/>'))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.bin", b"\x01\x02\x00\x03", "SIK-07"),
        ("a.parquet", b"PAR1\x00\x01", "SIK-07"),
        ("a.pdf", b"%PDF-1.7\nbroken", "SIK-07"),
        ("a.zip", b"PK\x03\x04broken", "SIK-07"),
        ("a.gz", b"\x1f\x8bbroken", "SIK-07"),
        ("a.png", png((b"zTXt", b"Note\0\0broken")), "SIK-07"),
        ("a.docx", docx('<!DOCTYPE a [<!ENTITY b "c">]>'), "SIK-07"),
        ("b.docx", docx("", **{"docProps/a.xml": '<!DOCTYPE a [<!ENTITY b "KANARI">]><a>&b;</a>'}), "SIK-07"),
        ("a.json", b'{"dtype": "f8", "bdata": "AAA"}', "SIK-07"),
        ("a.pkl", b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00.", "SIK-09"),
        ("a.txt", archive(a__txt="x", b__pkl=b"\x80\x04\x95\x00."), "SIK-09"),
    ],
)
def test_what_cannot_be_opened_is_told(tmp_path, name, content, code):
    assert codes(tmp_path, {name: content}) == {code}


def test_a_reader_that_fails_does_not_let_the_file_pass(tmp_path, monkeypatch):
    def broken(data, place, walk):
        yield disclosure_seen.Seen(place, "KANARI-000317")
        raise ZeroDivisionError

    monkeypatch.setattr("kvalitet_eval.report.disclosure.read", broken)
    assert codes(tmp_path, {"a.txt": b"x"}) == {"SIK-03", "SIK-07"}


def test_odd_json_does_not_stop_the_scanner(tmp_path):
    odd = [
        b"[" * 5_000 + b"]" * 5_000,
        b"[" * 300 + b'"KANARI-000317"' + b"]" * 300,
        b"[1e300, -1e300, 1e-300, NaN]",
        b"{}",
        b"[]",
        b'{"a": [], "b": []}',
        b'{"columns": 3, "rows": [[1]]}',
        b'{"columns": [{}], "rows": [[1]]}',
        b"123456789" * 60,
    ]
    for number, content in enumerate(odd):
        (tmp_path / f"{number}.json").write_bytes(content)
    said = {(item.file, item.code) for item in scan(tmp_path, RECORD).findings}
    assert ("1.json", "SIK-03") in said or ("1.json", "SIK-07") in said
    assert {file for file, _ in said} <= {"0.json", "1.json"}


def test_a_person_in_a_file_that_cannot_be_opened_is_still_found(tmp_path):
    assert "SIK-02" in codes(tmp_path, {"a.bin": b"\x00\x01 01010710029 \x00"})
    assert "SIK-03" in codes(tmp_path, {"a.bin": b"\x00\x01" + "KANARI-000317".encode("utf-16-le")})


def test_an_encrypted_member_is_told(tmp_path):
    content = bytearray(archive(a__txt="x"))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert codes(tmp_path, {"a.zip": bytes(content)}) == {"SIK-07"}


def test_what_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("kvalitet_eval.report.disclosure_seen.LARGEST_MEMBER", 1_000)
    assert codes(tmp_path, {"a.zip": archive(a__txt="x" * 2_000)}) == {"SIK-08"}


def test_too_many_layers_are_refused(tmp_path):
    content = b"x"
    for _ in range(disclosure_seen.DEEPEST + 1):
        content = archive(a__zip=content)
    assert codes(tmp_path, {"a.zip": content}) == {"SIK-08"}


def test_too_many_members_are_refused(tmp_path):
    walk = disclosure_seen.Walk(lambda data, place, walk: iter(()), members_left=2)
    assert [walk.refuse("a", 1) for _ in range(2)] == [None, None]
    assert walk.refuse("a", 1).code == "SIK-08"


def test_a_member_that_lies_about_its_size_is_told(tmp_path):
    content = bytearray(archive(a__txt="x" * 50))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    assert "SIK-07" in codes(tmp_path, {"a.zip": bytes(content)})


def test_a_link_is_told_and_not_followed(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("KANARI-000317")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").symlink_to(outside)
    assert [item.code for item in scan(folder, RECORD).findings] == ["SIK-07"]


def test_an_empty_folder_shows_nothing(tmp_path):
    result = scan(tmp_path, RECORD)
    assert not result.is_clean
    assert [item.code for item in result.findings] == ["SIK-11"]


def test_one_file_can_be_scanned_and_what_was_read_is_counted(tmp_path):
    (tmp_path / "b.txt").write_text("KANARI-000317")
    (tmp_path / "a.json").write_text('{"a": [1, 2.5, "x"]}')
    result = scan(tmp_path / "a.json", RECORD)
    assert (result.is_clean, result.n_files, result.n_numbers, result.by_suffix) == (True, 1, 2, {".json": 1})


def test_no_finding_repeats_what_must_not_be_known(tmp_path):
    for code, text in LEAKS.items():
        (tmp_path / f"{code}.txt").write_text(text, encoding="utf-8")
    said = describe(scan(tmp_path, RECORD).findings)
    for forbidden in ("8,41729", "10029", "KANARI", "000317", "abc123", "kari"):
        assert forbidden not in said
    assert "(1719, 2007Q3, Legemeldt)" in said
    assert all(code in said for code in LEAKS)


def test_findings_come_once_per_place_in_order_of_files(tmp_path):
    (tmp_path / "b.txt").write_text("KANARI-000317 KANARI-000317\nKANARI-000317")
    (tmp_path / "a.txt").write_text("KANARI-000317")
    findings = scan(tmp_path, RECORD).findings
    assert [(item.file, item.facts["place"]) for item in findings] == [
        ("a.txt", "a.txt:1"),
        ("b.txt", "b.txt:1"),
        ("b.txt", "b.txt:2"),
    ]


def test_a_comment_on_an_archive_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("a.txt", "x")
        packed.comment = b"KANARI-000317"
    assert [item.code for item in scan(tmp_path, RECORD).findings] == ["SIK-03"]
