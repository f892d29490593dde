"""Limits and settings."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from .base import Request, Schema

__all__ = ["Credential", "RiskPreset", "SettingValue", "SettingsChange", "SettingsDocument"]


class RiskPreset(Schema):
    """Risk limits by name, as fractions of equity."""

    name: str
    risk_per_trade: float | None = Field(description="Money lost at the stop, costs included.")
    deployed: float | None = Field(description="Gross exposure.")
    positions: int | None = Field(description="Instruments held at once.")
    day_loss: float | None = Field(description="Pauses new exposure until the next session.")
    drawdown: float | None = Field(description="Halts new exposure for good.")


class SettingValue(Schema):
    """A key of the settings."""

    key: str = Field(examples=["backtest.cash"])
    value: Any
    origin: str = Field(description="Who said it.")
    description: str
    changeable: bool = Field(description="Whether it may be changed here.")


class Credential(Schema):
    """A secret: where it is kept and whether it is there, never what it is."""

    name: str
    kept: str
    present: bool
    problem: str | None


class SettingsDocument(Schema):
    """What is in force."""

    values: list[SettingValue]
    credentials: list[Credential]
    file: str | None = Field(description="The settings file; null where there is none.")
    digest: str = Field(description="Names the file as it is now.")


class SettingsChange(Request):
    """Values to put into the settings file."""

    changes: dict[str, str | bool | int | float | None] = Field(
        min_length=1,
        max_length=100,
        description="By section.key; null takes a key out, so that its default holds.",
        examples=[{"backtest.cash": 50000, "logging.level": "debug"}],
    )
    digest: str | None = Field(
        default=None, max_length=64, description="Of the file as it was seen: 409 where it was changed meanwhile."
    )
