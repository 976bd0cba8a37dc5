"""Frozen settings of one programme, read strictly from its TOML file."""

from kvalitet_eval.config.load import load_config
from kvalitet_eval.config.settings import (
    SIMULATED,
    UNKNOWN_INTAKE,
    Config,
    District,
    Intake,
    OutcomeSettings,
    SimulationSettings,
)

__all__ = [
    "SIMULATED",
    "UNKNOWN_INTAKE",
    "Config",
    "District",
    "Intake",
    "OutcomeSettings",
    "SimulationSettings",
    "load_config",
]
