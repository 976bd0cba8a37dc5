"""Columns that several layouts share."""

from __future__ import annotations

from kvalitet_eval.prepare.layout import Column, text

SECTORS = ("all", "health_care", "education", "kindergarten", "other")
ORIGINS = ("observed", "syntetisk")
POPULATIONS = ("employees", "residents")
SEXES = ("both", "women", "men")
DIRECTIONS = ("decrease", "increase", "maintain")
DIMENSIONS = ("system", "employee", "behaviour")
PARTIES = ("politicians", "management", "employees")

NUMBER = Column(
    "municipality_number",
    "municipality",
    "Kommunenummer med fire sifre, gyldig i året raden gjelder",
    "Municipality number, four digits, valid in the year of the row",
)
MUNICIPALITY = text("municipality", "Kommunens navn", "Name of the municipality", required=False, nullable=True)
QUARTER = Column("quarter", "quarter", "Kvartal, for eksempel 2007Q3", "Quarter, for example 2007Q3")
ORIGIN = Column(
    "origin",
    "choice",
    "Om tallene er observert eller syntetiske (simulerte)",
    "Whether the figures are observed or simulated",
    required=False,
    allowed=ORIGINS,
    default="observed",
)
SECTOR = Column(
    "sector",
    "choice",
    "Sektor; «all» når fila ikke er delt på sektor",
    'Sector; "all" when the file is not split by sector',
    required=False,
    allowed=SECTORS,
    default="all",
)
SOURCE = text("source", "Hvor opplysningen står", "Where it says so")
NOTE = text("note", "Merknad", "Note", required=False, nullable=True)


def population(*allowed: str) -> Column:
    """Describe the column that says who the figures are about: municipal employees, or residents of all industries."""
    return Column(
        "population",
        "choice",
        "Hvem tallene gjelder: kommunens egne ansatte (employees) eller bosatte i alle næringer (residents)",
        "Whom the figures are about: the municipality's employees, or residents of all industries",
        allowed=allowed,
    )


def days(name: str, description_nb: str, description_en: str, *, required: bool = True) -> Column:
    """Describe a column of person-days; may be empty, never negative."""
    return Column(
        name, "number", description_nb, description_en, unit="person-days", required=required, nullable=True, low=0
    )


def date(
    name: str, description_nb: str, description_en: str, *, nullable: bool = False, required: bool = True
) -> Column:
    """Describe a column of days or months."""
    return Column(name, "date", description_nb, description_en, nullable=nullable, required=required)


def choice(name: str, allowed: tuple[str, ...], description_nb: str, description_en: str) -> Column:
    """Describe a column with a fixed set of values, always filled."""
    return Column(name, "choice", description_nb, description_en, allowed=allowed)


def persons(name: str, description_nb: str, description_en: str, *, nullable: bool = False) -> Column:
    """Describe a column that counts persons."""
    return Column(name, "count", description_nb, description_en, unit="persons", low=0, nullable=nullable)


def score(name: str, description_nb: str, description_en: str, *, nullable: bool = False) -> Column:
    """Describe a column on the scale of a question: its ends, an answer, or a mean of answers."""
    return Column(name, "number", description_nb, description_en, unit="scale points", nullable=nullable)
