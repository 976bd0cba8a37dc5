"""Packed files with the same bytes every time: one order of the parts, one time, one way to pack."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_TIME = (1980, 1, 1, 0, 0, 0)
_FIRST = "[Content_Types].xml"
_PACKED_ALREADY = (".png", ".jpg", ".jpeg", ".gif")
_LEVEL = 6


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip file of some parts: the table of contents first, then in the order of their names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name in sorted(parts, key=lambda name: (name != _FIRST, name)):
            member = zipfile.ZipInfo(name, _TIME)
            member.external_attr = 0o600 << 16
            is_packed = name.lower().endswith(_PACKED_ALREADY)
            method = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            packed.writestr(member, parts[name], method, _LEVEL)
    return stream.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the parts of a zip file that this package has made or checked."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}
