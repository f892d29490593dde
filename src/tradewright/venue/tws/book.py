"""The orders of one gateway: placed, changed and cancelled on the exchange, and told as what happens to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.venue import dealing
from tradewright.venue.refusals import Refusal, Why

from .layouts import written
from .orders import GatewayOrder, ask_of, changes_of, moment_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tradewright.domain.live.wire import WireOrder
    from tradewright.venue.account import VenueAccount
    from tradewright.venue.placed import Happening

    from .contracts import Contracts

__all__ = ["GatewayBook", "GatewayError"]

_FIRST_PERM = 1_000_000_001
_CODES = {Why.UNKNOWN_SYMBOL: 200, Why.BAD_FIELD: 321, Why.INVALID: 201, Why.FORBIDDEN: 201}


class GatewayError(Exception):
    """What the gateway answers under the number of an order or a request.

    Parameters
    ----------
    code : int
        Of Interactive Brokers' list of message codes.
    text : str
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class GatewayBook:
    """Orders by every number they have.

    Parameters
    ----------
    account : VenueAccount
    contracts : Contracts
    tell : callable
        ``tell(order, messages, happening)`` is called with what is said of an order; the happening is None where it
        is an answer.
    """

    def __init__(
        self,
        account: VenueAccount,
        contracts: Contracts,
        tell: Callable[[GatewayOrder, list[bytes], Happening | None], None],
    ) -> None:
        self.account = account
        self.contracts = contracts
        self.orders: list[GatewayOrder] = []
        self.executions: list[dict[str, Any]] = []
        self.next_id = 1
        self._tell = tell
        self._by_key: dict[tuple[int, int], GatewayOrder] = {}
        self._by_number: dict[int, GatewayOrder] = {}
        self._placing: GatewayOrder | None = None

    # What clients ask.

    def place(self, client_id: int, said: dict[str, str]) -> None:
        """Place an order, or change the one that stands under its number.

        Raises
        ------
        GatewayError
        """
        number = int(said["orderId"])
        self.next_id = max(self.next_id, number + 1)
        found = self._by_key.get((client_id, number))
        try:
            if found is None:
                self._take(client_id, number, said)
            else:
                self._change(found, said)
        except Refusal as refusal:
            raise _error_of(refusal, is_change=found is not None) from None

    def cancel(self, client_id: int, number: int) -> None:
        """Ask for the end of an order of the same client.

        Raises
        ------
        GatewayError
        """
        order = self._by_key.get((client_id, number))
        if order is None:
            raise GatewayError(10147, f"OrderId {number} that needs to be cancelled is not found.")
        if not order.is_open:
            raise GatewayError(
                10148, f"OrderId {number} that needs to be cancelled cannot be cancelled, state: {order.status}."
            )
        if order.placed is None:
            self._end_waiting(order)
        else:
            dealing.cancel(self.account, order.placed)

    def by_hand(self, wire: WireOrder) -> GatewayOrder:
        """Place an order as somebody at the gateway's own screen would: without a number or a word of a client."""
        words = {
            "action": wire.side.name,
            "totalQuantity": str(wire.quantity),
            "orderType": {"market": "MKT", "limit": "LMT", "stop": "STP", "stop_limit": "STP LMT"}[wire.order_type],
            "lmtPrice": str(wire.limit_price or ""),
            "auxPrice": str(wire.stop_price or ""),
            "tif": wire.time_in_force.name,
            "symbol": wire.symbol,
            "secType": "STK",
        }
        self._take(0, 0, words)
        return self.orders[-1]

    def _take(self, client_id: int, number: int, said: dict[str, str]) -> None:
        symbol = self.contracts.symbol_of(said)
        perm = _FIRST_PERM + len(self.orders)
        order = GatewayOrder(order_id=number, client_id=client_id, perm_id=perm, symbol=symbol, words=dict(said))
        parent = self._by_key.get((client_id, int(said.get("parentId") or 0)))
        if said.get("transmit", "1") == "0" or (parent is not None and parent.status != "Filled"):
            order.waits_for = parent.perm_id if parent is not None else perm
            self._keep(order)
        else:
            self._submit(order)
        if parent is not None and said.get("transmit", "1") != "0":
            self._transmit(parent)

    def _keep(self, order: GatewayOrder) -> None:
        self.orders.append(order)
        if order.order_id > 0:
            self._by_key[order.client_id, order.order_id] = order

    def _submit(self, order: GatewayOrder) -> None:
        """Hand an order to the exchange; one that it refuses leaves no trace."""
        self._placing = order
        try:
            placed = dealing.submit(self.account, ask_of(order.symbol, order.words))
        finally:
            self._placing = None
        order.placed, order.waits_for = placed, 0
        self._by_number[placed.number] = order
        if order not in self.orders:
            self._keep(order)

    def _transmit(self, parent: GatewayOrder) -> None:
        """The last of a group has come: its head goes to the exchange."""
        if parent.waits_for == parent.perm_id:
            self._submit(parent)

    def _submit_waiting(self, order: GatewayOrder) -> None:
        """What waited goes to the exchange, too late for an answer: a refusal is told of the order."""
        try:
            self._submit(order)
        except Refusal as refusal:
            order.status, order.reason, order.ended_at = "Inactive", refusal.message, self.account.tape.now_ns
            self._tell(order, self._ending(order), None)

    def _change(self, order: GatewayOrder, said: dict[str, str]) -> None:
        if order.status == "Filled":
            raise GatewayError(104, "Cannot modify a filled order.")
        if not order.is_open:
            raise GatewayError(103, "Duplicate order id")
        if order.placed is None:
            order.words.update(said)
            return
        changes = changes_of(order, said)
        self._placing = order
        try:
            placed = dealing.replace(self.account, order.placed, changes, in_place=True)
        finally:
            self._placing = None
        self._by_number[placed.number] = order
        order.change(placed, said)
        order.stand(placed, placed.standing)
        self._tell(order, self.told(order), None)

    def _end_waiting(self, order: GatewayOrder) -> None:
        order.status, order.ended_at = "Cancelled", self.account.tape.now_ns
        self._tell(order, self._ending(order), None)

    # What becomes of it.

    def hear(self, happening: Happening) -> None:
        """Something happened to an order on the exchange."""
        order = self._by_number.get(happening.order.number) or self._placing
        if order is None or happening.event == "replaced" or (order.placed is not None and self._placing is order):
            return
        order.placed = happening.order
        order.stand(happening.order, happening.standing)
        messages = self._executed(order, happening) if happening.execution_id is not None else []
        if not order.is_open:
            order.ended_at = happening.at_ns
            order.reason = order.reason or happening.order.reason
        ending = [] if order.is_open or order.status == "Filled" else self._ending(order)
        self._tell(order, messages + (ending or self.told(order)), happening)
        self._wake(order)

    def _executed(self, order: GatewayOrder, happening: Happening) -> list[bytes]:
        number = len(self.executions) + 1
        order.last_price = happening.price or 0.0
        execution = {
            **self.contracts.fields(order.symbol),
            **order.fields(self.account.key),
            "execId": f"{order.perm_id:08x}.{number:08x}.01.01",
            "time": moment_text(happening.at_ns),
            "at_ns": happening.at_ns,
            "side": "BOT" if order.words["action"] == "BUY" else "SLD",
            "shares": happening.quantity,
            "price": happening.price,
            "cumQty": order.filled,
            "avgPrice": order.average,
        }
        self.executions.append(execution)
        order.executions.append(execution)
        return self.execution_messages(execution)

    def _wake(self, parent: GatewayOrder) -> None:
        """What waits for an order goes to the exchange when it has filled, and ends when it has ended without."""
        for child in [each for each in self.orders if each.waits_for == parent.perm_id and each is not parent]:
            if parent.status == "Filled":
                self._submit_waiting(child)
            elif not parent.is_open and child.is_open:
                self._end_waiting(child)
        if parent.status == "Filled":
            for other in self.orders:
                if other.is_open and other.placed is not None and other.is_paired_with(parent):
                    dealing.cancel(self.account, other.placed)

    # What is told.

    def told(self, order: GatewayOrder) -> list[bytes]:
        """An order and where it stands."""
        fields = {**self.contracts.fields(order.symbol), **order.fields(self.account.key)}
        return [written("open_order", fields), written("order_status", fields)]

    def _ending(self, order: GatewayOrder) -> list[bytes]:
        code, text = (
            (201, "Order rejected - reason:") if order.status == "Inactive" else (202, "Order Canceled - reason:")
        )
        said = {"id": order.order_id, "code": code, "text": text + order.reason}
        return [written("order_status", order.fields(self.account.key)), written("error", said)]

    @staticmethod
    def execution_messages(execution: dict[str, Any], request: int = -1) -> list[bytes]:
        """An execution and what it cost."""
        fee = {"execId": execution["execId"], "fee": 0.0, "currency": execution["currency"]}
        return [written("execution", {**execution, "reqId": request}), written("commission", fee)]

    def completed(self) -> Iterable[bytes]:
        """The orders that have ended."""
        for order in self.orders:
            if not order.is_open:
                fields = {**self.contracts.fields(order.symbol), **order.completed_fields(self.account.key)}
                yield written("completed_order", fields)

    # What only a gateway does.

    def forget(self) -> None:
        """Forget which number a client gave to which order, as after a restart."""
        self._by_key.clear()

    def remember(self, client_id: int) -> None:
        """Know the open orders of a client by its numbers again."""
        for order in self.orders:
            if order.is_open and order.client_id == client_id and order.order_id > 0:
                self._by_key.setdefault((client_id, order.order_id), order)

    def correct(self, execution: dict[str, Any], **changes: float) -> None:
        """Say that an execution was another one: the same number with a higher suffix."""
        head, _, suffix = execution["execId"].rpartition(".")
        corrected = {**execution, **changes, "execId": f"{head}.{int(suffix) + 1:02d}"}
        self.executions.append(corrected)
        order = next(each for each in self.orders if each.perm_id == execution["permId"])
        self._tell(order, self.execution_messages(corrected), None)


def _error_of(refusal: Refusal, *, is_change: bool) -> GatewayError:
    if refusal.why is Why.TOO_LATE:
        return GatewayError(104, "Cannot modify a filled order.")
    if refusal.message.startswith("Order being modified"):
        return GatewayError(105, refusal.message)
    if "minimum pricing" in refusal.message:
        return GatewayError(110, "The price does not conform to the minimum price variation for this contract.")
    code = _CODES.get(refusal.why, 201)
    prefix = "Order rejected - reason:" if code == 201 and not is_change else ""
    return GatewayError(code, prefix + refusal.message)
