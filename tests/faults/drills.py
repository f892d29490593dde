"""Every cell of the state table through the real door for evidence: what no run leads to is led to here."""

from __future__ import annotations

from decimal import Decimal

from tradewright.app.orders.book import LiveBook
from tradewright.app.orders.kept import intent_body
from tradewright.app.orders.table import IMPOSSIBLE, TABLE, Facts, Row, column_of
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import ENDED, Lifecycle, LiveOrder
from tradewright.domain.live.venue import VenueFill
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide

from .script import scenario
from .world import Trader, World

UNITS = Decimal(2)


def drill(row: Row, state: Lifecycle) -> list[str]:
    """Bring an order into a state, give it evidence of a kind, and say what does not hold afterwards."""
    world = World(scenario(0))
    trader = Trader(world, "A")
    trader.office.spawn = lambda work: work.close()
    trader.office.journal.open()
    trader.office.journal.begin_epoch(1)
    order = _order(trader, state)
    before = order.filled
    if row is Row.FILL_NEW:
        trader.road.witness.fill_seen(_fill(order))
    else:
        ended = state if state in ENDED else Lifecycle.CANCELLED
        trader.road.witness.take(order, row, Facts(ended=ended, has_fills=bool(order.fills)))
    return list(_wrong(trader, order, before, row, state))


def drilled_cells() -> set[tuple[Row, str]]:
    """The cells that come through their drill."""
    found = set()
    for row, state in cells():
        if not drill(row, state):
            found.add((row, column_of(state)))
    return found


def cells() -> list[tuple[Row, Lifecycle]]:
    """Every kind of evidence in every state in which it can come."""
    return [(row, state) for row in Row for state in Lifecycle if TABLE[row, column_of(state)] != IMPOSSIBLE]


def _wrong(trader, order, before, row, state):
    if (row, state) not in trader.world.tally.cells:
        yield "the cell was not used"
    if order.filled < before:
        yield "the filled quantity fell"
    again = LiveBook()
    again.replay(trader.office.journal.disk.entries)
    if row is not Row.PROCESS_START and again.state_hash != trader.office.book.state_hash:
        yield "the replay makes another state"


def _order(trader, state):
    wire = WireOrder(symbol="AAA", side=OrderSide.BUY, quantity=UNITS)
    key = DecisionKey(1, "AAA")
    cid = trader.office.settings.scope.cid(IdRole.ENTRY, key, 0)
    order = LiveOrder(cid=cid, key=key, role=IdRole.ENTRY, wire=wire, decided_at=0, ttl_ns=1 << 62, total=UNITS)
    trader.office.note(RecordKind.DECIDE, key=str(key), digest="d", intents=[intent_body(order)], at=0)
    order = trader.office.book.orders[cid]
    if state is Lifecycle.SUBMITTED:
        order.state = state
    elif state is Lifecycle.FILLED:
        _fill_whole(trader, order)
    elif state is not Lifecycle.PENDING:
        trader.office.note(RecordKind.OUTCOME, cid=cid, row="drill", to=state.value)
    return order


def _fill_whole(trader, order):
    trader.office.note(RecordKind.OUTCOME, cid=order.cid, row="drill", to="W")
    trader.road.witness.fill_seen(_fill(order, UNITS))


def _fill(order, units=Decimal(1)):
    return VenueFill(
        execution_id=f"e{len(order.fills) + 1}", vid="v1", cid=order.cid, symbol="AAA", side=OrderSide.BUY,
        quantity=units, price=Decimal(100), cumulative=order.filled + units, at_ns=1,
    )  # fmt: skip
