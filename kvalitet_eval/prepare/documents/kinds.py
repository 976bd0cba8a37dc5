"""The kinds of documents there are."""

from __future__ import annotations

from types import MappingProxyType
from typing import get_args

from kvalitet_eval.prepare.documents.models import ProjectMandate, StatusReport
from kvalitet_eval.prepare.documents.municipality_texts import MunicipalityTexts

DocumentContent = StatusReport | ProjectMandate | MunicipalityTexts
KINDS: MappingProxyType[str, type[DocumentContent]] = MappingProxyType(
    {
        get_args(model.model_fields["kind"].annotation)[0]: model
        for model in (StatusReport, ProjectMandate, MunicipalityTexts)
    }
)
