"""Whether the parts are up."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Instant, Schema

__all__ = ["Health", "HealthPart", "HealthParts"]


class Health(Schema):
    """The server answers."""

    status: Literal["ok", "not_ready"]
    version: str
    time: Instant
    reason: str | None = Field(default=None, description="Why it is not ready, as a sentence.")


class HealthPart(Schema):
    """One part, and whether it does what it is for."""

    name: str = Field(examples=["database"])
    state: Literal["ok", "notice", "fail"]
    sentence: str
    age_s: float | None = Field(default=None, description="Seconds since it was last heard of.")
    lag_s: float | None = Field(default=None, description="Seconds it took to answer.")


class HealthParts(Schema):
    """All parts."""

    items: list[HealthPart]
    time: Instant
