"""What must hold after every run; each breach is one sentence."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from tradewright.app.orders.book import LiveBook
from tradewright.domain.live.ids import parse_id
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.live.venue import VenueStatus

from .world import HAND, HORIZON_S, is_entry

EXPECTED_STOPS = ("The journal ", "The lease was lost", "Epoch ", "StaleEpochError")


def breaches(world):
    """Everything that is wrong after a run; empty when all is well."""
    found = [*_settled(world), *_duplicates(world), *_lost(world), *_fills(world), *_positions(world)]
    found += [*_intents(world), *_replayed(world), *_errors(world), *_frozen(world)]
    found += [*_brackets(world), *_latched(world), *_told_wrong(world)]
    return found


def ours(world):
    return [order for order in world.truth.orders.values() if order.cid != HAND]


def _settled(world):
    if world.loop.time() >= HORIZON_S:
        book = world.trader.office.book
        rest = [f"{o.wire.label} {o.state.value}" for o in book.orders.values() if not world._rests(world.trader, o)]
        yield f"unsettled after {HORIZON_S} s: {rest} up={world.trader.is_up}"


def _duplicates(world):
    for cid, times in Counter(order.cid for order in ours(world)).items():
        if times > 1:
            yield f"duplicate: {times} orders at the venue under {cid}"
    for wish in world.scenario.wishes:
        yield from _too_many(world, wish)


def _too_many(world, wish):
    same = [order for order in ours(world) if order.wire.label == wish.label and is_entry(order)]
    filled = sum((order.filled for order in same), Decimal(0))
    wanted = wish.quantity if wish.replace_at is None else max(wish.quantity, wish.replace_to)
    if wish.replace_at is None and len(same) > 1:
        yield f"duplicate: {len(same)} orders at the venue for {wish.label}"
    if filled > wanted and not world.scenario.extras.get("over_fill"):
        yield f"duplicate: {wish.label} filled {filled} of {wanted}"
    if sum(order.status is VenueStatus.OPEN for order in same) > 1:
        yield f"duplicate: {wish.label} stands more than once"


def _lost(world):
    book = world.trader.office.book
    for order in ours(world):
        local = book.order_of(order.cid if world.scenario.traits.capabilities.has_cids else None, order.vid)
        if local is None:
            yield f"lost: {order.vid} {order.wire.label} is at the venue ({order.status.value}) and not in the book"
        elif local.symbol in book.frozen and _may_freeze(world):
            continue
        elif local.state in {Lifecycle.NOT_ACCEPTED, Lifecycle.REJECTED} and order.status is not VenueStatus.REJECTED:
            yield f"lost: {order.vid} {order.wire.label} was said to be {local.state.value}, the venue took it"
        elif (local.state is Lifecycle.WORKING) != (order.status is VenueStatus.OPEN):
            yield f"unequal: {order.vid} {order.wire.label} is {local.state.value}, the venue says {order.status.value}"
        elif order.status is VenueStatus.OPEN and local.cancel_wanted:
            yield f"lost: {order.vid} {order.wire.label} was to be cancelled and is open"


def _fills(world):
    book = world.trader.office.book
    theirs = {fill.identity: fill.quantity for order in ours(world) for fill in order.fills}
    if world.scenario.traits.capabilities.has_execution_ids:
        mine = {identity: units for identity, (cid, units) in book.fills.items() if cid}
        if mine != theirs:
            yield f"unequal fills: {sorted(theirs.items() ^ mine.items())}"


def _positions(world):
    mine = {symbol: units for symbol, units in world.trader.office.book.positions.items() if units}
    theirs = world.truth.positions(world.loop.time())
    if mine != theirs:
        yield f"unequal positions: venue {theirs}, book {mine}"


def _told_wrong(world):
    """What the strategy was told of an end stays true, and what filled stays filled."""
    thrown_out = {order.cid for order in ours(world) if order.status is VenueStatus.REJECTED}
    for cid, told, now in sorted(world.tally.back):
        if not _may_freeze(world) and cid not in thrown_out:
            yield f"lost: {cid} was said to be {told}, and came back as {now}"
    for cid in world.tally.fell:
        yield f"unequal: the filled quantity of {cid} fell"


def _intents(world):
    book = world.trader.office.book
    for wish in world.scenario.wishes:
        order = book.orders.get(world.trader.cid(wish))
        if order is None:
            if wish.label not in world.tally.denied and not _is_closed(book, wish):
                yield f"lost: {wish.label} was never decided"
        elif order.symbol in book.frozen:
            continue
        elif order.state is Lifecycle.NOT_ACCEPTED and not _may_be_given_up(world, wish, order):
            yield f"lost: {wish.label} was wanted and given up: {order.reason}"


def _is_closed(book, wish):
    return wish.symbol in book.frozen or book.latch.is_set


def _may_be_given_up(world, wish, order):
    return (
        order.cancel_wanted
        or wish.ttl_s < 100
        or order.replaced_by is not None
        or world.trader.office.book.latch.number
    )


def _replayed(world):
    book = world.trader.office.book
    again = LiveBook()
    try:
        again.replay(world.entries())
    except KeyError as error:
        yield f"the replay has no order {error}"
        return
    if again.state_hash != book.state_hash:
        yield "the replay makes another state than the run"


def _errors(world):
    for context in world.loop.errors:
        yield f"error: {context.get('exception')!r}"
    for _, alarm, _, detail in world.tally.alarms:
        if alarm == "stopped" and not detail.startswith(EXPECTED_STOPS):
            yield f"error: {detail}"


def _frozen(world):
    reasons = world.trader.office.book.frozen.values()
    if not all("never arrived" in reason for reason in reasons) and not _may_freeze(world):
        yield f"frozen: {world.trader.office.book.frozen}"


def _may_freeze(world):
    return bool(world.scenario.extras.get("may_freeze")) or (
        not world.settings.pause_is_bounded and world.scenario.two_hosts
    )


def _brackets(world):
    """No position on the other side at any time; none left where the market reached an end of its bracket."""
    for wish in world.scenario.wishes:
        if not wish.is_bracket:
            continue
        same = [order for order in world.truth.orders.values() if order.wire.label == wish.label]
        fills = sorted(
            (at_s, fill.quantity * fill.side) for o in same for at_s, fill in zip(o.fills_at, o.fills, strict=True)
        )
        held = Decimal(0)
        for at_s, units in fills:
            held += units
            if held * wish.side < 0 and not world.scenario.extras.get("over_exit"):
                yield f"reversed: {wish.label} holds {held} at {at_s:.1f} s"
                break
        if held * wish.side < 0 or (held and _is_reached(world, wish)):
            yield f"naked: {wish.label} holds {held} although its bracket was reached"


def _is_reached(world, wish):
    """Whether the market stands beyond an end that the bracket has."""
    price = world.truth.prices.get(wish.symbol)
    return price is not None and wish.ends[(price > 100) == (wish.side > 0)]


def _latched(world):
    """Nothing opens after the latch was acknowledged; told to flatten, nothing of ours is left."""
    at = world.tally.latched_at
    if world.scenario.latch_at is None:
        return
    if at is None:
        yield "lost: the latch was never acknowledged"
        return
    for when, kind, cid in world.tally.sent:
        parts = parse_id(cid)
        if kind == "submit" and when > at and not parts.role.protects:
            yield f"after latch: {cid} left {when - at:.1f} s after the acknowledgement"
    yield from _left(world)


def _left(world):
    opened = [order for order in ours(world) if order.status is VenueStatus.OPEN and is_entry(order)]
    if opened:
        yield f"after latch: {[order.vid for order in opened]} are open"
    strange = world.trader.office.book.strange
    held = world.truth.positions(world.loop.time())
    left = {s: u - strange.get(s, Decimal(0)) for s, u in held.items() if u != strange.get(s, Decimal(0))}
    told = {subject for _, alarm, subject, _ in world.tally.alarms if alarm == "left_open"}
    if world.scenario.flatten and set(left) - told:
        yield f"after latch: {left} is still held"
