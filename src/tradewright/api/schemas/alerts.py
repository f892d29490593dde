"""What a person has to know."""

from __future__ import annotations

from pydantic import Field

from tradewright.domain.control.alerts import Severity

from .base import Instant, Paging, Schema

__all__ = ["AlertDelivery", "AlertDetail", "AlertFilter", "RaisedAlert"]


class RaisedAlert(Schema):
    """One state of affairs that a rule found."""

    id: str
    rule: str = Field(examples=["feed.mute"])
    subject: str = Field(description="What it is about, such as an account or a session.")
    severity: Severity
    sentence: str
    hint: str | None
    first_at: Instant
    last_at: Instant
    count: int = Field(description="How often it was found.")
    acknowledged_at: Instant | None
    acknowledged_by: str | None
    resolved_at: Instant | None


class AlertDelivery(Schema):
    """One attempt to tell a person."""

    channel: str
    at: Instant
    error: str | None = Field(description="Why it did not arrive; null where it did.")


class AlertDetail(RaisedAlert):
    """An alert, and whom it reached."""

    deliveries: list[AlertDelivery]


class AlertFilter(Paging):
    """Which alerts."""

    severity: Severity | None = None
    acknowledged: bool | None = None
    resolved: bool | None = None
    since: str | None = Field(default=None, max_length=40, alias="from", description="Found last from then on.")
    until: str | None = Field(default=None, max_length=40, alias="to", description="Found last before then.")
