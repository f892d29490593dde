"""The sandbox fills as a backtest does: the same orders over the same bars, to the last bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.markets import script
from tests.sandboxes import KEY, SECRET, sandbox_over

import tradewright as tw
from tradewright.domain.bars import Bars
from tradewright.venue import dealing
from tradewright.venue.alpaca.bodies import ask_of
from tradewright.venue.exchange import SandboxVenue
from tradewright.venue.refusals import Refusal
from tradewright.venue.terms import Terms

BARS = tw.synthetic_bars(["ALDER", "BIRCH"], timeframe="1d", start="2023-01-02", end="2023-03-31", seed=11)
LAST = len(BARS["ALDER"]) - 1
POLICIES: dict[str, Any] = {"cash": 20_000.0, "costs": tw.Costs(slippage_bps=5), "margin": tw.Margin()}
Fills = list[tuple[str, int, float, float]]


def level(share: float) -> st.SearchStrategy[float]:
    """A price around that share of where the market begins."""
    return st.integers(int(100 * share) - 5, int(100 * share) + 5).map(float)


def body(kind: str, **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    fixed = {
        "symbol": st.sampled_from(sorted(BARS)),
        "side": st.sampled_from(["buy", "sell"]),
        "qty": st.integers(1, 60),
        "time_in_force": st.sampled_from(
            ["day", "gtc", "ioc", "fok"] if kind in ("market", "limit") else ["day", "gtc"]
        ),
        "type": st.just(kind),
    }
    return st.fixed_dictionaries({**fixed, **fields})


BRACKET = body(
    "market",
    side=st.just("buy"),
    time_in_force=st.just("gtc"),
    order_class=st.just("bracket"),
    take_profit=st.fixed_dictionaries({"limit_price": level(1.1)}),
    stop_loss=st.fixed_dictionaries({"stop_price": level(0.9)}),
)
ORDERS = st.one_of(
    body("market"),
    body("limit", limit_price=level(1.0)),
    body("stop", stop_price=level(1.0)),
    body("stop_limit", stop_price=level(1.0), limit_price=level(1.0)),
    body("trailing_stop", trail_price=st.integers(1, 5).map(float)),
    body("trailing_stop", trail_percent=st.integers(1, 5).map(float)),
    BRACKET,
)
STEPS = st.lists(st.tuples(st.integers(0, LAST - 1), ORDERS), min_size=1, max_size=12).map(
    lambda steps: sorted(steps, key=lambda step: step[0])
)


def in_sandbox(
    steps: list[tuple[int, dict[str, Any]]], bars: dict[str, Bars] = BARS
) -> tuple[Fills, float, list[tuple[int, dict[str, Any]]]]:
    """The fills and the cash of an account of the sandbox, and which orders it took."""
    venue = SandboxVenue(bars, Terms(policies=POLICIES))
    account = venue.account(KEY, SECRET)
    taken = []
    for row, said in steps:
        venue.advance(row - venue.tape.row)
        try:
            dealing.submit(account, ask_of(said, intraday=False))
        except Refusal:
            continue
        taken.append((row, said))
    venue.advance(venue.tape.rows_left)
    fills = [
        (each.order.symbol, each.at_ns, (each.quantity or 0.0) * each.order.side, each.price or 0.0)
        for each in account.happenings
        if each.execution_id is not None
    ]
    return fills, account.desk.cash(), taken


def in_backtest(steps: list[tuple[int, dict[str, Any]]], bars: dict[str, Bars] = BARS) -> tuple[Fills, float]:
    """The fills and the cash of a strategy that places the same orders."""

    def place(ctx: Any, orders: list[dict[str, Any]]) -> None:
        for said in orders:
            words = {"limit_price": None, "stop_price": None, "trail_price": None, "trail_percent": None} | said
            exits = {
                "take_profit": said.get("take_profit", {}).get("limit_price"),
                "stop_loss": said.get("stop_loss", {}).get("stop_price"),
            }
            asked = {
                "order_type": said["type"],
                "time_in_force": said["time_in_force"],
                "limit_price": words["limit_price"],
                "stop_price": words["stop_price"],
                "trail_amount": words["trail_price"],
                "trail_percent": words["trail_percent"],
                **exits,
            }
            given = {name: value for name, value in asked.items() if value is not None}
            (ctx.buy if said["side"] == "buy" else ctx.sell)(said["qty"], said["symbol"], **given)

    by_row: dict[int, list[dict[str, Any]]] = {}
    for row, said in steps:
        by_row.setdefault(row, []).append(said)
    plan = {row: lambda ctx, orders=orders: place(ctx, orders) for row, orders in by_row.items()}
    result = tw.backtest(script(plan), bars, **POLICIES)
    table, market = result.record.events, result.record.timeline
    found: Fills = []
    for place_ in range(len(table["kind"])):
        if table["kind"][place_] == 1:
            row = int(table["row"][place_])
            at = market.open_time[row] if table["phase"][place_] == 0 else market.close_time[row]
            symbol = sorted(bars)[int(table["book"][place_])]
            found.append((symbol, int(at), float(table["quantity"][place_]), float(table["price"][place_])))
    cash = float(table["cash"][-1]) if len(table["cash"]) else POLICIES["cash"]
    return found, cash


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_orders_through_the_sandbox_fill_as_in_a_backtest(steps: list[tuple[int, dict[str, Any]]]) -> None:
    fills, cash, taken = in_sandbox(steps)
    assert (fills, cash) == in_backtest(taken)


def test_orders_over_the_wire_fill_as_in_a_backtest() -> None:
    day, gtc = {"symbol": "ALDER", "time_in_force": "day"}, {"symbol": "BIRCH", "time_in_force": "gtc"}
    steps = [
        (0, {**day, "qty": 20, "side": "buy", "type": "market"}),
        (1, {**gtc, "qty": 30, "side": "buy", "type": "limit", "limit_price": 110.0}),
        (3, {**day, "qty": 20, "side": "sell", "type": "trailing_stop", "trail_percent": 2.0, "time_in_force": "gtc"}),
        (9, {**gtc, "qty": 10, "side": "sell", "type": "stop", "stop_price": 99.0}),
    ]
    with sandbox_over(BARS, policies=POLICIES) as sandbox:
        for row, said in steps:
            if row > sandbox.venue.tape.row:
                sandbox.advance(row - sandbox.venue.tape.row)
            assert sandbox.ask("POST", "/v2/orders", said).status_code == 200
        sandbox.advance(LAST)
        activities = sandbox.ask("GET", "/v2/account/activities/FILL?direction=asc").json()
        cash = float(sandbox.ask("GET", "/v2/account").json()["cash"])
    over_wire = [(each["symbol"], float(each["qty"]), float(each["price"])) for each in activities]
    fills, backtest_cash = in_backtest(steps)
    assert over_wire == [(symbol, abs(units), price) for symbol, _, units, price in fills]
    assert len(fills) >= 3
    assert abs(cash - backtest_cash) < 1e-4


def test_brackets_over_real_bars_fill_as_in_a_backtest(shared_data: Path) -> None:
    bars = tw.read_bars(shared_data / "daily" / "GOOG_1d_2004_2013.csv", symbol="GOOG", calendar="XNAS", timeframe="1d")
    entry = {"symbol": "GOOG", "qty": 5, "side": "buy", "type": "market", "time_in_force": "gtc"}
    steps = []
    for row in range(0, len(bars) - 1, 15):
        close = float(bars.close[row])
        exits = {"take_profit": {"limit_price": round(close * 1.04)}, "stop_loss": {"stop_price": round(close * 0.97)}}
        steps.append((row, {**entry, "order_class": "bracket", **exits}))
    fills, cash, taken = in_sandbox(steps, {"GOOG": bars})
    assert len(fills) > 200
    assert (fills, cash) == in_backtest(taken, {"GOOG": bars})
