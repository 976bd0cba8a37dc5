"""Frozen settings of one programme, read strictly from its TOML file."""

from kvalitet_eval.config.load import load_config
from kvalitet_eval.config.settings import SIMULATED, Config, District, Intake, OutcomeSettings, SimulationSettings

__all__ = ["SIMULATED", "Config", "District", "Intake", "OutcomeSettings", "SimulationSettings", "load_config"]
