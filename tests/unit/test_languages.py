"""Whole reports in nynorsk and in English: no word, number or order of another language, and bokmål stays bokmål."""

import re

import pytest
from made_programme import made_programme
from template_runs import names_in, page_text, stored_report

from kvalitet_eval.prepare.breaks import BREAKS
from kvalitet_eval.prepare.schema import LAYOUTS
from kvalitet_eval.present.messages import languages

MUNICIPALITIES = ("0542", "1902", "1833")
COHORTS = ("innsats", "pulje_2", "pulje_3", "pulje_4")
SUBJECTS = [("municipality", id) for id in MUNICIPALITIES] + [("cohort", id) for id in COHORTS]
BOKMAAL = """
alene anslagene avhenger avrundingen bare beregnes beregnet ble bruk byrået de deltakere deltakerlista deltakerne
deres disse dårligere egen eget egne en enkelte ennå enten et finnes flere flest fordel forklarer forskjell
forskjellen forskjeller fra fravær fraværet følge gjelder gjennomsnittlig gjort gjøre ham hele henne hjem hun hva
hvem hver hvert hvilke hvilken hvis hvor hvordan hvorfor høyere høyt ikke innenfor jeg kjent kjente kommer
kommunene kommunenes kommuner kvartalene kvartaler lavere lavt legemeldte ligger lister mangler mens mer mest
målinger måneder måtene navn noe noen nå oppgitte opptakene punktene regner regnet resultatene samme sammen
sammenlignes sammenlignet sammenligning sammenligningen sammenligningsgruppen selv siden sier skiller skyldes
størrelse svinger sykefravær sykefraværet sykefraværstallene tall tallene tallet tiltakene tross undersøkelsen
usikkerhet usikkerheten uten utenfor utregningen utviklingen vanligvis ventet vet virkelige virkning virkningen
vises våre være vært årene
"""
NORWEGIAN = """
alle andre av bare begge berre ble blei blir dei den der det disse ein eit enn er etter fordi fra frå før gjeld
gjelder gjennomsnitt han har hva hvem hver hvor hvordan høgt høyt ikke ikkje ingen kan kommunane kommunar kommune
kommunen kommunene kommuner kva kvar kvartal kven manglar mangler med meir mellom mer mot ned noe noen noko nokre
og også om opp oppstart prosent prosentpoeng på samme sidan siden sjukefråvær skal skuldast skyldes som sykefravær
tal tala tall tallene til tiltak tiltaket utan utanfor uten utenfor ved vere vi vore være vært år året
"""
NYNORSK = """
annleis anslaga berre betre blei dei dårlegare eiga eigen eigne ein einaste einskild eit fekk fleire frå følgjer
førebels gjekk gjeld gjer gjere halde haldne hovudresultat høgare høgt ikkje kjem kjende kommunane kommunar kor
korleis kva kvar kvart kvartala kven kvifor lågare lågt meir mogleg mykje månader namn noko nokon nokre opptaka
rekna resultata samanlikna samanlikning samanlikningskommunane sidan sjukefråvær sjukefråværet sjølv skilnad
skilnaden skuldast storleik tala talet tilfella tiltaka utan utanfor uvissa uvisse venta vere verknad verknaden
vore
"""
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    return made_programme(tmp_path_factory.mktemp("languages")).path


@pytest.fixture(scope="module")
def names(programme):
    """Names that are the same in every language."""
    return names_in(programme)


def text_of(programme, names, kind, id, language):
    said = page_text(stored_report(programme, kind, language, **{kind: id}))
    for name in names:
        parts = r"\s+".join(map(re.escape, name.split()))  # a long name goes over two lines of a chart
        said = re.sub(rf"(?<!\w){parts}(?!\w)", " ", said)
    return said


def words_of(said):
    return {word.lower() for word in WORD.findall(said)}


def faults(said, language):
    """What a reader of the language would stumble over."""
    found = words_of(said)
    if language == "en":
        wrong = found & {*NORWEGIAN.split()}
        wrong |= {word for word in found if re.search("[æøå]", word)}
        return wrong | set(re.findall(r"(?<![\d,])\d+,\d{1,2}(?!\d)", said))
    wrong = found & {*(BOKMAAL if language == "nn" else NYNORSK).split()}
    return wrong | set(re.findall(r"(?<![\d.\w])\d+\.\d+(?![\d.])", said))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("kind", "id"), SUBJECTS)
def test_a_report_has_no_word_and_no_number_of_another_language(programme, names, kind, id, language):
    assert faults(text_of(programme, names, kind, id, language), language) == set()


@pytest.mark.parametrize("language", languages())
def test_the_lists_of_words_find_another_language(programme, names, language):
    for kind, id in SUBJECTS:
        other = "nn" if language == "nb" else "nb"
        assert len(faults(text_of(programme, names, kind, id, other), language)) > 20
    assert {"ikke", "fra"} <= faults("Dette kommer ikke fra 2,5", "nn")
    assert faults("2.5 and 3,4 and 12,345 and the Ås", "en") == {"3,4", "ås"}
    assert faults("2.5 og 3,4 og 1. kv. 2007 og 0.1.0", "nb") == {"2.5"}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("kind", "id"), SUBJECTS)
def test_minus_is_never_a_hyphen_and_the_page_says_its_language(programme, kind, id, language):
    report = stored_report(programme, kind, language, **{kind: id})
    assert report.language == language
    assert re.findall(r"(?:^|[\s(])-\d", page_text(report)) == []
    numbers = {block.chart.language for block in report.blocks if hasattr(block, "chart")}
    assert numbers <= {language}


@pytest.mark.parametrize("language", languages())
def test_members_stand_in_the_readers_order(programme, language):
    report = stored_report(programme, "cohort", language, cohort="pulje_2")
    (table,) = [block.table for block in report.blocks if hasattr(block, "table") and block.table.id == "members"]
    listed = [row[0].text for row in table.rows]
    last = max(index for index, name in enumerate(listed) if name[0] not in "ÆØÅ")
    has_late = [index for index, name in enumerate(listed) if name[0] in "ÆØÅ"]
    assert has_late, "the test needs such a name"
    assert all(index > last for index in has_late) == (language != "en")


def test_titles_of_files_and_breaks_are_real_nynorsk():
    for item in (*LAYOUTS.values(), *BREAKS):
        assert faults(item.title_nn, "nn") == set(), item.id
    bokmaal = [item.id for item in (*LAYOUTS.values(), *BREAKS) if faults(item.title_nb, "nn")]
    assert bokmaal, "bokmål would be found"
