"""Limits and settings."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from .base import Schema

__all__ = ["Credential", "RiskPreset", "SettingValue", "SettingsDocument"]


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
