"""What sessions did, as rows: written by one hand, listed by many."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, insert, select, tuple_, update

from tradewright.domain.plain_values import to_plain

from .listing import rows_of
from .trading_lists import TradingLists
from .trading_tables import fills, metrics, orders, positions, sessions, strategies, trades

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Table

    from tradewright.domain.control.trading import SessionFact, StrategyFact
    from tradewright.domain.control.trading_changes import Changes

__all__ = ["SqlTradingRows"]

_PLAIN = tuple(column.name for column in sessions.columns if column.name not in {"is_over", "mark"})


class SqlTradingRows(TradingLists):
    """Rows in a database; see `tradewright.ports.trading_rows.TradingRows`."""

    def marks(self) -> Mapping[str, str]:
        """The mark that each session was last written with."""
        return {row.id: row.mark for row in rows_of(self._database, select(sessions.c.id, sessions.c.mark))}

    def read(self, session: str) -> int | None:
        """Inputs that the rows of a session contain."""
        found = rows_of(self._database, select(sessions.c.read).where(sessions.c.id == session))
        return int(found[0].read) if found else None

    def write(
        self, fact: SessionFact, mark: str, strategies: Sequence[StrategyFact], changes: Changes, before: int | None
    ) -> bool:
        """Put in what changed, where nobody else wrote meanwhile."""
        with self._database.writing() as connection:
            if not _moved(connection, _session_row(fact, mark), before):
                return False
            if before is None:
                _put_strategies(connection, strategies)
            _put(connection, orders, ("id",), [_order_row(each, fact.mode) for each in changes.orders.values()])
            _put(connection, fills, ("number",), map(asdict, changes.fills))
            _put(connection, trades, ("number",), map(asdict, changes.trades))
            _put(connection, positions, ("strategy", "symbol"), map(asdict, changes.held.values()))
            _put(connection, metrics, ("day",), map(asdict, changes.days.values()))
        return True

    def forget(self, session: str | None = None) -> None:
        """Take away the rows of a session, or of all."""
        with self._database.writing() as connection:
            for table in (strategies, orders, fills, trades, positions, metrics):
                connection.execute(_of(delete(table), table.c.session, session))
            connection.execute(_of(delete(sessions), sessions.c.id, session))


def _of(statement: Any, column: ColumnElement[str], session: str | None) -> Any:
    return statement if session is None else statement.where(column == session)


def _moved(connection: Connection, row: dict[str, Any], before: int | None) -> bool:
    """Put the row of the session in; False where its rows contain something else than was thought."""
    session = row.pop("id")
    if before is None:
        is_there = connection.execute(select(sessions.c.id).where(sessions.c.id == session)).one_or_none()
        if is_there is None:
            connection.execute(insert(sessions).values(id=session, **row))
        return is_there is None
    at_that = and_(sessions.c.id == session, sessions.c.read == before)
    return bool(connection.execute(update(sessions).where(at_that).values(**row)).rowcount)


def _put(connection: Connection, table: Table, key: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> None:
    """Rows in the place of those with the same keys."""
    found = list(rows)
    if not found:
        return
    columns = tuple_(*(table.c[name] for name in ("session", *key)))
    new = [tuple(row[name] for name in ("session", *key)) for row in found]
    connection.execute(delete(table).where(columns.in_(new)))
    connection.execute(insert(table), found)


def _put_strategies(connection: Connection, found: Sequence[StrategyFact]) -> None:
    rows = [asdict(each) | {"params": to_plain(dict(each.params))} for each in found]
    if rows:
        connection.execute(insert(strategies), rows)


def _session_row(fact: SessionFact, mark: str) -> dict[str, Any]:
    row = {name: getattr(fact, name) for name in _PLAIN}
    return row | {
        "strategies": list(fact.strategies),
        "symbols": list(fact.symbols),
        "about": to_plain(dict(fact.about)),
        "standing": None if fact.standing is None else to_plain(dict(fact.standing)),
        "is_over": fact.is_over,
        "mark": mark,
    }


def _order_row(order: Any, mode: str) -> dict[str, Any]:
    return asdict(order) | {"mode": mode, "is_open": order.is_open}
