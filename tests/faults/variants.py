"""The naive rules, one by one: each replaces one rule of a trader's road, and the suite must find what it breaks."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from dataclasses import dataclass, replace
from decimal import Decimal

from tradewright.app.orders.table import Facts, Row
from tradewright.domain.approval import ApprovedOrder
from tradewright.domain.errors import BrokerError
from tradewright.domain.live.ids import DecisionKey, IdRole
from tradewright.domain.live.journal import RecordKind
from tradewright.domain.live.order import ENDED, Lifecycle
from tradewright.domain.live.venue import AnswerKind, DedupeClass, ReplaceKind, VenueStatus

from .script import scenario
from .verdict import breaches
from .world import World

TELLING = ("duplicate", "lost", "unequal", "reversed", "naked", "after latch")
"""What counts as a counter-example: harm, not merely an error or a stop."""


@dataclass(frozen=True)
class Variant:
    """A rule gone wrong."""

    number: str
    name: str
    profile: str
    install: object
    traits: dict
    shows: tuple[str, ...]


VARIANTS: list[Variant] = []


def variant(number, name, profile="road", shows=TELLING, **traits):
    def add(install):
        VARIANTS.append(Variant(number, name, profile, install, traits, shows))
        return install

    return add


def search(one, runs=500, first=0):
    """The first run that a variant does not survive: how many runs it took, and what broke."""
    for count in range(first, first + runs):
        plan = adapted(scenario(count, one.profile), one.traits)
        world = World(plan, one.install).run()
        found = breaches(world)
        harm = [told for told in found if told.startswith(one.shows) and "given up" not in told]
        if harm and not breaches(World(plan).run()):
            return count + 1 - first, plan.name, harm
    return None


def adapted(plan, traits):
    can = {name: value for name, value in traits.items() if name not in {"lag", "mute_at"}}
    abilities = replace(plan.traits.capabilities, **can)
    venue = replace(plan.traits, capabilities=abilities, lag=traits.get("lag", plan.traits.lag))
    return replace(plan, traits=venue, mute_at=traits.get("mute_at", plan.mute_at))


NO_DEDUPE = {"dedupe": DedupeClass.NONE}
_FRESH = itertools.count(1)


def fresh_id(trader, order):
    number = next(_FRESH)
    return trader.office.settings.scope.cid(IdRole.ENTRY, DecisionKey(number, "made up later"), number)


async def straight(trader, order, cid):
    """Send without asking anybody; the answer goes nowhere."""
    approved = trader.office.approver.approve(order.wire)
    with contextlib.suppress(TimeoutError, BrokerError):
        async with asyncio.timeout(5.0):
            await trader.connection.submit(approved, cid, lambda: True)


# Submit.


@variant("1", "retry on time-out under a new id")
def new_id_on_timeout(trader):
    def unanswered(order, answer):
        trader.office.spawn(straight(trader, order, fresh_id(trader, order)))

    trader.road.submitter.unanswered = unanswered


@variant("2", "retry on time-out under the same id where only open orders are compared", dedupe=DedupeClass.OPEN_ONLY)
def same_id_on_timeout(trader):
    naive = trader.road.submitter.unanswered

    def unanswered(order, answer):
        naive(order, answer)
        trader.office.spawn(straight(trader, order, order.cid))

    trader.road.submitter.unanswered = unanswered


def forget_unsent(trader):
    """What is not known to be at the venue was never decided."""
    book = trader.office.book
    for cid, order in list(book.orders.items()):
        if order.vid is None and order.is_open:
            del book.orders[cid]
            book.decisions.pop((order.instance, order.key), None)


def after_replay(trader, change):
    honest = trader.road.recovery.replay

    async def replay(grant):
        await honest(grant)
        change()

    trader.road.recovery.replay = replay


@variant("3", "ids made after the crash", shows=("duplicate",))
def ids_of_this_start(trader):
    start = len(trader.world.traders)

    def order_of(decision, ordinal):
        order = honest(decision, ordinal)
        if start > 0:
            order.cid = trader.office.settings.scope.cid(IdRole.ENTRY, decision.key, ordinal, leg=start)
        return order

    honest = trader.road.submitter.order_of
    trader.road.submitter.order_of = order_of
    trader.cid = lambda wish: trader.office.settings.scope.cid(IdRole.ENTRY, trader.key(wish), 0, leg=start)
    after_replay(trader, lambda: forget_unsent(trader))


@variant("4", "not found means never sent")
def absent_at_once(trader):
    trader.road.resolver.is_settled = lambda order: True


@variant("4b", "not found means given up")
def given_up_at_once(trader):
    trader.road.resolver.is_settled = lambda order: True
    trader.road.resolver.is_wanted = lambda order: False


@variant("5", "time-out means rejected")
def timeout_rejects(trader):
    def unanswered(order, answer):
        trader.road.witness.take(order, Row.REFUSED, Facts())

    trader.road.submitter.unanswered = unanswered


@variant("6", "sent before it is on the disk, without dedupe", **NO_DEDUPE)
def send_first(trader):
    async def durable(sequence):
        return

    trader.office.journal.durable = durable
    trader.office.require = lambda holds, what: None


@variant("7", "start from the venue's list", **NO_DEDUPE)
def start_from_list(trader):
    async def replay(grant):
        await honest(grant)
        forget_unsent(trader)

    honest = trader.road.recovery.replay
    trader.road.recovery.replay = replay


@variant("8", "resend on restart, without dedupe", **NO_DEDUPE)
def resend_on_restart(trader):
    honest = trader.road.recovery.resume

    def resume():
        for order in trader.road.recovery.unfinished():
            if order.state is Lifecycle.UNKNOWN:
                trader.office.spawn(straight(trader, order, order.cid))
        honest()

    trader.road.recovery.resume = resume


# Evidence.


@variant("9", "fills are not told apart")
def fills_counted_twice(trader):
    count = itertools.count(1)
    honest = trader.road.witness.as_step
    trader.road.witness.as_step = lambda order, fill: replace(
        honest(order, fill), execution_id=f"{fill.identity}/{next(count)}"
    )


def open_only(trader):
    honest = trader.road.reconciler.questions
    trader.road.reconciler.questions = lambda: [order for order in honest() if order.is_open]
    trader.road.reconciler.finalise = lambda order: None

    async def nothing(*_):
        return

    trader.road.reconciler.catch_up = nothing
    trader.road.reconciler._finish = nothing


@variant("10", "ended orders hear nothing more, and only open ones are asked about", has_execution_ids=True)
def deaf_when_ended(trader):
    open_only(trader)
    honest = trader.road.witness.fill_seen

    def fill_seen(fill):
        order = trader.office.book.order_of(fill.cid, fill.vid)
        return True if order is not None and order.state in ENDED else honest(fill)

    trader.road.witness.fill_seen = fill_seen


@variant("11", "only open orders are reconciled", has_execution_ids=True)
def reconcile_open(trader):
    open_only(trader)


@variant("12", "a cancel without an answer, or of an unknown order, has cancelled")
def cancel_believed(trader):
    def judge(order, answer):
        if answer.kind is not AnswerKind.ACCEPTED and order.is_open:
            trader.office.note(RecordKind.NOT_ACCEPTED, cid=order.cid, evidence="cancelled")
            trader.changed(order)

    trader.road.canceller.judge = judge


@variant("13", "a duplicate id means rejected", dedupe=DedupeClass.FOR_EVER)
def duplicate_rejects(trader):
    honest = trader.road.witness.take

    def take(order, row, facts, **more):
        return honest(order, Row.REFUSED if row is Row.DUPLICATE_ID else row, facts, **more)

    trader.road.witness.take = take


@variant("14", "a look-up overwrites what is known", has_execution_ids=False)
def look_up_overwrites(trader):
    honest = trader.road.witness.order_seen

    def order_seen(seen, *, by_stream=False, asked_ns=None):
        order = trader.office.book.order_of(seen.cid, seen.vid)
        if order is not None and not by_stream and seen.filled != order.filled:
            book = trader.office.book
            change = (seen.filled - order.filled) * order.wire.side
            book.positions[order.symbol] = book.positions.get(order.symbol, Decimal(0)) + change
            order.fills = {f"looked up {seen.filled}": seen.filled}
            trader.check(order)
        return honest(seen, by_stream=by_stream, asked_ns=asked_ns)

    trader.road.witness.order_seen = order_seen


@variant("15", "the stream alone is believed, and fills before the ack are dropped", has_execution_ids=True)
def stream_only(trader):
    async def cycle():
        return True

    trader.road.reconciler.cycle = cycle
    honest = trader.road.witness.fill_seen

    def fill_seen(fill):
        order = trader.office.book.order_of(fill.cid, fill.vid)
        return True if order is not None and order.vid is None else honest(fill)

    trader.road.witness.fill_seen = fill_seen


# Latch and lease.


@variant("16", "the latch is asked for first, and the order sent afterwards", "kill", ("after latch: caae",))
def latch_checked_early(trader):
    honest = trader.road.submitter.hand_over

    async def hand_over(order):
        refused = trader.office.why_not(order) is not None
        await asyncio.sleep(0.3)
        trader.road.submitter.why_not = lambda order: "latched" if refused else None
        return await honest(order)

    trader.road.submitter.hand_over = hand_over

    async def confirmed():
        return

    trader.road.switch.confirmed = confirmed


@variant("17", "the fence is known to nobody else: each has a journal of its own", "lease", ("duplicate",), **NO_DEDUPE)
def own_journals(trader):
    own = trader.world.own_disk(trader.process.name)
    trader.office.journal.disk = own
    trader.office.has_lease = lambda: True


@variant("18", "an inherited unknown order is sent again though the old process may wake", "lease", **NO_DEDUPE)
def resend_inherited(trader):
    trader.office.has_lease = lambda: True
    trader.world.settings_override(pause_is_bounded=False)
    trader.road.recovery._inherit_honest = trader.road.recovery._inherit

    def inherit(grant):
        trader.road.recovery._inherit_honest(grant)
        trader.office.inherited.clear()

    trader.road.recovery._inherit = inherit


@variant("19", "the window counts from the record")
def window_from_record(trader):
    def starts_ns(order):
        return order.armed_at - trader.clock.start_ns

    trader.road.resolver.starts_ns = starts_ns


@variant("19b", "the window is shorter than D + d", lag="full", mute_at=16.0)
def short_window(trader):
    trader.road.resolver.window_s = lambda order: trader.office.abilities.window_s - 1.0


# Replace.


@variant("20", "cancel and new are sent together", "replace", replace=ReplaceKind.NONE)
def replaced_at_once(trader):
    async def until_final(old):
        return

    trader.road.replacer.until_final = until_final
    trader.office.require = lambda holds, what: None


@variant("21", "what is left is counted from the stream", "replace", replace=ReplaceKind.NONE)
def left_from_stream(trader):
    async def until_final(old):
        await trader.office.until(lambda: old.state in ENDED)

    trader.road.replacer.until_final = until_final
    trader.office.require = lambda holds, what: None


@variant("22", "the venue's own replace is used where it does not net", "replace", replace=ReplaceKind.NATIVE_GROSS)
def native_gross(trader):
    trader.road.replacer.is_native = lambda old: old.state is Lifecycle.WORKING


@variant("23", "a replace without an answer did not happen", "replace", replace=ReplaceKind.NATIVE_NET)
def replace_forgotten(trader):
    def unanswered(old, new):
        trader.office.note(RecordKind.NOT_ACCEPTED, cid=new.cid, evidence="no answer")
        trader.changed(new)

    trader.road.replacer.unanswered = unanswered


@variant(
    "23b", "a replace without an answer is tried again under another id", "replace", replace=ReplaceKind.NATIVE_NET
)
def replace_again(trader):
    honest = trader.road.replacer.unanswered

    def unanswered(old, new):
        honest(old, new)
        trader.office.spawn(straight(trader, new, fresh_id(trader, new)))

    trader.road.replacer.unanswered = unanswered


@variant(
    "24",
    "the new order of a replace is not in the journal under its own id",
    "replace",
    replace=ReplaceKind.NONE,
    **NO_DEDUPE,
)
def replacement_id_of_this_start(trader):
    def change():
        for order in trader.office.book.orders.values():
            if order.replaces is not None and order.vid is None and order.is_open:
                order.attempts = 0
                start = len(trader.world.traders)
                order.cid = trader.office.settings.scope.cid(IdRole.REPLACEMENT, order.key, 0, leg=start)
        book = trader.office.book
        for old, order in [(cid, o) for cid, o in book.orders.items() if o.cid != cid]:
            del book.orders[old]
            book.orders[order.cid] = order
            book.orders[order.replaces].replaced_by = order.cid

    after_replay(trader, change)


@variant("25", "an order is changed in its place after a reset without asking what is open", "in_place", **NO_DEDUPE)
def change_unseen(trader):
    trader.road.amender.may = lambda old: old.state is Lifecycle.WORKING


# Brackets.


@variant("26", "the plan of a bracket is in memory", "bracket")
def plan_in_memory(trader):
    def change():
        for order in trader.office.book.orders.values():
            order.plan = None

    after_replay(trader, change)


def forget_children(trader, *roles):
    def change():
        book = trader.office.book
        for cid, order in list(book.orders.items()):
            if order.role in roles and order.vid is None and order.is_open:
                del book.orders[cid]

    after_replay(trader, change)
    start = len(trader.world.traders)
    trader.road.brackets.child_id = lambda entry, role, number: trader.office.settings.scope.cid(
        role, DecisionKey(entry.key.moment, entry.cid), 0, leg=start, chain=number
    )


@variant("27", "the ids of stops are made after the crash", "bracket", ("reversed",), **NO_DEDUPE)
def stop_id_of_this_start(trader):
    forget_children(trader, IdRole.STOP)


@variant("27b", "the ids of exits are made after the crash", "bracket", ("reversed",), **NO_DEDUPE)
def exit_id_of_this_start(trader):
    forget_children(trader, IdRole.EXIT)


@variant("28", "the exit does not wait for the end of the stop", "bracket", ("reversed",))
def exit_at_once(trader):
    async def until_final(entry):
        exits = trader.office.book.children(entry.cid, IdRole.EXIT)
        await trader.office.until(lambda: all(order.is_final for order in exits))

    trader.road.brackets.until_final = until_final


@variant("29", "the stop is for the whole order", "bracket", ("reversed",))
def stop_for_all(trader):
    brackets = trader.road.brackets
    slices = trader.road.holdings.slices
    brackets.to_cover = lambda entry: Decimal(0) if slices(entry) else entry.wire.quantity


@variant("29b", "the stop comes only after the full fill", "bracket")
def stop_when_full(trader):
    holdings = trader.road.holdings
    trader.road.brackets.to_cover = lambda entry: (
        holdings.naked(entry) if holdings.held(entry) >= entry.wire.quantity else Decimal(0)
    )


@variant("30", "the decision to exit is not in the journal", "bracket", ("reversed",))
def exit_in_memory(trader):
    async def note_exit(cid, reason):
        trader.office.book.exits[cid] = reason

    trader.road.brackets.note_exit = note_exit
    forget_children(trader, IdRole.EXIT)


# Flatten.


async def read_once(trader, symbol):
    try:
        held = (await trader.connection.positions()).get(symbol, Decimal(0))
    except BrokerError:
        return Decimal(0)
    return held - trader.office.book.strange.get(symbol, Decimal(0))


@variant("31", "flat before the cancels are final", "kill")
def flat_at_once(trader):
    async def clear():
        for order in trader.road.switch.targets():
            if order.is_open:
                await trader.road.canceller.cancel(order.cid)

    async def until_final(symbol):
        return

    trader.road.switch.settled_units = lambda symbol: read_once(trader, symbol)
    trader.road.switch.clear = clear
    trader.road.switch.until_final = until_final


@variant("32", "flatten under a new id after a crash", "kill", **NO_DEDUPE)
def round_id_of_this_start(trader):
    start = len(trader.world.traders)
    switch = trader.road.switch
    switch.round_id = lambda symbol, number: trader.office.settings.scope.cid(
        IdRole.FLATTEN, DecisionKey(trader.office.book.latch.number, symbol), 0, leg=start, chain=number
    )

    def change():
        for cid, order in list(trader.office.book.orders.items()):
            if order.role is IdRole.FLATTEN and order.vid is None and order.is_open:
                del trader.office.book.orders[cid]

    after_replay(trader, change)


@variant("32b", "flatten from a position read once", "kill")
def flatten_stale(trader):
    async def until_final(symbol):
        orders = [o for o in trader.office.book.orders.values() if o.symbol == symbol]
        await trader.office.until(lambda: not any(o.is_open for o in orders))

    trader.road.switch.settled_units = lambda symbol: read_once(trader, symbol)
    trader.road.switch.until_final = until_final


@variant("32c", "a new round when the last one has no answer", "kill")
def round_on_timeout(trader):
    honest = trader.road.switch.until_final

    async def until_final(symbol):
        rounds = [o for o in trader.office.book.orders.values() if o.symbol == symbol and o.role is IdRole.FLATTEN]
        if not rounds:
            await honest(symbol)

    trader.road.switch.settled_units = lambda symbol: read_once(trader, symbol)
    trader.road.switch.until_final = until_final


# Anonymous venues.


@variant("33", "any order of the same shape is taken for ours", "anonymous")
def any_of_the_shape(trader):
    def claim(order, listed, *, settled):
        wire = order.wire
        for seen in listed:
            if (seen.symbol, seen.side, seen.quantity) == (wire.symbol, wire.side, wire.quantity):
                return seen
        return None

    trader.road.matcher.claim = claim


@variant("33b", "two orders of a symbol are in flight", "anonymous", ("duplicate", "unequal"))
def two_in_flight(trader):
    trader.office.book.in_flight = lambda symbol: []
    honest = trader.road.submitter._require_open

    def require_open(symbol):
        unknown = trader.office.book.unknown_in
        trader.office.book.unknown_in = lambda symbol: False
        try:
            honest(symbol)
        finally:
            trader.office.book.unknown_in = unknown

    trader.road.submitter._require_open = require_open


__all__ = ["VARIANTS", "ApprovedOrder", "VenueStatus", "search"]
