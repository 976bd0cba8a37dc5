"""What a programme's report says: its intakes side by side, what would have happened anyway, what cannot be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kvalitet_eval import publish
from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.case_words import selection_sentence
from kvalitet_eval.present.check_words import check_sentence
from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.present.say import say
from kvalitet_eval.publish import PublishedTable, PublishedText

LANGUAGE = "nb"


@dataclass(frozen=True, slots=True)
class IntakeFacts:
    """What a programme's report says of one intake beside its effect.

    Parameters
    ----------
    name : str
        As readers know it.
    sizes : str
        How many municipalities the sources say that it has: "46, 49 eller 44".
    n_members : int
        Municipalities that the effects rest on.
    is_whole : bool
        Whether these are as many as every source says.
    verdict : str
        From ``estimate.verdict.judge``.
    """

    name: str
    sizes: str
    n_members: int
    is_whole: bool
    verdict: sentences.Verdict


def programme_summary(
    effect: PublishedTable,
    intakes: Iterable[IntakeFacts],
    *,
    programme: str,
    published: int,
    verdict: sentences.Verdict,
    language: str = LANGUAGE,
) -> PublishedText:
    """Say the answer first: about all together, on whom it rests, and what could have been seen.

    Parameters
    ----------
    effect : PublishedTable
        The average effect on all participants, one row of effects; no row when there is none.
    published : int
        Participants that the programme said it had.
    """
    n = sum(intake.n_members for intake in intakes)
    facts = {
        "participants": numbers.counted("participants", n, language),
        "published": numbers.count(published, language),
    }
    parts = [text(f"case.summary.{verdict}", language, intake=programme)]
    parts.append(text("programme.summary.basis", language, **facts))
    parts += [text("programme.summary.known", language)] if n < published else []
    known = effect.to_frame()["smallest_detectable"].dropna()
    if len(known):
        detectable = numbers.points(known.iloc[0], 2, language)
        parts.append(text("cohort.summary.detectable", language, detectable=detectable))
    return publish.text(" ".join(parts), effect, facts=[*facts.values(), programme])


def verdict_list(intakes: Iterable[IntakeFacts], language: str = LANGUAGE) -> PublishedText:
    """List the verdict on each intake, in order of time."""
    lines = [text("programme.summary.verdicts", language)]
    names = []
    for intake in intakes:
        verdict = text(f"verdict.{intake.verdict}", language)
        lines.append("- " + text("programme.summary.verdict", language, intake=intake.name, verdict=verdict))
        names.append(intake.name)
    return publish.text("\n".join(lines), facts=names)


def programme_facts(
    *, programme: str, years: str, starts: Iterable[str], ended: dt.date, published: int, known: int,
    language: str = LANGUAGE,
) -> PublishedText:  # fmt: skip
    """Say what the programme was, and how many of its participants can be named; ``starts`` in order of time."""
    starts = list(starts)
    stated = {"n": numbers.count(len(starts), language), "ended": numbers.date(ended, language)}
    stated |= {"published": numbers.count(published, language), "known": numbers.count(known, language)}
    named = {"programme": programme, "years": years}
    quarters = {at: numbers.quarter(start, language) for at, start in (("first", starts[0]), ("last", starts[-1]))}
    said = [text(key, language, **named, **stated, **quarters) for key in ("programme.what", "programme.known")]
    return publish.text("\n\n".join(said), facts=[*stated.values(), *named.values(), *quarters.values()])


def direction_sentence(directions: PublishedTable, language: str = LANGUAGE) -> PublishedText:
    """Say how many municipalities of the programme's own table went down, went up or cannot be told."""
    row = directions.to_frame().iloc[0]
    counts = {
        "down": numbers.counted("municipalities", row["down"], language),
        "up": numbers.count(row["up"], language),
        "cannot": numbers.count(row["cannot_be_told"], language),
    }
    start = text(f"table_1.{row['from_period']}", language)
    own = constants("programme.table_1.directions", f"table_1.{row['from_period']}", language=language)
    said = text("programme.table_1.directions", language, start=start, **counts)
    return publish.text(said, directions, facts=own)


def contrast_sentence(contrast: PublishedTable, language: str = LANGUAGE) -> PublishedText:
    """Say how the lowest of that table changed, and the others."""
    rows = contrast.to_frame().set_index("group")
    values = {f"n_{group}": numbers.count(rows.loc[group, "n"], language) for group in ("low", "other")}
    values |= {group: numbers.points(rows.loc[group, "mean_pp"], 2, language) for group in ("low", "other")}
    return say("programme.table_1.contrast", language, contrast, **values)


def left_out_sentences(checks: Mapping[str, PublishedTable], language: str = LANGUAGE) -> PublishedText:
    """List what was found without each municipality, by the name of the intake; ``checks`` has at least one."""
    lines = []
    for name, asked in checks.items():
        intake = publish.text(f"- {name}:", facts=[name])
        lines.append(publish.join([intake, check_sentence(asked, "leave_one_out", language)]))
    return publish.join([say("programme.left_out.why", language), publish.join(lines, "\n")], "\n\n")


def selection_sentences(intakes: Iterable[tuple[str, int, int]], language: str = LANGUAGE) -> list[PublishedText]:
    """Say of each intake that was chosen for its level that a fall is expected, or that none was.

    Parameters
    ----------
    intakes : iterable of (name, chosen high, chosen low)
        All intakes.
    """
    chosen = [(name, high, low) for name, high, low in intakes if high + low]
    said = [selection_sentence(high, low, intake=name, language=language) for name, high, low in chosen]
    return said or [say("programme.selection.nobody", language)]


def cannot_be_told(intakes: Iterable[IntakeFacts], n_start_unknown: int, language: str = LANGUAGE) -> PublishedText:
    """List what nobody can tell from these data."""
    lines, facts = [], [numbers.count(n_start_unknown, language)]
    for intake in intakes:
        if intake.is_whole:
            continue
        values = {"intake": intake.name, "sizes": intake.sizes}
        values["municipalities"] = numbers.counted("municipalities", intake.n_members, language)
        facts += values.values()
        lines.append(text(f"programme.cannot.{'some' if intake.n_members else 'nobody'}", language, **values))
    if n_start_unknown:
        form = "start_one" if n_start_unknown == 1 else "start"
        lines.append(text(f"programme.cannot.{form}", language, n=facts[0]))
    lines += [text(f"programme.cannot.{key}", language) for key in ("single", "quality")]
    return publish.text("\n".join(f"- {line}" for line in lines), facts=facts)


def programme_limits(*, is_selected: bool, is_synthetic: bool, language: str = LANGUAGE) -> PublishedText:
    """List what the report does not show."""
    keys = ["programme.limits.selected"] if is_selected else []
    keys += ["case.limits.comparison", "case.limits.timing", "case.limits.quality"]
    keys += ["cohort.limits.synthetic"] if is_synthetic else []
    return publish.text("\n".join(f"- {text(key, language)}" for key in keys))
