from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tradewright.domain.actions import ActionKind, CorporateAction
from tradewright.domain.bars import Actions, Adjustment, Bars, SessionIndex
from tradewright.domain.errors import ConfigError, DataError
from tradewright.domain.instrument import Equity, Instrument
from tradewright.domain.timeframe import NS_PER_MINUTE, Timeframe
from tradewright.marketdata.adjust import adjust
from tradewright.marketdata.placement import Hours, place_instants, place_labels
from tradewright.marketdata.resample import resample

NYSE = Equity("ACME", "XNYS")
WEEK = ("2023-11-20", "2023-11-21", "2023-11-22", "2023-11-24", "2023-11-27", "2023-11-28")


def day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))


def daily(closes: list[float], actions: Actions, dates: tuple[str, ...] = WEEK, **changes) -> Bars:
    """Bars that open and close at one price, of volume 100."""
    placed = place_labels("XNYS", Timeframe.parse("1d"), np.array([day(date) for date in dates[: len(closes)]]))
    price = np.array(closes)
    made = Bars(
        NYSE,
        Timeframe.parse("1d"),
        placed.open_time,
        placed.close_time,
        price,
        price,
        price,
        price,
        np.full(len(price), 100.0),
        SessionIndex.of_labels(placed.labels),
        actions,
    )
    return replace(made, **changes)


def splits(**ratios: float) -> dict[str, np.ndarray]:
    return {"split_days": np.array([day(_date(name)) for name in ratios]), "split_ratios": np.array([*ratios.values()])}


def dividends(**cash: float) -> dict[str, np.ndarray]:
    return {"dividend_days": np.array([day(_date(name)) for name in cash]), "dividends": np.array([*cash.values()])}


def _date(name: str) -> str:
    return f"2023-11-{name[1:]}"


def test_a_split_divides_earlier_prices_and_multiplies_their_volume():
    bars = adjust(daily([84.0, 84.0, 12.0], Actions(**splits(d22=7.0))), "split")
    assert bars.close.tolist() == [12.0, 12.0, 12.0]
    assert bars.volume.tolist() == [700.0, 700.0, 100.0]
    assert (bars.adjustment, bars.actions.is_empty) == (Adjustment.SPLIT, True)


def test_a_dividend_lowers_earlier_prices_by_its_part_of_the_close_before():
    bars = adjust(daily([50.0, 100.0, 98.0], Actions(**dividends(d22=2.0))), "full")
    assert bars.close.tolist() == [49.0, 98.0, 98.0]
    assert bars.volume.tolist() == [100.0, 100.0, 100.0]


def test_a_dividend_on_the_day_of_a_split_counts_per_new_share():
    bars = adjust(daily([200.0, 98.0], Actions(**splits(d21=2.0), **dividends(d21=2.0))), "full")
    assert bars.close.tolist() == [98.0, 98.0]


def test_dividends_that_meet_the_same_close_are_added_before_they_are_weighed():
    actions = Actions(**dividends(d23=4.0, d24=6.0))
    assert adjust(daily([100.0, 100.0, 100.0, 90.0], actions), "full").close.tolist() == [90.0] * 4


def test_split_adjusted_bars_keep_their_dividends_per_share_of_today():
    bars = adjust(daily([200.0, 198.0, 99.0], Actions(**splits(d22=2.0), **dividends(d21=2.0))), "split")
    assert bars.actions.dividend_days.tolist() == [day("2023-11-21")]
    assert bars.actions.dividends.tolist() == [1.0]
    assert len(bars.actions.split_days) == 0


def spun(name: str, cash: float | None = None, ratio: float = 0.5) -> CorporateAction:
    kind = ActionKind.SPINOFF
    return CorporateAction(
        kind=kind, symbol="ACME", day=day(_date(name)), source="vendor", ratio=ratio, to="NEWCO", cash=cash
    )


def test_a_spin_off_takes_the_part_out_that_was_received():
    raw = daily([100.0, 100.0, 78.0, 79.0], Actions(announced=(spun("d22", cash=26.0),)))
    full = adjust(raw, "full")
    assert full.close.tolist() == [75.0, 75.0, 78.0, 79.0]
    assert full.close[2] / full.close[1] == (78.0 + 26.0) / 100.0, "the return of who keeps both"
    assert full.volume.tolist() == raw.volume.tolist()
    assert full.actions.announced == ()


def test_a_spin_off_of_unknown_value_changes_no_price_and_stays():
    raw = daily([100.0, 100.0, 78.0], Actions(announced=(spun("d22"),)))
    full = adjust(raw, "full")
    assert full.close.tolist() == raw.close.tolist()
    assert full.actions.announced == raw.actions.announced


def test_the_value_of_a_spin_off_is_put_to_the_close_of_its_own_session():
    prices, stamps = [100.0, 60.0, 80.0], ["2023-11-21T15:00", "2023-11-22T20:30", "2023-11-22T22:00"]
    raw = extended(prices, stamps, Actions(announced=(spun("d22", cash=20.0),)))
    assert adjust(raw, "full").close.tolist() == [75.0, 60.0, 80.0]


def test_split_adjusted_bars_keep_their_spin_offs_per_share_of_today():
    raw = daily([200.0, 160.0, 80.0], Actions(**splits(d22=2.0), announced=(spun("d21", cash=40.0),)))
    split = adjust(raw, "split")
    (left,) = split.actions.announced
    assert (left.ratio, left.cash, left.to) == (0.25, 20.0, "NEWCO")
    assert adjust(split, "full").close.tolist() == adjust(raw, "full").close.tolist() == [80.0, 80.0, 80.0]


def test_split_adjusted_bars_with_a_spin_off_still_pay_their_dividends():
    said = (spun("d21", cash=40.0),)
    raw = daily([200.0, 160.0, 80.0, 80.0], Actions(**dividends(d24=1.0), announced=said))
    split = adjust(raw, "split")
    assert split.actions.dividends.tolist() == [1.0]
    assert [str(each.kind) for each in split.actions.announced] == ["spinoff", "dividend"]


def test_weeks_do_not_tell_the_close_of_the_day_of_a_spin_off():
    raw = resample(daily([84.0] * 6, Actions(announced=(spun("d27", cash=2.0),))), "1w", keep_incomplete=True)
    with pytest.raises(DataError, match="The 1w bars of ACME do not tell the close of the day of its spin-off"):
        adjust(raw, "full")
    assert adjust(raw, "split").close.tolist() == raw.close.tolist()


def test_adjusting_in_two_steps_gives_what_one_step_gives():
    raw = daily([200.0, 198.0, 99.0, 97.0], Actions(**splits(d22=2.0), **dividends(d21=2.0, d24=1.5)))
    assert adjust(adjust(raw, "split"), "full").close == pytest.approx(adjust(raw, "full").close, rel=1e-15)


@pytest.mark.parametrize("to", ["split", "full"])
def test_adjusting_again_changes_nothing(to):
    once = adjust(daily([84.0, 12.0], Actions(**splits(d21=7.0), **dividends(d21=0.5))), to)
    assert adjust(once, to) is once


@pytest.mark.parametrize("outside", ["d20", "d29"])
def test_actions_that_no_earlier_row_meets_change_nothing(outside):
    raw = daily([10.0, 11.0], Actions(**splits(**{outside: 3.0}), **dividends(**{outside: 1.0})))
    bars = adjust(raw, "split")
    assert (bars.close.tolist(), bars.actions.is_empty) == ([10.0, 11.0], True)


def test_an_action_on_a_day_without_a_session_acts_on_the_next_one():
    bars = adjust(daily([84.0, 84.0, 84.0, 12.0], Actions(**splits(d23=7.0))), "split")
    assert bars.close.tolist() == [12.0] * 4


@pytest.mark.parametrize(("done", "to"), [("full", "raw"), ("full", "split"), ("split", "raw")])
def test_what_prices_contain_cannot_be_taken_out_again(done, to):
    with pytest.raises(DataError, match=f"adjustment='{done}' cannot be made '{to}' again"):
        adjust(daily([1.0], Actions(), adjustment=Adjustment(done)), to)


def test_a_dividend_of_all_a_share_is_worth_is_refused():
    with pytest.raises(DataError, match=r"ACME cannot have paid 12 a share on 2023-11-21 after a close of 10"):
        adjust(daily([10.0, 9.0], Actions(**dividends(d21=12.0))), "full")


def test_an_unknown_adjustment_is_refused_with_the_nearest_one():
    with pytest.raises(ConfigError, match=r"'ful' is no adjustment\. Did you mean 'full'"):
        adjust(daily([10.0], Actions()), "ful")


def weekly(actions: Actions) -> Bars:
    return resample(daily([84.0, 84.0, 84.0, 84.0, 12.0, 12.0], actions), "1w", keep_incomplete=True)


def test_a_week_that_begins_with_the_split_can_be_adjusted():
    assert adjust(weekly(Actions(**splits(d27=7.0))), "split").close.tolist() == [12.0, 12.0]


@pytest.mark.parametrize(
    ("actions", "to", "what"), [(splits(d22=7.0), "split", "split"), (dividends(d22=1.0), "full", "dividend")]
)
def test_a_week_with_the_action_inside_is_refused(actions, to, what):
    with pytest.raises(DataError, match=f"The {what} of ACME on 2023-11-22 falls inside the 1w bar of 2023-11-24"):
        adjust(weekly(Actions(**actions)), to)


def test_a_dividend_inside_a_week_does_not_keep_it_from_being_split_adjusted():
    bars = adjust(weekly(Actions(**splits(d27=7.0), **dividends(d22=7.0))), "split")
    assert (bars.close.tolist(), bars.actions.dividends.tolist()) == ([12.0, 12.0], [1.0])


def extended(prices: list[float], stamps: list[str], actions: Actions, instrument: Instrument = NYSE) -> Bars:
    opens = np.array(stamps, "datetime64[ns]").astype(np.int64)
    placed = place_instants("XNYS", Timeframe.parse("1m"), opens, Hours.EXTENDED)
    price = np.array(prices)
    columns = (price, price, price, price, np.full(len(price), 100.0))
    sessions = SessionIndex.of_labels(placed.labels)
    return Bars(instrument, Timeframe.parse("1m"), opens, opens + NS_PER_MINUTE, *columns, sessions, actions)


EVENING = ["2023-11-21T20:59", "2023-11-21T22:00", "2023-11-22T10:00", "2023-11-22T14:30"]


def test_hours_before_the_open_are_of_the_day_of_the_split():
    bars = adjust(extended([84.0, 84.0, 12.0, 12.0], EVENING, Actions(**splits(d22=7.0))), "split")
    assert bars.close.tolist() == [12.0] * 4


def test_the_close_before_a_dividend_is_that_of_the_session_and_not_of_the_evening():
    bars = adjust(extended([100.0, 50.0, 98.0, 98.0], EVENING, Actions(**dividends(d22=2.0))), "full")
    assert bars.close.tolist() == [98.0, 49.0, 98.0, 98.0]


def test_without_a_calendar_the_close_before_a_dividend_is_that_of_the_last_bar():
    nowhere = Instrument("ACME", "NOWHERE")
    bars = adjust(extended([50.0, 100.0, 98.0, 98.0], EVENING, Actions(**dividends(d22=2.0)), nowhere), "full")
    assert bars.close.tolist() == [49.0, 98.0, 98.0, 98.0]


def test_the_origin_says_what_was_done():
    raw = daily([84.0, 12.0], Actions(**splits(d21=7.0)), origin={"kind": "file", "path": "ACME.csv"})
    bars = adjust(adjust(raw, "split"), "full")
    assert bars.origin == {"kind": "file", "path": "ACME.csv", "then": [{"adjust": "split"}, {"adjust": "full"}]}
    assert adjust(daily([84.0], Actions()), "full").origin == {}
