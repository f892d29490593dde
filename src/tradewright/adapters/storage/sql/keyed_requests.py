"""Requests that act once, as rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, insert, select, update

from tradewright.domain.control.requests import GivenAnswer, KeyedRequest
from tradewright.domain.plain_values import from_plain, to_plain

from .control_tables import idempotency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Row

    from .database import Database

__all__ = ["SqlKeyedRequests"]


class SqlKeyedRequests:
    """Requests by user and key in a database; see `tradewright.ports.keyed_requests.KeyedRequestStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, request: KeyedRequest, abandoned_ns: int) -> GivenAnswer | None:
        """Keep a request, or tell what is known of it."""
        with self._database.writing() as connection:
            row = connection.execute(select(idempotency).where(_is(request))).one_or_none()
            if row is not None and (row.status is not None or row.at_ns >= abandoned_ns):
                return _given(row)
            connection.execute(delete(idempotency).where(_is(request)))
            connection.execute(insert(idempotency).values(**asdict(request)))
        return None

    def answer(self, request: KeyedRequest, status: int, answer: Mapping[str, Any]) -> None:
        """Keep what it was answered."""
        with self._database.writing() as connection:
            kept = update(idempotency).where(_is(request))
            connection.execute(kept.values(status=status, answer=to_plain(dict(answer))))

    def withdraw(self, request: KeyedRequest) -> None:
        """Nothing came of it."""
        with self._database.writing() as connection:
            connection.execute(delete(idempotency).where(_is(request), idempotency.c.status.is_(None)))

    def forget(self, before_ns: int) -> None:
        """Take away those from before an instant."""
        with self._database.writing() as connection:
            connection.execute(delete(idempotency).where(idempotency.c.at_ns < before_ns))


def _is(request: KeyedRequest) -> ColumnElement[bool]:
    return and_(idempotency.c.user_id == request.user_id, idempotency.c.key == request.key)


def _given(row: Row[Any]) -> GivenAnswer:
    request = KeyedRequest(row.user_id, row.key, row.method, row.path, row.body_hash, row.at_ns)
    return GivenAnswer(request, row.status, None if row.status is None else from_plain(row.answer))
