"""Short ways to write a file, read it with the real register, and look at what was said."""

from functools import cache
from pathlib import Path

from kvalitet_eval.config import load_config
from kvalitet_eval.prepare.intake import inspect
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.present import messages

ROOT = Path(__file__).resolve().parents[2]
RATES = "kommunenr;kvartal;sykefravar"


@cache
def register():
    return load_register(load_config(ROOT / "programmes" / "kkp.toml"))


def look(tmp_path, content, layout=None, name="fil.csv", **options):
    """Read a text or bytes as a file, check the account and every message, and return the intake."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = inspect(path, layout, register(), **options)
    counts = result.counts
    assert counts.read == counts.used + counts.excluded + counts.refused
    assert counts.used == len(result.rows)
    for item in result.findings:
        why, mend = messages.why_and_mend(item)
        assert "{" not in why + mend
    return result


def rates(tmp_path, *lines, header=RATES, **options):
    """Read lines of number, quarter and percentage."""
    return look(tmp_path, "\n".join((header, *lines)) + "\n", "sick_leave_rates", **options)


def said(result):
    """Code, severity and line of every finding."""
    return [(item.code, item.severity, item.line) for item in result.findings]


def codes(result):
    return sorted({item.code for item in result.errors})


def rules(result):
    return list(result.ledger["rule"])


def values(result, column="rate_total_pct"):
    return result.rows[column].tolist()
