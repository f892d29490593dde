"""Everything that is known of the account's orders, as the journal's records made it: live and replayed alike."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import Lifecycle, LiveOrder
from tradewright.domain.live.wire import WireOrder, canonical_json, decimal_of
from tradewright.domain.order import OrderSide

from .kept import divided, order_from, plain_order, plan_from
from .table import Facts, Row, follow
from .units import OldUnits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tradewright.domain.live.journal import Entry, Record

    Body = Mapping[str, Any]

__all__ = ["Foreign", "Latch", "LiveBook"]

_ZERO = Decimal(0)


@dataclass(slots=True)
class Latch:
    """The kill switch as it stands."""

    number: int = 0
    is_set: bool = False
    reason: str = ""
    flatten: bool = False
    cancel_all: bool = False
    foreign: bool = False
    rounds: dict[str, int] = field(default_factory=dict)
    armed: tuple[str, str] = ("", "")
    """Who armed the account last, and why."""

    @property
    def ends_protection(self) -> bool:
        """Whether orders that protect are ended too, so that none is put in their place."""
        return self.flatten or self.cancel_all


@dataclass(slots=True)
class Foreign:
    """An order that somebody else placed: listed and counted, never touched."""

    vid: str
    symbol: str
    side: OrderSide
    quantity: Decimal
    is_open: bool = True


class LiveBook:
    """The state that the records of a journal make, in memory.

    Nothing changes it but `apply`, so that a replay gives the same state and the same `state_hash`; only the hand-over
    of bytes (`SUBMITTED`) is not in the journal, for no record could prove that it did not happen.
    """

    def __init__(self) -> None:
        self.orders: dict[str, LiveOrder] = {}
        self.by_vid: dict[str, str] = {}
        self.decisions: dict[tuple[str, DecisionKey], tuple[str, tuple[str, ...]]] = {}
        """By who decided and about what: the digest of what was wanted, and the ids it became."""
        self.fills: dict[str, tuple[str, Decimal]] = {}
        self.prices: dict[str, tuple[Decimal, int]] = {}
        """Price and the venue's time of each fill, by its identity."""
        self.positions: dict[str, Decimal] = {}
        self.strange: dict[str, Decimal] = {}
        """The part of the positions that no order of ours made: the baseline, foreign fills, accepted differences."""
        self.foreign: dict[str, Foreign] = {}
        self.frozen: dict[str, str] = {}
        self.exits: dict[str, str] = {}
        self.splits: dict[str, list[Fraction]] = {}
        self.old = OldUnits()
        self.busted: set[str] = set()
        """Orders of which the venue took a fill back, or a part of one."""
        self.actions: set[str] = set()
        """Names of the corporate actions that were applied."""
        self.latch = Latch()
        self.risk: dict[str, Any] = {}
        """What the risk office last said of limits, peak, session, pause and halt."""
        self.epoch = 0
        self.has_baseline = False
        self.baseline_ns = 0
        self.watermark_ns = 0
        self.sequence = 0

    def replay(self, entries: Iterable[Entry]) -> None:
        """Apply everything a journal held."""
        for entry in entries:
            self.apply(entry.record, entry.sequence, entry.epoch)

    def apply(self, record: Record, sequence: int, epoch: int) -> None:
        """Let one record become true."""
        self._effects[record.kind](self, record.body)
        if record.kind is RecordKind.ARM:
            self.orders[record.body["cid"]].epoch = epoch
        self.sequence = sequence

    def order_of(self, cid: str | None, vid: str | None) -> LiveOrder | None:
        """Our order by the venue's id, which knows who took whose place there, or by ours."""
        found = None if vid is None else self.orders.get(self.by_vid.get(vid, ""))
        return self.orders.get(cid or "") if found is None else found

    def decided(self, instance: str, key: DecisionKey, ordinal: int) -> LiveOrder | None:
        """The order that the n-th intent of a decision became, the last of its chain; None before it is decided."""
        _, cids = self.decisions.get((instance, key), ("", ()))
        return self.chain(self.orders[cids[ordinal]])[-1] if ordinal < len(cids) else None

    def children(self, parent: str, *roles: IdRole) -> list[LiveOrder]:
        """The protecting orders of an entry, in the order in which they were decided, replacements included."""
        return [
            order for order in self.orders.values() if order.parent == parent and (not roles or order.role in roles)
        ]

    def chain(self, order: LiveOrder) -> list[LiveOrder]:
        """The orders that took each other's place, the first one first."""
        first = order
        while first.replaces is not None:
            first = self.orders[first.replaces]
        found = [first]
        while found[-1].replaced_by is not None:
            found.append(self.orders[found[-1].replaced_by])
        return found

    def filled_before(self, order: LiveOrder) -> Decimal:
        """What the orders whose place it took have filled."""
        chain = self.chain(order)
        return sum((earlier.filled for earlier in chain[: chain.index(order)]), _ZERO)

    def unknown_in(self, symbol: str) -> bool:
        """Whether an order of a symbol may or may not stand at the venue."""
        return any(o.symbol == symbol and o.state is Lifecycle.UNKNOWN for o in self.orders.values())

    def in_flight(self, symbol: str) -> list[LiveOrder]:
        """Orders of a symbol that were handed over and have no answer yet."""
        flying = {Lifecycle.SUBMITTED, Lifecycle.UNKNOWN}
        return [o for o in self.orders.values() if o.symbol == symbol and o.state in flying and o.attempts > 0]

    def in_doubt(self, symbol: str) -> bool:
        """Whether an order of a symbol may have reached the venue without the venue's id being known."""
        return any(o.symbol == symbol and o.is_open and o.vid is None for o in self.orders.values())

    @property
    def state_hash(self) -> str:
        """SHA-256 of everything the journal decided."""
        return hashlib.sha256(canonical_json(self._plain())).hexdigest()

    def _plain(self) -> dict[str, Any]:
        return {
            "orders": {cid: plain_order(order) for cid, order in self.orders.items()},
            "positions": {symbol: str(units.normalize()) for symbol, units in self.positions.items() if units},
            "frozen": self.frozen,
            "actions": sorted(self.actions),
            "exits": self.exits,
            "foreign": sorted(self.foreign),
            "latch": [self.latch.number, self.latch.is_set, self.latch.flatten, self.latch.rounds],
            "epoch": self.epoch,
            "risk": self.risk,
        }

    # One effect for each kind of record.

    def _epoch(self, body: Body) -> None:
        self.epoch = body["epoch"]
        for order in self.orders.values():
            order.state = follow(order.state, Row.PROCESS_START, Facts()).to

    def _baseline(self, body: Body) -> None:
        if not self.has_baseline:
            for symbol, units in body["positions"].items():
                self._move(symbol, decimal_of(units))
            self.baseline_ns = body["at"]
        self.has_baseline = True

    def _decide(self, body: Body) -> None:
        key, instance = DecisionKey.parse(body["key"]), body.get("instance", "")
        for ordinal, intent in enumerate(body["intents"]):
            order = order_from(intent, key, WireOrder.from_plain(intent["wire"]), body["at"])
            order.instance, order.ordinal = instance, ordinal
            self._add(order)
        self.decisions[instance, key] = (body["digest"], tuple(intent["cid"] for intent in body["intents"]))

    def _child(self, body: Body) -> None:
        """A protecting order or a round of flattening: decided under the key of what it protects."""
        wire = WireOrder.from_plain(body["wire"])
        self._add(order_from(body, DecisionKey.parse(body["key"]), wire, body["at"]))

    def _flatten(self, body: Body) -> None:
        if "parent" not in body:
            self.latch.rounds[body["wire"]["symbol"]] = body["number"]
        self._child(body)

    def _replace(self, body: Body) -> None:
        old = self.orders[body["cid"]]
        wire = WireOrder.from_plain(body["wire"])
        new = order_from({**body, "cid": body["new"]}, old.key, wire, body["at"])
        new.replaces, new.parent, new.plan = old.cid, old.parent, old.plan
        new.instance, new.ordinal = old.instance, old.ordinal
        old.replaced_by = new.cid
        self._add(new)

    def _add(self, order: LiveOrder) -> None:
        order.splits = len(self.splits.get(order.symbol, ()))
        self.orders[order.cid] = order

    def _arm(self, body: Body) -> None:
        order = self.orders[body["cid"]]
        order.attempts, order.armed_at = body["attempt"], body["at"]
        order.vids_before = frozenset(body.get("vids", ()))
        order.in_place = body.get("in_place", order.in_place)
        if "wire" in body:
            order.wire = WireOrder.from_plain(body["wire"])

    def _outcome(self, body: Body) -> None:
        order = self.orders[body["cid"]]
        order.state = Lifecycle(body["to"])
        order.reason = body.get("reason", order.reason)
        if body.get("unsettle"):
            order.settled = False
        if "quantity" in body:
            order.wire, order.is_netted = order.wire.of(decimal_of(body["quantity"])), True
        if "wire" in body:
            self._adjusted(order, WireOrder.from_plain(body["wire"]))
        if "vid" in body:
            self.bind(order, body["vid"])
        if body["row"] == "in_place":
            self._take_place(order)

    def _adjusted(self, order: LiveOrder, wire: WireOrder) -> None:
        """The venue made of an order that rests what a split makes of it."""
        order.total = order.total * wire.quantity / order.wire.quantity
        order.wire, order.splits = wire, len(self.splits[order.symbol])

    def is_from_before_split(self, order: LiveOrder) -> bool:
        """Whether an order that was sent counts units and prices as they were before the last split."""
        return bool(order.attempts) and order.splits < len(self.splits.get(order.symbol, ()))

    def _take_place(self, new: LiveOrder) -> None:
        """The venue changed an order: from now on what stands there is another of ours, and the old one has ended."""
        old = self.orders[new.replaces or ""]
        new.carried = old.filled_there
        old.state = Lifecycle.REPLACED if old.is_open else old.state
        old.settled = True

    def bind(self, order: LiveOrder, vid: str) -> None:
        """The venue's id of an order."""
        order.vid = vid
        self.by_vid[vid] = order.cid

    def _fill(self, body: Body) -> None:
        side, symbol, at = OrderSide[body["side"]], body["symbol"], body["at"]
        cid, before = self.fills.get(body["id"], (body.get("cid") or "", _ZERO))
        units = decimal_of(body["quantity"])
        self.fills[body["id"]] = (cid, units)
        self.prices[body["id"]] = decimal_of(body["price"]), body["at"]
        order = self.orders.get(cid)
        change = units - before
        self._shift(self.positions, symbol, self.old.now(symbol, "position", change * side.value, at))
        if order is None:
            self._shift(self.strange, symbol, self.old.now(symbol, "strange", change * side.value, at))
        self.watermark_ns = max(self.watermark_ns, at)
        if order is not None:
            if order.vid is None:
                self.bind(order, body["vid"])
            order.fills[body["id"]] = units
            if change < 0:
                self.busted.add(cid)
            order.lots += self.old.now(symbol, cid, change, at)
            order.state = Lifecycle(body["to"])
            if body.get("unsettle"):
                order.settled = False

    def _final(self, body: Body) -> None:
        order = self.orders[body["cid"]]
        order.state, order.settled = Lifecycle(body["to"]), True

    def _not_accepted(self, body: Body) -> None:
        order = self.orders[body["cid"]]
        order.state, order.reason = Lifecycle.NOT_ACCEPTED, body["evidence"]

    def _cancel_wanted(self, body: Body) -> None:
        self.orders[body["cid"]].cancel_wanted = True

    def _exit(self, body: Body) -> None:
        self.exits[body["cid"]] = body["reason"]

    def _plan_moved(self, body: Body) -> None:
        self.orders[body["cid"]].plan = plan_from(body["plan"])

    def _latched(self, body: Body) -> None:
        self.latch = Latch(
            body["number"], is_set=True, reason=body["reason"], flatten=body["flatten"], cancel_all=body["all"],
            foreign=body.get("foreign", False), armed=self.latch.armed,
        )  # fmt: skip

    def _rearmed(self, body: Body) -> None:
        self.latch = Latch(self.latch.number, armed=(body["who"], body["reason"]))

    def _adopt(self, body: Body) -> None:
        self._child(body)
        order = self.orders[body["cid"]]
        order.state = Lifecycle.WORKING
        self.bind(order, body["vid"])

    def _foreign(self, body: Body) -> None:
        self.foreign[body["vid"]] = Foreign(
            body["vid"], body["symbol"], OrderSide[body["side"]], decimal_of(body["quantity"]), body["open"]
        )

    def _adjust(self, body: Body) -> None:
        self._move(body["symbol"], decimal_of(body["units"]))

    def _action(self, body: Body) -> None:
        """Units change without a fill; a split changes lots and the prices of brackets, too."""
        if "ratio" not in body:
            self._adjust(body)
            return
        symbol, ratio, lot = body["symbol"], Fraction(*body["ratio"]), decimal_of(body["lot"])
        self.old.split(symbol, body.get("since", 0), ratio, lot, self._held(symbol))
        self._shift(self.positions, symbol, decimal_of(body["units"]))
        self.strange[symbol] = divided(self.strange.get(symbol, _ZERO), ratio, lot)
        for order in self.orders.values():
            if order.symbol == symbol:
                order.lots = divided(order.lots, ratio, lot)
        for cid, plan in body["plans"].items():
            self.orders[cid].plan = plan_from(plan)
        self.splits.setdefault(symbol, []).append(ratio)
        self.actions.add(body["name"])

    def _held(self, symbol: str) -> dict[str, Decimal]:
        lots = {order.cid: order.lots for order in self.orders.values() if order.symbol == symbol}
        whole, strange = self.positions.get(symbol, _ZERO), self.strange.get(symbol, _ZERO)
        return {"position": whole, "strange": strange, **lots}

    def _freeze(self, body: Body) -> None:
        self.frozen[body["symbol"]] = body["reason"]

    def _thaw(self, body: Body) -> None:
        self.frozen.pop(body["symbol"], None)

    def _owner(self, body: Body) -> None:
        """Units that nobody's orders of ours made are ours from now on, or no longer."""
        symbol = body["symbol"]
        self.strange[symbol] = self.strange.get(symbol, _ZERO) - decimal_of(body["units"])

    def _risk(self, body: Body) -> None:
        self.risk = dict(body)

    def _nothing(self, _: Body) -> None:
        """A record for people."""

    def _move(self, symbol: str, units: Decimal) -> None:
        self._shift(self.positions, symbol, units)
        self._shift(self.strange, symbol, units)

    @staticmethod
    def _shift(held: dict[str, Decimal], symbol: str, units: Decimal) -> None:
        held[symbol] = held.get(symbol, _ZERO) + units

    _effects: ClassVar[dict[RecordKind, Callable[[LiveBook, Body], None]]] = {
        RecordKind.EPOCH: _epoch,
        RecordKind.BASELINE: _baseline,
        RecordKind.DECIDE: _decide,
        RecordKind.ARM: _arm,
        RecordKind.OUTCOME: _outcome,
        RecordKind.FILL: _fill,
        RecordKind.FINAL: _final,
        RecordKind.NOT_ACCEPTED: _not_accepted,
        RecordKind.CANCEL_WANTED: _cancel_wanted,
        RecordKind.REPLACE: _replace,
        RecordKind.EXIT: _exit,
        RecordKind.PLAN: _plan_moved,
        RecordKind.LATCH: _latched,
        RecordKind.REARM: _rearmed,
        RecordKind.FLATTEN: _flatten,
        RecordKind.ADOPT: _adopt,
        RecordKind.FOREIGN: _foreign,
        RecordKind.ADJUST: _adjust,
        RecordKind.ACTION: _action,
        RecordKind.FREEZE: _freeze,
        RecordKind.THAW: _thaw,
        RecordKind.RECONCILED: _nothing,
        RecordKind.RISK: _risk,
        RecordKind.OWNER: _owner,
        RecordKind.COMMAND: _nothing,
    }
