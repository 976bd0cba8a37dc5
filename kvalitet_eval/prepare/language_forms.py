"""The language form of each municipality, as a file that the user supplies says; nobody's is guessed."""

from __future__ import annotations

from collections.abc import Mapping

from kvalitet_eval.config import Config
from kvalitet_eval.errors import DataError, finding
from kvalitet_eval.prepare.intake import read
from kvalitet_eval.prepare.municipalities import Register

LAYOUT = "language_forms"
NEUTRAL = "neutral"


def read_language_forms(config: Config, register: Register) -> Mapping[str, str]:
    """Return the language form of each municipality in the file under ``[files]``, by number; empty without a file.

    Raises
    ------
    DataError
        The file is wrong (another word than ``nb``, ``nn`` or ``neutral`` is refused), or ``REG-60``: a number is not
        a municipality in the programme's borders.
    """
    if config.files.language_forms is None:
        return {}
    path, year = config.file("language_forms"), config.programme.borders
    rows = read(path, LAYOUT, register).rows
    faults = [
        finding(
            "REG-60",
            file=path,
            line=row.line,
            column="municipality_number",
            found=row.municipality_number,
            year=year,
            nearest=", ".join(register.nearest(row.municipality_number, year)) or "–",
        )
        for row in rows.itertuples()
        if not register.exists(row.municipality_number, year)
    ]
    if faults:
        raise DataError(faults)
    return dict(zip(rows["municipality_number"], rows["language_form"], strict=True))


def language_of(config: Config, forms: Mapping[str, str], subject: str) -> str:
    """Return the language of documents about a municipality or a cohort when nobody asks for another one.

    Parameters
    ----------
    config : Config
        Its programme's language is used where no form is given, and where the form is ``neutral``.
    forms : mapping of str to str
        As :func:`read_language_forms` returns it.
    subject : str
        Number of the municipality; cohorts have no form.

    Examples
    --------
    >>> from types import SimpleNamespace as Settings
    >>> config = Settings(programme=Settings(language="nb"))
    >>> [language_of(config, {"1833": "nn", "1804": "neutral"}, number) for number in ("1833", "1804", "0542")]
    ['nn', 'nb', 'nb']
    """
    form = forms.get(subject, NEUTRAL)
    return config.programme.language if form == NEUTRAL else form
