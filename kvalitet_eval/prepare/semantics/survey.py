"""The three files of a survey together: answers on the scale of the form, from those who were asked, never too many."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kvalitet_eval.errors import Finding, finding
from kvalitet_eval.prepare.semantics.meaning import FileLike

_PLACE = ["survey_id", "municipality_number", "unit"]
_QUESTION = ["survey_id", "question_id"]


def check_survey(codebook: FileLike, frame: FileLike, responses: FileLike) -> tuple[Finding, ...]:
    """Return what does not fit between the codebook, the frame and the responses of one or more surveys.

    Parameters
    ----------
    codebook, frame, responses : Intake
        Accepted files of the layouts ``survey_codebook``, ``survey_frame`` and ``survey_responses``.

    Returns
    -------
    tuple of Finding
        Errors, in order of line: a question that the codebook lacks, an answer off its scale, a place that nobody was
        asked in, more persons answering than were asked.
    """
    found = [
        *_unknown_questions(codebook, responses),
        *_off_scale(codebook, responses),
        *_unknown_places(frame, responses),
        *_too_many(frame, responses),
    ]
    return tuple(sorted(found, key=lambda item: (item.line or 0, item.code)))


def response_rates(frame: FileLike, responses: FileLike) -> pd.DataFrame:
    """Count persons who answered at least one question.

    Returns
    -------
    pandas.DataFrame
        survey_id, municipality_number, unit, n_invited, n_answered, response_pct (missing when nobody was asked); one
        row per place of the frame, places without any answer included.
    """
    answered = responses.rows.dropna(subset=["answer"])
    counts = answered.groupby(_PLACE)["respondent"].nunique().rename("n_answered").reset_index()
    table = frame.rows[[*_PLACE, "n_invited"]].merge(counts, on=_PLACE, how="left")
    table["n_answered"] = table["n_answered"].fillna(0).astype("int64")
    asked = table["n_invited"].where(table["n_invited"] > 0)
    return table.assign(response_pct=100 * table["n_answered"] / asked)


def _unknown_questions(codebook: FileLike, responses: FileLike) -> Iterator[Finding]:
    known = set(codebook.rows[_QUESTION].itertuples(index=False, name=None))
    for row in responses.rows.drop_duplicates(_QUESTION).to_dict("records"):
        if (row["survey_id"], row["question_id"]) not in known:
            facts = {"survey": row["survey_id"], "codebook": codebook.path.name}
            yield finding("INN-S30", **_where(responses, row, "question_id"), **facts)


def _off_scale(codebook: FileLike, responses: FileLike) -> Iterator[Finding]:
    scale = codebook.rows[[*_QUESTION, "scale_min", "scale_max"]]
    joined = responses.rows.merge(scale, on=_QUESTION)
    outside = (joined["answer"] < joined["scale_min"]) | (joined["answer"] > joined["scale_max"])
    for row in joined[outside].to_dict("records"):
        facts = {name: _number(row[name]) for name in ("scale_min", "scale_max")}
        facts["question"] = row["question_id"]
        yield finding("INN-S31", **_where(responses, row, "answer"), **facts)


def _unknown_places(frame: FileLike, responses: FileLike) -> Iterator[Finding]:
    known = set(frame.rows[_PLACE].itertuples(index=False, name=None))
    for row in responses.rows.drop_duplicates(_PLACE).to_dict("records"):
        if tuple(row[name] for name in _PLACE) not in known:
            facts = {"number": row["municipality_number"], "frame": frame.path.name}
            yield finding("INN-S32", **_where(responses, row, "unit"), **facts)


def _too_many(frame: FileLike, responses: FileLike) -> Iterator[Finding]:
    rates = response_rates(frame, responses)
    lines = responses.rows.groupby(_PLACE)["line"].min()
    for row in rates[rates["n_answered"] > rates["n_invited"]].to_dict("records"):
        row["line"] = lines[tuple(row[name] for name in _PLACE)]
        facts = {name: row[name] for name in ("n_answered", "n_invited")}
        yield finding("INN-S33", **_where(responses, row, "unit"), **facts)


def _where(file: FileLike, row: dict, column: str) -> dict[str, object]:
    found = _number(row[column]) if isinstance(row[column], float) else row[column]
    return {"file": file.path, "line": int(row["line"]), "column": column, "found": found}


def _number(value: float) -> str:
    return f"{value:.10g}".replace(".", ",")
