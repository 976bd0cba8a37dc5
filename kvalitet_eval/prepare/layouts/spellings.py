"""What columns and choices may be called in Norwegian, for those who fill in a file by hand."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from kvalitet_eval.prepare.layout import Layout

NORWEGIAN = MappingProxyType(
    {
        "amount_nok": ("beløp",),
        "answer": ("svar",),
        "baseline": ("utgangspunkt", "utgangsverdi", "startverdi"),
        "baseline_date": ("utgangspunkt dato", "utgangsdato"),
        "basis": ("grunnlag",),
        "better": ("best",),
        "date": ("dato",),
        "deadline": ("frist",),
        "dimension": ("dimensjon",),
        "direction": ("retning",),
        "end": ("slutt",),
        "from_number": ("fra kommunenummer",),
        "gathering_id": ("samling id",),
        "goal": ("mål",),
        "goal_id": ("mål id",),
        "indicator": ("indikator", "nøkkeltall"),
        "indicator_name": ("indikatornavn", "nøkkeltallnavn"),
        "item": ("post",),
        "joined": ("kom med",),
        "kind": ("type",),
        "language_form": ("målform",),
        "left": ("gikk ut",),
        "mean_score": ("gjennomsnitt",),
        "measure_id": ("tiltak id",),
        "municipality": ("kommunenavn",),
        "n_answered": ("antall svar",),
        "n_employees": ("antall ansatte og tillitsvalgte",),
        "n_invited": ("antall spurte",),
        "n_management": ("antall ledere",),
        "n_politicians": ("antall folkevalgte",),
        "name": ("navn",),
        "network": ("nettverk",),
        "network_id": ("nettverk id",),
        "note": ("merknad",),
        "origin": ("opphav",),
        "outcome": ("utfall",),
        "party": ("part",),
        "phase": ("fase",),
        "population": ("populasjon",),
        "question": ("spørsmål",),
        "question_id": ("spørsmål id",),
        "respondent": ("løpenummer",),
        "scale_max": ("høyeste svar",),
        "scale_min": ("laveste svar",),
        "sex": ("kjønn",),
        "share": ("andel",),
        "side": ("inntekt eller kostnad",),
        "source": ("kilde",),
        "start": ("oppstart",),
        "statement": ("påstand",),
        "statement_id": ("påstand id",),
        "survey_id": ("undersøkelse id",),
        "table": ("tabell", "tabellnummer"),
        "target": ("resultatmål", "målverdi", "måltall"),
        "to_number": ("til kommunenummer",),
        "topic": ("tema",),
        "unit": ("enhet",),
        "value": ("verdi",),
        "year": ("år",),
    }
)
VALUES = MappingProxyType(
    {
        "alle": "all",
        "helse og omsorg": "health_care",
        "utdanning": "education",
        "barnehage": "kindergarten",
        "annet": "other",
        "observert": "observed",
        "ansatte": "employees",
        "bosatte": "residents",
        "begge": "both",
        "kvinner": "women",
        "menn": "men",
        "medarbeider": "employee",
        "medarbeidere": "employee",
        "atferd": "behaviour",
        "høyere": "higher",
        "lavere": "lower",
        "ned": "decrease",
        "nedover": "decrease",
        "opp": "increase",
        "oppover": "increase",
        "holde": "maintain",
        "tiltak": "measure",
        "forsøk": "trial",
        "forberede": "prepare",
        "planlegge": "plan",
        "utføre": "do",
        "kontrollere": "check",
        "standardisere": "standardise",
        "følge opp": "follow_up",
        "folkevalgte": "politicians",
        "ledelse": "management",
        "budsjett": "budget",
        "regnskap": "accounts",
        "inntekt": "income",
        "utgift": "cost",
        "kostnad": "cost",
        "fram": "forward",
        "tilbake": "backward",
        "bokmål": "nb",
        "nynorsk": "nn",
        "nøytral": "neutral",
    }
)


def spelt(layout: Layout) -> Layout:
    """Return a layout whose columns and choices are known under their Norwegian names too."""
    columns = tuple(
        replace(
            column,
            aliases=NORWEGIAN.get(column.name, ()),
            synonyms={word: value for word, value in VALUES.items() if value in column.allowed},
        )
        for column in layout.columns
    )
    return replace(layout, columns=columns)
