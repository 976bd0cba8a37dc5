"""What a report rests on: data, programme file and version, from which the id of the run follows."""

from __future__ import annotations

import hashlib
import importlib.metadata
from dataclasses import dataclass
from typing import Self

from kvalitet_eval.config import Config
from kvalitet_eval.publish import Policy
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
    policy, policy_sha256 : str
        Name of the publishing profile, and the hash of its limits.
    policy_minimum : int
        Its fewest persons behind a figure.
    """

    source: str
    period: str
    method: str
    n_municipalities: int
    data_sha256: str
    programme_sha256: str
    version: str
    policy: str
    policy_minimum: int
    policy_sha256: str

    @classmethod
    def collect(
        cls,
        config: Config,
        policy: Policy,
        *,
        source: str,
        period: str,
        method: str,
        n_municipalities: int,
        data_sha256: str,
    ) -> Self:
        """Gather the facts of a run on one programme file with the installed version; arguments as for the class."""
        version = importlib.metadata.version("kvalitet-eval")
        hashes = (data_sha256, sha256_of(config.path), version, policy.name, policy.minimum, policy.sha256)
        return cls(source, period, method, int(n_municipalities), *hashes)

    @property
    def run_id(self) -> str:
        """Twelve hexadecimal digits that change when the data, the programme file, the version or the policy does."""
        rests_on = (self.version, self.data_sha256, self.programme_sha256, self.policy_sha256)
        return hashlib.sha256(" ".join(rests_on).encode()).hexdigest()[:12]
