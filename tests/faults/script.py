"""What a seed stands for: a venue, what is wanted of it and when, and what goes wrong."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache

from tradewright.domain.live.venue import BracketKind, Capabilities, DedupeClass, ReplaceKind
from tradewright.domain.order import OrderSide, OrderType
from tradewright.testing.venue_double import Fault, VenueTraits
from tradewright.testing.venue_double.faults import FAULTS_OF

PROFILES = ("road", "road", "replace", "in_place", "anonymous", "bracket", "bracket", "kill", "lease", "overnight")
FATES = ("full", "full", "two", "part", "never", "expires", "part_expires", "late_part_expires")
STEPS = {
    "submit": ("S1", "S1 done", "S2", "S3", "S3 done", "S4", "S4 done"),
    "resolve": ("R1", "R2", "R3", "R4", "R4 done"),
    "cancel": ("C1", "C1 done", "C2", "C2 done", "C3", "C4"),
    "reconcile": ("Q1", "Q2", "Q2 done", "Q5", "Q5 done"),
    "recover": (
        "recover 1", "recover 2", "recover 3", "recover 5", "recover 7", "recover 8", "recover 9", "recover 12",
    ),
    "replace": ("E1", "E1 done", "E2", "E2 done", "E3", "E3 final", "E3 done", "E4"),
    "in_place": ("E1", "E1 done", "E2", "E2 done", "E4"),
    "bracket": ("B3", "B3 done", "B4", "B4 done", "B4 final"),
    "move": ("E5", "E5 done"),
    "beside": ("E5 beside",),
    "reverse": ("B7", "B7 done"),
    "kill": ("K1", "K1 done", "K2", "K3", "K4", "K4 done", "K5"),
    "lease": ("L1", "L2"),
    "overnight": ("D1", "D1 done", "D2", "D2 done"),
    "split": ("A1", "A1 done", "A2"),
}  # fmt: skip
STEPS_OF = {
    "road": ("submit", "submit", "resolve", "cancel", "reconcile", "recover"),
    "replace": ("submit", "cancel", "replace", "replace", "replace", "resolve", "recover"),
    "in_place": ("submit", "cancel", "in_place", "in_place", "in_place", "resolve", "recover"),
    "anonymous": ("submit", "submit", "resolve", "recover"),
    "bracket": (
        "submit",
        "bracket",
        "bracket",
        "bracket",
        "move",
        "beside",
        "reverse",
        "cancel",
        "reconcile",
        "recover",
    ),
    "kill": ("submit", "kill", "kill", "kill", "cancel", "recover"),
    "lease": ("submit", "submit", "lease", "resolve", "recover"),
    "overnight": ("submit", "reconcile", "overnight", "overnight", "split", "split", "recover"),
}
PROCESS_FAULTS = ("kill", "kill", "power", "power", "pause", "fsync", "full", "clock")
SHARED_FAULTS = ("away", "long_pause")
"""What befalls a process whose journal and lease are on a server."""
SHARED_STEPS = ("S1", "S2", "S3", "S3 done", "R4 done", "L2")
CLOSE_S, SPLIT_S, OPEN_S, SEAL_S = 60.0, 78.0, 100.0, 230.0
"""The night of a run: its sessions end, symbols are split, they begin again; and when the venue forgets the day."""
PLACES_OF = {"overnight": ("expiry", "split"), "replace": ("replace",), "in_place": ("replace",)}
D, LAG, P = 8.0, 6.0, 2.0


@dataclass(frozen=True)
class Wish:
    """One intent of the script, and what is wanted of it later."""

    number: int
    at_s: float
    symbol: str
    side: OrderSide
    quantity: Decimal
    order_type: OrderType
    fate: str
    pace_s: float
    cancel_at: float | None = None
    replace_at: float | None = None
    replace_to: Decimal | None = None
    ttl_s: float = 400.0
    is_bracket: bool = False
    ends: tuple[bool, bool] = (True, True)
    move_at: float | None = None
    is_day: bool = False

    @property
    def label(self) -> str:
        return f"i{self.number}"


@dataclass(frozen=True)
class Scenario:
    """A run."""

    seed: int
    profile: str
    traits: VenueTraits
    wishes: tuple[Wish, ...]
    faults: tuple[Fault, ...]
    hand_orders: tuple[float, ...] = ()
    mute_at: float | None = None
    resets: tuple[float, ...] = ()
    restart_s: float = 3.0
    sync_s: float = 0.02
    prices: tuple[tuple[float, str, Decimal], ...] = ()
    latch_at: float | None = None
    flatten: bool = False
    two_hosts: bool = False
    pause_is_bounded: bool = True
    night: bool = False
    split: tuple[str, Fraction] | None = None
    extras: dict = field(default_factory=dict)

    @property
    def name(self) -> str:
        told = " ".join(map(str, self.faults))
        return f"seed {self.seed} ({self.profile}, {self.traits.capabilities.dedupe.value}): {told}"


@cache
def pairs(groups):
    """Every step of some groups with every fault of the process, and every message with every fault of the venue."""
    found = [(group, step, kind) for group in groups for step in STEPS[group] for kind in sorted(set(PROCESS_FAULTS))]
    named = [name for name, its in STEPS_OF.items() if set(its) <= set(groups)]
    places = {"submit", "cancel", "event", "look", "hand", *(at for name in named for at in PLACES_OF.get(name, ()))}
    found += [("venue", at, kind) for at in sorted(places) for kind in FAULTS_OF[at]]
    if "lease" in groups:
        found += [("shared", step, kind) for step in SHARED_STEPS for kind in SHARED_FAULTS]
    found += [("venue", "submit", kind) for kind in ("twice", "error_late", "error_late", "error_late", "late")]
    if "replace" in groups:
        found += [("venue", "replace", kind) for kind in ("late", "late", "done_silent", "error_done")]
    random.Random(1).shuffle(found)  # noqa: S311 - always the same order, so that no kind comes late
    return found


SCARCE = {
    "replace",
    "A1",
    "A1 done",
    "A2",
    "expiry",
    "split",
    "K4",
    "K4 done",
    "R4",
    "R4 done",
    "E3 final",
    "E3 done",
    "K1 done",
    "D2",
}


def scarce(pair):
    """Whether a pair strikes in few runs but those that are led to it."""
    group, at, _ = pair
    return group in {"reverse", "beside", "move", "shared", "lease"} or at in SCARCE


EVERY_PAIR = [
    pair for pair in pairs(tuple(STEPS)) for _ in range(4 if pair[0] == "beside" else 3 if scarce(pair) else 1)
]
CORE = {
    "road": ("resolve",), "anonymous": ("resolve",), "replace": ("replace",), "in_place": ("in_place",),
    "bracket": ("bracket", "move"), "kill": ("kill",), "lease": ("lease", "shared", "resolve"),
    "overnight": ("overnight", "split"),
}  # fmt: skip
"""What only runs of a profile walk."""
COMMON = {"submit", "cancel", "reconcile", "recover"}


def profile_of(pair, rng):
    """A profile in which a pair of step and fault can strike."""
    group, at, _ = pair
    if pair[2] == "twice":
        return "road"
    if group == "shared":
        return "lease"
    if group == "venue":
        fitting = [name for name, places in PLACES_OF.items() if at in places]
        return rng.choice(fitting or PROFILES)
    return rng.choice([name for name, groups in STEPS_OF.items() if group in groups])


def scenario(seed: int, profile: str | None = None) -> Scenario:
    """The run of a seed: one pair of step and fault after the other is its first fault, the others are drawn."""
    rng = random.Random(seed)  # noqa: S311 - a seeded run
    mine = EVERY_PAIR if profile is None else pairs(tuple(dict.fromkeys(STEPS_OF[profile])))
    pair = mine[seed % len(mine)]
    profile = profile or profile_of(pair, rng)
    traits = _traits(rng, profile)
    wishes = [_bracketed(rng, pair, wish) if wish.is_bracket else wish for wish in _wishes(rng, profile)]
    faults = list(_faults(rng, profile, traits))
    traits = _led(rng, pair, traits, wishes, faults)
    faults.extend(_second(seed, profile))
    plan = Scenario(
        prices=tuple(_prices(rng, wishes)) if profile in {"bracket", "overnight"} else (),
        latch_at=rng.uniform(18.0, 45.0) if profile == "kill" else None,
        flatten=rng.random() < 0.7 or pair[1].startswith("K4"),
        two_hosts=profile == "lease",
        pause_is_bounded=rng.random() < 0.6,
        seed=seed,
        profile=profile,
        traits=traits,
        wishes=tuple(wishes),
        faults=tuple(faults),
        hand_orders=tuple(rng.uniform(3, 60) for _ in range(1 if pair[1] == "hand" else rng.choice((0, 0, 0, 1)))),
        mute_at=rng.uniform(1, 50) if rng.random() < 0.1 else None,
        restart_s=rng.choice((0.5, 3.0, 20.0)),
        sync_s=rng.choice((0.0, 0.02, 0.5)),
        extras=_oddities(rng, profile, traits, group=pair[0]),
        night=profile == "overnight",
        split=_split(rng, pair, wishes) if profile == "overnight" else None,
        resets=tuple(_resets(rng, profile, wishes)),
    )
    return _bust(plan) if profile == "bracket" and plan.extras.get("corrects") else plan


def _bust(plan):
    """The first bracket fills at once, rests under a stop that the venue does not guard, and then loses a fill."""
    first = replace(plan.wishes[0], fate="full", quantity=Decimal(3), pace_s=0.1, ends=(True, True))
    traits = replace(plan.traits, capabilities=replace(plan.traits.capabilities, reduce_only=False))
    return replace(plan, wishes=(first, *plan.wishes[1:]), traits=traits)


def _second(seed, profile):
    """Another pair that only runs of this profile walk; one after the other has its turn, too."""
    mine = [pair for pair in pairs(tuple(STEPS)) if pair[0] in CORE[profile]]
    group, at, kind = mine[seed * 31 % len(mine)]
    if group == "resolve":
        yield Fault("submit", "error_lost", 2)
    yield Fault(at, kind, 1)
    common = [pair for pair in pairs(tuple(STEPS)) if pair[0] in COMMON & set(STEPS_OF[profile])]
    _, at, kind = common[seed * 37 % len(common)]
    yield Fault(at, kind, 2 if at.startswith("recover") and seed % 2 else 1)


def _split(rng, pair, wishes):
    """One symbol that is held over the night is split, mostly."""
    if pair[0] == "split" or pair[1] == "split" or rng.random() < 0.5:
        return wishes[0].symbol, rng.choice((Fraction(2), Fraction(2), Fraction(1, 2), Fraction(3, 2)))
    return None


def _resets(rng, profile, wishes):
    """The line breaks about when an order is to be changed in its place."""
    for wish in wishes:
        if profile == "in_place" and wish.replace_at is not None and rng.random() < 0.6:
            yield wish.replace_at + rng.uniform(-0.3, 1.0)


def _oddities(rng, profile, traits, group):
    """What venues do besides: fill more than was asked, take a fill back, or take no stop for so little."""
    if group == "reverse" or (profile == "bracket" and rng.random() < 0.04):
        return {"over_exit": True, "may_freeze": True}
    if profile == "bracket" and group != "beside" and rng.random() < 0.08:
        return {"least": Decimal(2)}
    if profile == "bracket" and traits.capabilities.has_execution_ids and rng.random() < 0.05:
        return {"corrects": True, "may_freeze": True}
    drawn = rng.random()
    if profile == "road" and drawn < 0.06:
        return {"over_fill": True, "may_freeze": True}
    if profile == "road" and drawn < 0.12 and traits.capabilities.has_execution_ids:
        return {"corrects": True}
    return {}


def _suited(rng, at, kind, traits, faults):
    """The venue on which a fault of a submission tells most."""
    if (at, kind) == ("submit", "twice"):
        traits = replace(traits, capabilities=replace(traits.capabilities, dedupe=DedupeClass.FOR_EVER))
    if at == "submit" and kind in {"late", "error_late"}:
        traits = replace(traits, lag="full")
        faults.insert(0, Fault("S3", "pause", rng.choice((1, 9))))
    return traits


def _led(rng, pair, traits, wishes, faults):
    """Put the pair first, and lead the run to its step: an order to cancel, an answer that is lost, a second start."""
    group, at, kind = pair
    del faults[1 + rng.randint(0, 1) :]
    nth = 1
    if group == "recover" and rng.random() < 0.7:
        faults.insert(0, Fault(rng.choice(("S3", "S4", "Q1")), "kill", 1))
        nth = 2 if not any(fault.kind in {"kill", "power", "fsync", "full"} for fault in faults[1:]) else 1
    if group == "resolve" or at.startswith("R"):
        faults.insert(0, Fault("submit", rng.choice(("lost", "error_lost")), 1))
    traits = _suited(rng, at, kind, traits, faults)
    if group in {"replace", "in_place"} or at == "replace":
        traits = _replacing(at, traits)
    if group in {"move", "beside"}:
        kind_of = ReplaceKind.NONE if group == "beside" else traits.capabilities.replace
        traits = replace(traits, capabilities=replace(traits.capabilities, reduce_only=True, replace=kind_of))
    _lead_on(group, at, wishes)
    faults.insert(0, Fault(at, kind, nth))
    if any(fault.kind in {"late", "error_late"} for fault in faults) and rng.random() < 0.7:
        traits = replace(traits, lag="full")
    return traits


def _lead_on(group, at, wishes):
    """What must be wanted so that a step is reached."""
    first, later = wishes[0], wishes[0].at_s + 3.0
    if group == "resolve" or at.startswith("R"):
        first = replace(first, cancel_at=None, replace_at=None, ttl_s=400.0)
    if group == "cancel" or at == "cancel":
        first = replace(first, cancel_at=later, replace_at=None, fate="never")
    if group in {"replace", "in_place"} or at == "replace":
        first = replace(first, replace_at=later, replace_to=first.quantity + 1, cancel_at=None, fate="never")
    if group in {"move", "beside"}:
        first = replace(first, move_at=later, pace_s=0.1)
    if at == "expiry":
        wishes[1] = replace(wishes[1], is_day=True, is_bracket=False, fate="never", at_s=20.0, ttl_s=400.0)
    if group in {"bracket", "kill", "move", "beside", "reverse"}:
        first = replace(first, fate="full", cancel_at=None)
    wishes[0] = first


def _replacing(at, traits):
    """The venue on which a step of a replacement is walked."""
    if traits.capabilities.replace is ReplaceKind.IN_PLACE:
        return traits
    kind_of = ReplaceKind.NONE if at.startswith(("E3", "E1")) else ReplaceKind.NATIVE_NET
    return replace(traits, capabilities=replace(traits.capabilities, replace=kind_of))


def _bracketed(rng, pair, wish):
    """Mostly with stop and target, sometimes with one of them, sometimes moved."""
    moves = pair[0] in {"move", "beside"} or rng.random() < 0.2
    ends = (True, True) if pair[0] in {"bracket", "move", "beside", "reverse"} else rng.choice(ENDS)
    return replace(wish, ends=ends, move_at=wish.at_s + rng.choice((1.0, 3.0, 7.0)) if moves else None)


ENDS = ((True, True), (True, True), (True, False), (False, True))


def _traits(rng, profile):
    dedupe = rng.choice(tuple(DedupeClass))
    base = Capabilities(
        dedupe=dedupe, accept_delay_s=D, index_lag_s=LAG, heartbeat_s=10.0, has_execution_ids=rng.random() < 0.7
    )
    if profile == "replace":
        base = replace(base, replace=rng.choice((ReplaceKind.NONE, ReplaceKind.NATIVE_NET, ReplaceKind.NATIVE_GROSS)))
    if profile == "in_place":
        base = replace(base, replace=ReplaceKind.IN_PLACE, dedupe=rng.choice((DedupeClass.NONE, DedupeClass.FOR_EVER)))
    if profile == "bracket":
        base = replace(base, reduce_only=rng.random() < 0.5, bracket=rng.choice(tuple(BracketKind)))
        base = replace(base, replace=rng.choice((ReplaceKind.NONE, ReplaceKind.NATIVE_NET, ReplaceKind.IN_PLACE)))
    if profile == "anonymous":
        base = replace(base, dedupe=DedupeClass.NONE, has_cids=False, lookup_by_cid=False)
    return VenueTraits(capabilities=base, lag=rng.choice(("none", "some", "full")))


def _wishes(rng, profile):
    at = 17.0
    for number in range(rng.randint(2, 6)):
        at += rng.choice((0.0, 0.3, 2.0, 9.0))
        yield _wish(rng, profile, number, at)


def _prices(rng, wishes):
    """Each symbol's market: to the stop or the target of its bracket, sometimes back to the other one."""
    for wish in wishes:
        at = wish.at_s + rng.choice((0.5, 2.0, 6.0, 30.0))
        if not wish.is_bracket:
            continue
        if profile_is_night(wish):
            at = OPEN_S + 25.0
        ends = [Decimal(90), Decimal(110)]
        if wish.number == 0:
            at += 8.0
        if (wish.side < 0) == (wish.number == 0 or rng.random() < 0.5):
            ends.reverse()
        ends.reverse()
        yield at, wish.symbol, ends[0]
        if rng.random() < 0.5:
            yield at + rng.choice((0.2, 1.0, 5.0, 20.0)), wish.symbol, ends[1]


def profile_is_night(wish):
    """Whether what a wish holds is held over the night."""
    return wish.symbol.startswith("N")


def _wish(rng, profile, number, at):
    order_type = rng.choice((OrderType.MARKET, OrderType.LIMIT, OrderType.LIMIT))
    quantity = Decimal(rng.randint(1, 3))
    is_replaced = profile in {"replace", "in_place"} and rng.random() < 0.8
    replace_at = at + rng.choice((0.8, 2.0, 6.0)) if is_replaced else None
    symbol = f"S{number}" if profile == "bracket" else rng.choice(("AAA", "BBB"))
    if profile == "overnight":
        return _night_wish(rng, number, at)
    return Wish(
        number=number, at_s=at, symbol=symbol, side=rng.choice(tuple(OrderSide)),
        quantity=quantity, order_type=order_type, fate=rng.choice(FATES), pace_s=rng.choice((0.1, 1.0, 4.0)),
        cancel_at=at + rng.choice((0.02, 0.3, 1.5, 6.0)) if replace_at is None and rng.random() < 0.4 else None,
        replace_at=replace_at, replace_to=quantity + rng.randint(0, 2),
        ttl_s=rng.choice((400.0, 400.0, 20.0)), is_bracket=profile == "bracket",
    )  # fmt: skip


def _night_wish(rng, number, at):
    """A bracket that is held over the night, an order for the day, or one that is sent when the session is over."""
    kind = "bracket" if number == 0 else rng.choice(("bracket", "day", "day", "late"))
    return Wish(
        number=number, at_s=CLOSE_S + 4.0 if kind == "late" else at, symbol=f"N{number}",
        side=rng.choice(tuple(OrderSide)), quantity=Decimal(rng.choice((2, 4))), order_type=OrderType.LIMIT,
        fate={"bracket": "full", "late": "never"}.get(kind) or rng.choice(("never", "part", "full")),
        pace_s=rng.choice((0.1, 1.0, 4.0)), ttl_s=15.0 if kind == "late" else 400.0, is_bracket=kind == "bracket",
        is_day=kind in {"day", "late"}, ends=rng.choice(((True, True), (True, False))),
    )  # fmt: skip


def _faults(rng, profile, traits):
    if rng.random() < 0.15:
        nth = rng.randint(1, 2)
        yield Fault("S3", "pause", nth)
        yield Fault("submit", "error_late", nth)
        return
    for _ in range(rng.randint(1, 4)):
        if profile == "lease" and rng.random() < 0.5:
            yield Fault(rng.choice(("S2", "S3", "S3 done", "R4 done", "L2")), "long_pause", rng.choice((1, 2)))
            continue
        yield _process_fault(rng, profile) if rng.random() < 0.45 else _venue_fault(rng, profile, traits)


def _process_fault(rng, profile):
    group = rng.choice(STEPS_OF[profile])
    nth = 2 if group == "recover" and rng.random() < 0.7 else rng.choice((1, 1, 2, 3))
    return Fault(rng.choice(STEPS[group]), rng.choice(PROCESS_FAULTS), nth)


def _venue_fault(rng, profile, traits):
    at = rng.choice(("submit", "submit", "submit", "cancel", "event", "event", "look"))
    if profile in {"replace", "in_place"} and rng.random() < 0.4:
        at = "replace"
    kinds = FAULTS_OF[at]
    if at in {"submit", "cancel", "replace"}:
        kinds = (*kinds, "late", "late")
    if at == "submit" and traits.capabilities.dedupe is DedupeClass.FOR_EVER:
        kinds = (*kinds, "twice", "twice")
    nth = rng.randint(1, 3) if at in {"submit", "cancel", "replace"} else rng.randint(1, 10)
    return Fault(at, rng.choice(kinds), nth)
