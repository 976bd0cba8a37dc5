"""One chart of every kind, made of small published tables; numbers are made up."""

from __future__ import annotations

import math

import pandas as pd
from chart_samples import comparison, effects, rates
from publish_samples import opened

from kvalitet_eval.present.development import development_chart
from kvalitet_eval.present.event_study import event_study_chart
from kvalitet_eval.present.forest import forest_chart
from kvalitet_eval.present.funnel import funnel_chart
from kvalitet_eval.present.goal_bullet import bullet_chart
from kvalitet_eval.present.municipality_map import map_chart
from kvalitet_eval.present.run_chart import run_chart
from kvalitet_eval.present.slope import slope_chart
from kvalitet_eval.present.small_multiples import small_multiples
from kvalitet_eval.present.timeline import timeline_chart

OUTCOME, SOURCE = "sick_leave_total", "Oppdiktede tall"
QUARTERS = [f"{year}Q{quarter}" for year in range(2005, 2010) for quarter in (1, 2, 3, 4)][3:]
INTAKES = {"innsats": "Innsatskommuner sykefravær", "pulje_1": "Pulje I", "pulje_2": "Pulje II", "pulje_3": "Pulje III"}
MEASURES = (("2007Q3", "Nye rutiner for oppfølging etter to dagers fravær"), ("2008Q2", "Felles samling i nettverket"))


def by_cohort(**columns):
    """Effects by cohort; the last is withheld and one has no interval."""
    usual = {
        "cohort": list(INTAKES),
        "estimate": [-0.42, 0.13, -0.91, -0.2],
        "conf_low": [-0.82, -0.31, None, -0.6],
        "conf_high": [-0.02, 0.57, None, 0.2],
        "conf_level": [0.95] * 4,
        "n_treated": [12, 29, 46, 4],
    }
    return pd.DataFrame({**usual, **columns})


def intakes(**columns):
    usual = {"name": list(INTAKES.values()), "first_quarter": ["2007Q1", "2007Q2", "2007Q4", None]}
    return pd.DataFrame({**usual, **columns})


def quarterly(base=9.0, season=1.2, fall=0.0):
    """A rate that swings with the season."""
    return [round(base + season * math.sin(1.57 * k) - fall * k, 3) for k in range(len(QUARTERS))]


def run_rows(**columns):
    values = quarterly()
    values[5] = None
    return pd.DataFrame({"window_end": QUARTERS, "rate_pct": values, **columns})


def controlled():
    values = quarterly(season=0.4)
    values[-1] = 11.9
    signals = ["none"] * (len(values) - 1) + ["beyond_limit"]
    limits = {"centre": [9.0] * len(values), "lower": [7.6] * len(values), "upper": [10.4] * len(values)}
    return pd.DataFrame({"window_end": QUARTERS, "rate_pct": values, **limits, "signal": signals})


def slopes():
    return pd.DataFrame(
        {
            "name": ["Nord-Aurdal", "Sør-Aurdal", "Vestre Slidre", "Øystre Slidre", "Vang", "Etnedal"],
            "before": [9.8, 8.9, 8.8, 10.2, 7.1, None],
            "after": [9.1, 8.95, 8.7, 9.0, 7.9, 8.0],
        }
    )


def funnel_rows(n=60):
    sizes = [round(60 * 1.08**k) for k in range(n)]
    values = [9 + 24 / math.sqrt(size) * math.sin(7 * k) for k, size in enumerate(sizes)]
    names = ["Nord-Aurdal" if k == 20 else f"Kommune {chr(97 + k % 26)}{chr(97 + k // 26)}" for k in range(n)]
    spread = [24 / math.sqrt(size) for size in sizes]
    limits = {
        f"{side}_{level}": [max(0.0, 9 + sign * z * s) for s in spread]
        for level, z in (("95", 1.96), ("998", 3.09)) for side, sign in (("lower", -1), ("upper", 1))
    }  # fmt: skip
    return pd.DataFrame({"name": names, "size": sizes, "value": values, "centre": [9.0] * n, **limits})


def goals(**columns):
    usual = {
        "goal": [
            "Sykefraværet skal ned til 9 prosent",
            "Egenmeldt fravær skal ikke øke",
            "Færre enn 2 prosent vikarer",
        ],
        "value": [9.4, 1.1, None],
        "conf_low": [8.8, 1.0, None],
        "conf_high": [10.0, 1.2, None],
        "conf_level": [0.95] * 3,
        "target": [9.0, 1.4, 2.0],
        "baseline": [10.5, 1.4, None],
        "verdict": ["cannot_be_told", "reached", "missing_data"],
    }
    return pd.DataFrame({**usual, **columns})


def network(n=6):
    names = ["Nord-Aurdal", "Sør-Aurdal", "Vestre Slidre", "Øystre Slidre", "Vang", "Etnedal"][:n]
    frames = [
        pd.DataFrame({"unit": name, "window_end": QUARTERS, "rate_pct": quarterly(8 + 0.4 * k, 0.5, 0.03)})
        for k, name in enumerate(names)
    ]
    return pd.concat(frames, ignore_index=True), {name: name for name in names}


def places():
    """Municipalities from south to north; the last has no place."""
    rows = [
        ("0301", "Oslo", 10.75, 59.91, None), ("0542", "Nord-Aurdal", 9.23, 60.99, "innsats"),
        ("1002", "Mandal", 7.45, 58.03, "innsats"), ("1103", "Stavanger", 5.73, 58.97, None),
        ("1201", "Bergen", 5.32, 60.39, "pulje_1"), ("1601", "Trondheim", 10.39, 63.43, "pulje_1"),
        ("1719", "Levanger", 11.30, 63.75, "pulje_2"), ("1804", "Bodø", 14.41, 67.28, "pulje_2"),
        ("1902", "Tromsø", 18.96, 69.65, "pulje_3"), ("2030", "Sør-Varanger", 29.94, 69.67, "pulje_3"),
        ("2012", "Alta", 23.27, 69.97, None), ("9998", "Uten plass", None, None, "pulje_3"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["municipality_number", "name", "longitude", "latitude", "group"])


def gallery(language="nb", origin="syntetisk"):
    """Return one chart of every kind by name."""
    named = {"source": SOURCE, "language": language}
    sick = {"outcome": OUTCOME, **named}

    def made(frame, **more):
        return opened(frame, origin=origin, **more)

    network_rows, names = network()
    mean = pd.DataFrame({"window_end": QUARTERS, "rate_pct": quarterly(8.8, 0.5)})
    figures = {
        "development": development_chart(
            made(rates()), made(comparison()), id="development", name="Bø", verdict=None, start="2007Q1",
            events=[("2007Q2", "Samling")], **sick,
        ),
        "event_study": event_study_chart(
            made(effects().drop(columns="origin")), id="event-study", name="Pulje I", verdict="cannot_be_told",
            improvement="decrease", **sick,
        ),
        "forest": forest_chart(
            made(by_cohort(), hidden={"estimate": [3], "conf_low": [3], "conf_high": [3]}), id="forest", names=INTAKES,
            verdict="cannot_be_told", improvement="decrease", **sick,
        ),
        "timeline": timeline_chart(
            made(intakes()), id="timeline", programme="Kvalitetskommuneprogrammet", ended="2009Q4",
            measures={"Innsatskommuner sykefravær": "2007Q3", "Pulje I": "2008Q2"}, **named,
        ),
        "map": map_chart(
            made(places()), id="map", programme="Kvalitetskommuneprogrammet", groups=INTAKES, year=2008,
            named=["0542", "1719", "2030"], **named,
        ),
        "run": run_chart(
            made(run_rows()), id="run", name="Nord-Aurdal", start="2007Q2", events=MEASURES, rolling=False, **sick
        ),
        "control": run_chart(
            made(controlled()), id="control", name="Nord-Aurdal", verdict="cannot_be_told", rolling=False, **sick
        ),
        "slope": slope_chart(
            made(slopes()), id="slope", name="Valdres-nettverket", own="Nord-Aurdal", ends="before_after", **sick
        ),
        "funnel": funnel_chart(made(funnel_rows()), id="funnel", own="Nord-Aurdal", **sick),
        "bullet": bullet_chart(made(goals()), id="bullet", name="Nord-Aurdal", unit="prosent", **named),
        "multiples": small_multiples(
            made(network_rows), made(mean), id="multiples", name="Valdres-nettverket", names=names, start="2007Q2",
            **sick,
        ),
    }  # fmt: skip
    return {name: figure.content for name, figure in figures.items()}
