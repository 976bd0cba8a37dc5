"""The programme file: what is refused, on which line, and what the reader is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import get_args

import pytest
from programme_copy import PROGRAMME

from kvalitet_eval.config import Config, load_config
from kvalitet_eval.config.faults import describe_faults
from kvalitet_eval.config.places import line_of
from kvalitet_eval.config.settings import ComparisonKind
from kvalitet_eval.design.comparison import COMPARISONS
from kvalitet_eval.errors import ConfigError
from kvalitet_eval.present.messages import LOCALE, describe, why_and_mend

TEXT = PROGRAMME.read_text("utf-8")
FIRST = 1
"""Replace only the first of several places."""


@dataclass(frozen=True)
class Fault:
    """A change to the programme file and what must be said about it; ``line`` is the text of the line it is on."""

    code: str
    old: str
    new: str
    line: str | None
    column: str
    found: str | None
    why: str


def fault(code, old, new, line=None, *, at, found=None, why):
    """A fault on the first line of the new text unless another is given."""
    return Fault(code, old, new, new.splitlines()[0] if line is None else line, at, found, why)


FAULTS = [
    fault("KON-10", "anticipation = 1 ", "antisipation = 1 ", at="comparison.antisipation", found="antisipation",
          why="Det finnes ingen innstilling som heter antisipation."),
    fault("KON-10", "[window]", "[windows]", at="windows", found="windows", why="ingen innstilling som heter windows"),
    fault("KON-10", 'id = "kkp"', 'id = "kkp"\nroot = "/"', 'root = "/"', at="programme.root", found="root",
          why="ingen innstilling som heter root"),
    fault("KON-10", "[programme]", 'path = "x"\n[programme]', 'path = "x"', at="path", found="path",
          why="ingen innstilling som heter path"),
    fault("KON-11", 'years = "2007–2009"\n', "", "[programme]", at="programme.years", why="Innstillingen mangler."),
    fault("KON-11", 'admitted = "2008-06"\n', "", '[[intakes]]|id = "pulje_3"', at="intakes.admitted",
          why="Innstillingen mangler."),
    fault("KON-12", '[[districts]]                               # names on the list that are parts of a municipality\n'
          'name = "Bydel Nordre Aker"\nmunicipality = "0301"',
          '[[districts]]\nname = "Bydel Nordre Aker"\nmunicipality = 301', "municipality = 301",
          at="districts.municipality", found="301", why="Innstillingen skal være tekst."),
    fault("KON-12", 'name = "Pulje II"', "name = false", at="intakes.name", found="false", why="skal være tekst"),
    fault("KON-13", "borders = 2008", 'borders = "2008"', at="programme.borders", found='"2008"',
          why="Innstillingen skal være et heltall."),
    fault("KON-13", "anticipation = 1 ", "anticipation = true ", at="comparison.anticipation", found="true",
          why="skal være et heltall"),
    fault("KON-13", "size_groups = [5000, 20000]", "size_groups = [5000, 20000.0]", at="comparison.size_groups",
          found="20000.0", why="skal være et heltall"),
    fault("KON-14", "pulje_2 = -0.4", 'pulje_2 = "-0,4"', at="simulation.effect_pp.pulje_2", found='"-0,4"',
          why="Innstillingen skal være et tall."),
    fault("KON-14", "pulje_2 = -0.4", "pulje_2 = nan", at="simulation.effect_pp.pulje_2", found="nan",
          why="skal være et tall"),
    fault("KON-15", "ended = 2009-12-31", 'ended = "2009-12-31"', at="programme.ended", found='"2009-12-31"',
          why="Innstillingen skal være en dato."),
    fault("KON-15", "ended = 2009-12-31", "ended = 2009-12-31T10:00:00", at="programme.ended",
          found="2009-12-31 10:00:00", why="skal være en dato"),
    fault("KON-16", "size_groups = [5000, 20000]", "size_groups = 5000", at="comparison.size_groups", found="5000",
          why="Innstillingen skal være en liste."),
    fault("KON-16", "[[never_treated_confirmations]]", "[never_treated_confirmations]",
          at="never_treated_confirmations", why="skal være en liste"),
    fault("KON-17", "[window]", "[[window]]", at="window", why="skal være en seksjon med egne linjer under"),
    fault("KON-18", 'kind = "not_yet_treated"', 'kind = "not_treated"', at="comparison.kind", found='"not_treated"',
          why="Verdien er ikke en av dem innstillingen kan ha."),
    fault("KON-19", 'first_treated_quarter = "2007Q4"', 'first_treated_quarter = "2007K4"',
          at="intakes.first_treated_quarter", found='"2007K4"', why="Verdien er ikke et kvartal."),
    fault("KON-19", 'first_treated_quarter = "2007Q4"', 'first_treated_quarter = "2007-11"',
          at="intakes.first_treated_quarter", found='"2007-11"', why="Verdien er ikke et kvartal."),
    fault("KON-19", 'first = "2005Q1"', 'first = "२००५Q1"', at="window.first", found='"२००५Q1"', why="ikke et kvartal"),
    fault("KON-20", 'low = ["0722", "1002"]', 'low = ["0722", "102"]', at="simulation.selection.low", found='"102"',
          why="Verdien er ikke et kommunenummer med fire sifre."),
    fault("KON-21", 'id = "pulje_3"', 'id = "../pulje 3"', at="intakes.id", found='"../pulje 3"',
          why="Navnet kan ikke brukes som id."),
    fault("KON-22", "published_participants = 138", "published_participants = 0", at="programme.published_participants",
          found="0", why="Tallet skal være større enn 0."),
    fault("KON-23", "selected_high = 10", "selected_high = -1", at="intakes.selected_high", found="-1",
          why="Tallet skal være minst 0."),
    fault("KON-24", "anticipation = 1 ", "anticipation = 9 ", at="comparison.anticipation", found="9",
          why="Tallet skal være høyst 8."),
    fault("KON-25", 'labels = ["pulje3"]', "labels = []", at="intakes.labels", found="[]",
          why="Lista er tom, men må ha minst én verdi."),
    fault("KON-26", 'last = "2009Q3"', 'last = "2004Q4"', 'first = "2005Q1"', at="window.first", found="2005Q1",
          why="Perioden begynner i 2005Q1, men slutter i 2004Q4."),
    fault("KON-26", 'last = "2010Q4"', 'last = "2003Q4"', 'first = "2004Q1"', at="simulation.first", found="2004Q1",
          why="begynner i 2004Q1, men slutter i 2003Q4"),
    fault("KON-27", "size_groups = [5000, 20000]", "size_groups = [5000, 5000]", at="comparison.size_groups",
          found="[5000, 5000]", why="Grensene mellom størrelsesgruppene stiger ikke."),
    fault("KON-28", 'id = "sick_leave_total"', 'id = "sick_leave_self"',
          'id = "sick_leave_self"|numerator = ["lost_days_self"]', at="outcomes.id", found="sick_leave_self",
          why="Id-en sick_leave_self står to ganger."),
    fault("KON-29", 'labels = ["pulje3"]', 'labels = ["pulje1?"]', at="intakes.labels", found="pulje1?",
          why="Betegnelsen pulje1? fra deltakerlista står to ganger."),
    fault("KON-30", 'first = "2004Q4"', 'first = "2003Q4"', at="simulation.selection.first", found="2003Q4–2006Q3",
          why="Kvartalene for utvelgelsen (2003Q4–2006Q3) ligger utenfor de simulerte (2004Q1–2010Q4)."),
    fault("KON-05", "pulje_4 = -0.4", "puje_4 = -0.4", at="simulation.effect_pp.puje_4", found="puje_4",
          why="Programmet har ikke noe opptak som heter puje_4."),
    fault("KON-05", 'intake = "innsats"', 'intake = "insats"', at="simulation.selection.intake", found="insats",
          why="ikke noe opptak som heter insats"),
    fault("KON-40", 'first_treated_quarter = "2009Q1"', 'first_treated_quarter = "2010Q1"',
          at="intakes.first_treated_quarter", found="2010Q1",
          why="Opptaket Pulje IV begynner i 2010Q1, men programmet var slutt 2009-12-31."),
    fault("KON-41", 'measures_began = "2007Q3"', 'measures_began = "2006Q4"', at="intakes.measures_began",
          found="2006Q4", why="er oppgitt å begynne i 2006Q4, før opptaket selv begynner i 2007Q1"),
    fault("KON-42", "[[districts]]", '[[comparison.exclude]]\nmunicipality = "0301"\nreason = "x"\n\n[[districts]]',
          'municipality = "0301"|reason = "x"', at="comparison.exclude.municipality", found="0301",
          why="0301 er ført opp to ganger"),
    fault("KON-42", "[[co_interventions]]",
          '[[districts]]\nname = "bydel Nordre aker"\nmunicipality = "0219"\n\n[[co_interventions]]',
          'name = "bydel Nordre aker"', at="districts.name", found="bydel nordre aker", why="er ført opp to ganger"),
    fault("KON-43", 'labels = ["pulje3"]', 'labels = ["pulje3", "unknown"]', at="intakes.labels", found="unknown",
          why="Her ville de fått oppstarten til Pulje III."),
]  # fmt: skip
ELSEWHERE = {"KON-07", "KON-08", "KON-09", "KON-31", "KON-32"}
"""Raised by the simulation and by the import, and tested there; KON-08 here too."""


def refused(path):
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert caught.value.exit_code == 10
    assert not re.search(r"[{}]", describe(caught.value.findings))
    return caught.value.findings


def written(folder, *replacements):
    content = TEXT
    for old, new in replacements:
        assert old in content
        content = content.replace(old, new, FIRST)
    path = folder / "programmes" / "changed.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, "utf-8")
    return path


def number_of(path, marker):
    """Line of a text, counted from 1; ``a|b`` is the line a that is followed by the line b."""
    lines, (first, *after) = path.read_text("utf-8").splitlines(), marker.split("|")
    found = [
        number
        for number, line in enumerate(lines, start=1)
        if line.startswith(first) and (not after or lines[number].startswith(after[0]))
    ]
    return found[0]


def test_the_programme_file_itself_is_right():
    config = load_config(PROGRAMME)
    assert (config.programme.id, config.programme.published_participants) == ("kkp", 138)
    assert config.root == PROGRAMME.parent.parent
    assert config.file("population").is_file()
    assert (config.is_simulated, config.never_treated_confirmation is None) == (True, False)
    assert config.intake("innsats").selected_on_outcome
    assert not config.intake("pulje_1").selected_on_outcome


@pytest.mark.parametrize("wrong", FAULTS, ids=lambda wrong: f"{wrong.code} {wrong.column} {wrong.found}")
def test_a_fault_says_where_what_why_and_how_to_mend(tmp_path, wrong):
    path = written(tmp_path, (wrong.old, wrong.new))
    items = [item for item in refused(path) if item.code == wrong.code and item.column == wrong.column]
    assert len(items) == 1
    (item,) = items
    assert (item.file, item.line) == (str(path), number_of(path, wrong.line))
    if wrong.found is not None:
        assert item.found == wrong.found
    why, mend = why_and_mend(item)
    assert wrong.why in why
    assert mend.endswith(".")


def test_every_code_is_tested():
    content = (LOCALE / "nb" / "LC_MESSAGES" / "config.po").read_text("utf-8")
    in_catalogue = set(re.findall(r'^msgid "(KON-\d\d)\.why"', content, re.M))
    files = {"KON-01", "KON-02", "KON-03", "KON-04", "KON-06", "KON-33", "KON-34"}
    assert {wrong.code for wrong in FAULTS} | files | ELSEWHERE == in_catalogue


def test_the_nearest_name_comes_first(tmp_path):
    path = written(tmp_path, ("anticipation = 1 ", "antisipation = 1 "))
    item = next(item for item in refused(path) if item.code == "KON-10")
    assert "Her kan disse stå: anticipation, kind, size_groups, exclude." in why_and_mend(item)[1]


def test_allowed_values_are_listed(tmp_path):
    (item,) = refused(written(tmp_path, ('kind = "not_yet_treated"', 'kind = "x"')))
    assert why_and_mend(item)[1] == "Velg en av disse: not_yet_treated, never_treated, non_participants, same_size."


def test_a_municipality_number_without_quotes_is_not_toml(tmp_path):
    path = written(tmp_path, ('municipality = "0301"', "municipality = 0301"))
    (item,) = refused(path)
    assert (item.code, item.line, item.found) == ("KON-03", number_of(path, "municipality = 0301"), item.found)
    assert item.found == "municipality = 0301"
    why, mend = why_and_mend(item)
    assert why.startswith("Linja er ikke gyldig TOML")
    assert "anførselstegn rundt tekst og kommunenummer" in mend


def test_a_file_that_ends_in_the_middle_is_refused_on_its_last_line(tmp_path):
    path = tmp_path / "half.toml"
    path.write_text('[programme]\nid = "kkp"\nname = [', "utf-8")
    (item,) = refused(path)
    assert (item.code, item.line, item.found) == ("KON-03", 3, "name = [")


def test_all_faults_come_at_once_in_the_order_of_the_file(tmp_path):
    path = written(
        tmp_path,
        ("borders = 2008", 'borders = "2008"'),
        ('kind = "not_yet_treated"', 'kind = "x"'),
        ('municipality = "0301"', "municipality = 301"),
        ('improvement = "decrease"', 'improvement = "down"'),
        ("pulje_4 = -0.4", "pulje_4 = true"),
    )
    items = refused(path)
    assert [item.code for item in items] == ["KON-13", "KON-18", "KON-12", "KON-18", "KON-14"]
    assert [item.line for item in items] == sorted(item.line for item in items)


def test_all_contradictions_come_at_once(tmp_path):
    path = written(
        tmp_path,
        ('last = "2009Q3"', 'last = "2004Q4"'),
        ("size_groups = [5000, 20000]", "size_groups = [20000, 5000]"),
        ('labels = ["pulje3"]', 'labels = ["pulje2"]'),
        ("pulje_1 = -0.4", "puje_1 = -0.4"),
    )
    assert [item.code for item in refused(path)] == ["KON-26", "KON-27", "KON-29", "KON-05"]


def test_a_list_of_faulty_entries_is_not_also_called_empty(tmp_path):
    content = TEXT.replace('improvement = "decrease"', 'improvement = "down"')
    path = written(tmp_path)
    path.write_text(content, "utf-8")
    assert [item.code for item in refused(path)] == ["KON-18", "KON-18", "KON-18"]


def test_simulating_needs_settings(tmp_path):
    path = written(tmp_path)
    path.write_text(TEXT[: TEXT.index("# Settings of the simulated panel")], "utf-8")
    (item,) = refused(path)
    assert (item.code, item.line, item.column) == ("KON-08", number_of(path, "source = "), "panel.source")
    assert why_and_mend(item)[0] == "Programfila har ingen [simulation], og da er det ingenting å simulere."


def test_files_that_cannot_be_read(tmp_path, monkeypatch):
    (item,) = refused(tmp_path / "none.toml")
    assert (item.code, why_and_mend(item)[0]) == ("KON-01", "Programfila finnes ikke.")
    (item,) = refused(tmp_path)
    assert (item.code, why_and_mend(item)[0]) == ("KON-33", "Dette er en mappe, ikke en programfil.")
    latin = tmp_path / "latin.toml"
    latin.write_bytes('name = "Bø"'.encode("cp1252"))
    (item,) = refused(latin)
    assert item.code == "KON-02"
    assert why_and_mend(item)[0] == "Programfila er ikke skrevet i UTF-8: Den inneholder byten 0xf8."

    def deny(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_text", deny)
    (item,) = refused(latin)
    assert (item.code, why_and_mend(item)[1]) == ("KON-34", "Sjekk at du har lov til å lese fila.")


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = written(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_config(path).programme.id == "kkp"


def test_unknown_intakes_and_outcomes_list_those_there_are():
    config = load_config(PROGRAMME)
    for ask, code, word in ((config.intake, "KON-05", "opptak"), (config.outcome, "KON-06", "utfall")):
        with pytest.raises(ConfigError) as caught:
            ask("pulje_9")
        (item,) = caught.value.findings
        assert item.code == code
        assert f"{word} som heter pulje_9" in why_and_mend(item)[0]
    assert "sick_leave_total, sick_leave_self, sick_leave_doctor" in why_and_mend(item)[1]


def test_a_fault_of_a_kind_nobody_thought_of_is_still_told():
    novel = {"type": "novel", "loc": ("window",), "msg": "Novel message", "input": 1}
    ((code, place, found, facts),) = describe_faults([novel])
    assert (code, place, found, facts) == ("KON-04", ("window",), "1", {"problem": "Novel message"})
    (item,) = ConfigError.of(code, found=found, **facts).findings
    assert why_and_mend(item)[0] == "Innstillingen kan ikke brukes: Novel message."


def test_the_file_may_name_exactly_the_comparisons_there_are():
    assert get_args(ComparisonKind) == COMPARISONS


def test_settings_cannot_be_changed():
    config = load_config(PROGRAMME)
    with pytest.raises(ValueError, match="frozen"):
        config.window.first = "2004Q1"


def test_the_confirmation_counts_only_for_its_own_panel(tmp_path):
    own = load_config(written(tmp_path, ('source = "simulated"', 'source = "data/raw/my_panel.csv"')))
    assert own.never_treated_confirmation is None
    assert isinstance(own, Config)


LINES = [
    "top = 1",  # 1
    "[a]",
    'x = "[b]"',
    '"y" = 2',
    "z.w = 3",  # 5
    "[ a . b ]  # a comment",
    "x = 4",
    "[[c]]",
    "x = [",
    "  5,",  # 10
    "]",
    "y = 6",
    "[[c]]",
    "x = 7",
]


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("top",), 1), (("a",), 2), (("a", "x"), 3), (("a", "y"), 4), (("a", "z", "w"), 5), (("a", "none"), 2),
        (("a", "b", "x"), 7), (("c", 0, "x", 1), 9), (("c", 0, "y"), 12), (("c", 1, "x"), 14), (("c", 1, "y"), 13),
        (("c", 2, "x"), None), (("none",), None), (("none", "x"), None), ((), None),
    ],
)  # fmt: skip
def test_lines_are_found_by_section_and_key(place, line):
    assert line_of(place, LINES) == line
