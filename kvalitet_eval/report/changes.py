"""What the last run changed, from the manifest: about whom there are new, changed or no longer any documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kvalitet_eval.report.manifest import ManifestEntry

Who = tuple[str, str]
"""Kind and id of a subject."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Subjects by what became of their documents in the last run; ``is_first`` when there is no run before it.

    ``failed`` are those that the last run could not make; what was published about them before still stands.
    """

    is_first: bool
    new: tuple[Who, ...] = ()
    changed: tuple[Who, ...] = ()
    removed: tuple[Who, ...] = ()
    failed: tuple[Who, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether the last run left everything as it was."""
        return not (self.is_first or self.new or self.changed or self.removed)


def last_changes(entries: Sequence[ManifestEntry], present: Iterable[Who]) -> Changes:
    """Compare the last run with those before it.

    Parameters
    ----------
    entries : sequence of ManifestEntry
        Oldest first.
    present : iterable of tuple
        Subjects that have documents now.

    Returns
    -------
    Changes
        A subject is changed when one of its files has another content than when it was last made. Whoever was made in
        the last run or the one before it and has no document now, is removed.
    """
    runs = list(dict.fromkeys(entry.run for entry in entries))
    last, recent = runs[-1:], runs[-2:]
    before: dict[Who, dict[str, str]] = {}
    after: dict[Who, dict[str, str]] = {}
    for entry in entries:
        if entry.status == "done":
            known = after if entry.run in last else before
            known.setdefault((entry.kind, entry.subject), {}).update(entry.outputs)
    there = set(present)
    gone = [(e.kind, e.subject) for e in entries if e.status == "done" and e.run in recent]
    return Changes(
        is_first=len(runs) < 2,
        new=tuple(who for who in after if who not in before and who in there),
        changed=tuple(who for who in after if who in before and not after[who].items() <= before[who].items()),
        removed=tuple(who for who in dict.fromkeys(gone) if who not in there),
        failed=tuple((e.kind, e.subject) for e in entries if e.status == "failed" and e.run in last),
    )
