"""The gate for pictures: nothing but pixels, and words that tell what they show."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kvalitet_eval.errors import ReportError
from kvalitet_eval.prepare.documents.pictures import read_picture
from kvalitet_eval.publish.published import _SEAL, PublishedFigure
from kvalitet_eval.publish.quotes import described
from kvalitet_eval.results import OBSERVED


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a municipality has supplied, without anything but its pixels.

    Parameters
    ----------
    id : str
        Unique in the report.
    alt, caption : str
        What it shows, in words; the caption may be empty.
    png_base64 : str
        The picture as PNG.
    width_px, height_px : int
        Its size in pixels.
    language : str
        Given when its words are not in the report's language.
    """

    id: str
    alt: str
    png_base64: str
    width_px: int
    height_px: int
    caption: str = ""
    language: str = ""


def picture(
    folder: Path,
    name: str,
    *,
    id: str,
    alt: str | None,
    caption: str = "",
    language: str = "",
    origin: Literal["observed", "syntetisk"] = OBSERVED,
) -> PublishedFigure:
    """Let a municipality's picture through.

    Parameters
    ----------
    folder, name
        As for :func:`kvalitet_eval.prepare.documents.pictures.read_picture`.
    id, alt, caption, language
        As for :class:`Picture`; without ``alt`` nobody who cannot see it is told what it shows.
    origin : {"observed", "syntetisk"}
        ``syntetisk`` for an invented one.

    Raises
    ------
    DataError
        INN-P01 to INN-P06: the file is not one that may be used.
    ReportError
        PUB-52: no alternative text; PUB-50: its words hold something like a person's number.
    """
    if not alt or not alt.strip():
        raise ReportError.of("PUB-52", found=name)
    words = {"alt": str(described(alt, where=f"{name}: alt"))}
    if caption:
        words["caption"] = str(described(caption, where=f"{name}: caption"))
    pixels = read_picture(folder, name)
    encoded = base64.b64encode(pixels.png).decode("ascii")
    content = Picture(id=id, png_base64=encoded, width_px=pixels.width, height_px=pixels.height,
                      language=language, **words)  # fmt: skip
    return PublishedFigure(content, (), origin, _SEAL)
