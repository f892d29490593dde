"""How an account or a session stands, as far as an act on it is concerned."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradewright.domain.live.order import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.app.orders.book import LiveBook
    from tradewright.domain.live.order import LiveOrder

__all__ = ["Picture", "SeenOrder", "SeenPosition", "picture_of_book", "picture_of_standing", "position_id", "state_of"]

_ZERO = Decimal(0)
_STATES = {
    Lifecycle.PENDING: "decided",
    Lifecycle.SUBMITTED: "sent",
    Lifecycle.UNKNOWN: "unknown",
    Lifecycle.WORKING: "working",
    Lifecycle.FILLED: "filled",
    Lifecycle.CANCELLED: "cancelled",
    Lifecycle.EXPIRED: "expired",
    Lifecycle.REPLACED: "replaced",
    Lifecycle.REJECTED: "rejected",
    Lifecycle.NOT_ACCEPTED: "rejected",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOrder:
    """An open order.

    Parameters
    ----------
    id : str
        By which it is acted on.
    symbol, side : str
    type : str
    quantity, filled : Decimal
    limit, stop : Decimal or None
    state : str
        ``decided``, ``sent``, ``working`` or ``unknown``.
    decider : str
        Who decided it: ``session/number of the strategy``.
    protects : bool
        Whether it protects a position.
    is_cancelling : bool
        Whether its end was asked for already.
    """

    id: str
    symbol: str
    side: str
    type: str
    quantity: Decimal
    filled: Decimal
    limit: Decimal | None = None
    stop: Decimal | None = None
    state: str
    decider: str = ""
    protects: bool = False
    is_cancelling: bool = False

    @property
    def words(self) -> str:
        """As in a sentence: ``sell 10 ACME``."""
        left = self.quantity - self.filled
        return f"{self.side} {left.normalize():f} {self.symbol}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPosition:
    """Units of ours in one symbol.

    Parameters
    ----------
    id : str
        By which it is acted on.
    symbol : str
    units : Decimal
        Signed.
    mark : float or None
        The last price that a session saw.
    holders : tuple of str
        Strategies of running sessions that hold it, as ``session/number``.
    """

    id: str
    symbol: str
    units: Decimal
    mark: float | None = None
    holders: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """As in a sentence: ``10 ACME``."""
        return f"{self.units.normalize():f} {self.symbol}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An account, or a session whose fills are simulated.

    Parameters
    ----------
    subject : str
        ``mode/name`` of an account, ``session/name`` of a session.
    name : str
        What a person types to act on it.
    mode : str
    orders : tuple of SeenOrder
    positions : tuple of SeenPosition
    is_latched : bool
        Of a session on simulated fills: whether a strategy was told to enter nothing new.
    is_halted : bool
        Whether a drawdown limit halts it.
    is_worked : bool
        Whether what the latch ends has ended.
    reason : str
        Of the latch.
    sessions : tuple of str
        Those that run on it now.
    limits : str
        Name of the limits that were last in force.
    strange : tuple of str
        What is held that none of our orders made, in words.
    problem : str or None
        Why it is not known how it stands.
    """

    subject: str
    name: str
    mode: str
    orders: tuple[SeenOrder, ...] = ()
    positions: tuple[SeenPosition, ...] = ()
    is_latched: bool = False
    is_halted: bool = False
    is_worked: bool = False
    reason: str = ""
    sessions: tuple[str, ...] = ()
    limits: str = ""
    strange: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def is_simulated(self) -> bool:
        """Whether its fills are simulated: then there is no account that anything could be sent to."""
        return self.subject.startswith("session/")

    @property
    def notional(self) -> float | None:
        """Gross value of the positions at the last prices; None where one has no price."""
        if any(each.mark is None for each in self.positions):
            return None
        return sum(abs(float(each.units)) * (each.mark or 0.0) for each in self.positions)

    def seen(self) -> dict[str, Any]:
        """What an act depends on, in plain words: prices are not part of it."""
        return {
            "subject": self.subject,
            "orders": sorted([each.id, each.state, str(each.quantity - each.filled)] for each in self.orders),
            "positions": sorted([each.symbol, str(each.units.normalize())] for each in self.positions),
            "latched": [self.is_latched, self.is_halted, self.is_worked],
            "sessions": sorted(self.sessions),
        }


def position_id(subject: str, symbol: str) -> str:
    """The id of a position: one word that fits into an address, whatever the symbol is called."""
    return hashlib.sha256(f"{subject}|{symbol}".encode()).hexdigest()[:20]


def state_of(order: LiveOrder) -> str:
    """The state of an order in one word; what the journal let go is ``sent`` until the venue has answered."""
    if order.state is Lifecycle.PENDING and order.attempts:
        return "sent"
    return _STATES[order.state]


def picture_of_book(
    subject: str, book: LiveBook, marks: Mapping[str, float], holders: Mapping[str, tuple[str, ...]], **known: Any
) -> Picture:
    """An account as its journal has it.

    Parameters
    ----------
    subject : str
    book : LiveBook
    marks : mapping
        The last price of symbols, where a session saw one.
    holders : mapping
        Who holds a symbol among the strategies of running sessions.
    **known
        The other fields of `Picture`.
    """
    ours = {symbol: units - book.strange.get(symbol, _ZERO) for symbol, units in book.positions.items()}
    mode, _, name = subject.partition("/")
    return Picture(
        subject=subject,
        name=name,
        mode=mode,
        orders=tuple(_order(order) for order in book.orders.values() if order.is_open),
        positions=tuple(
            SeenPosition(
                id=position_id(subject, symbol), symbol=symbol, units=units, mark=marks.get(symbol),
                holders=holders.get(symbol, ()),
            )
            for symbol, units in sorted(ours.items()) if units
        ),
        strange=tuple(f"{units.normalize():f} {symbol}" for symbol, units in sorted(book.strange.items()) if units),
        limits=str((book.risk.get("limits") or {}).get("name", "")),
        **known,
    )  # fmt: skip


def _order(order: LiveOrder) -> SeenOrder:
    wire = order.wire
    return SeenOrder(
        id=order.cid,
        symbol=order.symbol,
        side=wire.side.name.lower(),
        type=wire.order_type.value,
        quantity=wire.quantity,
        filled=order.filled_there,
        limit=wire.limit_price,
        stop=wire.stop_price,
        state=state_of(order),
        decider=order.instance,
        protects=order.role.protects,
        is_cancelling=order.cancel_wanted,
    )


def picture_of_standing(session: str, about: Mapping[str, Any], *, is_running: bool) -> Picture:
    """A session whose fills are simulated, as it last said how it stands."""
    standing = about.get("standing") or {}
    subject = f"session/{session}"
    return Picture(
        subject=subject,
        name=session,
        mode=str(about.get("mode") or "paper"),
        orders=tuple(_standing_order(session, each) for each in standing.get("orders", ())),
        positions=_standing_positions(subject, session, standing.get("positions", ())),
        is_latched=bool(standing.get("paused")),
        is_halted=bool(standing.get("halted", False)),
        sessions=(session,) if is_running else (),
        limits=str(((about.get("policies") or {}).get("limits") or {}).get("name", "")),
    )


def _standing_order(session: str, plain: Mapping[str, Any]) -> SeenOrder:
    return SeenOrder(
        id=f"{session}:{plain['id']}",
        symbol=str(plain["symbol"]),
        side=str(plain.get("side", "")),
        type=str(plain.get("order_type", plain.get("type", ""))),
        quantity=_decimal(plain.get("quantity")) or _ZERO,
        filled=_decimal(plain.get("filled", plain.get("filled_quantity"))) or _ZERO,
        limit=_decimal(plain.get("limit_price")),
        stop=_decimal(plain.get("stop_price")),
        state="working",
        decider=f"{session}/{plain.get('strategy', 0)}",
    )


def _standing_positions(subject: str, session: str, plain: Any) -> tuple[SeenPosition, ...]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in plain:
        if each["quantity"]:
            found.setdefault(str(each["symbol"]), []).append(each)
    return tuple(
        SeenPosition(
            id=position_id(subject, symbol),
            symbol=symbol,
            units=sum((_decimal(each["quantity"]) or _ZERO for each in held), _ZERO),
            mark=held[0].get("mark"),
            holders=tuple(f"{session}/{each.get('strategy', 0)}" for each in held),
        )
        for symbol, held in sorted(found.items())
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(repr(float(value))).normalize()
