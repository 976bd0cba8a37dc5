"""Somebody's own words: shown as written, refused when they name or number persons."""

import pytest
from publish_samples import SSB, STANDARD

from kvalitet_eval import publish
from kvalitet_eval.errors import ReportError
from kvalitet_eval.present.messages import describe

PERSON = "01010710029"  # made up: its check digits fit


def refused(words, policy=STANDARD, **options):
    with pytest.raises(ReportError) as caught:
        publish.quote(words, policy, **options)
    (found,) = caught.value.findings
    return found


def test_words_and_their_numbers_are_shown_as_written():
    words = " Fra 11,2 til 9,8 prosent.\n\n- 150 000 kroner\n- 12 ansatte, to enheter, 3,5 årsverk "
    assert str(publish.quote(words, STANDARD)) == words.strip()


@pytest.mark.parametrize("written", [PERSON, "010107 10029", "010107-10029", "fnr: 01010710029."])
def test_a_person_number_is_refused_and_never_repeated(written):
    found = refused(f"Prosjektleder {written} svarer", where="poster.goal")
    assert (found.code, found.column) == ("PUB-50", "poster.goal")
    said = describe([found])
    assert "fødselsnummer" in said
    assert "10029" not in said


@pytest.mark.parametrize(
    "words",
    [
        "3 ansatte var syke", "1 sykmeldt", "tre ansatte sluttet", "To sykmeldte kom tilbake", "4 av 40 ansatte",
        "to av de ansatte", "fire nye medarbeidere", "éin tilsett", "2 elever", "tre bebuarar", "four employees",
        "3 sjukmelde", "to barn", "2 menn", "1 av 12 brukarar",
    ],
)  # fmt: skip
def test_fewer_persons_than_the_policy_allows_are_refused(words):
    found = refused(f"I fjor: {words}.")
    assert (found.code, found.facts["minimum"]) == ("PUB-51", str(STANDARD.minimum))
    assert words not in describe([found])


@pytest.mark.parametrize(
    "words",
    [
        "5 ansatte", "fem ansatte", "12 sykmeldte", "40 av 300 ansatte", "3 enheter", "to enheter byttet leder",
        "3,5 årsverk per ansatt", "5,3 ansatte", "0 sykmeldte", "i 2008 ansatte vi flere", "to dagers fravær",
        "de tillitsvalgte", "tre måneder, og ansatte", "2009-12 for ansatte",
    ],
)  # fmt: skip
def test_what_is_no_small_number_of_persons_is_let_through(words):
    assert str(publish.quote(words, STANDARD)) == words


def test_the_limit_is_the_policy_s():
    assert str(publish.quote("3 ansatte", SSB)) == "3 ansatte"
    assert refused("2 ansatte", SSB).code == "PUB-51"
    assert refused("9 ansatte", publish.Policy.load("streng")).code == "PUB-51"


@pytest.mark.parametrize("words", ["", "  \n", None, 3])
def test_what_is_no_text_is_refused(words):
    assert refused(words).code == "PUB-24"
