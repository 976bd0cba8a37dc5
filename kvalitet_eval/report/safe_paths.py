"""Names of files: plain letters and digits, never longer than a file system takes, never outside their folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from kvalitet_eval.errors import ReportError
from kvalitet_eval.report.store import slug

_LONGEST_NAME = 120
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9_-]+)*")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_NO_MUNICIPALITY = "0000"


def plain_name(words: str) -> str:
    """Return a part of a file name for any text: small ASCII letters, digits and hyphens, at most 60, never empty.

    Text without any such letter becomes eight digits of its own hash, and a name that Windows keeps for devices gets a
    letter before it.

    Examples
    --------
    >>> plain_name("Prosjekt: Østre Toten/Å"), plain_name("../../etc/passwd"), plain_name("CON"), plain_name("北京")
    ('prosjekt-ostre-toten-a', 'etc-passwd', 'x-con', 'x-68c77e15')
    """
    name = slug(_NO_MUNICIPALITY, words).removeprefix(_NO_MUNICIPALITY).removeprefix("-")
    if not name:
        name = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:8]
        return f"x-{name}"
    return f"x-{name}" if _RESERVED.fullmatch(name) else name


def path_in(folder: Path, name: str) -> Path:
    """Return the path of a file directly in a folder, or refuse the name.

    Parameters
    ----------
    folder : pathlib.Path
        The only folder that may be written.
    name : str
        Small ASCII letters, digits, hyphens, underscores and single full stops between them, at most 120.

    Raises
    ------
    ReportError
        SIK-20: the name is not of that form, is kept for a device, or leads out of the folder through a link.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME or _RESERVED.fullmatch(name):
        raise ReportError.of("SIK-20", file=folder, found=name)
    path = folder / name
    if path.is_symlink() or path.resolve().parent != folder.resolve():
        raise ReportError.of("SIK-20", file=folder, found=name)
    return path


def folder_cutter(places: Iterable[Path]) -> Callable[[str], str]:
    """Return what cuts folders of this machine off the paths in a text; one that stands alone becomes a full stop.

    Examples
    --------
    >>> folder_cutter([Path("/a/b")])("see /a/b/c.json in /a/b, not /a/bc")
    'see c.json in ., not /a/bc'
    """
    folders = {str(folder) for place in places for folder in (place, place.resolve()) if len(folder.parts) > 1}
    if not folders:
        return str
    listed = "|".join(re.escape(folder) for folder in sorted(folders, key=len, reverse=True))
    whole = re.compile(rf"(?<![\w.~-])(?:{listed})(?:(/)|(?![\w.-]))")
    return lambda text: whole.sub(lambda match: "" if match[1] else ".", text)
