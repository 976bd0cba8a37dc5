"""The frozen settings of one programme: what may stand in its file, and of which type."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from kvalitet_eval.errors import ConfigError

QuarterText = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}Q[1-4]$")]
MunicipalityNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
PositiveCount = Annotated[int, Field(gt=0)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Language = Literal["nb", "nn", "en"]
Improvement = Literal["decrease", "increase"]
ComparisonKind = Literal["not_yet_treated", "never_treated", "non_participants", "same_size"]
SIMULATED = "simulated"
UNKNOWN_INTAKE = "unknown"
"""The participants' list's own word for "took part, we do not know when"."""


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class ProgrammeSettings(_Settings):
    """What the programme is and in which borders it is evaluated."""

    id: Identifier
    name: str
    years: str
    published_participants: int = Field(gt=0)
    published_source: str
    ended: dt.date
    borders: int = Field(ge=2000, le=2024)
    language: Language


class FileSettings(_Settings):
    """Files of the programme, relative to the folder that holds ``programmes/``."""

    municipalities: str
    municipality_changes: str
    population: str
    participants: str
    national_series: str | None = None
    published_table: str | None = None
    published_accounts: str | None = None
    published_cells: str | None = None
    boundary_weights: str | None = None
    language_forms: str | None = None
    municipality_texts: str | None = None


class PanelSettings(_Settings):
    """Where the panel comes from: ``simulated`` or the path of a file in the documented format."""

    source: str


class Confirmation(_Settings):
    """Somebody's confirmation that, for one panel, unlisted municipalities never took part."""

    panel: str
    reason: str


class Window(_Settings):
    """First and last quarter used for effects, both included."""

    first: QuarterText
    last: QuarterText


class ExcludedMunicipality(_Settings):
    """A municipality that is neither treated nor compared with, and why."""

    municipality: MunicipalityNumber
    reason: str


class ComparisonSettings(_Settings):
    """Who the participants are compared with."""

    kind: ComparisonKind
    anticipation: int = Field(ge=0, le=8)
    size_groups: tuple[int, ...] = Field(strict=False)
    exclude: tuple[ExcludedMunicipality, ...] = Field(default=(), strict=False)


class District(_Settings):
    """A name on the participants' list that is part of a municipality."""

    name: str
    municipality: MunicipalityNumber


class CoIntervention(_Settings):
    """Another measure in one municipality that could explain a change there."""

    municipality: MunicipalityNumber
    name: str
    start: dt.date
    source: str


class AcceptedBreak(_Settings):
    """A break in the series that somebody has judged not to matter for this programme, and why."""

    id: Identifier
    reason: str


class OutcomeSettings(_Settings):
    """An outcome: sum of numerators over denominator, its unit and which direction is an improvement."""

    id: Identifier
    numerator: tuple[str, ...] = Field(strict=False, min_length=1)
    denominator: str
    unit: Literal["percentage points"]
    improvement: Improvement
    population: Literal["employees", "residents"]


class Intake(_Settings):
    """One wave of municipalities; ``first_treated_quarter`` is quarter 0 of event time."""

    id: Identifier
    name: str
    labels: tuple[str, ...] = Field(strict=False, min_length=1)
    unproven_labels: tuple[str, ...] = Field(default=(), strict=False)
    admitted: str
    kick_off: str
    first_treated_quarter: QuarterText
    measures_began: QuarterText | None = None
    published_sizes: tuple[PositiveCount, ...] = Field(strict=False, min_length=1)
    selected_high: int = Field(default=0, ge=0)
    selected_low: int = Field(default=0, ge=0)

    @property
    def selected_on_outcome(self) -> bool:
        """Whether municipalities were chosen for the level of the outcome itself."""
        return self.selected_high + self.selected_low > 0


class SelectionSettings(_Settings):
    """Which simulated municipalities were chosen for the level of the outcome, over which quarters, how far off."""

    intake: Identifier
    low: tuple[MunicipalityNumber, ...] = Field(strict=False)
    first: QuarterText
    last: QuarterText
    high_pp: float = Field(gt=0)
    low_pp: float = Field(gt=0)


class SimulationSettings(_Settings):
    """The simulated panel; the evaluation never reads these."""

    seed: int
    first: QuarterText
    last: QuarterText
    quarters_to_full_effect: int = Field(ge=1)
    effect_pp: dict[str, float] = Field(strict=False)
    selection: SelectionSettings | None = None


class PublishingSettings(_Settings):
    """How few persons may stand behind a figure: a profile of the package, or a file of the same shape."""

    profile: str = "standard"


class AccessibilitySettings(_Settings):
    """What an accessibility statement must be told: whom a reader can tell of faults, and when it was last checked."""

    contact: str | None = Field(default=None, min_length=3)
    checked: dt.date | None = None


class Config(_Settings):
    """All settings of one programme; ``path`` is its file, ``root`` the folder that holds ``programmes/``."""

    programme: ProgrammeSettings
    files: FileSettings
    panel: PanelSettings
    never_treated_confirmations: tuple[Confirmation, ...] = Field(default=(), strict=False)
    window: Window
    comparison: ComparisonSettings
    districts: tuple[District, ...] = Field(default=(), strict=False)
    co_interventions: tuple[CoIntervention, ...] = Field(default=(), strict=False)
    accepted_breaks: tuple[AcceptedBreak, ...] = Field(default=(), strict=False)
    outcomes: tuple[OutcomeSettings, ...] = Field(strict=False, min_length=1)
    intakes: tuple[Intake, ...] = Field(strict=False, min_length=1)
    publishing: PublishingSettings = PublishingSettings()
    accessibility: AccessibilitySettings = AccessibilitySettings()
    simulation: SimulationSettings | None = None
    path: Path
    root: Path

    @property
    def is_simulated(self) -> bool:
        """Whether the panel is made by the simulation."""
        return self.panel.source == SIMULATED

    @property
    def never_treated_confirmation(self) -> str | None:
        """The reason why unlisted municipalities may be called never-treated for this panel, or nothing."""
        return next((c.reason for c in self.never_treated_confirmations if c.panel == self.panel.source), None)

    def file(self, name: str) -> Path:
        """Return the absolute path of one of ``[files]``."""
        return self.root / getattr(self.files, name)

    @property
    def processed(self) -> Path:
        """Folder for everything the package writes for this programme, except reports."""
        return self.root / "data" / "processed" / self.programme.id

    @property
    def reports(self) -> Path:
        """Folder for the reports of this programme."""
        return self.root / "reports" / self.programme.id

    def intake(self, intake_id: str) -> Intake:
        """Return one intake.

        Raises
        ------
        ConfigError
            No intake has this id; the message lists those there are.
        """
        return self._one(self.intakes, intake_id, "KON-05")

    def outcome(self, outcome_id: str) -> OutcomeSettings:
        """Return one outcome; errors as for :meth:`intake`."""
        return self._one(self.outcomes, outcome_id, "KON-06")

    def _one(self, items: tuple[Any, ...], wanted: str, code: str) -> Any:
        for item in items:
            if item.id == wanted:
                return item
        raise ConfigError.of(code, file=self.path, found=wanted, allowed=", ".join(item.id for item in items))
