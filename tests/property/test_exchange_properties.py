"""What must hold for any bars, any orders and any costs on the simulated exchange."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.exchange_harness import Floor

from tradewright.domain.instrument import Equity, Future, Instrument
from tradewright.simulation.costs import (
    Bps,
    Costs,
    MakerTaker,
    Margin,
    NoCommission,
    Percent,
    PerShare,
    PerTrade,
    Spread,
    SquareRootImpact,
    Tiered,
    VolumeShareImpact,
)
from tradewright.simulation.rules import constants as c
from tradewright.simulation.rules.ledger import charge_borrow, charge_interest, pay_dividend, split_position
from tradewright.simulation.rules.orders import split_orders
from tradewright.simulation.rules.wake import watch
from tradewright.simulation.trades import Tape, open_lots, pair_trades

INSTRUMENTS: tuple[Instrument, ...] = (
    Equity("ACME"),
    Equity("COIN", fractional=True),
    Equity("MUTE", has_volume=False),
    Future("FUT", "XEUR", multiplier=10.0, margin=150.0, maintenance=100.0),
)
COSTS = (
    Costs.none(),
    Costs(),
    Costs(commission=PerShare(0.01, at_least=1.0, at_most=4.0), slippage=Spread(0.5)),
    Costs(commission=Percent(0.001, per_order=0.5), slippage=VolumeShareImpact(0.1), tax_buy=0.001),
    Costs(commission=MakerTaker(-0.0002, 0.001), slippage=SquareRootImpact(0.02), tax_sell=0.002, participation=0.5),
    Costs(commission=Tiered(((0, 0.004), (3000, 0.002), (9000, 0.001))), slippage=Bps(25)),
)
ACCOUNTS = (None, Margin(), Margin(initial=0.3, maintenance=0.1, shorts=False))
PRICES = st.integers(88, 112).map(float)
ROWS = 12
MOST_ORDERS = 14

volumes = st.sampled_from((0, 40, 300, 2000))
bars = st.tuples(st.integers(-3, 3), st.integers(0, 4), st.integers(0, 4), st.integers(0, 8), volumes)
"""Gap, way up, way down, close in eighths of the range, in ticks; volume."""


@dataclass(frozen=True)
class Asked:
    """One order of a script; `pairs` ties it to the order asked for before it in the same book."""

    row: int
    book: int
    kind: int
    side: int
    quantity: float
    first: float
    second: float
    tif: int
    wish: int
    stop_loss: float | None
    take_profit: float | None
    pairs: bool


@dataclass(frozen=True)
class Happening:
    """Something that money feels without a trade."""

    row: int
    book: int
    kind: str
    size: float


@dataclass(frozen=True)
class Script:
    """Everything of one run."""

    instruments: tuple[Instrument, ...]
    costs: Costs
    margin: Margin | None
    cash: float
    policies: tuple[int, int, int]
    moves: tuple[tuple[tuple[int, ...] | None, ...], ...]
    asked: tuple[Asked, ...]
    happenings: tuple[Happening, ...] = ()


def orders(books: int) -> st.SearchStrategy[Asked]:
    return st.builds(
        Asked,
        row=st.integers(0, ROWS - 1),
        book=st.integers(0, books - 1),
        kind=st.integers(c.MARKET, c.ON_CLOSE),
        side=st.sampled_from((c.BUY, c.SELL)),
        quantity=st.sampled_from((1.0, 5.0, 12.0, 40.0)),
        first=PRICES,
        second=PRICES,
        tif=st.sampled_from((c.GTC, c.GTC, c.DAY, c.IOC, c.FOK, c.GTD)),
        wish=st.sampled_from((0, 0, 0, 1, 2, 3)),
        stop_loss=st.none() | PRICES,
        take_profit=st.none() | PRICES,
        pairs=st.booleans(),
    )


def happenings(books: int) -> st.SearchStrategy[Happening]:
    moves = (("fx", 1.25), ("fx", 0.8), ("split", 2.0), ("split", 0.4))
    sized = st.sampled_from((*moves, ("dividend", 0.5), ("borrow", 0.1), ("interest", 0.1)))
    place = st.tuples(st.integers(1, ROWS - 1), st.integers(0, books - 1))
    return st.builds(lambda where, what: Happening(*where, *what), place, sized)


@st.composite
def scripts(draw: st.DrawFn, *, happens: bool = True) -> Script:
    instruments = tuple(draw(st.lists(st.sampled_from(INSTRUMENTS), min_size=1, max_size=3)))
    margined = any(item.is_margined for item in instruments)
    row = st.tuples(*(st.none() | bars if number else bars for number in range(len(instruments))))
    return Script(
        instruments,
        draw(st.sampled_from(COSTS)),
        draw(st.sampled_from(ACCOUNTS[1:] if margined else ACCOUNTS)),
        draw(st.sampled_from((900.0, 6_000.0, 1e6))),
        draw(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 1))),
        tuple(draw(st.lists(row, min_size=ROWS, max_size=ROWS))),
        tuple(draw(st.lists(orders(len(instruments)), min_size=1, max_size=MOST_ORDERS))),
        tuple(draw(st.lists(happenings(len(instruments)), max_size=3))) if happens else (),
    )


class Run:
    """A script played on a floor, with what the checks need to know beside the log."""

    def __init__(self, script: Script, *, screen: bool = True, rows: int = ROWS) -> None:
        touch, intrabar, clip = script.policies
        self.script = script
        self.floor = Floor(
            *script.instruments, cash=script.cash, costs=script.costs, margin=script.margin, screen=screen,
            valued=True, touch=touch, intrabar=intrabar, clip_unpaid=clip,
        )  # fmt: skip
        self.scale = [1.0] * len(script.instruments)
        self.ticks = [100] * len(script.instruments)
        self.pairs: list[tuple[int, int]] = []
        self.sized: set[int] = set()
        self.units: dict[int, float] = {}
        self.legs: dict[int, list[int]] = {}
        self.prices = np.full((3, len(script.instruments), ROWS), np.nan)
        for row in range(rows):
            self._happen(row)
            self.floor.bars(self._bars(row))
            if row % 4 == 3:
                self.floor.end_session()
            for asked in script.asked:
                if asked.row == row:
                    self._ask(asked)

    def _happen(self, row: int) -> None:
        exchange = self.floor.exchange
        exchange.row = row
        for event in self.script.happenings:
            book = self.floor.books[event.book]
            if event.row != row or book.mark == 0.0:
                continue
            if event.kind == "fx":
                book.fx = event.size
            elif event.kind == "dividend":
                pay_dividend(exchange, book, event.size)
            elif event.kind == "borrow":
                charge_borrow(exchange, book, event.size, 3.0)
            elif event.kind == "interest":
                charge_interest(exchange, book, event.size, 3.0)
            elif book.margined == 0.0:
                self.scale[event.book] /= event.size
                split_position(exchange, book, event.size)
                split_orders(exchange, book, event.size)
                watch(book)

    def _bars(self, row: int) -> dict[int, tuple[float, ...]]:
        shown = {}
        for number, move in enumerate(self.script.moves[row]):
            if move is not None:
                gap, up, down, close, volume = move
                scale, open_ = self.scale[number], self.ticks[number] + gap
                self.ticks[number] = open_ - down + close * (up + down) // 8
                prices = [price * scale for price in (open_, open_ + up, open_ - down, self.ticks[number])]
                self.prices[:, number, row] = prices[1:]
                shown[number] = (*prices, float(volume))
        return shown

    def _ask(self, asked: Asked) -> None:
        floor, scale = self.floor, self.scale[asked.book]
        terms: dict[str, Any] = {"tif": asked.tif, "expires": floor.row * 100 + 150, "clip": int(asked.wish == 1)}
        if asked.kind in {c.LIMIT, c.STOP_LIMIT}:
            terms["limit"] = asked.first * scale
        if asked.kind in {c.STOP, c.STOP_LIMIT, c.TRAILING}:
            terms["stop"] = asked.second * scale
        if asked.kind == c.TRAILING:
            terms["trail" if asked.wish else "trail_fraction"] = 3.0 * scale if asked.wish else 0.03
        if asked.wish == 2:
            terms["display"] = 3.0
        if asked.wish == 3 and asked.kind == c.MARKET:
            terms["weight"] = 0.4 * asked.side
        legs = {"stop_loss": asked.stop_loss, "take_profit": asked.take_profit}
        named = {name: price * scale for name, price in legs.items() if price is not None and "weight" not in terms}
        fresh = [order.id for order in floor.working(asked.book) if order.id in floor.sides and order.filled == 0.0]
        before = max(fresh, default=0)
        number = floor.order(asked.kind, asked.side, asked.quantity, asked.book, **terms, **named)
        self.units[number] = asked.quantity * scale
        if "weight" in terms:
            self.sized.add(number)
        self.legs[number] = [number + 1 + place for place in range(len(named))]
        # What an order filled before it was paired is no business of the pair.
        first = floor.slot(before, asked.book) if before else None
        if asked.pairs and first is not None and first.sibling < 0 and first.filled == 0:
            floor.oco(before, number, asked.book)
            self.pairs.append((before, number))

    @property
    def log(self) -> np.ndarray:
        return self.floor.exchange.log.table().copy()

    def filled(self) -> dict[int, float]:
        """Units filled by order, in the units before any split."""
        ratios = defaultdict(lambda: 1.0)
        units: dict[int, float] = defaultdict(float)
        for row in self.log:
            if row[0] == c.SPLIT:
                ratios[row[2]] *= row[5]
            elif row[0] == c.FILL:
                units[int(row[3])] += abs(row[5]) / ratios[row[2]]
        return units

    def tape(self) -> Tape:
        times = np.arange(ROWS, dtype=np.int64) * 100
        multiplier = [item.multiplier for item in self.script.instruments]
        return Tape(times, times + 100, *self.prices, multiplier)


many = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def close_to(expected: float, scale: float) -> Any:
    return pytest.approx(expected, rel=1e-9, abs=1e-9 * scale)


@many
@given(scripts())
def test_screen_on_and_off_give_the_same_log_to_the_last_bit(script: Script) -> None:
    screened, worked = Run(script).floor, Run(script, screen=False).floor
    assert bytes(screened.exchange.log) == bytes(worked.exchange.log)
    assert [screened.open_ids(number) for number in range(len(screened.books))] == [
        worked.open_ids(number) for number in range(len(worked.books))
    ]


@many
@given(scripts(), st.integers(1, ROWS - 1))
def test_no_event_of_a_bar_depends_on_later_bars(script: Script, rows: int) -> None:
    short, long = Run(script, rows=rows).floor.exchange.log, Run(script).floor.exchange.log
    assert bytes(long[: len(short)]) == bytes(short)
    assert all(long.row(number)[1] >= rows for number in range(short.length, long.length))


@many
@given(scripts())
def test_realised_and_unrealised_and_income_less_costs_is_the_change_of_equity(script: Script) -> None:
    run = Run(script)
    cash, income, costs, realised = script.cash, 0.0, 0.0, 0.0
    position = [0.0] * len(script.instruments)
    basis = [0.0] * len(script.instruments)
    turnover = 1.0
    for row in run.log:
        kind, book, quantity, price, fee, tax, fx = int(row[0]), int(row[2]), row[5], row[6], row[7], row[8], row[10]
        unit = price * script.instruments[book].multiplier * fx
        if kind in {c.DIVIDEND, c.BORROW, c.INTEREST}:
            income, cash = income + quantity, cash + quantity
        elif kind == c.SPLIT:
            position[book] *= quantity
        elif kind in {c.FILL, c.CASH_IN_LIEU}:
            profit = 0.0
            if position[book] * quantity < 0:
                closed = min(abs(quantity), abs(position[book])) * np.sign(position[book])
                profit = closed * unit - basis[book] * closed / position[book]
                basis[book] += profit - closed * unit
                basis[book] += (quantity + closed) * unit
            else:
                basis[book] += quantity * unit
            position[book] += quantity
            if abs(position[book]) < 1e-12:
                position[book] = basis[book] = 0.0
            realised, costs = realised + profit, costs + fee + tax
            cash += (profit if script.instruments[book].is_margined else -quantity * unit) - fee - tax
            turnover += abs(quantity * unit)
        assert row[11] == close_to(position[book], 1.0 + abs(position[book]))
        assert row[12] == close_to(cash, script.cash + turnover)
        assert row[13] == close_to(basis[book], turnover)
    unrealised = sum(
        book.position * book.mark * book.multiplier * book.fx - cost
        for book, cost in zip(run.floor.books, basis, strict=True)
    )
    assert run.floor.equity - script.cash == close_to(realised + unrealised + income - costs, script.cash + turnover)


@many
@given(scripts(), st.sampled_from(("fifo", "lifo", "highest_cost")))
def test_trades_and_open_lots_account_for_the_equity(script: Script, method: str) -> None:
    script = replace(script, happenings=tuple(item for item in script.happenings if item.kind != "fx"))
    run = Run(script)
    events = run.floor.events
    trades, lots = pair_trades(events, run.tape(), method), open_lots(events, run.tape(), method)
    costs = events["fee"].sum() + events["tax"].sum()
    income = events["quantity"][np.isin(events["kind"], (c.DIVIDEND, c.BORROW, c.INTEREST))].sum()
    unrealised = sum(
        lot.quantity * (run.floor.books[book].mark - lot.price) * run.floor.books[book].multiplier
        for book, owned in lots.items()
        for lot in owned
    )
    scale = script.cash + np.abs(events["quantity"] * events["price"]).sum() * 10
    assert run.floor.equity - script.cash == close_to(trades["gross"].sum() + unrealised + income - costs, scale)
    for number, book in enumerate(run.floor.books):
        assert sum(lot.quantity for lot in lots.get(number, ())) == close_to(book.position, 1.0)
    assert (trades["mae"] <= 0).all()
    assert (trades["mfe"] >= 0).all()
    assert (np.diff(trades["exit_row"]) >= 0).all()


@many
@given(scripts())
def test_order_fills_no_more_than_its_quantity_and_its_legs_no_more_than_it(script: Script) -> None:
    run = Run(script)
    filled = run.filled()
    for number, legs in run.legs.items():
        assert filled[number] <= run.units[number] + 1e-9 or number in run.sized
        assert sum(filled[leg] for leg in legs) <= filled[number] + 1e-9


@many
@given(scripts())
def test_pair_never_fills_more_than_its_larger_order(script: Script) -> None:
    run = Run(script)
    filled = run.filled()
    for pair in run.pairs:
        if not run.sized & set(pair):
            largest = max(run.units[number] for number in pair)
            assert sum(filled[number] for number in pair) <= largest + 1e-9


@many
@given(scripts())
def test_nothing_happens_to_an_order_after_its_end(script: Script) -> None:
    run = Run(script)
    ended: set[int] = set()
    working = {number for book in range(len(script.instruments)) for number in run.floor.open_ids(book)}
    for row in run.log:
        number = int(row[3])
        if number:
            assert number not in ended
            if row[0] in {c.CANCELLED, c.EXPIRED, c.REJECTED}:
                ended.add(number)
    assert not ended & working
    filled = run.filled()
    gone = set(range(1, run.floor.exchange.next_id)) - ended - working
    assert all(filled[number] > 0 for number in gone)


@many
@given(scripts())
def test_fills_are_whole_lots_and_cash_is_never_borrowed_in_a_cash_account(script: Script) -> None:
    run = Run(script)
    positions = [0.0] * len(script.instruments)
    for row in run.log:
        book = int(row[2])
        if row[0] == c.FILL:
            lots = abs(row[5]) / run.floor.books[book].lot
            assert abs(lots - round(lots)) < 1e-6
            opens = abs(row[11]) > abs(positions[book])
            assert script.margin is not None or not opens or row[12] >= -1e-6 * script.cash
            assert script.margin is not None or row[11] >= 0
        positions[book] = row[11]


@many
@given(scripts(happens=False))
def test_fills_lie_inside_the_bar_but_for_slippage(script: Script) -> None:
    run = Run(replace(script, costs=replace(script.costs, slippage=None, slippage_bps=0)))
    high, low, _ = run.prices
    for row in run.log[run.log[:, 0] == c.FILL]:
        assert low[int(row[2]), int(row[1])] <= row[6] <= high[int(row[2]), int(row[1])]


@many
@given(scripts(happens=False), st.lists(st.sampled_from((0.0, 0.3, 0.7, 1.0)), min_size=ROWS, max_size=ROWS))
def test_less_volume_never_fills_more_of_an_order_alone(script: Script, shares: list[float]) -> None:
    lone = replace(
        script, cash=1e9, asked=(replace(script.asked[0], stop_loss=None, take_profit=None),), margin=Margin()
    )
    thinner = tuple(
        tuple(move and (*move[:4], move[4] * share) for move in row)
        for row, share in zip(script.moves, shares, strict=True)
    )
    assume(lone.asked[0].wish != 3)
    full, thin = Run(lone).filled(), Run(replace(lone, moves=thinner)).filled()
    assert thin[1] <= full[1] + 1e-9


@many
@given(scripts(happens=False), st.sampled_from((Bps, Spread)), st.floats(0, 20), st.floats(0, 20))
def test_wider_spread_is_never_a_better_price(script: Script, model: Any, one: float, other: float) -> None:
    narrow, wide = sorted((one, other))
    lone = replace(
        script, cash=1e9, asked=(replace(script.asked[0], stop_loss=None, take_profit=None),), margin=Margin()
    )
    assume(lone.asked[0].wish != 3)
    cheap, dear = (
        Run(replace(lone, costs=Costs(commission=NoCommission(), slippage=model(width)))).floor.fills
        for width in (narrow, wide)
    )
    assert [(fill.row, fill.quantity, fill.phase) for fill in cheap] == [
        (fill.row, fill.quantity, fill.phase) for fill in dear
    ]
    for better, worse in zip(cheap, dear, strict=True):
        assert (worse.price - better.price) * np.sign(better.quantity) >= 0


@many
@given(scripts())
def test_dearer_commission_never_leaves_more_cash_after_the_first_fill(script: Script) -> None:
    free = Run(replace(script, costs=replace(script.costs, commission=NoCommission()))).log
    dear = Run(replace(script, costs=replace(script.costs, commission=PerTrade(3.0)))).log
    firsts = [log[log[:, 0] == c.FILL][:1] for log in (free, dear)]
    if all(len(first) for first in firsts) and (firsts[0][0][:7] == firsts[1][0][:7]).all():
        assert firsts[1][0][12] < firsts[0][0][12]
