"""Pieces of long lists, and the numbers that rows get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import func, select

from tradewright.domain.control.paging import Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from tradewright.domain.control.paging import Slice

    from .database import Database

__all__ = ["next_number", "paged", "rows_of"]

T = TypeVar("T")


def rows_of(database: Database, statement: Select[Any]) -> list[Row[Any]]:
    """Rows; none where nothing was ever kept."""
    with database.reading() as connection:
        return [] if connection is None else list(connection.execute(statement).all())


def paged(
    database: Database,
    statement: Select[Any],
    order: tuple[ColumnElement[Any], ...],
    piece: Slice,
    read: Callable[[Row[Any]], T],
) -> Page[T]:
    """One piece of what a statement selects, and the number of all of it, both of one instant."""
    with database.reading() as connection:
        if connection is None:
            return Page([], 0)
        total = connection.execute(select(func.count()).select_from(statement.subquery())).scalar_one()
        found = statement.order_by(*order).limit(piece.limit).offset(piece.offset)
        return Page([read(row) for row in connection.execute(found)], total)


def next_number(connection: Connection, column: ColumnElement[int]) -> int:
    """One more than the highest; whoever asks holds the right to write, so that nobody else gets it."""
    return (connection.execute(select(func.max(column))).scalar() or 0) + 1
