"""The files that come with the project, one layout each."""

from __future__ import annotations

from kvalitet_eval.prepare.layout import Column, Layout, percent, text, year
from kvalitet_eval.prepare.layouts.columns import QUARTER

NATIONAL = "0000"  # Statistics Norway's number for the whole country
_COUNTY = text("county", "Fylke", "County")

PARTICIPANTS = Layout(
    id="participants",
    title_nb="Kjente deltakere i programmet",
    title_nn="Kjende deltakarar i programmet",
    title_en="Known participants of the programme",
    source_en="The programme's own documents and public press notices; the column source names the one for each row",
    columns=(
        text("cohort", "Pulje slik kilden kaller den", "Intake as the list calls it"),
        text("name_as_listed", "Navnet slik det står i kilden", "Name as it stands in the source"),
        Column(
            "kommunenr_2007",
            "municipality",
            "Kommunenummer i 2007; tomt når navnet ikke er én bestemt kommune",
            "Municipality number in 2007; empty when the name is not one certain municipality",
            nullable=True,
        ),
        text(
            "name_klass_2006",
            "Navnet i kommuneregisteret for 2006",
            "Name in the municipality register of 2006",
            nullable=True,
        ),
        Column("start", "date", "Når kommunen startet; tomt når ukjent", "Start; empty when unknown", nullable=True),
        text("source", "Kilden til opplysningen", "Where it says so"),
        text("certainty", "Hvor sikker opplysningen er", "How certain it is"),
        text("note", "Merknad", "Note", nullable=True),
    ),
    key=("cohort", "name_as_listed"),
)

MUNICIPALITIES = Layout(
    id="municipalities",
    title_nb="Kommuneregisteret 2000–2024",
    title_nn="Kommuneregisteret 2000–2024",
    title_en="Municipality register 2000-2024",
    source_en="Statistics Norway, classification 131, compiled from several public compilations that agree",
    columns=(
        Column("municipality_number", "municipality", "Kommunenummer", "Municipality number"),
        text("name", "Kommunenavn", "Name"),
        _COUNTY,
        year("first_year", "Første år nummeret gjelder", "First year the number is valid"),
        year("last_year", "Siste år nummeret gjelder", "Last year the number is valid"),
    ),
    key=("municipality_number", "first_year"),
)

MUNICIPALITY_CHANGES = Layout(
    id="municipality_changes",
    title_nb="Kommuneendringer 2002–2024",
    title_nn="Kommuneendringar 2002–2024",
    title_en="Municipality changes 2002-2024",
    source_en="Statistics Norway, classification 131: mergers, splits and renumberings",
    columns=(
        Column("date", "date", "Datoen endringen gjelder fra", "Date of the change"),
        Column("old_number", "municipality", "Nummeret før", "Number before"),
        Column("new_number", "municipality", "Nummeret etter", "Number after"),
    ),
    key=("date", "old_number", "new_number"),
)

MUNICIPALITIES_2008 = Layout(
    id="municipalities_2008",
    title_nb="Kommunene i 2008 med folketall og midtpunkt",
    title_nn="Kommunane i 2008 med folketal og midtpunkt",
    title_en="The municipalities of 2008 with population and centre",
    source_en="Statistics Norway, table 07459 (population 1 January 2008; 7 approximate, marked); own centres",
    columns=(
        Column("municipality_number", "municipality", "Kommunenummer i 2008", "Municipality number in 2008"),
        text("name", "Kommunenavn", "Name"),
        _COUNTY,
        Column(
            "population_1_january_2008",
            "count",
            "Innbyggere 1. januar 2008",
            "Inhabitants on 1 January 2008",
            unit="persons",
            low=1,
        ),
        text("population_certainty", "Kilde, eller «approximate» når tallet er anslått", "Source, or approximate"),
        Column("longitude", "number", "Lengdegrad for midtpunktet", "Longitude", unit="degrees", low=-180, high=180),
        Column("latitude", "number", "Breddegrad for midtpunktet", "Latitude", unit="degrees", low=-90, high=90),
    ),
    key=("municipality_number",),
)

NATIONAL_SERIES = Layout(
    id="national_series",
    title_nb="Sykefravær i hele landet per kvartal",
    title_nn="Sjukefråvær i heile landet per kvartal",
    title_en="National sick leave by quarter",
    source_en="Statistics Norway, release of 20 December 2011, table 3; employees of all industries",
    columns=(
        QUARTER,
        percent("total_pct", "Sykefravær i alt", "Sick leave, total"),
        percent("self_certified_pct", "Egenmeldt sykefravær", "Self-certified"),
        percent("doctor_certified_pct", "Legemeldt sykefravær", "Doctor-certified"),
    ),
    key=("quarter",),
)

TABLE_1 = Layout(
    id="table_1",
    title_nb="Tabell 1 i årsrapporten for 2007",
    title_nn="Tabell 1 i årsrapporten for 2007",
    title_en="Table 1 of the annual report 2007",
    source_en="Annual report 2007 of the programme; three overlapping four-quarter windows, rates to one decimal",
    columns=(
        text("unit", "Kommunen eller gruppen slik den står i tabellen", "Municipality or group as printed"),
        percent("p1_2005Q4_2006Q3", "Sykefravær i periode 1", "Sick leave in period 1", nullable=True),
        percent("p2_2006Q2_2007Q1", "Sykefravær i periode 2", "Sick leave in period 2", nullable=True),
        percent("p3_2006Q4_2007Q3", "Sykefravær i periode 3", "Sick leave in period 3", nullable=True),
        *(
            Column(
                f"pct_p{n}_p3_published",
                "number",
                f"Trykt endring fra periode {n} til 3",
                f"Printed relative change, period {n} to 3",
                unit="percent change",
                nullable=True,
                low=-100,
            )
            for n in (1, 2)
        ),
    ),
    key=("unit",),
)

ACCOUNTS = Layout(
    id="accounts",
    title_nb="Regnskapet i årsrapporten for 2007",
    title_nn="Rekneskapen i årsrapporten for 2007",
    title_en="Accounts in the annual report 2007",
    source_en="Annual report 2007 of the programme, section 6; sums are rows of their own",
    columns=(
        text("section", "Del av regnskapet", "Section"),
        text("item", "Post", "Item"),
        Column("amount_nok", "number", "Beløp", "Amount", unit="NOK"),
    ),
    key=("section", "item"),
)

CLAIMS = Layout(
    id="claims",
    title_nb="Påstander i dokumentene og hva tallene gir",
    title_nn="Påstandar i dokumenta og kva tala gir",
    title_en="Claims in the documents and what the figures give",
    source_en="The document named in each row",
    columns=(
        text("claim_id", "Påstandens nummer", "Identifier of the claim"),
        text("source", "Dokumentet", "Document"),
        text("place", "Sted i dokumentet", "Place in the document"),
        text("claim_in_own_words", "Påstanden, gjengitt med egne ord", "The claim in other words"),
        text("statistic", "Hva slags tall det er", "What kind of figure it is"),
        text("stated_value", "Verdien som er oppgitt", "Value as stated"),
        text("unit", "Enhet", "Unit"),
        text("what_the_figures_give", "Hva tallene gir", "What the figures give"),
        text("verdict_expected", "Om tallene stemmer med påstanden", "Whether the figures agree with the claim"),
    ),
    key=("claim_id",),
)

SSB_CELLS = Layout(
    id="ssb_cells",
    title_nb="Publiserte celler fra Statistisk sentralbyrå",
    title_nn="Publiserte celler frå Statistisk sentralbyrå",
    title_en="Published cells of Statistics Norway",
    source_en="Statistics Norway's archive tables (address in each row); RESIDENTS of all industries, doctor-certified",
    columns=(
        Column(
            "kommune_nr",
            "municipality",
            "Kommunenummer; 0000 er hele landet",
            "Municipality number; 0000 is the whole country",
            allowed=(NATIONAL,),
        ),
        text("kommune", "Kommunenavn", "Name"),
        Column("kvartal", "quarter", "Kvartal", "Quarter"),
        Column("kjonn", "choice", "Kjønn", "Sex", allowed=("kvinner", "menn", "begge")),
        Column(
            "mal",
            "choice",
            "Om prosenten er av arbeidstakere eller av dagsverk",
            "Whether the percentage is of employees or of person-days",
            allowed=("arbeidstakere_pst", "dagsverk_pst"),
        ),
        percent("prosent", "Legemeldt sykefravær", "Doctor-certified sick leave", nullable=True),
        Column(
            "antall",
            "count",
            "Antallet bak prosenten: fraværende arbeidstakere eller tapte dagsverk",
            "Number behind the percentage: absent employees or lost person-days",
            nullable=True,
            low=0,
        ),
        text("tabell", "Tabellens dato og nummer", "Date and number of the table"),
        text("kilde", "Nettadresse", "Address"),
    ),
    key=("kommune_nr", "kvartal", "kjonn", "mal", "tabell"),
    dash_is_zero=True,
)

BUNDLED = (
    PARTICIPANTS,
    MUNICIPALITIES,
    MUNICIPALITY_CHANGES,
    MUNICIPALITIES_2008,
    NATIONAL_SERIES,
    TABLE_1,
    ACCOUNTS,
    CLAIMS,
    SSB_CELLS,
)
