"""Pictures that a municipality supplies: nothing but their pixels gets in, and only from its own folder.

What a camera writes beside the pixels - where and when, with which device, by whom - is lost, because the pixels are
copied to a new picture. A file that is something else than it says, or that unpacks to more than a picture needs, is
refused.
"""

from __future__ import annotations

import io
import re
import stat
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from kvalitet_eval.errors import DataError, system_reason

FORMATS = ("PNG", "JPEG")
LARGEST_FILE = 15_000_000  # bytes
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1000  # pixels of the picture that comes out
LARGEST_PNG = 150_000  # bytes: three of them still make a small page
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_NAME = re.compile(r"[A-Za-z0-9ÆØÅæøå][A-Za-z0-9ÆØÅæøå_-]{0,80}\.(?:png|jpe?g)", re.IGNORECASE)
_COLOURS = 256
_SHRINK = 0.85


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture as PNG with nothing but its pixels, and its size in pixels."""

    png: bytes
    width: int
    height: int


def read_picture(folder: Path, name: str) -> Pixels:
    """Read a picture, turned the way the camera was held, small enough for a page.

    Parameters
    ----------
    folder : pathlib.Path
        The only folder it may lie in.
    name : str
        Letters, digits, ``-`` and ``_``, ending in ``.png``, ``.jpg`` or ``.jpeg``: no path.

    Raises
    ------
    DataError
        INN-P01 the name leads out of the folder or is no such name, INN-P02 the file cannot be opened, INN-P03 it is
        too large, INN-P04 it is neither PNG nor JPEG, INN-P05 it has too many pixels, INN-P06 it is damaged.
    """
    data = _read(_path(folder, name))
    if not data.startswith(_SIGNATURES):
        raise DataError.of("INN-P04", found=name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            return _pixels(data, name)
    except DataError:
        raise
    except Exception as error:  # what a damaged file makes of a decoder is not to be foreseen
        raise DataError.of("INN-P06", found=name) from error


def _path(folder: Path, name: str) -> Path:
    if not _NAME.fullmatch(name) or folder.is_symlink():
        raise DataError.of("INN-P01", found=name, folder=folder.name)
    return folder / name


def _read(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise DataError.of("INN-P01", found=path.name, folder=path.parent.name)
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        facts = {"name": path.name, "folder": path.parent.name, "system": system_reason(error)}
        raise DataError.of("INN-P02", found=error.strerror or str(error), **facts) from error
    if len(data) > LARGEST_FILE:
        raise DataError.of("INN-P03", found=path.name, limit=LARGEST_FILE // 1_000_000)
    return data


def _pixels(data: bytes, name: str) -> Pixels:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise DataError.of("INN-P05", found=name, width=image.width, height=image.height, limit=MOST_PIXELS)
        image.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
        image.load()
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    bare = Image.new("RGB", upright.size, "white")
    bare.paste(upright, mask=upright.getchannel("A"))
    bare.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    png = _encode(bare)
    while len(png) > LARGEST_PNG:
        bare = bare.resize([max(1, round(side * _SHRINK)) for side in bare.size], Image.Resampling.LANCZOS)
        png = _encode(bare)
    return Pixels(png, *bare.size)


def _encode(image: Image.Image) -> bytes:
    """Return the picture as PNG; one that would be large has no more than 256 colours."""
    for candidate in (image, image.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT)):
        buffer = io.BytesIO()
        candidate.save(buffer, format="PNG", optimize=True)
        if buffer.tell() <= LARGEST_PNG:
            break
    return buffer.getvalue()
