"""Whose units the fills in an account's journal are, strategy by strategy of one session, and what its engine knows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradewright.domain.live.ids import IdRole

from .commands import OPERATOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tradewright.app.orders.book import LiveBook
    from tradewright.domain.live.order import LiveOrder

__all__ = ["Move", "SessionLedger"]

_ZERO = Decimal(0)
_CLOSERS = {IdRole.FLATTEN, IdRole.EXIT}
_DUST = 1e-9


@dataclass(frozen=True, slots=True)
class Move:
    """Units of one strategy that the engine has not heard of.

    Parameters
    ----------
    strategy : int
    symbol, identity : str
        Identity of the fill.
    units : float
        Signed.
    price : float
    at_ns : int
    is_first : bool
        Whether nothing of this fill was told before; otherwise the venue has corrected it.
    """

    strategy: int
    symbol: str
    identity: str
    units: float
    price: float
    at_ns: int
    is_first: bool


class SessionLedger:
    """What the journal says that the strategies of a session hold.

    A fill belongs to the strategy whose order, stop or exit it is. What the kill switch or an operator closes without
    saying whose it was is shared out among those who hold the symbol on the other side, in order of their numbers; more
    than they hold is somebody else's.

    Parameters
    ----------
    session : str
        Its strategies decide as ``session/number``.
    book : LiveBook
    """

    def __init__(self, session: str, book: LiveBook) -> None:
        self._session = session
        self._book = book
        self._since_ns = 0
        self._shares: dict[str, dict[int, Decimal]] = {}
        self._held: dict[tuple[int, str], Decimal] = {}
        self._told: dict[str, dict[int, float]] = {}

    def hear(self, identity: str, strategy: int, units: float) -> None:
        """The engine knows of signed units."""
        told = self._told.setdefault(identity, {})
        told[strategy] = told.get(strategy, 0.0) + units

    def take_up(self, since_ns: int) -> Iterator[Move]:
        """Go through everything that was decided since the session began; what the engine has not heard of."""
        self._since_ns = since_ns
        self._shares.clear()
        self._held.clear()
        for identity, (cid, _) in self._book.fills.items():
            order = self._book.orders.get(cid)
            if order is not None:
                yield from self.take(order, identity)

    def take(self, order: LiveOrder, identity: str) -> list[Move]:
        """A fill was booked, or corrected; what the engine has not heard of it. It counts as told from now on."""
        self._count(order.symbol, identity, {})
        shares = self._shared(order, self._book.fills[identity][1] * order.wire.side.value)
        self._count(order.symbol, identity, shares)
        numbers = sorted(shares.keys() | self._told.get(identity, {}).keys())
        moves = [self._move(order.symbol, identity, number, shares.get(number, _ZERO)) for number in numbers]
        return [move for move in moves if abs(move.units) > _DUST]

    def _move(self, symbol: str, identity: str, number: int, due: Decimal) -> Move:
        before = self._told.get(identity, {}).get(number)
        units = float(due) - (before or 0.0)
        if abs(units) > _DUST:
            self.hear(identity, number, units)
        price, at_ns = self._book.prices[identity]
        return Move(number, symbol, identity, units, float(price), at_ns, before is None)

    def _count(self, symbol: str, identity: str, shares: Mapping[int, Decimal]) -> None:
        """Let the shares of a fill be these."""
        for sign, some in ((-1, self._shares.get(identity, {})), (1, shares)):
            for number, units in some.items():
                self._held[number, symbol] = self._held.get((number, symbol), _ZERO) + sign * units
        self._shares[identity] = dict(shares)

    # Whose it is.

    def _shared(self, order: LiveOrder, units: Decimal) -> dict[int, Decimal]:
        number = self._number(order)
        if number is not None:
            return {number: units}
        is_mine = order.decided_at >= self._since_ns and order.role in _CLOSERS and order.parent is None
        is_everybodys = order.instance in {"", OPERATOR} and not self._named(order)
        return self._among_holders(order.symbol, units) if is_mine and is_everybodys else {}

    def _number(self, order: LiveOrder) -> int | None:
        """Number of the strategy of this session whose order it is, or for which an operator closed."""
        if order.decided_at < self._since_ns:
            return None
        named = self._named(order) if order.instance == OPERATOR else order.instance
        head, _, tail = named.rpartition("/")
        return int(tail) if head == self._session and tail.isdecimal() else None

    def _named(self, order: LiveOrder) -> str:
        """For whom an operator closed; empty where it was for everybody."""
        return (order.wire.label or "").removeprefix(OPERATOR).strip() if order.instance == OPERATOR else ""

    def _among_holders(self, symbol: str, units: Decimal) -> dict[int, Decimal]:
        found: dict[int, Decimal] = {}
        left = units
        for (number, held_symbol), held in sorted(self._held.items()):
            if held_symbol == symbol and held * units < 0 and left:
                found[number] = max(left, -held) if units < 0 else min(left, -held)
                left -= found[number]
        return found

    # What there is.

    def positions(self) -> dict[tuple[int, str], float]:
        """Signed units by strategy and symbol, splits counted, where there are any."""
        found: dict[tuple[int, str], Decimal] = {}
        for order in self._book.orders.values():
            number = self._number(order)
            if number is not None and order.lots:
                key = number, order.symbol
                found[key] = found.get(key, _ZERO) + order.lots * order.wire.side.value
        for number, symbol, units in self._of_others():
            found[number, symbol] = found.get((number, symbol), _ZERO) + units
        return {key: float(units) for key, units in found.items() if units}

    def _of_others(self) -> Iterator[tuple[int, str, Decimal]]:
        """Shares in fills of orders that were nobody's by name."""
        for identity, shares in self._shares.items():
            order = self._book.orders.get(self._book.fills[identity][0]) if shares else None
            if order is not None and self._number(order) is None:
                for number, units in shares.items():
                    yield number, order.symbol, units

    def differences(self, held: Iterable[tuple[int, str, float]]) -> dict[tuple[int, str], tuple[float, float]]:
        """Where what somebody says is held is not what the journal says: both, by strategy and symbol."""
        there = self.positions()
        here = {(number, symbol): units for number, symbol, units in held}
        both = {key: (here.get(key, 0.0), there.get(key, 0.0)) for key in sorted(here.keys() | there.keys())}
        return {key: (a, b) for key, (a, b) in both.items() if abs(a - b) > _DUST * max(1.0, abs(b))}
