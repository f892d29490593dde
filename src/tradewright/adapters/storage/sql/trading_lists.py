"""Lists of what sessions did, answered out of indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select, tuple_

from tradewright.domain.control.paging import Page
from tradewright.domain.control.trading import (
    FillFact,
    HeldFact,
    OrderFact,
    SessionDay,
    SessionFact,
    StrategyFact,
    TradeFact,
)
from tradewright.domain.plain_values import from_plain

from .listing import paged, rows_of
from .trading_tables import fills, metrics, orders, positions, sessions, strategies, trades

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from tradewright.domain.control.paging import Slice
    from tradewright.domain.control.trading_queries import OrderQuery, PositionQuery, SessionQuery

    from .database import Database

__all__ = ["TradingLists"]

_LATEST_ORDERS = (orders.c.placed_ns.desc(), orders.c.session.desc(), orders.c.id.desc())


class TradingLists:
    """The reading half of `tradewright.ports.trading_rows.TradingRows`.

    Parameters
    ----------
    database : Database
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def sessions(self, query: SessionQuery, piece: Slice) -> Page[SessionFact]:
        """Sessions, the newest first."""
        with self._database.reading() as connection:
            if connection is None:
                return Page([], 0)
            asked = _sessions_asked(query)
            total = _count(connection, select(func.count()).select_from(sessions).where(*asked))
            # The rows are wide: which they are is found in an index.
            ids = select(sessions.c.id).where(*asked).order_by(sessions.c.number.desc(), sessions.c.id.desc())
            found = list(connection.execute(ids.limit(piece.limit).offset(piece.offset)).scalars())
            known = _named(connection, found)
            return Page([known[each] for each in found], total)

    def named(self, sessions: Sequence[str]) -> list[SessionFact]:
        """The sessions of these names."""
        with self._database.reading() as connection:
            return [] if connection is None else list(_named(connection, sessions).values())

    def strategies(self, session: str) -> list[StrategyFact]:
        """The strategies of a session."""
        asked = select(strategies).where(strategies.c.session == session).order_by(strategies.c.number)
        return [
            StrategyFact(**row._asdict() | {"params": from_plain(row.params)}) for row in rows_of(self._database, asked)
        ]

    def orders(self, query: OrderQuery, piece: Slice) -> Page[tuple[OrderFact, SessionFact]]:
        """Orders, those placed last first."""
        with self._database.reading() as connection:
            if connection is None:
                return Page([], 0)
            asked = _orders_asked(query)
            total = _count(connection, select(func.count()).select_from(orders).where(*asked))
            if query.behind is not None:
                place = tuple_(orders.c.placed_ns, orders.c.session, orders.c.id)
                asked.append(place < tuple_(*query.behind))
            rows = connection.execute(
                select(orders).where(*asked).order_by(*_LATEST_ORDERS).limit(piece.limit).offset(piece.offset)
            ).all()
            whose = _named(connection, {row.session for row in rows})
            return Page([(_order(row), whose[row.session]) for row in rows], total)

    def positions(self, query: PositionQuery, piece: Slice) -> Page[tuple[HeldFact, SessionFact]]:
        """What sessions that go on hold."""
        asked = and_(positions.c.session == sessions.c.id, positions.c.quantity != 0, *_positions_asked(query))
        latest = (sessions.c.number.desc(), positions.c.session, positions.c.strategy, positions.c.symbol)
        with self._database.reading() as connection:
            if connection is None:
                return Page([], 0)
            total = _count(connection, select(func.count()).select_from(positions, sessions).where(asked))
            statement = select(positions).select_from(positions, sessions).where(asked).order_by(*latest)
            rows = connection.execute(statement.limit(piece.limit).offset(piece.offset)).all()
            whose = _named(connection, {row.session for row in rows})
            return Page([(HeldFact(**row._asdict()), whose[row.session]) for row in rows], total)

    def fills(self, session: str, piece: Slice) -> Page[FillFact]:
        """The fills of a session."""
        asked = select(fills).where(fills.c.session == session)
        return paged(self._database, asked, (fills.c.number,), piece, lambda row: FillFact(**row._asdict()))

    def trades(self, session: str, piece: Slice) -> Page[TradeFact]:
        """The closed trades of a session."""
        asked = select(trades).where(trades.c.session == session)
        return paged(self._database, asked, (trades.c.number,), piece, lambda row: TradeFact(**row._asdict()))

    def days(self, first: int, mode: str | None = None, session: str | None = None) -> list[SessionDay]:
        """The days of sessions from a date on."""
        asked = select(metrics).where(metrics.c.day >= first)
        if session is not None:
            asked = asked.where(metrics.c.session == session)
        if mode is not None:
            asked = asked.where(metrics.c.session == sessions.c.id, sessions.c.mode == mode)
        return [
            SessionDay(**row._asdict())
            for row in rows_of(self._database, asked.order_by(metrics.c.day, metrics.c.session))
        ]


def _sessions_asked(query: SessionQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.mode is not None:
        found.append(sessions.c.mode == query.mode)
    if query.is_over is not None:
        found.append(sessions.c.is_over.is_(query.is_over))
    if query.strategy is not None:
        found.append(sessions.c.id.in_(select(strategies.c.session).where(strategies.c.name == query.strategy)))
    if query.seen_since_ns is not None:
        found.append(sessions.c.seen_ns >= query.seen_since_ns)
    if query.seen_before_ns is not None:
        found.append(or_(sessions.c.seen_ns < query.seen_before_ns, sessions.c.seen_ns.is_(None)))
    return found


def _orders_asked(query: OrderQuery) -> list[ColumnElement[bool]]:
    found = [
        orders.c[name] == wanted
        for name in ("session", "strategy", "symbol", "mode")
        if (wanted := getattr(query, name)) is not None
    ]
    if query.statuses is not None:
        found.append(orders.c.status.in_(query.statuses))
    if query.is_open is not None:
        going_on = orders.c.session.in_(select(sessions.c.id).where(sessions.c.is_over.is_(False)))
        is_open = orders.c.is_open.is_(True)
        found.append(and_(is_open, going_on) if query.is_open else or_(~is_open, ~going_on))
    if query.since_ns is not None:
        found.append(orders.c.placed_ns >= query.since_ns)
    if query.until_ns is not None:
        found.append(orders.c.placed_ns < query.until_ns)
    return found


def _positions_asked(query: PositionQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [sessions.c.is_over.is_(False)]
    if query.mode is not None:
        found.append(sessions.c.mode == query.mode)
    return found + [
        positions.c[name] == wanted
        for name in ("session", "strategy", "symbol")
        if (wanted := getattr(query, name)) is not None
    ]


def _count(connection: Connection, statement: Select[Any]) -> int:
    return int(connection.execute(statement).scalar_one())


def _named(connection: Connection, names: Iterable[str]) -> dict[str, SessionFact]:
    wanted = list(names)
    if not wanted:
        return {}
    return {row.id: _session(row) for row in connection.execute(select(sessions).where(sessions.c.id.in_(wanted)))}


def _session(row: Row[Any]) -> SessionFact:
    values = row._asdict()
    del values["is_over"], values["mark"]
    return SessionFact(
        **values
        | {
            "strategies": tuple(row.strategies),
            "symbols": tuple(row.symbols),
            "about": from_plain(row.about),
            "standing": None if row.standing is None else from_plain(row.standing),
        }
    )


def _order(row: Row[Any]) -> OrderFact:
    values = row._asdict()
    del values["mode"], values["is_open"]
    return OrderFact(**values)
