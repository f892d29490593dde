"""The lists of a gateway, each read to its end: open orders, completed orders, executions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import BrokerError
from tradewright.domain.live.venue import VenueOrder, VenueStatus

from .words import fill_from, identity_of, instant_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.live.venue import VenueFill

    from .link import Link
    from .picture import Picture

__all__ = ["Lists"]

_SECOND = 1_000_000_000


class Lists:
    """Questions for lists of one account.

    Parameters
    ----------
    link : Link
    picture : Picture
        What the connection has said of orders besides.
    symbol_of : callable
    """

    def __init__(self, link: Link, picture: Picture, symbol_of: Callable[[Any], str]) -> None:
        self._link = link
        self._picture = picture
        self._symbol_of = symbol_of

    async def open_orders(self) -> list[VenueOrder]:
        """All working orders of the account, as they stand when the list has come to its end.

        Raises
        ------
        BrokerError
            Also while an order is on its way from the gateway to the broker: it is neither there nor absent.
        """
        rows = await self._link.ask("openOrders", lambda client: client.reqAllOpenOrders())
        found = {}
        for _, _, order, state in rows:
            if order.account not in ("", self._link.account):
                continue
            if not order.permId:
                raise BrokerError(f"Order {order.orderId} is still on its way ({state.status}).")
            seen = self._picture.reported(str(order.permId))
            if seen is not None and seen.order.status is VenueStatus.OPEN:
                found[seen.order.vid] = seen.order
        return list(found.values())

    async def completed_orders(self, since_ns: int = 0) -> list[VenueOrder]:
        """The orders that ended at or after an instant; one that does not say when is never left out."""
        rows = await self._link.ask("completedOrders", lambda client: client.reqCompletedOrders(False))
        since_ns = _whole_second(since_ns)
        found = []
        for contract, order, state in rows:
            ended_ns = instant_from(state.completedTime)
            is_late_enough = ended_ns is None or ended_ns >= since_ns
            if order.account in ("", self._link.account) and is_late_enough:
                found.append(self._picture.completed(contract, order, state))
        return found

    async def raw_executions(self) -> list[tuple[Any, Any]]:
        """Contract and execution of every execution that the gateway still has, whoever placed the order."""
        from ib_async.objects import ExecutionFilter

        wanted = ExecutionFilter(acctCode=self._link.account)
        rows = await self._link.ask_numbered(lambda client, number: client.reqExecutions(number, wanted))
        return [row for row in rows if row[1].acctNumber == self._link.account]

    async def executions(self, since_ns: int) -> list[VenueFill]:
        """The executions at or after an instant, oldest first, each as it was corrected last."""
        last: dict[str, tuple[int, VenueFill]] = {}
        for contract, execution in await self.raw_executions():
            identity, revision = identity_of(execution.execId)
            if revision >= last.get(identity, (0, None))[0]:
                last[identity] = (revision, fill_from(self._symbol_of(contract), execution))
        found = [fill for _, fill in last.values() if fill.at_ns >= _whole_second(since_ns)]
        return sorted(found, key=lambda fill: fill.at_ns)

    async def orders_that_filled(self) -> list[VenueOrder]:
        """Orders as the executions show them: filled, or open as far as those can tell."""
        last: dict[str, VenueFill] = {}
        for fill in await self.executions(0):
            if fill.cumulative >= (last[fill.vid].cumulative if fill.vid in last else 0):
                last[fill.vid] = fill
        return [self._filled(fill) for fill in last.values()]

    def _filled(self, fill: VenueFill) -> VenueOrder:
        wanted = self._picture.wanted(fill.vid, fill.cid)
        is_full = wanted is not None and fill.cumulative >= wanted
        return VenueOrder(
            vid=fill.vid, cid=fill.cid, symbol=fill.symbol, side=fill.side, quantity=wanted or fill.cumulative,
            filled=fill.cumulative, status=VenueStatus.FILLED if is_full else VenueStatus.OPEN, created_ns=fill.at_ns,
        )  # fmt: skip


def _whole_second(nanoseconds: int) -> int:
    """The gateway's instants have whole seconds: an instant inside one is as late as its beginning."""
    return nanoseconds - nanoseconds % _SECOND
