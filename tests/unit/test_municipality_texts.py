"""A municipality's own texts: complete as bundled, strict in every field, told with file, line and what to do."""

import shutil

import pytest
from programme_copy import PROGRAMME, ROOT

from kvalitet_eval.config import load_config
from kvalitet_eval.prepare.documents.reader import inspect_document
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.present.messages import describe, languages
from kvalitet_eval.report.open_tables import policy_of
from kvalitet_eval.report.own_words import inspect_own_words

FOLDER = ROOT / "data" / "raw" / "municipality_texts"
TEXTS = (FOLDER / "0542.toml").read_text("utf-8")
CONFIG = load_config(PROGRAMME)


@pytest.fixture(scope="module")
def register():
    return load_register(CONFIG)


def changed(folder, *replacements, name="0542.toml"):
    content = TEXTS
    for old, new in replacements:
        assert content.count(old) >= 1, old
        content = content.replace(old, new, 1)
    shutil.copytree(FOLDER / "0542", folder / name.removesuffix(".toml"))
    path = folder / name
    path.write_text(content, "utf-8")
    return path


def inspected(path, register=None):
    borders = CONFIG.programme.borders
    return inspect_own_words(inspect_document(path, register, borders=borders), policy_of(CONFIG))


def told(path, register=None):
    document = inspected(path, register)
    for language in languages():
        assert describe(document.findings, language).count("\n  ") >= 2 * len(document.findings)
    return [(item.code, item.line, item.column) for item in document.findings]


def line_of(path, text):
    content = path.read_text("utf-8")
    return content[: content.index(text)].count("\n") + 1


def test_the_bundled_example_is_complete_and_says_that_it_is_invented(register):
    document = inspected(FOLDER / "0542.toml", register)
    texts = document.content
    assert (document.kind, document.findings) == ("municipality_texts", ())
    assert (texts.municipality_number, texts.language, texts.origin) == ("0542", "nb", "syntetisk")
    assert all(getattr(texts.poster, name) for name in type(texts.poster).model_fields)
    assert all(getattr(texts.status, name) for name in type(texts.status).model_fields)
    assert all(getattr(texts.mandate, name) for name in type(texts.mandate).model_fields)
    assert texts.pictures
    assert {item.kind for item in texts.events} == {"measure", "trial", "event"}
    own = [*(getattr(texts.poster, name) for name in type(texts.poster).model_fields), texts.project]
    own += [texts.status.done, texts.mandate.name, *(item.comment for item in texts.events)]
    assert all("oppdikt" in words.lower() for words in own)


CASES = [
    ('project = "Oppdiktet', 'prosject = "Oppdiktet', "INN-T03", "prosject"),
    ('goal = """\nOppdiktet mål', 'gaol = """\nOppdiktet mål', "INN-T03", "poster.gaol"),
    ('alt = """', 'lat = """', "INN-T03", "pictures.1.lat"),
    ('kind = "municipality_texts"', 'kind = "municipality_text"', "INN-T02", "kind"),
    ('language = "nb"\n', "", "INN-T04", "language"),
    ('language = "nb"', 'language = "no"', "INN-T08", "language"),
    ('language = "nb"', 'language = "en"', "INN-T08", "language"),
    ('municipality_number = "0542"', "municipality_number = 542", "INN-T05", "municipality_number"),
    ('municipality_number = "0542"', 'municipality_number = "542"', "INN-T09", "municipality_number"),
    ('municipality_number = "0542"', 'municipality_number = "0536"', "INN-T27", "municipality_number"),
    ('municipality_number = "0542"', 'municipality_number = "9999"', "INN-T10", "municipality_number"),
    ('project = "Oppdiktet: Bedre arbeidsdager"', "project = 7", "INN-T05", "project"),
    ('project = "Oppdiktet', f'project = "{"x" * 101}', "INN-T25", "project"),
    ("Oppdiktet mål: Sykefraværet", "x" * 351, "INN-T25", "poster.goal"),
    ("Oppdiktet: Vi har innført", "x" * 901, "INN-T25", "status.done"),
    ("date = 2007-03-15", 'date = "15. mars"', "INN-T07", "events.1.date"),
    ("date = 2007-03-15", "date = true", "INN-T07", "events.1.date"),
    ("date = 2007-03-15", 'date = "2007-13"', "INN-T07", "events.1.date"),
    ("date = 2008-06-15", 'date = "2008-06-31"', "INN-T07", "status.date"),
    ('kind = "trial"', 'kind = "forsøk"', "INN-T08", "events.3.kind"),
    ('name = "Oppstart med partene"\n', "", "INN-T04", "events.1.name"),
    ('name = "Oppstart med partene"', f'name = "{"x" * 61}"', "INN-T25", "events.1.name"),
    ("value = 9.8", 'value = "ni"', "INN-T06", "status.results.1.value"),
    ('phase = "check"', 'phase = "sjekk"', "INN-T08", "status.phase"),
    ('file = "arbeidsdag.png"', 'file = "../0542/arbeidsdag.png"', "INN-P01", "pictures.1.file"),
    ('file = "arbeidsdag.png"', 'file = "annen.png"', "INN-P02", "pictures.1.file"),
    ("target = 9.0", "target = 11", "INN-S13", "mandate.goals.1.target"),
    ('id = "M2"', 'id = "M1"', "INN-T23", "mandate.goals.2.id"),
    ('end = "2009-12"\n', 'end = "2006-12"\n', "INN-S12", "mandate.frame.end"),
    ('goal = "M1"', 'goal = "M9"', "INN-T24", "mandate.measures.1.goal"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[2]} {case[3]}")
def test_a_fault_has_code_line_and_field(tmp_path, register, case):
    old, new, code, column = case
    path = changed(tmp_path, (old, new))
    found = told(path, register)
    assert (code, column) in [(item, where) for item, _, where in found]
    assert all(isinstance(line, int) for item, line, _ in found if item != "INN-T04" or "." in column)
    assert not inspected(path, register).is_accepted


def test_a_picture_without_words_is_told_with_what_to_write(tmp_path):
    start, end = TEXTS.index('alt = """'), TEXTS.index("caption =")
    path = changed(tmp_path, (TEXTS[start:end], ""))
    assert told(path) == [("INN-T28", line_of(path, "[[pictures]]"), "pictures.1")]
    assert 'alt = "To personer ved et bord"' in describe(inspected(path).findings)


def test_more_than_there_is_room_for_is_told_with_the_room(tmp_path):
    event = '\n[[events]]\ndate = 2008-01-01\nkind = "event"\nname = "x"\n'
    path = changed(tmp_path, ("\n[status]\n", event * 5 + "\n[status]\n"))
    ((code, _, column),) = told(path)
    assert (code, column) == ("INN-T26", "events")
    assert "har 9 punkter, men det er bare plass til 8" in describe(inspected(path).findings)


@pytest.mark.parametrize(
    ("words", "code"), [("Kari 01010710029 leder", "PUB-50"), ("Hos oss var 3 ansatte syke", "PUB-51")]
)
@pytest.mark.parametrize(
    ("old", "column"),
    [
        ("Oppdiktet mål:", "poster.goal"), ("Oppdiktet: Lederen ringer", "events.2.comment"),
        ("Oppdiktet: Sykefraværet har vært høyt i flere år, og", "mandate.background"),
        ("Sykefravær i alt (oppdiktet)", "status.results.1.indicator"),
    ],
)  # fmt: skip
def test_words_that_name_or_number_persons_are_refused_when_the_file_is_checked(tmp_path, words, code, old, column):
    path = changed(tmp_path, (old, words))
    line = line_of(path, words)
    ((found, at, where),) = told(path)
    assert (found, where) == (code, column)
    assert 0 <= line - at <= 1  # a text of several lines begins on the line of its field
    assert words not in describe(inspected(path).findings)


def test_all_faults_come_at_once(tmp_path):
    path = changed(
        tmp_path, ("date = 2007-03-15", 'date = "x"'), ('kind = "trial"', 'kind = "y"'), ("value = 9.8", 'value = "z"')
    )
    assert [code for code, _, _ in told(path)] == ["INN-T07", "INN-T08", "INN-T06"]


def test_nothing_but_the_head_must_be_there(tmp_path):
    path = tmp_path / "0542.toml"
    path.write_text('kind = "municipality_texts"\nmunicipality_number = "0542"\nlanguage = "nn"\n', "utf-8")
    document = inspected(path)
    assert document.findings == ()
    assert document.content.origin == "observed"
    assert document.content.mandate is None
