"""A made-up provider with answers of the recorded shape: every figure here is invented."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx

from kvalitet_eval.prepare.api.client import ApiClient, RateLimit

TIMES = {
    "03217": [f"{year}K{quarter}" for year in range(2000, 2009) for quarter in (1, 2, 3, 4)][1:],
    "07905": [f"{year}K{quarter}" for year in range(2008, 2019) for quarter in (1, 2, 3, 4)],
    "12451": [f"{year}K{quarter}" for year in range(2000, 2027) for quarter in (1, 2, 3, 4)][1:-2],
    "07459": [str(year) for year in range(2000, 2026)],
}
LABELS = {
    "Region": {"0301": "Oslo kommune", "0542": "Nord-Aurdal", "1503": "Kristiansund (-2007)"},
    "Kjonn": {"0": "Begge kjønn", "1": "Menn", "2": "Kvinner"},
    "ContentsCode": {"Sykefraversprosent": "Sykefraværsprosent", "Sykefraversdagsverk": "Sykefraværsdagsverk"},
}


class FakeClock:
    """A clock that only moves when somebody sleeps or a call takes time."""

    def __init__(self) -> None:
        self.seconds, self.slept = 1000.0, []

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def now(self) -> datetime:
        return datetime(2026, 11, 21, 12, tzinfo=UTC) + timedelta(seconds=self.seconds - 1000)


class Provider:
    """Tables and classifications as the real provider shapes them; tests change ``times``, ``cells`` or ``codes``."""

    def __init__(self) -> None:
        self.calls: list[httpx.Request] = []
        self.times = {table: list(codes) for table, codes in TIMES.items()}
        self.labels = {name: dict(codes) for name, codes in LABELS.items()}
        self.cells: dict[tuple[str, ...], float | None] = {}
        self.status: dict[tuple[str, ...], str] = {}
        self.units: dict[str, str] = {}
        self.codes = [
            {"code": "0542", "name": "Nord-Aurdal", "from": "2000-01-01", "to": "2020-01-01"},
            {"code": "3451", "name": "Nord-Aurdal", "from": "2020-01-01", "to": None},
        ]
        self.changes = [{"old": "0542", "new": "3451", "day": "2020-01-01", "name": "Nord-Aurdal"}]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(request)
        parts = request.url.path.split("/")
        if "klass" in parts:
            return httpx.Response(200, json=self._classification(parts[-1]))
        table, what = parts[-2], parts[-1]
        if table not in self.times:
            return httpx.Response(404, json={"type": "about:blank", "title": "Non-existent table", "status": 404})
        codes = {name: list(labels) for name, labels in self.labels.items()} | {"Tid": self.times[table]}
        if what == "metadata":
            return httpx.Response(200, json=self._dataset(table, codes, values=[]))
        return httpx.Response(200, content=json.dumps(self._cells(table, self._asked(request, codes))).encode())

    def _asked(self, request: httpx.Request, codes: dict[str, list[str]]) -> dict[str, list[str]]:
        if request.method == "POST":
            said = json.loads(request.content)["selection"]
            wanted = {each["variableCode"]: each["valueCodes"] for each in said}
        else:
            wanted = {name: request.url.params[f"valueCodes[{name}]"].split(",") for name in codes}
        return {name: codes[name] if wanted[name] == ["*"] else wanted[name] for name in codes}

    def _cells(self, table: str, codes: dict[str, list[str]]) -> dict[str, object]:
        keys = list(itertools.product(*codes.values()))
        values = [self.cells.get(key, float(sum(map(len, key)))) for key in keys]
        status = {str(place): self.status[key] for place, key in enumerate(keys) if key in self.status}
        return self._dataset(table, codes, values) | ({"status": status} if status else {})

    def _dataset(self, table: str, codes: dict[str, list[str]], values: list[float | None]) -> dict[str, object]:
        return {
            "version": "2.0",
            "class": "dataset",
            "label": f"{table}: Oppdiktet tabell, etter {', '.join(codes)}",
            "source": "Oppdiktet",
            "updated": "2026-11-20T07:00:00Z",
            "role": {"time": ["Tid"], "metric": ["ContentsCode"], "geo": ["Region"]},
            "id": list(codes),
            "size": [len(each) for each in codes.values()],
            "dimension": {
                name: {
                    "label": name.lower(),
                    "category": {
                        "index": {code: place for place, code in enumerate(each)},
                        "label": {code: self.labels.get(name, {}).get(code, code) for code in each},
                        **self._unit(name, each),
                    },
                    "extension": {"elimination": name == "Kjonn"},
                }
                for name, each in codes.items()
            },
            "value": values,
        }

    def _unit(self, name: str, codes: list[str]) -> dict[str, object]:
        units = {code: {"base": self.units[code], "decimals": 1} for code in codes if code in self.units}
        return {"unit": units} if name == "ContentsCode" and units else {}

    def _classification(self, what: str) -> dict[str, object]:
        if what == "changes":
            return {
                "codeChanges": [
                    {
                        "oldCode": each["old"],
                        "oldName": each["name"],
                        "oldShortName": "",
                        "newCode": each["new"],
                        "newName": each["name"],
                        "newShortName": "",
                        "changeOccurred": each["day"],
                    }
                    for each in self.changes
                ]
            }
        return {
            "codes": [
                {
                    "code": each["code"],
                    "parentCode": None,
                    "level": "1",
                    "name": each["name"],
                    "shortName": "",
                    "presentationName": "",
                    "validFrom": None,
                    "validTo": None,
                    "validFromInRequestedRange": each["from"],
                    "validToInRequestedRange": each["to"],
                    "notes": "",
                }
                for each in self.codes
            ]
        }


def client_for(handler: Callable[[httpx.Request], httpx.Response], clock: FakeClock | None = None) -> ApiClient:
    """A client whose calls go to a function and whose waits move a clock of ours."""
    clock = clock or FakeClock()
    limit = RateLimit(monotonic=clock, sleep=clock.sleep)
    return ApiClient(httpx.MockTransport(handler), limit=limit, sleep=clock.sleep, now=clock.now)


def n_asked(selection: dict[str, tuple[str, ...]]) -> int:
    """Cells of a selection."""
    return math.prod(map(len, selection.values()))
