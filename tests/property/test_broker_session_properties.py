"""A session over a broker: whatever legal history the venue tells, what is held is what was filled, and nothing that
stands at the venue is forgotten.
"""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.live_rows import history_before, rows_from
from tests.property.engine_worlds import Listening, Noise, Watched, World, world
from tests.property.test_session_properties import Asking, Careless, begin, options_of, without_actions

from tradewright.domain.events import EventKind
from tradewright.domain.live.session import Booked, CancelAsked, Ended, Filled, Input, Output, Placed, Replaced
from tradewright.engine.live.passing import SessionOrders
from tradewright.engine.live.session import BROKER, SessionEngine
from tradewright.engine.plan import RunPlan
from tradewright.strategy.adapt import as_strategy


class Venue:
    """Orders as a broker has them: they fill in parts, at any time, and what it says comes late and in any order."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.orders: dict[int, Placed] = {}
        self.left: dict[int, float] = {}
        self.held: dict[int, float] = {}
        self.first: dict[int, int] = {}
        self.mail: list[Input] = []
        self.number = 0

    def hear(self, outputs: tuple[Output, ...]) -> None:
        for each in outputs:
            if isinstance(each, Placed):
                self.take(each, each.quantity)
            elif isinstance(each, Replaced):
                filled = self.orders[each.replaces].quantity - self.left[each.replaces]
                self.left[each.replaces] = 0.0
                self.first[each.order.order_id] = self.first.get(each.replaces, each.replaces)
                self.mail.append(Ended(each.replaces, "cancelled", "replaced", 0))
                self.take(each.order, max(each.order.quantity - filled, 0.0))
            elif isinstance(each, CancelAsked) and self.left.get(each.order_id, 0.0) > 0 and self.rng.random() < 0.9:
                self.end(each.order_id, "cancelled")

    def take(self, order: Placed, left: float) -> None:
        self.orders[order.order_id], self.left[order.order_id] = order, left
        if left <= 0.0 or self.rng.random() < 0.1:
            self.end(order.order_id, "rejected")

    def end(self, number: int, status: str) -> None:
        self.left[number] = 0.0
        self.mail.append(Ended(number, status, "the venue's words", 0))

    def work(self) -> None:
        for number, left in list(self.left.items()):
            chance = self.rng.random()
            if left > 0.0 and chance < 0.3:
                self.fill(number, float(self.rng.integers(1, int(left) + 1)) if left >= 1 else left)
            elif left > 0.0 and chance < 0.35:
                self.end(number, "expired")
        for number, held in list(self.held.items()):
            if held > 0.0 and self.rng.random() < 0.2:
                leg = self.leg_of(self.orders[number])
                units = held if self.rng.random() < 0.7 or held < 1 else float(self.rng.integers(1, int(held) + 1))
                self.held[number] -= units
                first = self.first.get(number, number)
                self.end_entries(first)
                self.say(first, units, leg)

    def end_entries(self, first: int) -> None:
        """The road enters no further what is being closed."""
        for number, left in list(self.left.items()):
            if left > 0.0 and self.first.get(number, number) == first:
                self.end(number, "cancelled")

    def leg_of(self, order: Placed) -> str:
        legs = [n for n, price in (("stop", order.stop_loss), ("target", order.take_profit)) if price is not None]
        return str(legs[self.rng.integers(0, len(legs))])

    def fill(self, number: int, units: float) -> None:
        self.left[number] -= units
        order = self.orders[number]
        if order.stop_loss is not None or order.take_profit is not None:
            self.held[number] = self.held.get(number, 0.0) + units
        self.say(number, units, "")

    def say(self, number: int, units: float, leg: str) -> None:
        self.number += 1
        price = float(self.rng.uniform(50, 150))
        fee = None if self.rng.random() < 0.5 else 0.25
        self.mail.append(Filled(number, units, price, fee, 0, f"x{self.number}", leg))

    def letters(self, share: float) -> list[Input]:
        """Some of what is on its way, in any order."""
        self.rng.shuffle(self.mail)  # type: ignore[arg-type]
        count = len(self.mail) if share >= 1 else int(self.rng.integers(0, len(self.mail) + 1))
        found, self.mail = self.mail[:count], self.mail[count:]
        return found


class Trading:
    """An engine at such a venue, and what it was told."""

    def __init__(self, made: World, share: float, *kinds: Any) -> None:
        found = begin(made, share)
        assume(found is not None)
        assert found is not None
        history = history_before(made.series, found[0])
        assume(history is not None)
        assert history is not None
        self.rows = list(rows_from(made.series, found[0]))[:60]
        options = {name: value for name, value in options_of(made).items() if name != "size_at"} | {"fx": {"EUR": 1.1}}
        self.plan = lambda: RunPlan([as_strategy(kind, None) for kind in kinds], history, **options)
        self.engine = SessionEngine(self.plan(), BROKER)
        self.venue = Venue(made.seed)
        self.inputs: list[Input] = []
        self.answers: list[tuple[Output, ...]] = []
        self.units: dict[tuple[int, str], float] = {}

    def give(self, given: Input) -> None:
        if isinstance(given, Filled):
            order = self.venue.orders[given.order_id]
            signed = given.quantity * order.side * (-1 if given.leg else 1)
            self.count(order.strategy, order.symbol, signed)
        elif isinstance(given, Booked):
            self.count(given.strategy, given.symbol, given.quantity)
        self.inputs.append(given)
        self.answers.append(self.engine.take(given))
        self.venue.hear(self.answers[-1])

    def count(self, strategy: int, symbol: str, signed: float) -> None:
        self.units[strategy, symbol] = self.units.get((strategy, symbol), 0.0) + signed

    def run(self) -> None:
        for row in self.rows:
            for letter in self.venue.letters(0.5):
                self.give(letter)
            self.give(row)
            self.venue.work()
            if self.venue.rng.random() < 0.05:
                self.give(self.booked(row.bars[0].symbol))
        while self.venue.mail:
            for letter in self.venue.letters(1.0):
                self.give(letter)

    def booked(self, symbol: str) -> Booked:
        self.venue.number += 1
        units = float(self.venue.rng.integers(-20, 20) or 1)
        return Booked(0, symbol, units, 100.0, 0, f"b{self.venue.number}", "The kill switch closed it.")

    def held(self) -> dict[tuple[int, str], float]:
        positions = self.engine.standings().positions
        return {(number, symbol): units for number, symbol, units, *_ in positions if units}


def trading(seed: int, share: float) -> Trading:
    made = without_actions(world(seed))
    found = Trading(made, share, *(Listening, Noise, Asking, Watched)[: 1 + seed % 3])
    found.run()
    return found


WORLDS = given(st.integers(0, 100_000), st.floats(0, 1))


@settings(max_examples=60, deadline=None)
@WORLDS
def test_what_is_held_is_what_was_filled_whatever_the_venue_tells(seed: int, share: float) -> None:
    made = trading(seed, share)
    assert made.held() == pytest.approx({key: units for key, units in made.units.items() if units}), f"seed {seed}"


@settings(max_examples=40, deadline=None)
@WORLDS
def test_cash_is_what_fills_and_fees_leave(seed: int, share: float) -> None:
    made = trading(seed, share)
    books = made.engine.board.books
    assume(all(book.margined == 0.0 and book.multiplier == book.fx == 1.0 for book in books))
    events = made.engine.record().events
    fills = events["kind"] == EventKind.FILL
    paid = (events["quantity"] * events["price"] + events["fee"] + events["tax"])[fills].sum()
    assert made.engine.desk.cash() == pytest.approx(made.engine.plan.cash - paid), f"seed {seed}"


@settings(max_examples=30, deadline=None)
@WORLDS
def test_the_same_history_gives_the_same_answers(seed: int, share: float) -> None:
    made = trading(seed, share)
    again = SessionEngine(made.plan(), BROKER)
    assert [again.take(each) for each in made.inputs] == made.answers


@settings(max_examples=40, deadline=None)
@WORLDS
def test_an_engine_that_lets_go_of_what_is_over_answers_the_same(seed: int, share: float) -> None:
    made = Trading(without_actions(world(seed)), share, *(Careless, Careless, Asking)[: 1 + seed % 3])
    made.run()
    again = SessionEngine(made.plan(), BROKER, remembers=False)
    with patch.object(SessionOrders, "is_many", new=True):
        assert [again.take(each) for each in made.inputs] == made.answers, f"seed {seed}"
    assert again.standings() == made.engine.standings()


@settings(max_examples=60, deadline=None)
@WORLDS
def test_what_stands_at_the_venue_stands_here_unless_its_end_was_asked_for(seed: int, share: float) -> None:
    made = trading(seed, share)
    asked = {e.order_id for said in made.answers for e in said if isinstance(e, CancelAsked)}
    open_here = {order.id for _, order in made.engine.standings().orders}
    open_there = {number for number, left in made.venue.left.items() if left > 0.0}
    assert open_there - asked <= open_here, f"seed {seed}"
