"""What a municipality's report says: sentences that carry their uncertainty, their comparison and their limits."""

from __future__ import annotations

from kvalitet_eval import publish
from kvalitet_eval.present import numbers, sentences
from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.present.say import say
from kvalitet_eval.publish import PublishedTable, PublishedText
from kvalitet_eval.publish.published import CONFIDENTIAL

LANGUAGE = "nb"


def level_sentence(
    own: PublishedTable, peers: PublishedTable, *, name: str, outcome: str, language: str = LANGUAGE
) -> PublishedText:
    """Say how high the last complete four-quarter rate is beside the peers', or that it is not shown.

    Parameters
    ----------
    own, peers : PublishedTable
        As for ``development_chart``.
    """
    frame = own.to_frame().assign(mark=own.marks()["rate_pct"])
    whole = frame[frame["complete"].astype(bool) & (frame["rate_pct"].notna() | (frame["mark"] == CONFIDENTIAL))]
    if whole.empty:
        key = sentences.level_key(is_known=False, is_withheld=False, peers_withheld=False)
        return say(key, language, name=name, facts=[name])
    last = whole.iloc[-1]
    beside = peers.select(window_end=last["window_end"])
    other = beside.to_frame()["rate_pct"].iloc[0] if len(beside) else None
    is_withheld, peers_withheld = last["mark"] == CONFIDENTIAL, beside.is_withheld("rate_pct")
    return say(
        sentences.level_key(
            is_known=True,
            is_withheld=is_withheld,
            peers_withheld=peers_withheld,
            peers_known=not numbers.is_missing(other),
        ),
        language,
        own,
        peers,
        facts=[name],
        name=name,
        outcome=sentences.outcome_definite(outcome, language),
        quarter=numbers.quarter(last["window_end"], language),
        own=numbers.percent(last["rate_pct"], 1, language),
        peers=numbers.percent(other, 1, language),
    )


def before_after_sentences(
    expected: PublishedTable, *, name: str, outcome: str, language: str = LANGUAGE
) -> PublishedText:
    """Say how the municipality changed and how much of it is expected of its level without any programme.

    Parameters
    ----------
    expected : PublishedTable
        One row of ``report.structures.EXPECTED_CHANGE``; what is withheld is said to be.
    """
    row = expected.to_frame().iloc[0]
    level = numbers.percent(100 * row["level"], 0, language)
    values = {
        "name": name,
        "outcome": sentences.outcome_definite(outcome, language),
        **{at: numbers.window(row[f"{at}_from"], row[f"{at}_to"], language) for at in ("before", "after")},
        "change": numbers.points(row["change"], 2, language),
        "expected": numbers.points(row["expected"], 2, language),
        "interval": numbers.interval(row["expected_low"], row["expected_high"], 2, language),
        "level": level,
    }
    said = " ".join(text(key, language, **values) for key in sentences.change_keys(expected))
    return publish.text(said, expected, facts=[level, name])


def selection_sentence(
    selected_high: int, selected_low: int, *, intake: str, language: str = LANGUAGE
) -> PublishedText | None:
    """Say that a fall is expected because of how the intake was chosen; None when nobody was chosen for the level."""
    if not selected_high + selected_low:
        return None
    counts = {"high": numbers.count(selected_high, language), "low": numbers.count(selected_low, language)}
    return say("case.selection", language, intake=intake, **counts, facts=[intake, selected_high, selected_low])


def effect_sentences(
    effect: PublishedTable,
    *,
    intake: str,
    outcome: str,
    verdict: sentences.Verdict,
    quarters: int | None = None,
    language: str = LANGUAGE,
) -> PublishedText:
    """Say what was estimated for an intake, how sure it is, who it was compared with and what could have been seen.

    Parameters
    ----------
    effect : PublishedTable
        One row in the vocabulary of ``results.COLUMNS``; none when there is no estimate.
    intake, outcome : str
        Name of the intake as readers know it; identifier of the outcome.
    verdict : str
        From ``estimate.verdict.judge``.
    quarters : int, optional
        For how many quarters since its start the intake has been followed.
    """
    case = sentences.effect_case(effect, quarters=quarters)
    keys = case.keys(verdict)
    if not case.is_known:
        return say(keys[0], language, intake=intake, facts=[intake])
    row = effect.to_frame().dropna(subset="estimate").iloc[0]
    level = numbers.percent(100 * float(row["conf_level"]), 0, language)
    values = {
        "intake": intake,
        "outcome": sentences.outcome_definite(outcome, language),
        "estimate": numbers.points(row["estimate"], 2, language),
        "interval": numbers.interval(row["conf_low"], row["conf_high"], 2, language),
        "level": level,
        "treated": numbers.counted("participating", row["n_treated"], language),
        "compared": numbers.counted("compared", row["n_comparison"], language),
        "comparison": text(f"comparison.{row['comparison']}", language),
        "detectable": numbers.number(row["smallest_detectable"], 2, language),
    }
    said = " ".join(text(key, language, **values) for key in keys)
    return publish.text(said, effect, facts=[intake, level, *constants(*keys, language=language)])


def summary_sentences(
    *, name: str, intake: str | None, verdict: sentences.Verdict, language: str = LANGUAGE
) -> PublishedText:
    """Say the answer first: whether the intake as a whole did better, and that one municipality cannot tell."""
    if intake is None:
        return say("case.summary.start_unknown", language, name=name, facts=[name])
    keys = (f"case.summary.{verdict}", "case.summary.alone")
    return publish.join([say(key, language, name=name, intake=intake, facts=[name, intake]) for key in keys])


def limit_sentences(
    *, has_intake: bool, is_synthetic: bool, is_selected: bool, language: str = LANGUAGE
) -> PublishedText:
    """List what the report does not show."""
    keys = ["single"] if has_intake else ["no_start"]
    keys += ["selected"] if is_selected else []
    keys += ["comparison", "timing", "quality"]
    keys += ["synthetic"] if is_synthetic else []
    return publish.text("\n".join(f"- {text(f'case.limits.{key}', language)}" for key in keys))


def account_sentence(account: PublishedTable, *, published: int, known: int, language: str = LANGUAGE) -> PublishedText:
    """Say who was compared, who was left out and why, and how many participants nobody has named.

    Parameters
    ----------
    account : PublishedTable
        As ``report.structures.ACCOUNT``: role, reason and n.
    """
    frame = account.to_frame()
    counts = frame.groupby("role")["n"].sum()
    reasons = "; ".join(
        text(
            "case.account.reason",
            language,
            reason=text(f"reason.{row.reason}", language).lower(),
            n=numbers.count(row.n, language),
        )
        for row in frame[frame["role"] == "left_out"].sort_values("reason").itertuples()
    )
    sums = {role: numbers.count(counts.get(role, 0), language) for role in ("treated", "comparison", "left_out")}
    stated = {"published": numbers.count(published, language), "known": numbers.count(known, language)}
    reasons = reasons or text("case.account.nobody", language)
    said = text("case.account", language, **sums, **stated, reasons=reasons)
    return publish.text(said, account, facts=[*sums.values(), *stated.values()])
