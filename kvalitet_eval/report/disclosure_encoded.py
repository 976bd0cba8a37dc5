"""Open what stands encoded in a text or a name: base64, hexadecimal digits, per cent signs, entities, escapes, tags."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from kvalitet_eval.report.disclosure_seen import Problem, Seen, Walk, joined

Found = Iterator[Seen | Problem]
_ADDRESS = re.compile(r"data:[^,;\s]*(?:;[^,;\s]+)*?;base64,([A-Za-z0-9+/_%=\s-]+)", re.IGNORECASE)
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{14,}(?:={1,2}|%3D)?(?![A-Za-z0-9+/_=-])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}){6,}(?![0-9A-Za-z])")
_PAIRS = re.compile(r"(?<![0-9A-Za-z])(?:0x|\\x)?[0-9A-Fa-f]{2}(?:[ :,-] ?(?:0x)?[0-9A-Fa-f]{2}){9,}(?![0-9A-Za-z])")
_BETWEEN_PAIRS = re.compile(r"0x|\\x|[ :,-]")
_SHORTEST, _SHORTEST_ROW = 12, 29
_CODES = re.compile(r"(?<![\w.])\d{2,3}(?:, ?\d{2,3}){9,}(?![\w.])")
_PER_CENT = re.compile(r"%[0-9A-Fa-f]{2}")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});?")
_ESCAPE = re.compile(
    r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|'([0-9A-Fa-f]{2})|"
    r"0{0,4}([2-7][0-9A-Fa-f])(?![0-9A-Fa-f])\s?)"
)
_OCTAL = re.compile(r"(?:\\0?[0-7]{2,3}){4,}")
_QUOTED = re.compile(r"(?:=[0-9A-F]{2}){4,}")
_PIECES = re.compile(r"""(['"`])\s*\+\s*(?:\\?\n\s*)?\1""")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,400}>")
_IN_NAMES = re.compile(r"[/\\.\s()\[\]]+")
_IN_WORDS = re.compile(r"[_-]+")
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
    if len(text) >= _SHORTEST:
        yield from _packed(text)
    if (other := _rewritten(text)) != text:
        yield from _if_readable(other.encode("utf-8", "replace"))


def _packed(text: str) -> Iterator[bytes]:
    """Yield what stands for other signs than its own: base64, hexadecimal digits and rows of codes."""
    addresses = [of_base64(unquote(match[1])) for match in _ADDRESS.finditer(text)] if "base64," in text.lower() else []
    yield from (data for data in addresses if data is not None)
    for match in _BASE64.finditer(_ADDRESS.sub(" ", text) if addresses else text):
        yield from _if_readable(_narrow(of_base64(unquote(match[0])) or b""))
    for match in _HEX.finditer(text):
        yield from _if_readable(_narrow(bytes.fromhex(match[0])))
    if len(text) < _SHORTEST_ROW:
        return
    for match in _PAIRS.finditer(text):
        yield from _if_readable(bytes.fromhex(_BETWEEN_PAIRS.sub("", match[0])))
    for match in _CODES.finditer(text):
        codes = [int(code) for code in match[0].split(",")]
        yield from _if_readable(bytes(codes) if max(codes) < 256 else b"")


def encoded_name(name: str) -> Iterator[str]:
    """Yield what the parts of the name of a file or a member stand for; its signs between words hide no beginning.

    Examples
    --------
    >>> list(encoded_name("a_S2FyaSBOb3JkbWFubg==.txt")), list(encoded_name("1719-levanger-syntetisk.html"))
    (['Kari Nordmann'], [])
    """
    words = [part for whole in _IN_NAMES.split(name) for part in (whole, *_IN_WORDS.split(whole))]
    for part in dict.fromkeys([*words, name]):
        for data in encoded(part):
            yield data.decode("utf-8", "replace")


def _rewritten(text: str) -> str:
    """Return a text with its entities, escapes, per cent signs and tags put as what they stand for."""
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    if "%" in text and _PER_CENT.search(text):
        text = unquote(text, errors="replace")
    if "\\" in text:
        text = _OCTAL.sub(lambda match: "".join(chr(int(code, 8) & 255) for code in match[0].split("\\")[1:]), text)
        text = _ESCAPE.sub(lambda match: _sign(int(next(filter(None, match.groups())), 16)), text)
    if "=" in text and _QUOTED.search(text):
        text = _QUOTED.sub(lambda match: bytes.fromhex(match[0].replace("=", "")).decode("latin-1"), text)
    if "+" in text:
        text = _PIECES.sub("", text)
    if "<" in text and ">" in text:
        text = _TAG.sub("", text)
    return text


def _sign(code: int) -> str:
    return chr(code) if 9 <= code < 0xD800 or 0xE000 <= code < 0x110000 else " "


def _narrow(data: bytes) -> bytes:
    """Return text of two bytes a sign, as some programs encode, as text of one."""
    body = data.removeprefix(b"\xff\xfe")
    return body[::2] if len(body) > 1 and not any(body[1::2]) and len(body) % 2 == 0 else data


def _if_readable(data: bytes) -> Iterator[bytes]:
    if data and _is_readable(data):
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
