"""What all documents share: their manners, instants, pages."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from tradewright.domain.moments import utc

__all__ = ["Following", "Instant", "Page", "Paging", "Request", "Schema", "instant"]

Item = TypeVar("Item")

MOST_A_PAGE = 500
LAST_PAGE = 1_000_000


class Schema(BaseModel):
    """A document that is sent."""

    # Every field is there in every answer, so that a client need not ask whether one is.
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class Request(BaseModel):
    """A document that is received: a key that nothing reads is a mistake, and is named."""

    model_config = ConfigDict(extra="forbid")


def _said(moment: dt.datetime) -> str:
    text = moment.astimezone(dt.UTC).isoformat(timespec="microseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")


Instant = Annotated[
    dt.datetime,
    PlainSerializer(_said, return_type=str, when_used="json"),
    Field(json_schema_extra={"examples": ["2026-11-20T14:30:00Z"]}),
]
"""An instant as ISO-8601 in UTC, ending in Z."""


def instant(nanoseconds: int | None) -> dt.datetime | None:
    """Nanoseconds as an instant to send, None as None."""
    return None if nanoseconds is None else utc(nanoseconds)


class Paging(Request):
    """Which part of a list."""

    page: int = Field(default=1, ge=1, le=LAST_PAGE, description="Counted from 1.")
    per_page: int = Field(default=50, ge=1, le=MOST_A_PAGE, description="Items on a page.")

    @property
    def offset(self) -> int:
        """Items before the page."""
        return (self.page - 1) * self.per_page

    def cut(self, items: Any) -> Any:
        """The page of a sequence."""
        return items[self.offset : self.offset + self.per_page]


class Following(Paging):
    """Which part of a list that does not change: a page, or what follows a cursor."""

    cursor: str | None = Field(default=None, max_length=100, description="Of the answer before; page does not count.")

    @property
    def offset(self) -> int:
        """Items before the part."""
        from ..cursors import row_offset

        return super().offset if self.cursor is None else row_offset(self.cursor)

    def behind(self, total: int) -> str | None:
        """The cursor of what follows; None at the end."""
        from ..cursors import row_cursor

        return row_cursor(self.offset + self.per_page, total)


class Page(Schema, Generic[Item]):
    """A part of a list, and what number of the event log it stands for."""

    items: list[Item]
    page: int = Field(description="Counted from 1.")
    per_page: int
    total: int = Field(description="Items of the whole list.")
    seq: int = Field(default=0, description="Number of the last event that the answer contains.")
    cursor: str | None = Field(
        default=None,
        description="Shown as `cursor` it gives what follows, however much came before meanwhile; null at the end, "
        "and of lists that have pages only.",
    )
