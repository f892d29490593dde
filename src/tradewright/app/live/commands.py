"""Commands of an operator, carried out on the road of every order: in the journal first, with who and why."""

from __future__ import annotations

import asyncio
import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from tradewright.domain.errors import OrderError
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.operator import (
    AcceptDifference,
    AdoptOrder,
    AdoptPosition,
    CancelOrder,
    ClosePosition,
    Flatten,
    PauseStrategy,
    ReleasePosition,
    ResumeStrategy,
    Thaw,
    plain_command,
)
from tradewright.domain.live.order import LiveOrder
from tradewright.domain.live.venue import AnswerKind
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tradewright.app.orders.road import OrderRoad
    from tradewright.domain.live.operator import OperatorCommand

__all__ = ["OPERATOR", "OperatorDesk", "StrategyControl"]

OPERATOR = "operator"
"""Who decides the orders that a command makes."""

FOR_EVER_NS = (1 << 63) - 1
_ZERO = Decimal(0)


class StrategyControl(Protocol):
    """The engine of the strategies that this process runs."""

    def runs(self, instance: str) -> bool:
        """Whether it runs who decides under that name."""
        ...

    def ask(self, what: str, who: str, reason: str, instance: str) -> None:
        """Give a strategy an operator's command: ``"pause"``, ``"resume"`` or ``"close_all"``."""
        ...


class OperatorDesk:
    """Where a person's commands for one account are carried out.

    Orders that a command makes only ever reduce: they pass risk office, journal and permit like every other one, and
    are let through by pause, halt and freeze as every exit is. A strategy that runs closes what it holds by itself, so
    that its engine knows; what no running strategy holds is closed from here.

    Parameters
    ----------
    road : OrderRoad
        Started.
    control : StrategyControl
    patience_s : float
        How long orders may take to come to their end before what is left of them is said, besides three settle windows.
    """

    def __init__(self, road: OrderRoad, control: StrategyControl, *, patience_s: float = 30.0) -> None:
        self.road = road
        self.office = road.office
        self.control = control
        self.patience_s = patience_s

    async def carry_out(self, command: OperatorCommand) -> str:
        """Do what is asked; one sentence that says what was done.

        Raises
        ------
        OrderError
            When it cannot be done, and why; nothing of it was.
        BrokerError
            When the venue must be asked first and does not answer.
        JournalError
            When it could not be kept.
        """
        act = self._acts[type(command)]
        plain = plain_command(command)
        await self.office.durable(self.office.note(RecordKind.COMMAND, **plain, at=self.office.now_ns()))
        said: str = await act(self, command)
        return said

    # Orders.

    async def _cancel(self, command: CancelOrder) -> str:
        book = self.office.book
        order = book.order_of(command.order, command.order)
        if order is not None:
            if not order.is_open:
                raise OrderError(f"The order {command.order} has ended: {order.state.name.lower()}.")
            await self.road.canceller.cancel(order.cid)
            return f"The order {order.cid} will end."
        other = book.foreign.get(command.order)
        if other is None or not other.is_open:
            raise OrderError(f"There is no open order '{command.order}'.", hint="Look at: tradewright reconcile")
        answer = await self.office.broker.cancel("", other.vid, lambda: self.office.stopped is None)
        if answer.kind is not AnswerKind.ACCEPTED:
            raise OrderError(f"The venue does not end the order {other.vid}: {answer.reason or answer.kind}.")
        return f"The venue was asked to end the order {other.vid}, which is not ours."

    async def _adopt_order(self, command: AdoptOrder) -> str:
        book, vid = self.office.book, command.vid
        if vid not in book.foreign:
            raise OrderError(f"There is no order '{vid}' of others.", hint="Look at: tradewright reconcile")
        seen = await self.office.broker.order_by_vid(vid)
        if seen is None or seen.status.is_terminal:
            raise OrderError(f"The order {vid} is not open.")
        if seen.filled:
            raise OrderError(f"Some of the order {vid} is filled; what it bought is not ours.", hint="Cancel it.")
        wire = WireOrder(symbol=seen.symbol, side=seen.side, quantity=seen.quantity)
        now = self.office.now_ns()
        key = DecisionKey(now, seen.symbol)
        cid = self._scope().cid(IdRole.ENTRY, key, 0, chain=_number(vid))
        foreign = {"vid": vid, "symbol": seen.symbol, "side": seen.side.name, "quantity": str(seen.quantity)}
        self.office.note(RecordKind.FOREIGN, **foreign, open=False)
        sequence = self.office.note(
            RecordKind.ADOPT, cid=cid, vid=vid, key=str(key), at=now, ttl_ns=FOR_EVER_NS, role=IdRole.ENTRY.name,
            wire=wire.plain(), number=0,
        )  # fmt: skip
        await self.office.durable(sequence)
        return f"The order {vid} is ours now, as {cid}."

    # Positions.

    async def _close(self, command: ClosePosition) -> str:
        running = self._running(command.symbol)
        if running:
            raise OrderError(f"{running[0]} runs and holds {command.symbol}.", hint="Flatten that strategy instead.")
        return await self._closed([command.symbol], "")

    async def _flatten(self, command: Flatten) -> str:
        orders = [order for order in self.office.book.orders.values() if self._is_of(order, command.instance)]
        if command.instance and not orders:
            raise OrderError(f"No order was ever decided by '{command.instance}'.")
        running = sorted({order.instance for order in orders if self.control.runs(order.instance)})
        for instance in running:
            self.control.ask("close_all", command.who, command.reason, instance)
        told = f"{', '.join(running)} closes by its own orders. " if running else ""
        if command.instance in running:
            return told.strip()
        rest = sorted({order.symbol for order in orders if not self._running(order.symbol)})
        return told + await self._closed(rest, command.instance)

    def _running(self, symbol: str) -> list[str]:
        """Who runs and has orders or a position in a symbol."""
        names = sorted({order.instance for order in self.office.book.orders.values() if order.symbol == symbol})
        return [
            name for name in names
            if self.control.runs(name)
            and (self._made_by(symbol, name) or any(order.is_open for order in self._orders(symbol, name)))
        ]  # fmt: skip

    async def _closed(self, symbols: Iterable[str], instance: str) -> str:
        if self.office.stopped is not None:
            raise OrderError(f"Nothing is sent any more: {self.office.stopped}")
        if self.office.book.latch.is_set:
            raise OrderError("The kill switch is latched.", hint="Close with: tradewright kill --flatten")
        done = [await self._close_one(symbol, instance) for symbol in symbols]
        return " ".join(done) or "Nothing else of ours is held."

    async def _close_one(self, symbol: str, instance: str) -> str:
        """Entries end first, brackets by their own exit, and the rest by one order sized from what is final."""
        for order in self._loose(symbol, instance):
            await self.road.canceller.cancel(order.cid)
        await self._all_final(lambda: all(order.is_final for order in self._loose(symbol, instance)), symbol)
        exits = [entry for entry in self._brackets(symbol, instance) if self.road.holdings.held(entry) > 0]
        for entry in exits:
            if entry.cid not in self.office.book.exits:
                await self.road.brackets.exit(entry.cid, "operator")
        units = self._rest(symbol, instance)
        if units:
            await self._send(symbol, units, instance)
        if not exits and not units:
            return f"Nothing of ours is held in {symbol}."
        brackets = f" and {len(exits)} brackets" if exits else ""
        return f"{symbol} is being closed: {abs(units).normalize():f} units{brackets}."

    def _is_of(self, order: LiveOrder, instance: str) -> bool:
        return not instance or instance == order.instance or order.wire.label == _label(instance)

    def _orders(self, symbol: str, instance: str) -> list[LiveOrder]:
        orders = self.office.book.orders.values()
        return [order for order in orders if order.symbol == symbol and self._is_of(order, instance)]

    def _made_by(self, symbol: str, instance: str) -> Decimal:
        """Signed units that a strategy's orders made, and what commands for it have closed of them."""
        return sum((order.lots * order.wire.side.value for order in self._orders(symbol, instance)), _ZERO)

    def _loose(self, symbol: str, instance: str) -> list[LiveOrder]:
        """Orders that no bracket tends: they would change the position after it was sized."""
        return [order for order in self._orders(symbol, instance) if not order.role.protects]

    def _brackets(self, symbol: str, instance: str) -> list[LiveOrder]:
        entries = self.road.holdings.entries()
        return [entry for entry in entries if entry.symbol == symbol and self._is_of(entry, instance)]

    def _rest(self, symbol: str, instance: str) -> Decimal:
        """Signed units of ours that no bracket holds and no command is closing; never more than all of ours."""
        rest = self._ours(symbol)
        if not instance:
            return rest
        brackets = self._in_brackets(symbol, instance)
        mine = self._made_by(symbol, instance) - brackets - self._on_its_way(symbol, instance)
        return _ZERO if mine * rest <= 0 else min(mine, rest, key=abs)

    def _ours(self, symbol: str) -> Decimal:
        book = self.office.book
        ours = book.positions.get(symbol, _ZERO) - book.strange.get(symbol, _ZERO)
        return ours - self._in_brackets(symbol, "") - self._on_its_way(symbol, "")

    def _in_brackets(self, symbol: str, instance: str) -> Decimal:
        held = self.road.holdings.held
        return sum((held(entry) * entry.wire.side.value for entry in self._brackets(symbol, instance)), _ZERO)

    def _on_its_way(self, symbol: str, instance: str) -> Decimal:
        """Signed units that earlier commands are closing."""
        return sum(
            (
                -order.leaves * order.wire.side.value for order in self._orders(symbol, instance)
                if order.instance == OPERATOR and order.is_open
            ),
            _ZERO,
        )  # fmt: skip

    async def _send(self, symbol: str, units: Decimal, instance: str) -> None:
        """One market order that reduces, under a key of its own."""
        key = DecisionKey(self.office.now_ns(), symbol)
        side = OrderSide.SELL if units > 0 else OrderSide.BUY
        wire = WireOrder(symbol=symbol, side=side, quantity=abs(units), reduce_only=True, label=_label(instance))
        order = LiveOrder(
            cid=self._scope().cid(IdRole.EXIT, key, 0), key=key, role=IdRole.EXIT, wire=wire, decided_at=0,
            ttl_ns=FOR_EVER_NS, total=wire.quantity, instance=OPERATOR,
        )  # fmt: skip
        await self.road.submitter.keep(str(key), wire.digest, [order])

    async def _all_final(self, holds: Callable[[], bool], symbol: str) -> None:
        try:
            async with asyncio.timeout(self.patience_s + 3 * self.office.abilities.window_s):
                await self.office.until(holds)
        except TimeoutError:
            raise OrderError(f"The orders in {symbol} have not come to their end; nothing was closed.") from None

    async def _adopt_position(self, command: AdoptPosition) -> str:
        strange = self.office.book.strange.get(command.symbol, _ZERO)
        units = self._part(command.symbol, command.units, strange, "that is not ours")
        return await self._owned(command.symbol, units, f"{units.normalize():f} {command.symbol} are ours now.")

    async def _release_position(self, command: ReleasePosition) -> str:
        symbol, book = command.symbol, self.office.book
        ours = book.positions.get(symbol, _ZERO) - book.strange.get(symbol, _ZERO)
        units = self._part(symbol, command.units, ours, "of ours")
        if any(order.is_open for order in book.orders.values() if order.symbol == symbol):
            raise OrderError(f"Orders of ours are open in {symbol}.", hint="Cancel them first.")
        return await self._owned(symbol, -units, f"{units.normalize():f} {symbol} are ours no longer.")

    def _part(self, symbol: str, asked: Decimal | None, there: Decimal, whose: str) -> Decimal:
        """Units of what is there, on its side."""
        units = there if asked is None else asked
        if not there or not units or units * there < 0 or abs(units) > abs(there):
            raise OrderError(f"{there.normalize():f} {symbol} {whose} are held, not {units.normalize():f}.")
        return units

    async def _owned(self, symbol: str, units: Decimal, said: str) -> str:
        await self.office.durable(self.office.note(RecordKind.OWNER, symbol=symbol, units=str(units)))
        return said

    async def _accept(self, command: AcceptDifference) -> str:
        first = (await self.office.broker.positions()).get(command.symbol, _ZERO)
        await asyncio.sleep(self.office.abilities.window_s)
        held = (await self.office.broker.positions()).get(command.symbol, _ZERO)
        if first != held:
            raise OrderError(f"The position in {command.symbol} is still moving.", hint="Ask again when it is quiet.")
        known = self.office.book.positions.get(command.symbol, _ZERO)
        if held - known != command.units:
            raise OrderError(
                f"The venue holds {held.normalize():f} {command.symbol} and the journal {known.normalize():f}: "
                f"a difference of {(held - known).normalize():f}, not {command.units.normalize():f}."
            )
        await self.road.auditor.adjust(command.symbol, command.units, command.who)
        return f"The journal holds {held.normalize():f} {command.symbol} now, as the venue does."

    async def _thaw(self, command: Thaw) -> str:
        why = self.office.book.frozen.get(command.symbol)
        if why is None:
            raise OrderError(f"{command.symbol} is not frozen.")
        await self.office.durable(self.office.note(RecordKind.THAW, symbol=command.symbol, who=command.who))
        return f"{command.symbol} may trade again; it was frozen because: {why}"

    # Strategies.

    async def _pause(self, command: PauseStrategy) -> str:
        self._ask("pause", command)
        return f"{command.instance} enters nothing new; its exits go on."

    async def _resume(self, command: ResumeStrategy) -> str:
        self._ask("resume", command)
        return f"{command.instance} may enter again."

    def _ask(self, what: str, command: PauseStrategy | ResumeStrategy) -> None:
        if not self.control.runs(command.instance):
            raise OrderError(f"'{command.instance}' does not run here.")
        self.control.ask(what, command.who, command.reason, command.instance)

    def _scope(self) -> Any:
        return self.office.settings.scope.of(OPERATOR)

    _acts: ClassVar[dict[type, Callable[[OperatorDesk, Any], Any]]] = {
        CancelOrder: _cancel,
        AdoptOrder: _adopt_order,
        ClosePosition: _close,
        Flatten: _flatten,
        AdoptPosition: _adopt_position,
        ReleasePosition: _release_position,
        AcceptDifference: _accept,
        Thaw: _thaw,
        PauseStrategy: _pause,
        ResumeStrategy: _resume,
    }


def _label(instance: str) -> str:
    return f"{OPERATOR} {instance}".strip()


def _number(vid: str) -> int:
    return int.from_bytes(hashlib.sha256(vid.encode()).digest()[:6], "big")
