"""The check as a whole: what stays as it was, what a cut does not end, and how findings are told."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

import tradewright as tw
from tradewright import indicators as ta
from tradewright.app.checks.aligned import OtherFuture
from tradewright.app.checks.alignment import Alignment, stamps_of
from tradewright.app.checks.cutting import cut_series
from tradewright.app.checks.outside import Outside
from tradewright.app.checks.set_order import other_order
from tradewright.marketdata.market import Market
from tradewright.reporting.trust import State
from tradewright.research.leak_futures import Future

BARS = tw.synthetic_bars("AAA", bars=160, seed=5)
QUARTERS = tw.synthetic_bars("AAA", timeframe="15m", bars=120, seed=5)
NEXT = np.append(BARS.close[1:], BARS.close[-1])


class Honest(tw.Strategy):
    def setup(self) -> None:
        self.mean = self.use(ta.sma, "close", 10)

    def on_bar(self, ctx: tw.Context) -> None:
        ctx.target_percent(0.9 if ctx.close() > self.mean.value else 0.0)


class Rolled(tw.Strategy):
    def setup(self) -> None:
        self.next = self.use(lambda close: np.roll(close, -1), "close")

    def on_bar(self, ctx: tw.Context) -> None:
        ctx.target_percent(0.9 if self.next.value > ctx.close() else 0.0)


def other(row: int, future: Future = Future.CRASH) -> OtherFuture:
    return OtherFuture(Alignment(Market({"AAA": BARS})), row, future, np.random.default_rng(1))


def test_the_run_of_a_check_is_the_run_and_its_trust_bar_knows() -> None:
    report = tw.check(Honest, BARS, cuts=6, seed=3)
    plain = tw.backtest(Honest, BARS, seed=3)
    assert report.result.hash == plain.hash
    assert report.result.trust[-1].state is State.OK
    assert plain.trust[-1].state is State.NOT_COMPUTED


def test_a_leak_makes_the_trust_bar_fail() -> None:
    chip = tw.check(Rolled, BARS, cuts=6).result.trust[-1]
    assert chip.state is State.FAIL
    assert "in the whole run" in chip.sentence


def test_the_same_check_says_the_same() -> None:
    assert tw.check(Rolled, BARS, cuts=6).to_dict() == tw.check(Rolled, BARS, cuts=6).to_dict()


def test_a_finding_names_symbol_bar_values_and_line() -> None:
    finding = tw.check(Rolled, BARS, cuts=6).findings[0]
    place = int(np.searchsorted(BARS.labels(), np.datetime64(str(finding.bar), "ns").astype(np.int64)))
    assert finding.symbol == "AAA"
    assert finding.after == f"{BARS.close[place + 1]:.10g}"
    assert finding.file == __file__
    assert finding.spot is not None
    assert "np.roll" in finding.spot.code


def test_the_document_is_plain_json() -> None:
    document = json.loads(json.dumps(tw.check(Rolled, BARS, cuts=6).to_dict(), allow_nan=False))
    assert document["passed"] is False
    assert [each["name"] for each in document["checks"]] == [
        "look-ahead", "repainting", "warm-up", "unstable", "survivorship", "optimism",
    ]  # fmt: skip
    assert document["findings"][0]["line"] > 0


def test_a_check_says_whether_the_strategy_compiles() -> None:
    def logs(ctx: tw.Context) -> None:
        ctx.log("close", close=ctx.close())

    assert tw.check(Honest, BARS, cuts=2).to_dict()["compiles"] is True
    told = tw.check(logs, BARS, cuts=2)
    assert "test_check.py, line" in str(told.interpreted)
    assert "runs interpreted" in told.summary()


def test_what_the_strategy_holds_outside_is_put_back() -> None:
    def strategy(ctx: tw.Context) -> None:
        strategy.calls += 1  # type: ignore[attr-defined]
        ctx.target_percent(0.9 if NEXT[0] > 0 else 0.0)

    strategy.calls = 0  # type: ignore[attr-defined]
    held = NEXT
    tw.check(strategy, BARS, cuts=4)
    assert NEXT is held
    assert strategy.calls == 0  # type: ignore[attr-defined]
    assert pd.read_csv.__module__.startswith("pandas")
    assert np.random.default_rng.__name__ == "default_rng"


def test_an_instance_is_checked_without_being_used_up() -> None:
    made = Honest()
    assert tw.check(made, BARS, cuts=4).passed
    assert not made.is_bound


def test_a_policy_that_is_none_is_refused() -> None:
    with pytest.raises(tw.TradewrightError, match="'risk_free' is no policy"):
        tw.check(Honest, BARS, risk_free=0.01)
    with pytest.raises(tw.TradewrightError, match="compares nothing"):
        tw.check(Honest, BARS, cuts=0)


def test_a_strategy_that_fails_says_its_own_failure() -> None:
    def broken(ctx: tw.Context) -> None:
        ctx.close("NONE")

    with pytest.raises(tw.TradewrightError, match="NONE"):
        tw.check(broken, BARS)


def test_an_optimistic_policy_is_named_and_does_not_fail() -> None:
    report = tw.check(Honest, BARS, cuts=4, fill_at="close")
    assert report.passed
    assert [finding.compared for finding in report.findings] == ["fill_at=close"]


def test_a_universe_that_lives_to_the_end_is_hinted_at() -> None:
    basket = tw.synthetic_bars(["AAA", "BBB"], bars=600, seed=2)
    late = {"AAA": basket["AAA"], "BBB": basket["BBB"].rows(300, 600)}
    hints = [finding.sentence for finding in tw.check(Honest_of_all, late, cuts=2).findings]
    assert any("live to the end" in hint for hint in hints)
    assert any("BBB begins late" in hint for hint in hints)


class Honest_of_all(tw.Strategy):  # noqa: N801 - reads as what it is
    def on_bar(self, ctx: tw.Context) -> None:
        if ctx.new_month:
            for name in ctx.symbols:
                ctx.target_percent(0.4, name)


def test_a_cut_leaves_one_flat_bar_at_the_time_of_the_next() -> None:
    cut = cut_series({"AAA": BARS}, int(BARS.close_time[99]), 0)["AAA"]
    assert len(cut) == 101
    assert cut.open_time[100] == BARS.open_time[100]
    assert {float(cut.open[100]), float(cut.close[100])} == {float(BARS.close[99])}


def test_a_cut_inside_a_session_does_not_end_it() -> None:
    class Day(tw.Strategy):
        def on_bar(self, ctx: tw.Context) -> None:
            if not ctx.open_orders() and not ctx.has_position():
                ctx.buy(1, limit_price=ctx.close() * 0.99, time_in_force="day")

        def on_session_close(self, ctx: tw.Context) -> None:
            ctx.buy(1)

    assert tw.check(Day, QUARTERS, cuts=100).passed


def test_data_after_the_row_is_changed_and_data_before_it_is_not() -> None:
    row = 80
    frame = pd.DataFrame({"close": BARS.close, "name": "x"}, index=pd.to_datetime(BARS.labels()))
    changed = other(row)(frame)
    assert changed is not frame
    assert changed["close"].iloc[: row + 1].equals(frame["close"].iloc[: row + 1])
    assert not np.isclose(changed["close"].iloc[row + 1 :], frame["close"].iloc[row + 1 :]).any()


@pytest.mark.parametrize(
    "held",
    [
        BARS.close,
        BARS.close.tolist(),
        NEXT,
        memoryview(BARS.close),
        dict(
            zip((str(day) for day in BARS.sessions.labels.astype("datetime64[D]")), BARS.close.tolist(), strict=False)
        ),
        list(zip(BARS.sessions.labels.tolist(), BARS.close.tolist(), strict=True)),
        [BARS.bar(row) for row in range(len(BARS))],
        {"inside": {"deeper": BARS.close}},
        BARS,
    ],
)
def test_what_is_aligned_with_the_bars_gets_another_future(held: object) -> None:
    assert other(80)(held) is not held


@pytest.mark.parametrize(
    "held",
    [
        [0.1, 0.2, 0.3],
        {"fast": 10, "slow": 30},
        {dt.date(2015, 3, 1), dt.date(2015, 9, 1)},
        [dt.date(2015, 3, 1), dt.date(2015, 9, 1)],
        np.arange(7.0),
        BARS.open_time,
        "AAA",
    ],
)
def test_what_is_not_aligned_with_the_bars_is_left_alone(held: object) -> None:
    assert other(80)(held) is held


def test_a_dated_table_without_rows_after_the_row_is_left_alone() -> None:
    early = pd.Series([1.0, 2.0], index=pd.to_datetime(["2015-01-05", "2015-01-06"]))
    assert other(80)(early) is early


@pytest.mark.parametrize("written", ["2015-03-01", "2015-03-01 00:00", "2015-03-01T00:00:00Z", dt.date(2015, 3, 1)])
def test_times_are_read_in_the_forms_they_are_written_in(written: object) -> None:
    found = stamps_of([written, written])
    assert found is not None
    assert found.tolist() == [1425168000000000000] * 2


def test_outside_finds_closures_globals_defaults_and_class_attributes() -> None:
    inner = [1.0]

    class Held:
        table = {"a": 1}  # noqa: RUF012 - what is looked for

    def strategy(ctx: tw.Context, given: list[float] = inner) -> object:
        return NEXT, inner, Held.table, given

    found = {slot.name for slot in Outside([strategy]).slots}
    assert {"NEXT", "inner", "Held", "table", "given"} <= found


def test_sets_are_walked_the_other_way_round_for_a_while() -> None:
    def walked() -> tuple[list[str], list[str]]:
        return list({"a", "b", "c"}), [*{word.upper() for word in ("x", "y", "z")}]

    before = walked()
    with other_order([walked]):  # type: ignore[list-item]
        during = walked()
    assert during == (before[0][::-1], before[1][::-1])
    assert walked() == before


def test_a_set_in_another_order_keeps_its_closure() -> None:
    word = "q"

    def walked() -> list[str]:
        return list({word, "b", "c", "d"})

    with other_order([walked]):  # type: ignore[list-item]
        assert sorted(walked()) == ["b", "c", "d", "q"]
