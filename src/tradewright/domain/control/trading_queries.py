"""Which rows of what sessions did are asked for; each None leaves a question open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["OrderPlace", "OrderQuery", "PositionQuery", "SessionQuery"]


class OrderPlace(NamedTuple):
    """Where an order stands in the list of all: latest first, then by session and number."""

    placed_ns: int
    session: str
    id: int


@dataclass(frozen=True, slots=True)
class SessionQuery:
    """Sessions.

    Parameters
    ----------
    mode : str, optional
    is_over : bool, optional
    strategy : str, optional
        Has one of that name.
    seen_since_ns, seen_before_ns : int, optional
        Gave a sign of life at that instant or later, or before it or never.
    """

    mode: str | None = None
    is_over: bool | None = None
    strategy: str | None = None
    seen_since_ns: int | None = None
    seen_before_ns: int | None = None


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """Orders.

    Parameters
    ----------
    session, strategy, symbol, mode : str, optional
    statuses : tuple of str, optional
        Any of them.
    is_open : bool, optional
        May still fill, in a session that goes on; or not.
    since_ns, until_ns : int, optional
        Placed at that instant or later, and before that.
    behind : OrderPlace, optional
        Behind that one in the list.
    """

    session: str | None = None
    strategy: str | None = None
    symbol: str | None = None
    mode: str | None = None
    statuses: tuple[str, ...] | None = None
    is_open: bool | None = None
    since_ns: int | None = None
    until_ns: int | None = None
    behind: OrderPlace | None = None


@dataclass(frozen=True, slots=True)
class PositionQuery:
    """Positions that are held in sessions that go on; all of them by default."""

    session: str | None = None
    strategy: str | None = None
    symbol: str | None = None
    mode: str | None = None
