"""What a report rests on: data, programme file and version, from which the id of the run follows."""

from __future__ import annotations

import hashlib
import importlib.metadata
from dataclasses import dataclass
from typing import Self

from kvalitet_eval.config import Config
from kvalitet_eval.report.store import sha256_of


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a report rests on: printed at its foot, and the reason why two runs give the same bytes.

    Parameters
    ----------
    source, period, method : str
        Reader-facing text: where the data come from, which quarters, how the comparison is made.
    n_municipalities : int
        Municipalities in the analysis.
    data_sha256, programme_sha256 : str
        Of the panel that was analysed and of the programme file, 64 hexadecimal digits.
    version : str
        Of this package.
    """

    source: str
    period: str
    method: str
    n_municipalities: int
    data_sha256: str
    programme_sha256: str
    version: str

    @classmethod
    def collect(
        cls, config: Config, *, source: str, period: str, method: str, n_municipalities: int, data_sha256: str
    ) -> Self:
        """Gather the facts of a run on one programme file with the installed version; arguments as for the class."""
        version = importlib.metadata.version("kvalitet-eval")
        return cls(source, period, method, int(n_municipalities), data_sha256, sha256_of(config.path), version)

    @property
    def run_id(self) -> str:
        """Twelve hexadecimal digits that change when the data, the programme file or the version does."""
        return hashlib.sha256(f"{self.version} {self.data_sha256} {self.programme_sha256}".encode()).hexdigest()[:12]
