"""The borders of municipalities from a GeoJSON file that the user supplies; there is none in the project."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kvalitet_eval.errors import DataError, Finding, finding, system_reason

Ring = tuple[tuple[float, float], ...]
NUMBER_NAMES = ("municipality_number", "kommune_nr", "kommunenr", "kommunenummer")
LARGEST_BYTES = 200_000_000
_NUMBER = re.compile(r"\d{4}", re.ASCII)
_CORNERS_OF_A_RING = 4
_LONGEST_FOUND = 60


class _GeometryError(ValueError):
    """A geometry that is not rings of longitude and latitude; the message is what was found."""


def read_borders(path: str | Path) -> Mapping[str, tuple[Ring, ...]]:
    """Read the rings of each municipality, outer and inner alike.

    Parameters
    ----------
    path : str or pathlib.Path
        A feature collection (RFC 7946) in longitude and latitude. Each feature has the number of its municipality as
        ``municipality_number``, ``kommune_nr``, ``kommunenr`` or ``kommunenummer``: four digits, as text.

    Returns
    -------
    mapping of str to tuple of rings
        Each ring is closed: (longitude, latitude) in degrees, the first place again at the end.

    Raises
    ------
    DataError
        REG-50: the file cannot be opened, is too large, is no JSON or no feature collection. All of the following at
        once, with the feature's place in the file counted from 1: REG-51 no number of four digits, REG-52 a number that
        stands twice, REG-53 no polygon in longitude and latitude.
    """
    features = _features(Path(path))
    borders: dict[str, tuple[Ring, ...]] = {}
    faults: list[Finding] = []
    for place, feature in enumerate(features, start=1):
        number = _number(feature)
        if number is None:
            faults.append(finding("REG-51", file=path, found=_short(_part(feature, "properties")), feature=place))
            continue
        if number in borders:
            faults.append(finding("REG-52", file=path, found=number, feature=place))
            continue
        try:
            borders[number] = tuple(_rings(_part(feature, "geometry")))
        except _GeometryError as error:
            borders[number] = ()
            faults.append(finding("REG-53", file=path, found=str(error), feature=place, number=number))
    if faults:
        raise DataError(faults)
    return MappingProxyType(borders)


def _features(path: Path) -> list[Any]:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise DataError.of("REG-50", file=path, found=f"{path.stat().st_size} byte")
        read = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataError.of("REG-50", file=path, found=system_reason(error)) from error
    except (ValueError, RecursionError) as error:
        raise DataError.of("REG-50", file=path, found=_short(str(error))) from error
    features = _part(read, "features")
    if _part(read, "type") != "FeatureCollection" or not isinstance(features, list) or not features:
        raise DataError.of("REG-50", file=path, found=_short(_part(read, "type")))
    return features


def _number(feature: object) -> str | None:
    properties = _part(feature, "properties")
    values = [_part(properties, name) for name in NUMBER_NAMES]
    found = {value for value in values if isinstance(value, str) and _NUMBER.fullmatch(value)}
    return found.pop() if len(found) == 1 else None


def _rings(geometry: object) -> Iterator[Ring]:
    kind, coordinates = _part(geometry, "type"), _part(geometry, "coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list) or not coordinates:
        raise _GeometryError(_short(kind))
    for polygon in [coordinates] if kind == "Polygon" else coordinates:
        if not isinstance(polygon, list) or not polygon:
            raise _GeometryError(_short(polygon))
        for ring in polygon:
            yield _ring(ring)


def _ring(ring: object) -> Ring:
    if not isinstance(ring, list) or len(ring) < _CORNERS_OF_A_RING or ring[0] != ring[-1]:
        raise _GeometryError(_short(ring))
    return tuple(_place(place) for place in ring)


def _place(place: object) -> tuple[float, float]:
    if not isinstance(place, list) or len(place) not in (2, 3):
        raise _GeometryError(_short(place))
    if not all(isinstance(part, int | float) and not isinstance(part, bool) and math.isfinite(part) for part in place):
        raise _GeometryError(_short(place))
    longitude, latitude = float(place[0]), float(place[1])
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise _GeometryError(_short(place))
    return longitude, latitude


def _part(container: object, name: str) -> Any:
    return container.get(name) if isinstance(container, dict) else None


def _short(found: object) -> str:
    words = found if isinstance(found, str) else repr(found)
    return words if len(words) <= _LONGEST_FOUND else words[: _LONGEST_FOUND - 1] + "…"
