"""A municipality's own texts, pictures and events: one file from which its poster and its status report are made.

Nothing but the head must be there: a document shows what is missing, and where it is to be written. What is there must
be right, and no longer than there is room for.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from kvalitet_eval.prepare.documents.models import (
    Date,
    Frame,
    Goal,
    Measure,
    MunicipalityNumber,
    OptionalDate,
    Origin,
    Part,
    Phase,
    Result,
    Text,
    nothing_when_empty,
)

MOST_PICTURES = 3
MOST_EVENTS = 8
MOST_RESULTS = 6


def _text(longest: int) -> type[str]:
    return Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)]


def _maybe(longest: int) -> type[str]:
    return Annotated[_text(longest) | None, BeforeValidator(nothing_when_empty)]


class Happening(Part):
    """A measure, a trial or another event; it gets a number in the chart and a comment below it."""

    date: Date = Field(description="Day or month | Dag eller måned")
    kind: Literal["measure", "trial", "event"] = Field(
        description="Measure, trial or another event | Tiltak, forsøk eller annen hendelse"
    )
    name: _text(45) = Field(description="What it is, at most 45 characters | Hva det er, høyst 45 tegn")
    comment: _maybe(120) = Field(
        default=None, description="Comment to the chart, at most 120 characters | Kommentar til figuren, høyst 120 tegn"
    )


class PictureText(Part):
    """A picture: the name of a PNG or JPEG file in the municipality's folder, and what it shows in words."""

    file: Text = Field(description="File in the folder of the same number | Fil i mappa med samme nummer")
    alt: _maybe(250) = Field(
        default=None,
        description="What it shows, at most 250 characters; needed | Hva det viser, høyst 250 tegn; må være med",
    )
    caption: _maybe(120) = Field(default=None, description="Below the picture, at most 120 | Under bildet, høyst 120")


class PosterTexts(Part):
    """The texts of a poster, in the order of the poster: with everything as long as may be they fill one sheet."""

    introduction: _maybe(600) = Field(
        default=None, description="Who you are, with simple data; at most 600 | Hvem dere er, med enkle data; høyst 600"
    )
    goal: _maybe(300) = Field(
        default=None, description="Goal of taking part, at most 300 | Mål med deltakelsen, høyst 300 tegn"
    )
    results: _maybe(450) = Field(
        default=None, description="Preliminary results, at most 450 | Foreløpige resultater, høyst 450 tegn"
    )
    continuation: _maybe(450) = Field(
        default=None, description="Planned continuation, at most 450 | Planlagt videre arbeid, høyst 450 tegn"
    )
    summary: _maybe(500) = Field(
        default=None, description="Summary and reflection, at most 500 | Oppsummering og refleksjon, høyst 500 tegn"
    )


class StatusTexts(Part):
    """How the project stands: with six results the texts fill one page."""

    date: OptionalDate = Field(default=None, description="Date of the report | Rapportens dato")
    phase: Phase | None = Field(default=None, description="Phase of the improvement work | Fase i forbedringsarbeidet")
    done: _maybe(900) = Field(
        default=None, description="What has been done, at most 900 | Hva som er gjort, høyst 900 tegn"
    )
    results: tuple[Result, ...] = Field(
        default=(), max_length=MOST_RESULTS, description="Measurements, at most six | Målinger, høyst seks"
    )
    obstacles: _maybe(500) = Field(
        default=None, description="What stands in the way, at most 500 | Hva som står i veien, høyst 500 tegn"
    )
    next_steps: _maybe(500) = Field(
        default=None, description="What comes next, at most 500 | Hva som skjer videre, høyst 500 tegn"
    )


class MandateTexts(Part):
    """What the project is to reach, and within which frame."""

    name: _maybe(100) = Field(default=None, description="Name of the project | Prosjektets navn")
    commissioner: _maybe(200) = Field(default=None, description="Who gave the commission | Oppdragsgiver")
    background: _maybe(1500) = Field(default=None, description="Background, at most 1500 | Bakgrunn, høyst 1500 tegn")
    purpose: _maybe(700) = Field(default=None, description="Purpose, at most 700 | Formål, høyst 700 tegn")
    goals: tuple[Goal, ...] = Field(default=(), description="Goals | Mål")
    frame: Frame | None = Field(default=None, description="Frame of the project | Prosjektets ramme")
    measures: tuple[Measure, ...] = Field(default=(), description="Measures | Tiltak")
    evaluation: _maybe(700) = Field(
        default=None, description="How it will be evaluated, at most 700 | Hvordan det skal evalueres, høyst 700 tegn"
    )


class MunicipalityTexts(Part):
    """A municipality's own words, for its poster, its status report and its project mandate."""

    kind: Literal["municipality_texts"] = Field(description="Always municipality_texts | Alltid municipality_texts")
    municipality_number: MunicipalityNumber = Field(
        description="Four digits, as text, the same as in the file's name | Fire sifre, som tekst, som i filnavnet"
    )
    language: Literal["nb", "nn"] = Field(description="Language of the texts | Målformen i tekstene")
    origin: Origin = Field(
        default="observed", description="`syntetisk` for an invented example | `syntetisk` for et oppdiktet eksempel"
    )
    project: _maybe(100) = Field(
        default=None, description="Title of the project, at most 100 | Prosjektets tittel, høyst 100 tegn"
    )
    poster: PosterTexts = Field(default=PosterTexts(), description="Texts of the poster | Tekstene på veggavisa")
    pictures: tuple[PictureText, ...] = Field(
        default=(), max_length=MOST_PICTURES, description="Pictures, at most three | Bilder, høyst tre"
    )
    events: tuple[Happening, ...] = Field(
        default=(), max_length=MOST_EVENTS, description="Trials and events, at most eight | Hendelser, høyst åtte"
    )
    status: StatusTexts = Field(default=StatusTexts(), description="Status report | Statusrapport")
    mandate: MandateTexts | None = Field(default=None, description="Project mandate | Prosjektmandat")
