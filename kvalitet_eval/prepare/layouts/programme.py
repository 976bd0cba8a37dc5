"""What the municipalities of a programme do: goals, measures, networks, gatherings, other measures, accounts."""

from __future__ import annotations

from kvalitet_eval.prepare.layout import Column, Layout, text, year
from kvalitet_eval.prepare.layouts.columns import (
    DIMENSIONS,
    DIRECTIONS,
    MUNICIPALITY,
    NOTE,
    NUMBER,
    ORIGIN,
    PARTIES,
    SOURCE,
    choice,
    date,
    persons,
    score,
)

PHASES = ("prepare", "plan", "do", "check", "standardise", "follow_up")

_YEAR = year("year", "Året raden gjelder", "Year of the row")
_DIMENSION = choice(
    "dimension",
    DIMENSIONS,
    "Del av kvalitetsmodellen: system, medarbeider (employee) eller atferd (behaviour)",
    "Part of the quality model: system, employee or behaviour (the meeting between employee and user)",
)

KOSTRA_INDICATORS = Layout(
    id="kostra_indicators",
    title_nb="KOSTRA-nøkkeltall",
    title_nn="KOSTRA-nøkkeltal",
    title_en="KOSTRA indicators",
    source_en="Statistics Norway, KOSTRA; one row per municipality, year and indicator",
    columns=(
        NUMBER,
        _YEAR,
        text("indicator", "Kode for nøkkeltallet", "Code of the indicator"),
        text("indicator_name", "Navn på nøkkeltallet", "Name of the indicator", required=False, nullable=True),
        Column("value", "number", "Verdien", "Value", unit="as in the column unit", nullable=True),
        text("unit", "Enheten verdien er i, for eksempel prosent eller kroner", "Unit, for example per cent or NOK"),
        text("table", "Tabellnummer", "Number of the table", digits=5),
        ORIGIN,
    ),
    key=("municipality_number", "year", "indicator", "table"),
    dash_is_zero=True,
)

GOALS = Layout(
    id="goals",
    title_nb="Resultatmål",
    title_nn="Resultatmål",
    title_en="Goals",
    source_en="The municipality's own project: measurable, with a deadline; to keep the level is allowed",
    columns=(
        text("goal_id", "Målets kjennetegn i fila, for eksempel M1", "Identifier of the goal"),
        NUMBER,
        text("goal", "Målet slik kommunen har skrevet det", "The goal in the municipality's words"),
        _DIMENSION,
        text("indicator", "Hva som måles", "What is measured"),
        text("unit", "Enhet, for eksempel prosent", "Unit, for example per cent"),
        choice("direction", DIRECTIONS, "Ned (decrease), opp (increase) eller beholde nivået (maintain)", "Direction"),
        Column(
            "baseline",
            "number",
            "Nivået før start",
            "Level before the start",
            unit="as in the column unit",
            nullable=True,
        ),
        date("baseline_date", "Når nivået ble målt", "When the level was measured", nullable=True),
        Column("target", "number", "Nivået som skal nås", "Level to reach", unit="as in the column unit"),
        date("deadline", "Fristen", "Deadline"),
        ORIGIN,
    ),
    key=("municipality_number", "goal_id"),
)

MEASURES = Layout(
    id="measures",
    title_nb="Tiltak og forsøk",
    title_nn="Tiltak og forsøk",
    title_en="Measures and trials",
    source_en="The municipality's own project; dates are used to mark charts and to tell when work began",
    columns=(
        text("measure_id", "Tiltakets kjennetegn i fila, for eksempel T1", "Identifier of the measure"),
        NUMBER,
        choice("kind", ("measure", "trial"), "Tiltak (measure) eller forsøk (trial)", "Measure or trial"),
        text("name", "Hva som gjøres", "What is done"),
        _DIMENSION,
        choice("phase", PHASES, "Fase i forbedringsarbeidet", "Phase of the improvement work"),
        date("start", "Når det begynte", "Start"),
        date("end", "Når det sluttet; tomt når det pågår", "End; empty while it goes on", nullable=True),
        text("goal_id", "Målet det hører til", "Goal that it serves", nullable=True),
        ORIGIN,
    ),
    key=("municipality_number", "measure_id"),
)

NETWORKS = Layout(
    id="networks",
    title_nb="Nettverk av kommuner",
    title_nn="Nettverk av kommunar",
    title_en="Networks of municipalities",
    source_en="The programme's secretariat; groups of four to six municipalities",
    columns=(
        text("network_id", "Nettverkets kjennetegn i fila", "Identifier of the network"),
        text("network", "Nettverkets navn", "Name of the network"),
        NUMBER,
        date("joined", "Når kommunen kom med", "When the municipality joined"),
        date("left", "Når kommunen gikk ut; tomt når den er med", "When it left; empty while in", nullable=True),
        ORIGIN,
    ),
    key=("network_id", "municipality_number", "joined"),
)

GATHERINGS = Layout(
    id="gatherings",
    title_nb="Samlinger",
    title_nn="Samlingar",
    title_en="Gatherings",
    source_en="The programme's secretariat; one row per gathering and municipality",
    columns=(
        text("gathering_id", "Samlingens kjennetegn i fila", "Identifier of the gathering"),
        date("date", "Første dag av samlingen", "First day"),
        text("topic", "Tema", "Topic"),
        text("network_id", "Nettverket; tomt for samlinger for alle", "Network; empty when for all", nullable=True),
        NUMBER,
        persons("n_politicians", "Folkevalgte som deltok", "Politicians who took part", nullable=True),
        persons("n_management", "Ledere som deltok", "Managers who took part", nullable=True),
        persons("n_employees", "Tillitsvalgte og ansatte som deltok", "Employees who took part", nullable=True),
        ORIGIN,
    ),
    key=("gathering_id", "municipality_number"),
)

COOPERATION_SURVEY = Layout(
    id="cooperation_survey",
    title_nb="Undersøkelse av trepartssamarbeidet",
    title_nn="Undersøking av trepartssamarbeidet",
    title_en="Survey of the three-party cooperation",
    source_en="The programme's survey; one row per municipality, year, party and statement",
    columns=(
        NUMBER,
        _YEAR,
        choice("party", PARTIES, "Part: folkevalgte, ledelse eller ansatte", "Party"),
        text("statement_id", "Påstandens kjennetegn", "Identifier of the statement"),
        text("statement", "Påstanden", "The statement"),
        score("scale_min", "Laveste svar på skalaen", "Lowest answer of the scale"),
        score("scale_max", "Høyeste svar på skalaen", "Highest answer of the scale"),
        persons("n_invited", "Antall som ble spurt", "Persons asked"),
        persons("n_answered", "Antall som svarte", "Persons who answered"),
        score(
            "mean_score", "Gjennomsnittlig svar; tomt når ingen svarte", "Mean answer; empty without any", nullable=True
        ),
        ORIGIN,
    ),
    key=("municipality_number", "year", "party", "statement_id"),
)

CO_INTERVENTIONS = Layout(
    id="co_interventions",
    title_nb="Andre tiltak i samme tid",
    title_nn="Andre tiltak i same tid",
    title_en="Co-interventions",
    source_en="Public documents; another measure that could explain a change, for exclusion and sensitivity",
    columns=(
        NUMBER,
        text("name", "Hva tiltaket heter", "Name of the measure"),
        date("start", "Når det begynte", "Start"),
        date("end", "Når det sluttet; tomt når det pågår eller er ukjent", "End; empty when it goes on", nullable=True),
        text("outcome", "Hva det kan ha endret", "What it may have changed"),
        SOURCE,
        NOTE,
        ORIGIN,
    ),
    key=("municipality_number", "name", "start"),
)

PROJECT_ACCOUNTS = Layout(
    id="project_accounts",
    title_nb="Regnskap for kommunens prosjekt",
    title_nn="Rekneskap for prosjektet til kommunen",
    title_en="Accounts of a municipality's project",
    source_en="The municipality's accounts; sums are not rows of their own",
    columns=(
        NUMBER,
        _YEAR,
        choice("kind", ("budget", "accounts"), "Budsjett (budget) eller regnskap (accounts)", "Budget or accounts"),
        choice("side", ("income", "cost"), "Inntekt (income) eller kostnad (cost)", "Income or cost"),
        text("item", "Post", "Item"),
        Column("amount_nok", "number", "Beløp, alltid positivt", "Amount, never negative", unit="NOK", low=0),
        ORIGIN,
    ),
    key=("municipality_number", "year", "kind", "side", "item"),
)

LANGUAGE_FORMS = Layout(
    id="language_forms",
    title_nb="Kommunenes målform",
    title_nn="Målforma i kommunane",
    title_en="Language form of municipalities",
    source_en="The user; no such file comes with the project. Without it documents are in the programme's language",
    columns=(
        Column(
            "municipality_number",
            "municipality",
            "Kommunenummer med fire sifre, gyldig i grensene programmet regner i",
            "Municipality number, four digits, valid in the programme's borders",
        ),
        MUNICIPALITY,
        choice(
            "language_form",
            ("nb", "nn", "neutral"),
            "Målformen kommunen har vedtatt: bokmål (nb), nynorsk (nn) eller nøytral (neutral: programmets språk)",
            "The form of Norwegian that the municipality has adopted; neutral: the programme's language",
        ),
    ),
    key=("municipality_number",),
)

PROGRAMME = (
    KOSTRA_INDICATORS,
    GOALS,
    MEASURES,
    NETWORKS,
    GATHERINGS,
    COOPERATION_SURVEY,
    CO_INTERVENTIONS,
    PROJECT_ACCOUNTS,
    LANGUAGE_FORMS,
)
