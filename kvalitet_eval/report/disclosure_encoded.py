"""Open what stands in a text as base64, as pairs of hexadecimal digits or with per cent signs, wherever the text is."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from kvalitet_eval.report.disclosure_seen import Problem, Seen, Walk, joined

Found = Iterator[Seen | Problem]
_ADDRESS = re.compile(r"data:[^,;\s]*(?:;[^,;\s]+)*?;base64,([A-Za-z0-9+/_%=\s-]+)", re.IGNORECASE)
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{14,}(?:={1,2}|%3D)?(?![A-Za-z0-9+/_=-])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}){6,}(?![0-9A-Za-z])")
_PER_CENT = re.compile(r"%[0-9A-Fa-f]{2}")
_BEGINNINGS = (b"\x89PNG", b"PK\x03\x04", b"%PDF-", b"\x1f\x8b")


def opened(items: Iterable[Seen | Problem], walk: Walk) -> Found:
    """Yield what a reader found, and after each text what is packed in it, as deep as the walk goes."""
    for item in items:
        yield item
        if isinstance(item, Seen) and isinstance(item.content, str):
            over = joined([item.near, item.wide])
            for number, data in enumerate(encoded(item.content)):
                yield from opened(walk.nested(data, f"{item.place}/encoded:{number}", over), walk)


def encoded(text: str) -> Iterator[bytes]:
    """Yield what the encoded parts of a text stand for, where that is text or a known kind of file.

    Examples
    --------
    >>> list(encoded("see S2FyaSBOb3JkbWFubg== or 4b617269204e6f72646d616e6e or Kari%20Nordmann"))
    [b'Kari Nordmann', b'Kari Nordmann', b'see S2FyaSBOb3JkbWFubg== or 4b617269204e6f72646d616e6e or Kari Nordmann']
    """
    for match in _ADDRESS.finditer(text):
        data = of_base64(unquote(match[1]))
        if data is not None:
            yield data
    for match in _BASE64.finditer(_ADDRESS.sub(" ", text)):
        data = of_base64(unquote(match[0]))
        if data is not None and _is_readable(data):
            yield data
    for match in _HEX.finditer(text):
        data = bytes.fromhex(match[0])
        if _is_readable(data):
            yield data
    if _PER_CENT.search(text):
        data = unquote(text, errors="replace").encode()
        if _is_readable(data):
            yield data


def of_base64(text: str) -> bytes | None:
    """Return the bytes of base64 in either alphabet, filled up with signs or not; None when it is none."""
    body = re.sub(r"[\s=]", "", text).translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except binascii.Error:
        return None


def _is_readable(data: bytes) -> bool:
    """Whether bytes are a known kind of file or text, and not only letters that happen to be in the alphabet."""
    if data.startswith(_BEGINNINGS):
        return True
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(sign.isprintable() or sign in "\t\r\n" for sign in text)
