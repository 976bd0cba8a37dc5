"""Surveys of users and employees: the questions, who was asked, and the answers. The scale is data, not code."""

from __future__ import annotations

from kvalitet_eval.prepare.layout import Layout, text
from kvalitet_eval.prepare.layouts.columns import DIMENSIONS, NUMBER, ORIGIN, choice, date, persons, score

_SURVEY = text(
    "survey_id", "Undersøkelsens kjennetegn, likt i de tre filene", "Identifier, the same in all three files"
)
_QUESTION = text("question_id", "Spørsmålets kjennetegn", "Identifier of the question")
_UNIT = text(
    "unit",
    "Enheten, for eksempel et sykehjem; «all» for hele kommunen",
    'Unit, for example a nursing home; "all" for the whole municipality',
)

SURVEY_CODEBOOK = Layout(
    id="survey_codebook",
    title_nb="Undersøkelse: spørsmål og skala",
    title_nn="Undersøking: spørsmål og skala",
    title_en="Survey: questions and scale",
    source_en="The form that was used",
    columns=(
        _SURVEY,
        _QUESTION,
        text("question", "Spørsmålet slik det ble stilt", "The question as it was asked"),
        choice(
            "dimension",
            DIMENSIONS,
            "Del av kvalitetsmodellen: system, medarbeider (employee) eller atferd (behaviour)",
            "Part of the quality model: system, employee or behaviour",
        ),
        score("scale_min", "Laveste svar på skalaen", "Lowest answer of the scale"),
        score("scale_max", "Høyeste svar på skalaen", "Highest answer of the scale"),
        choice(
            "better",
            ("higher", "lower"),
            "Om et høyt (higher) eller lavt (lower) svar er best",
            "Whether a high or a low answer is better",
        ),
        ORIGIN,
    ),
    key=("survey_id", "question_id"),
)

SURVEY_FRAME = Layout(
    id="survey_frame",
    title_nb="Undersøkelse: hvem som ble spurt",
    title_nn="Undersøking: kven som blei spurde",
    title_en="Survey: who was asked",
    source_en="The list that the survey was sent to, as counts",
    columns=(
        _SURVEY,
        NUMBER,
        _UNIT,
        date("date", "Når undersøkelsen ble sendt ut", "When the survey was sent out"),
        persons("n_invited", "Antall som ble spurt", "Persons asked"),
        ORIGIN,
    ),
    key=("survey_id", "municipality_number", "unit"),
)

SURVEY_RESPONSES = Layout(
    id="survey_responses",
    title_nb="Undersøkelse: svarene",
    title_nn="Undersøking: svara",
    title_en="Survey: the answers",
    source_en="The survey tool; one row per person and question. Persons have serial numbers, never names",
    columns=(
        _SURVEY,
        NUMBER,
        _UNIT,
        text("respondent", "Løpenummer for den som svarte, ikke navn", "Serial number of the person, not a name"),
        _QUESTION,
        score(
            "answer",
            "Svaret; tomt når spørsmålet ikke er besvart",
            "The answer; empty when not answered",
            nullable=True,
        ),
        ORIGIN,
    ),
    key=("survey_id", "municipality_number", "unit", "respondent", "question_id"),
)

SURVEYS = (SURVEY_CODEBOOK, SURVEY_FRAME, SURVEY_RESPONSES)
