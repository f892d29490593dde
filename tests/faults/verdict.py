"""What must hold after every run; each breach is one sentence."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from tradewright.app.orders.book import LiveBook
from tradewright.domain.live.ids import parse_id
from tradewright.domain.live.order import Lifecycle
from tradewright.domain.live.venue import VenueStatus

from .script import CLOSE_S, OPEN_S
from .world import HAND, HORIZON_S, is_entry

MANAGED_S = 8.0
"""How long a process that came up may need to end a stop that a split left as it was: its record, and a cancel."""
EXPECTED_STOPS = ("The journal ", "The lease was lost", "Epoch ", "StaleEpochError")


def breaches(world):
    """Everything that is wrong after a run; empty when all is well."""
    found = [*_settled(world), *_duplicates(world), *_lost(world), *_fills(world), *_positions(world)]
    found += [*_intents(world), *_replayed(world), *_errors(world), *_frozen(world)]
    found += [*_brackets(world), *_latched(world), *_told_wrong(world), *_two_cycles(world), *_too_late(world)]
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


def _two_cycles(world):
    """What was so at the venue before two cycles of questions is known after them."""
    for sentence in sorted(set(world.tally.behind)):
        yield f"unequal after two cycles: {sentence}"


def _too_late(world):
    """What was sent after the close and was not wanted so late does not wait for the next session."""
    for order in ours(world):
        wish = next((wish for wish in world.scenario.wishes if wish.label == order.wire.label), None)
        is_late = world.scenario.night and wish and wish.ttl_s < OPEN_S and wish.at_s > CLOSE_S
        if is_late and order.status is VenueStatus.OPEN and is_entry(order):
            yield f"lost: {order.vid} {wish.label} was sent after the close and waits there"


def naked_stretches(world):
    """For how many seconds each bracket that plans a stop held units that no stop or exit at the venue was for."""
    return [
        seconds for wish in world.scenario.wishes if wish.is_bracket and wish.ends[0] for seconds in _naked(world, wish)
    ]


def _naked(world, wish):
    orders = [order for order in world.truth.orders.values() if order.wire.label == wish.label]
    times = sorted({at_s for order in orders for at_s, _, _ in order.versions})
    began = None
    for at_s in times:
        held, covered = Decimal(0), Decimal(0)
        for order in orders:
            status, filled = order.at(at_s) or (None, Decimal(0))
            held += filled * order.wire.side * wish.side
            if status is VenueStatus.OPEN and not is_entry(order):
                covered += order.quantity - filled
        if held > covered and began is None:
            began = at_s
        elif held <= covered and began is not None:
            yield at_s - began
            began = None
    if began is not None:
        yield world.loop.time() - began


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
        or "was split" in order.reason
        or (wish.is_day and world.scenario.night)
        or any(fault.kind == "clock" for fault in world.plan.struck)
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
    expected = ("never arrived", "has no end.") if world.scenario.night else ("never arrived",)
    expected += ("The venue refuses to close",) if _refused(world) else ()
    expected += ("was closed twice",) if _left_by_split(world) else ()
    if not all(any(word in reason for word in expected) for reason in reasons) and not _may_freeze(world):
        yield f"frozen: {world.trader.office.book.frozen}"


def _may_freeze(world):
    return bool(world.scenario.extras.get("may_freeze")) or (
        not world.settings.pause_is_bounded and world.scenario.two_hosts
    )


def _refused(world):
    """Whether the venue refused an order for good: what was to close is not sent again, and a person is asked."""
    return any((fault.at, fault.kind) == ("submit", "refused") for fault in world.plan.struck)


def _left_by_split(world):
    """Labels whose stop the venue left as it was before a split, and filled while no process was there to end it."""
    return {
        order.wire.label
        for when, symbol, _ in world.truth.splits
        for order in ours(world)
        if order.wire.symbol == symbol and not is_entry(order) and order.created_s < when and not order.wires
        for at_s in order.fills_at
        if at_s > when and not any(began + MANAGED_S < at_s <= ended for began, ended in world.tally.ups)
    }


def _turns(world):
    """Whether the venue itself closes too much, or takes back what was filled after it was closed."""
    return world.scenario.extras.get("over_exit") or world.scenario.extras.get("corrects")


def _asked_to_close(world):
    """Entries whose closing the venue refused, as a person was told."""
    frozen = world.trader.office.book.frozen.values()
    return {reason.split(":")[0] for reason in frozen if "The venue refuses to close" in reason}


def _brackets(world):
    """No position on the other side at any time; none left where the market reached an end of its bracket."""
    told = {subject for _, alarm, subject, _ in world.tally.alarms if alarm == "left_open"}
    told |= _asked_to_close(world) if _refused(world) else set()
    left = _left_by_split(world)
    for wish in world.scenario.wishes:
        if not wish.is_bracket or world.trader.cid(wish) in told:
            continue
        same = [order for order in world.truth.orders.values() if order.wire.label == wish.label]
        fills = sorted(
            (at_s, fill.quantity * fill.side) for o in same for at_s, fill in zip(o.fills_at, o.fills, strict=True)
        )
        held = Decimal(0)
        splits = [(at_s, ratio) for at_s, symbol, ratio in world.truth.splits if symbol == wish.symbol]
        for at_s, units in fills:
            while splits and splits[0][0] <= at_s:
                held = split_units(held, splits.pop(0)[1])
            held += units
            if held * wish.side < 0 and not _turns(world) and wish.label not in left:
                yield f"reversed: {wish.label} holds {held} at {at_s:.1f} s"
                break
        for _, ratio in splits:
            held = split_units(held, ratio)
        if held * wish.side < 0 or (held and _is_reached(world, wish)):
            yield f"naked: {wish.label} holds {held} although its bracket was reached"


def split_units(units, ratio):
    exact = units * ratio.numerator / ratio.denominator
    return exact - exact % 1


def _is_reached(world, wish):
    """Whether the market stands beyond an end that the bracket has."""
    price = world.truth.prices.get(wish.symbol)
    if price is not None:
        for _, symbol, ratio in world.truth.splits:
            price = price * ratio.numerator / ratio.denominator if symbol == wish.symbol else price
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
