"""What each kind of file must look like: the columns are data, and reading, checking and documentation all use them.

``docs/DATA.md`` is generated from here (:mod:`kvalitet_eval.prepare.dictionary`).
"""

from __future__ import annotations

from types import MappingProxyType

from kvalitet_eval.prepare.layout import Layout
from kvalitet_eval.prepare.layouts.bundled import BUNDLED
from kvalitet_eval.prepare.layouts.columns import ORIGINS, SECTORS
from kvalitet_eval.prepare.layouts.programme import PROGRAMME
from kvalitet_eval.prepare.layouts.sick_leave import BOUNDARY_WEIGHTS, SICK_LEAVE
from kvalitet_eval.prepare.layouts.spellings import spelt
from kvalitet_eval.prepare.layouts.survey import SURVEYS

__all__ = ["LAYOUTS", "ORIGINS", "SECTORS"]

_FILLED_IN = (*SURVEYS, *PROGRAMME, BOUNDARY_WEIGHTS)
LAYOUTS: MappingProxyType[str, Layout] = MappingProxyType(
    {layout.id: layout for layout in (*map(spelt, (*SICK_LEAVE, *_FILLED_IN)), *BUNDLED)}
)
