"""The settings in force, as their file and the environment say them; secrets are only said to be there."""

from __future__ import annotations

import os

from fastapi import APIRouter

from tradewright.bootstrap.settings import load_settings, settings_file
from tradewright.bootstrap.settings_model import fields
from tradewright.bootstrap.settings_report import credential_rows, setting_rows
from tradewright.reporting.exports import plain

from ..dependencies import Room
from ..schemas.controls import Credential, SettingsDocument, SettingValue

__all__ = ["router"]

router = APIRouter(prefix="/v1/settings", tags=["settings"])


@router.get("")
def get_settings(room: Room) -> SettingsDocument:
    """Every key with its value and who said it."""
    settings = load_settings(room.project, os.environ)
    about = {key: field.description or "" for key, field in fields()}
    file = settings_file(room.project)
    return SettingsDocument(
        values=[
            SettingValue(key=row.key, value=plain(row.value), origin=row.origin, description=about.get(row.key, ""))
            for row in setting_rows(settings)
        ],
        credentials=[
            Credential(name=row.name, kept=row.kept, present=row.present, problem=row.problem)
            for row in credential_rows(settings, os.environ)
        ],
        file=None if file is None else file.name,
    )
