"""Measure and print: ``python -m benchmarks.render_documents REPORTS [--peers PYTHON] [--only NAME ...] [--short]``."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.comparison import Comparison, measure
from benchmarks.measure import Side
from benchmarks.table import render

MOST_KB = 80.0
SUFFIX = ".results.json"


def tasks(stored: Path, notebook: Path, page: Path, figures: Path, n_charts: int) -> dict[str, Comparison]:
    """What is measured of one report, with what was asked for."""

    def ours(name: str, calls: int) -> Side:
        return Side(
            f"kvalitet_eval, {name}", "package", f"render_documents.ours:{name}", {"stored": str(stored)}, calls
        )

    chromium = shutil.which("chromium") or "chromium"
    return {
        "html": Comparison(
            "page", ours("html", 9), most_seconds=0.020,
            other=Side("nbconvert", "package", "render_documents.peers:nbconvert_html", {"notebook": str(notebook)}, 3),
        ),
        "pdf": Comparison(
            "PDF", ours("pdf", 5), most_seconds=0.060,
            other=Side(
                "browser's print", "package", "render_documents.peers:browser_pdf",
                {"page": str(page), "chromium": chromium}, 3,
            ),
        ),
        "docx": Comparison("Word", ours("docx", 5), most_seconds=0.150),
        "xlsx": Comparison("workbook", ours("xlsx", 5)),
        "svg": Comparison(
            "charts", ours("svg", 9), most_seconds=0.002, parts=n_charts,
            other=Side("kaleido", "peers", "render_documents.peers:kaleido_svg", {"figures": str(figures)}, 3),
        ),
    }  # fmt: skip


def sizes(reports: Path) -> list[tuple[float, str]]:
    """Size of the page of each report about a municipality, the largest first."""
    pages = reports.glob("municipalities/*.html")
    return sorted(((page.stat().st_size / 1000, page.name) for page in pages), reverse=True)


def write_figures(stored: Path, folder: Path) -> tuple[Path, int]:
    """Write the report's charts as figures of plotly, for an environment that has nothing of ours."""
    from kvalitet_eval.present.to_plotly import to_plotly
    from kvalitet_eval.report.blocks import Figure
    from kvalitet_eval.report.model import load

    charts = [block.chart for block in load(stored).blocks if isinstance(block, Figure)]
    path = folder / "figures.json"
    path.write_text(json.dumps([json.loads(to_plotly(chart).to_json()) for chart in charts]), encoding="utf-8")
    return path, len(charts)


def main() -> int:
    """Run what was asked for; the exit code tells whether every bound is reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.render_documents", description=__doc__)
    parser.add_argument("reports", type=Path, help="folder of a programme's finished reports")
    parser.add_argument("--peers", metavar="PYTHON", help="interpreter with requirements.lock installed")
    parser.add_argument("--only", nargs="+", choices=("html", "pdf", "docx", "xlsx", "svg"))
    parser.add_argument("--municipality", default="", help="number of the municipality; the first one without it")
    parser.add_argument("--short", action="store_true")
    asked = parser.parse_args()
    stored = min(asked.reports.glob(f"municipalities/{asked.municipality}*{SUFFIX}"))
    notebook = f"{stored.name.partition('-')[0]}-{json.loads(stored.read_bytes())['language']}.ipynb"
    page = stored.with_name(stored.name.replace(SUFFIX, ".html"))
    print(f"{stored.name}; {os.cpu_count()} processors, load before {os.getloadavg()[0]:.1f}", flush=True)
    outcomes = []
    with tempfile.TemporaryDirectory() as folder:
        figures, n_charts = write_figures(stored, Path(folder))
        known = tasks(stored, asked.reports / "archive" / notebook, page, figures, n_charts)
        wanted = asked.only or [name for name in known if name != "svg" or asked.peers]
        for name in wanted:
            outcomes.append(measure(known[name], {"package": sys.executable, "peers": asked.peers}, short=asked.short))
            print(f"  {name}: done", file=sys.stderr, flush=True)
    print(render(outcomes))
    for outcome in outcomes:
        sides = [side for side in (outcome.ours, outcome.other) if side is not None]
        print(f"{outcome.comparison.title}: " + ", ".join(f"{s.side.name} {s.figures['kB']:.0f} kB" for s in sides))
    found = sizes(asked.reports)
    is_small = found[0][0] <= MOST_KB
    print(f"{len(found)} pages, the largest {found[0][0]:.1f} kB ({found[0][1]}); asked: <= {MOST_KB:g} kB")
    print(f"load after {os.getloadavg()[0]:.1f}")
    return 0 if is_small and all(outcome.is_reached is not False for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
