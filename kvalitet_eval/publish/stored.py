"""Published tables on disk: decided once for a whole programme, read by every report that shows a part of them.

What is stored has passed the gate; a withheld value is not in the file, and the same data give the same bytes. A file
that is not, byte by byte, what was written is refused, so that nobody publishes by editing it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from io import StringIO
from pathlib import Path

import pandas as pd

from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish.audit import SCHEMA_VERSION, AuditRecord, write_private
from kvalitet_eval.publish.policy import Policy
from kvalitet_eval.publish.published import _SEAL, PublishedTable, Stamp


def save_tables(path: Path, tables: Iterable[PublishedTable]) -> None:
    """Write published tables to one file, each with its marks and its audit record; names of outputs are unique.

    Raises
    ------
    ReportError
        PUB-13: the file cannot be written; PUB-20: something else than a published table; PUB-27: two of one name.
    """
    stored: dict[str, object] = {}
    for table in tables:
        if not isinstance(table, PublishedTable):
            raise ReportError.of("PUB-20", found=type(table).__name__)
        if table.stamp.output in stored:
            raise ReportError.of("PUB-27", file=path, found=table.stamp.output)
        stored[table.stamp.output] = _plain(table)
    write_private(path, {"schema_version": SCHEMA_VERSION, "sha256": _sha256(stored), "tables": stored})


def load_tables(path: Path, policy: Policy) -> Mapping[str, PublishedTable]:
    """Read published tables back.

    Returns
    -------
    mapping of str to PublishedTable
        By the name of the output.

    Raises
    ------
    ReportError
        PUB-28: the file is missing, is not such a file, has been changed, or passed another policy.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema_version"] != SCHEMA_VERSION or content["sha256"] != _sha256(content["tables"]):
            raise ValueError("sha256")
        tables = StoredTables(content["tables"])
        policies = {str(stored["stamp"]["policy_sha256"]) for stored in content["tables"].values()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReportError.of("PUB-28", file=path, found=type(error).__name__) from error
    if policies - {policy.sha256}:
        raise ReportError.of("PUB-28", file=path, found=policy.name)
    return tables


class StoredTables(Mapping[str, PublishedTable]):
    """Published tables by the name of the output, each built when it is first asked for."""

    def __init__(self, stored: Mapping[str, Mapping[str, object]]) -> None:
        self._stored = stored
        self._tables: dict[str, PublishedTable] = {}

    def __getitem__(self, name: str) -> PublishedTable:
        if name not in self._tables:
            self._tables[name] = _table(self._stored[name])
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)


def _plain(table: PublishedTable) -> dict[str, object]:
    frame, marks = table.to_frame(), table.marks()
    return {
        "stamp": asdict(table.stamp),
        "keys": list(table.keys),
        "origin": table.origin,
        "audit": json.loads(replace(table.audit, n_linked=0).to_json()),
        "types": {name: str(dtype) for name, dtype in frame.dtypes.items()},
        "rows": frame.to_csv(index=False, lineterminator="\n"),
        "marks": {name: "|".join(marks[name]) for name in marks if (marks[name] != "").any()},
    }


def _table(stored: Mapping[str, object]) -> PublishedTable:
    types = {name: "str" if dtype == "object" else dtype for name, dtype in stored["types"].items()}
    frame = pd.read_csv(StringIO(stored["rows"]), dtype=types, keep_default_na=False, na_values=[""])
    empty = [""] * len(frame)
    marks = {name: stored["marks"][name].split("|") if name in stored["marks"] else empty for name in frame}
    narrowest = stored["audit"]["narrowest"]
    audit = AuditRecord(**{**stored["audit"], "narrowest": float("nan") if narrowest is None else narrowest})
    details = (Stamp(**stored["stamp"]), tuple(stored["keys"]), stored["origin"], audit)
    return PublishedTable(*details, frame, pd.DataFrame(marks, dtype=object), _SEAL)


def _sha256(tables: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(tables, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
