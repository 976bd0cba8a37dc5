"""Rules about what is installed, as functions that return what breaks them."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def locked(lock: str) -> dict[str, list[tuple[str, str]]]:
    """Packages of a lock file: name to version and the rest of its entry, once for each marker."""
    entries: dict[str, list[tuple[str, str]]] = {}
    for entry in re.split(r"\n(?=\S)", lock.strip()):
        match = re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", entry)
        if match:
            entries.setdefault(canonicalize_name(match[1]), []).append((match[2], entry))
    return entries


def lock_faults(lock: str) -> list[str]:
    """Entries without a version or a hash, and addresses."""
    faults = [f"address: {line.strip()}" for line in lock.splitlines() if re.search(r"://|--(index|find|extra)", line)]
    for entry in re.split(r"\n(?=\S)", lock.strip()):
        if entry.startswith("#"):
            continue
        name = entry.split()[0]
        faults += [] if re.match(r"[A-Za-z0-9._-]+==\d", entry) else [f"no version: {name}"]
        faults += [] if HASH.search(entry) else [f"no hash: {name}"]
    return faults


def dependency_faults(pyproject: str, lock: str) -> list[str]:
    """Dependencies of pyproject.toml that the lock lacks or has in a version that does not fit."""
    project, entries = tomllib.loads(pyproject), locked(lock)
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["test"]]
    faults = []
    for line in wanted:
        requirement = Requirement(line)
        found = entries.get(canonicalize_name(requirement.name), [])
        faults += [] if found else [f"{requirement.name} is not in the lock"]
        faults += [
            f"{requirement.name} {v} is not {requirement.specifier}" for v, _ in found if v not in requirement.specifier
        ]
    return faults


def conda_faults(environment: str, pyproject: str) -> list[str]:
    """What makes environment.yml say something else than pyproject.toml and the lock."""
    content: dict[str, Any] = yaml.safe_load(environment)
    packages = [item for item in content["dependencies"] if isinstance(item, str)]
    pip = next((item["pip"] for item in content["dependencies"] if isinstance(item, dict)), [])
    project = tomllib.loads(pyproject)["project"]
    faults = [] if content["name"] == project["name"] else [f"name {content['name']}"]
    names = {re.split(r"[<>=! ]", package)[0] for package in packages}
    faults += [f"{name} comes from the lock" for name in sorted(names - {"python", "pip"})]
    faults += [] if pip == ["--require-hashes", "-r requirements.lock"] else [f"pip: {pip}"]
    python = next((package for package in packages if package.startswith("python")), "")
    faults += [] if _lowest(python) == _lowest(project["requires-python"]) else [f"{python} is not that of the project"]
    return faults


def python_faults(pyproject: str, run_py: str, readme: str) -> list[str]:
    """Places that name another oldest Python than pyproject.toml does."""
    settings = tomllib.loads(pyproject)
    oldest = _lowest(settings["project"]["requires-python"])
    short = f"py{oldest.replace('.', '')}"
    said = {
        "ruff": settings["tool"]["ruff"]["target-version"] == short,
        "run.py": f"OLDEST_PYTHON = ({oldest.replace('.', ', ')})" in run_py,
        "run.py lock": f'"--python-version", "{oldest}"' in run_py,
        "README.md": f"Python {oldest} or newer" in readme,
    }
    return [name for name, agrees in said.items() if not agrees]


def _lowest(specifier: str) -> str:
    match = re.search(r">=\s*([0-9.]+)", specifier)
    return match[1] if match else ""
