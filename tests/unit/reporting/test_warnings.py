"""What a reader is warned of, and the trust bar."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.builders import NO_COSTS, Dealt, Refused, random_walk, round_trips, run_record

import tradewright as tw
from tradewright.domain.events import Reason
from tradewright.domain.record import RunRecord
from tradewright.reporting.evidence import Evidence
from tradewright.reporting.findings import examine
from tradewright.reporting.trust import Chip, State
from tradewright.reporting.warnings import ResultWarning, Severity

ORDER = ["costs", "fill_rule", "sample", "trials", "pbo", "open_positions", "data", "look_ahead"]


def sound(**changes: Any) -> RunRecord:
    """Two and a half years, fifty trades, costs: nothing to warn of."""
    closes = random_walk(600, seed=5)
    return run_record(closes, round_trips(closes), **changes)


def warned(record: RunRecord) -> dict[str, ResultWarning]:
    return {warning.code: warning for warning in examine(record).warnings}


def chips(record: RunRecord, **evidence: Any) -> dict[str, Chip]:
    return {chip.code: chip for chip in examine(record, evidence=Evidence(**evidence)).trust}


def test_a_sound_run_warns_of_nothing() -> None:
    assert warned(sound()) == {}


def test_few_trades_are_counted() -> None:
    closes = random_walk(600)
    found = warned(run_record(closes, round_trips(closes, every=100)))
    assert found["few_trades"].sentence.startswith("6 closed trades is a small sample")


def test_less_than_a_year_is_named() -> None:
    closes = random_walk(100)
    assert "137 d 6 h" in warned(run_record(closes, round_trips(closes)))["short_period"].sentence


def test_zero_costs_are_found_in_the_fills_not_in_the_promise() -> None:
    closes = random_walk(600, seed=5)
    free = [fill._replace(fee=0.0, slippage=0.0) for fill in round_trips(closes)]
    assert warned(run_record(closes, free))["no_costs"].severity is Severity.WARN
    assert chips(run_record(closes, free, costs=NO_COSTS))["costs"].value == "none"


def test_costs_that_take_most_of_the_profit_are_doubted() -> None:
    closes = random_walk(600, seed=5, drift=0.002)
    record = run_record(closes, [fill._replace(fee=300.0) for fill in round_trips(closes)])
    assert (examine(record).metrics["cost_share"] or 0.0) >= 0.5
    assert warned(record)["heavy_costs"].severity is Severity.WARN
    assert chips(record)["costs"].state is State.WARN
    assert chips(record)["costs"].value != "none"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"fill_at": "close"}, "fill_at_close"),
        ({"limit_fill": "touch"}, "limit_fill_touch"),
        ({"size_at": "fill"}, "size_at_fill"),
    ],
)
def test_optimistic_choices_are_named_in_warning_and_chip(change: dict[str, str], code: str) -> None:
    record = sound(**change)
    assert f'{next(iter(change))}="{next(iter(change.values()))}"' in warned(record)[code].sentence
    assert chips(record)["fill_rule"].state is State.WARN


def test_synthetic_data_is_said() -> None:
    record = sound(synthetic=True)
    assert "SYNTHETIC" in warned(record)["synthetic_data"].sentence
    assert chips(record)["data"].value == "SYNTHETIC"


def test_open_positions_are_a_notice_with_their_unrealised_profit() -> None:
    record = run_record([10.0, 10.0, 8.0], [Dealt(1, 100, 10.0)])
    assert warned(record)["open_positions"].severity is Severity.NOTICE
    assert "−200.00 USD" in warned(record)["open_positions"].sentence


def test_refused_orders_are_counted_with_the_most_frequent_reason() -> None:
    refused = [Refused(3, 1, Reason.SHORTS_OFF)] + [Refused(4, 1, Reason.CANNOT_BE_PAID)] * 2
    sentence = warned(sound(refused=refused))["rejected_orders"].sentence
    assert sentence == "3 of 103 orders refused, most often (2 ×): The account cannot pay for it."


def test_no_trades_names_the_reasons() -> None:
    record = run_record([10.0] * 600, refused=[Refused(3, 1, Reason.CANNOT_BE_PAID)] * 4)
    assert warned(record)["no_trades"].sentence == (
        "No trade was closed: 4 orders placed, refused: 4 × The account cannot pay for it."
    )
    assert warned(run_record([10.0] * 600))["no_trades"].sentence == (
        "No trade was closed: the strategy placed no order."
    )


def test_absurd_numbers_fail_and_make_the_headline_unreliable() -> None:
    closes = random_walk(700, drift=0.02, spread=0.004)
    record = run_record(closes, [Dealt(2, 900, closes[2], 1.0), Dealt(699, -900, closes[699], 1.0)])
    findings = examine(record)
    assert {warning.code for warning in findings.warnings} >= {"absurd_sharpe", "absurd_growth"}
    assert findings.is_unreliable
    assert not examine(sound()).is_unreliable


def test_returns_that_hardly_vary_fail() -> None:
    equity = 100_000.0 * (1 + 1e-9 * np.arange(600) ** 1.1)
    record = run_record([10.0] * 600, [Dealt(1, 1, 10.0, 1.0)], equity=equity)
    assert warned(record)["near_zero_variance"].severity is Severity.FAIL


def test_a_ruined_account_fails_with_its_lowest_equity() -> None:
    record = run_record([10.0] * 3, [Dealt(1, 1, 10.0)], equity=[100.0, -20.0, -10.0], cash=100.0)
    assert "−20.00 USD" in warned(record)["ruined"].sentence


def test_a_hundredth_of_the_cash_is_ruin_too_and_a_little_more_is_not() -> None:
    for lowest, is_ruined in ((1.0, True), (1.01, False)):
        record = run_record([10.0] * 3, [Dealt(1, 1, 10.0)], equity=[100.0, lowest, 60.0], cash=100.0)
        assert ("ruined" in warned(record)) is is_ruined


def test_no_chip_is_ever_left_out() -> None:
    assert list(chips(sound())) == ORDER
    assert list(chips(run_record([10.0]))) == ORDER


def test_what_was_not_computed_says_so_with_the_reason() -> None:
    bar = chips(sound())
    for code in ("trials", "pbo", "data", "look_ahead"):
        assert bar[code].state is State.NOT_COMPUTED
        assert bar[code].sentence


def test_a_search_shows_trials_and_deflated_sharpe_together() -> None:
    chip = chips(sound(), trials=430, trials_variance=0.02, pbo=0.62)["trials"]
    assert chip.value.startswith("430 trials, DSR ")
    assert chip.state is State.FAIL
    assert chips(sound(), pbo=0.62)["pbo"].state is State.FAIL
    assert chips(sound(), pbo=0.05)["pbo"].state is State.OK


def test_evidence_of_leaks_sets_its_chip() -> None:
    assert chips(sound(), leaks=0)["look_ahead"].value == "clean"
    assert chips(sound(), leaks=1)["look_ahead"].state is State.FAIL


def test_warnings_come_in_the_same_order_every_time() -> None:
    record = sound(synthetic=True, size_at="fill", fill_at="close")
    codes = [warning.code for warning in examine(record).warnings]
    assert codes == ["synthetic_data", "fill_at_close", "size_at_fill"]
    assert codes == [warning.code for warning in examine(record).warnings]


def test_a_search_whose_sharpe_is_undefined_warns_with_the_reason() -> None:
    chip = chips(run_record([10.0] * 30), trials=40, trials_variance=0.01)["trials"]
    assert chip.state is State.WARN
    assert chip.sentence == "No deflated Sharpe after 40 trials: the returns do not vary."


def test_market_orders_that_the_volume_never_sufficed_for_are_counted() -> None:
    rows = [(100.0, 101.0, 99.0, 100.0, 50.0)] * 4
    columns = dict(zip(("open", "high", "low", "close", "volume"), map(list, zip(*rows, strict=True)), strict=True))
    days = [f"2024-01-0{day}" for day in range(1, 5)]
    bars = tw.bars_from({"date": days, **columns}, symbol="ACME", calendar="24/7", timeframe="1d")
    result = tw.backtest(lambda ctx: ctx.buy(500) if ctx.new_month else None, bars)
    sentence = warned(result.record)["starved_orders"].sentence
    assert sentence == "1 market order still not filled at the end: orders may take 10.00 % of a bar's volume."
