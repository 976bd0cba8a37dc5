"""Settings that are right one by one and contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kvalitet_eval.config.faults import Fault
from kvalitet_eval.config.places import Place
from kvalitet_eval.config.settings import UNKNOWN_INTAKE, Config


def find_conflicts(config: Config) -> Iterator[Fault]:
    """Yield code, place, the text that was found, and facts of every contradiction."""
    yield from _order(("window",), config.window.first, config.window.last)
    limits = config.comparison.size_groups
    if list(limits) != sorted(set(limits)):
        yield "KON-27", ("comparison", "size_groups"), list(limits), {}
    yield from _twice("KON-28", ("intakes",), "id", [(intake.id,) for intake in config.intakes])
    yield from _twice("KON-28", ("outcomes",), "id", [(outcome.id,) for outcome in config.outcomes])
    labels = [(*intake.labels, *intake.unproven_labels) for intake in config.intakes]
    yield from _twice("KON-29", ("intakes",), "labels", labels)
    yield from _twice("KON-42", ("districts",), "name", [(item.name.casefold(),) for item in config.districts])
    excluded = [(item.municipality,) for item in config.comparison.exclude]
    yield from _twice("KON-42", ("comparison", "exclude"), "municipality", excluded)
    yield from _times(config)
    if config.is_simulated and config.simulation is None:
        yield "KON-08", ("panel", "source"), config.panel.source, {}
    yield from _simulation(config)


def _times(config: Config) -> Iterator[Fault]:
    """An intake cannot start after the programme, nor its measures before it."""
    ended = f"{config.programme.ended.year}Q{(config.programme.ended.month + 2) // 3}"
    for index, intake in enumerate(config.intakes):
        if intake.first_treated_quarter > ended:
            facts = {"ended": config.programme.ended.isoformat(), "name": intake.name}
            yield "KON-40", ("intakes", index, "first_treated_quarter"), intake.first_treated_quarter, facts
        if intake.measures_began and intake.measures_began < intake.first_treated_quarter:
            facts = {"first": intake.first_treated_quarter, "name": intake.name}
            yield "KON-41", ("intakes", index, "measures_began"), intake.measures_began, facts
        if UNKNOWN_INTAKE in intake.labels:
            yield "KON-43", ("intakes", index, "labels"), UNKNOWN_INTAKE, {"name": intake.name}


def _simulation(config: Config) -> Iterator[Fault]:
    simulation = config.simulation
    if simulation is None:
        return
    yield from _order(("simulation",), simulation.first, simulation.last)
    intakes, places = [intake.id for intake in config.intakes], []
    places += [("simulation", "effect_pp", name) for name in simulation.effect_pp]
    chosen = simulation.selection
    if chosen is not None:
        places.append(("simulation", "selection", chosen.intake))
        yield from _order(("simulation", "selection"), chosen.first, chosen.last)
        if chosen.first < simulation.first or chosen.last > simulation.last:
            facts = {"first": simulation.first, "last": simulation.last}
            yield "KON-30", ("simulation", "selection", "first"), f"{chosen.first}–{chosen.last}", facts
    for *section, name in places:
        if name not in intakes:
            key = name if section[-1] == "effect_pp" else "intake"
            yield "KON-05", (*section, key), name, {"allowed": ", ".join(intakes)}


def _order(section: Place, first: str, last: str) -> Iterator[Fault]:
    if first >= last:
        yield "KON-26", (*section, "first"), first, {"last": last}


def _twice(code: str, section: Place, key: str, values: Sequence[Iterable[str]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, found in enumerate(values):
        for value in found:
            if value in seen:
                yield code, (*section, index, key), value, {}
            seen.add(value)
