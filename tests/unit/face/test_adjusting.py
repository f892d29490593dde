from __future__ import annotations

import re
import runpy

import numpy as np
import pytest

import tradewright as tw
from tradewright.domain.errors import ConfigError, DataError

SPLIT = tw.Actions(split_days=np.array(["2014-06-09"], "datetime64[D]").astype(np.int64), split_ratios=np.array([7.0]))


def weekend(**said) -> tw.Bars:
    price = [84.0, 12.0]
    days = {"date": ["2014-06-06", "2014-06-09"], "open": price, "high": price, "low": price, "close": price}
    return tw.bars_from(days | {"volume": [1.0, 7.0]}, symbol="AAPL", calendar="XNAS", timeframe="1d", **said)


def test_bars_are_adjusted_for_their_actions():
    assert tw.adjust_bars(weekend(actions=SPLIT), "full").close.tolist() == [12.0, 12.0]


def test_prices_are_not_called_adjusted_where_no_action_is_known():
    with pytest.raises(DataError, match=r"AAPL know of no splits or dividends .* adjustment='full' if their prices"):
        tw.adjust_bars(weekend(), "full")


def test_bars_that_are_adjusted_already_are_left_as_they_are():
    bars = weekend(adjustment="full")
    assert tw.adjust_bars(bars, "full") is bars


def test_bars_are_added_up_into_longer_ones():
    assert len(tw.resample_bars(tw.synthetic_bars(start="2024-01-01", end="2024-03-31"), "1mo")) == 3


def test_unadjusted_prices_from_before_and_after_a_split_are_not_added_up():
    price = [84.0, 84.0, 12.0, 12.0]
    days = {"date": ["2014-06-05", "2014-06-06", "2014-06-09", "2014-06-10"], "open": price, "high": price}
    days |= {"low": price, "close": price, "volume": price}
    raw = tw.bars_from(days, symbol="AAPL", calendar="XNAS", timeframe="1d", actions=SPLIT)
    assert len(tw.resample_bars(raw, "1w")) == 1
    with pytest.raises(
        DataError, match=r"split of AAPL on 2014-06-09 falls inside the 5d bar .* Adjust the daily bars"
    ):
        tw.resample_bars(raw, "5d")
    assert tw.resample_bars(tw.adjust_bars(raw, "split"), "5d").close[-1] == 12.0


@pytest.mark.parametrize("call", [tw.adjust_bars, tw.resample_bars])
def test_what_is_no_bars_is_refused(call):
    with pytest.raises(ConfigError, match=r"is not Bars\. Pass what tw\.read_bars"):
        call([1.0, 2.0], "1w")


def test_the_code_of_the_reference_page_runs(project, tmp_path):
    page = (project / "docs" / "reference" / "time-and-adjustment.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert blocks
    for block in blocks:
        script = tmp_path / "block.py"
        script.write_text(block, encoding="utf-8")
        runpy.run_path(str(script))


FACTORS = """timestamp,price_factor,split_factor,reference_price
2014-06-06T00:00:00Z,0.99,0.142857,84.0
2050-12-31T00:00:00Z,1.0,1.0,0
"""


@pytest.fixture
def factors(tmp_path):
    (tmp_path / "factors.csv").write_text(FACTORS)
    return tmp_path / "factors.csv"


def test_printed_factors_are_applied_to_their_last_digit(factors):
    full = tw.adjust_bars(weekend(), "full", factors=factors)
    assert full.close.tolist() == [84.0 * (0.142857 * 0.99), 12.0]
    assert full.volume.tolist() == [1.0 / 0.142857, 7.0]
    assert (full.adjustment, full.actions.is_empty) == ("full", True)


def test_the_price_factor_is_left_out_where_only_splits_are_asked_for(factors):
    split = tw.adjust_bars(weekend(actions=SPLIT), "split", factors=factors)
    assert split.close.tolist() == [84.0 * 0.142857, 12.0]
    assert len(split.actions.split_days) == 0


def test_factors_are_for_unadjusted_prices_of_single_days_that_they_reach(factors):
    with pytest.raises(DataError, match="adjustment='full'"):
        tw.adjust_bars(weekend(adjustment="full"), "split", factors=factors)
    with pytest.raises(DataError, match=r"lasts 1w.* Scale the daily bars"):
        tw.adjust_bars(tw.resample_bars(tw.synthetic_bars(bars=30), "1w"), "full", factors=factors)
    factors.write_text(FACTORS.replace("2050-12-31", "2014-06-07"))
    with pytest.raises(DataError, match="end on 2014-06-07, before the bars of AAPL do"):
        tw.adjust_bars(weekend(), "full", factors=factors)
    with pytest.raises(ConfigError, match="'raw' is nothing that factors can make"):
        tw.adjust_bars(weekend(), "raw", factors=factors)
