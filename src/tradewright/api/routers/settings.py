"""The settings in force, as their file and the environment say them; secrets are only said to be there."""

from __future__ import annotations

import os

from fastapi import APIRouter

from tradewright.bootstrap.control_room import ControlRoom
from tradewright.bootstrap.settings import load_settings, settings_file
from tradewright.bootstrap.settings_change import (
    change_settings,
    changeable,
    settings_digest,
)
from tradewright.bootstrap.settings_model import fields
from tradewright.bootstrap.settings_report import credential_rows, setting_rows
from tradewright.reporting.exports import plain

from ..dependencies import Room
from ..problems import refused_by_key
from ..schemas.controls import Credential, SettingsChange, SettingsDocument, SettingValue

__all__ = ["router"]

router = APIRouter(prefix="/v1/settings", tags=["settings"])


@router.get("")
def get_settings(room: Room) -> SettingsDocument:
    """Every key with its value and who said it."""
    return _document(room)


@router.patch("")
def change_some_settings(room: Room, asked: SettingsChange) -> SettingsDocument:
    """Put values into the settings file, all of them or none; comments and everything else in it stay.

    What runs already goes on with what it began with; new runs and servers take the new values.
    """
    with refused_by_key():
        change_settings(room.project, os.environ, asked.changes, asked.digest)
    return _document(room)


def _document(room: ControlRoom) -> SettingsDocument:
    settings = load_settings(room.project, os.environ)
    about = {key: field.description or "" for key, field in fields()}
    file = settings_file(room.project)
    return SettingsDocument(
        values=[
            SettingValue(
                key=row.key,
                value=plain(row.value),
                origin=row.origin,
                description=about.get(row.key, ""),
                changeable=changeable(row.key) and getattr(settings.origins.get(row.key), "kind", "") != "environment",
            )
            for row in setting_rows(settings)
        ],
        credentials=[
            Credential(name=row.name, kept=row.kept, present=row.present, problem=row.problem)
            for row in credential_rows(settings, os.environ)
        ],
        file=None if file is None else file.name,
        digest=settings_digest(room.project),
    )
