"""The kill switch beside a process that holds the account: who did its part is left alone."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tradewright.app.live.kill import carry_out
from tradewright.app.live.kill_way import Patience
from tradewright.domain.live.ids import IdRole, IdScope
from tradewright.domain.live.journal import Record, RecordKind
from tradewright.domain.live.latch import LatchOrder
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.live.venue import VenueOrder, VenueStatus
from tradewright.domain.live.wire import WireOrder
from tradewright.domain.order import OrderSide
from tradewright.ports.seat import Holder
from tradewright.testing.virtual_time import VirtualClock, VirtualTimeLoop

TOLD = LatchOrder("drill", "ann", flatten=True)
WIRE = WireOrder(symbol="ACME", side=OrderSide.SELL, quantity=Decimal(10), reduce_only=True, label="flatten 1")


class EvictedError(Exception):
    """The process was ended."""


class Way:
    """What the kill switch finds: a process that has sent a round of flattening and writes no more."""

    def __init__(self, state: Lifecycle) -> None:
        self.loop = VirtualTimeLoop()
        self.clock = VirtualClock(self.loop)
        self.account, self.window_s, self.scope = "desk", 0.4, IdScope("desk", "kill switch", 7)
        self.patience = Patience()
        self.said: list[str] = []
        self.tell = self.said.append
        self.seat = self.broker = self
        bodies = [
            (RecordKind.BASELINE, {"positions": {}, "at": 0}),
            (RecordKind.LATCH, {"number": 1, "reason": "drill", "flatten": True, "all": False}),
            (RecordKind.FLATTEN, {
                "cid": "f1", "role": IdRole.FLATTEN.name, "wire": WIRE.plain(), "ttl_ns": 1 << 62, "number": 1,
                "key": "1/ACME", "at": 0,
            }),
            (RecordKind.ARM, {"cid": "f1", "attempt": 1, "at": 0}),
            (RecordKind.OUTCOME, {"cid": "f1", "row": "acknowledged", "to": state.value, "vid": "v1"}),
        ]  # fmt: skip
        self.entries = [
            SimpleNamespace(record=Record(kind, body), sequence=at, epoch=1) for at, (kind, body) in enumerate(bodies)
        ]

    def holder(self) -> Holder:
        return Holder(4711, "here")

    def glance(self) -> Any:
        return SimpleNamespace(entries=self.entries)

    def evict(self, holder: Holder, patience_s: float) -> None:
        raise EvictedError

    async def connect(self) -> None: ...

    async def disconnect(self) -> None: ...

    async def open_orders(self) -> list[VenueOrder]:
        return [VenueOrder(
            vid="v1", cid="f1", symbol="ACME", side=OrderSide.SELL, quantity=Decimal(10), filled=Decimal(0),
            status=VenueStatus.OPEN, created_ns=0,
        )]  # fmt: skip

    async def positions(self) -> dict[str, Decimal]:
        return {"ACME": Decimal(10)}


def test_a_process_whose_closing_orders_rest_at_a_venue_that_is_shut_is_left_alone() -> None:
    way: Any = Way(Lifecycle.WORKING)
    report = way.loop.run(carry_out(way, TOLD))
    assert (report.by, report.evicted) == ("process 4711", None)
    assert report.left == ("order sell 10 ACME (v1)", "position 10 ACME")
    assert way.said[-1] == "What closes ACME rests at the venue."


@pytest.mark.parametrize("state", [Lifecycle.SUBMITTED, Lifecycle.UNKNOWN])
def test_a_process_that_does_not_find_out_what_became_of_its_orders_is_ended(state: Lifecycle) -> None:
    way: Any = Way(state)
    with pytest.raises(EvictedError):
        way.loop.run(carry_out(way, TOLD))
