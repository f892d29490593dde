"""From what a user calls a series to its bars: as it was known, up to its end, and by the name that it bears now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.feed_stage import at
from tests.stores import FIRST_DAY, days, write
from tests.timed_bars import timed

import tradewright as tw
from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.app.stored_bars import Wanted, find, load
from tradewright.domain.actions import ActionKind, CorporateAction, actions_of
from tradewright.domain.bars import Bars
from tradewright.domain.errors import ConfigError, SymbolNotFoundError
from tradewright.domain.stored import DayRange
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE, Timeframe
from tradewright.face.bars_again import OriginReader
from tradewright.marketdata.placement import Hours


def said(kind: str, day: int, symbol: str = "ACME", **more: Any) -> CorporateAction:
    return CorporateAction(kind=ActionKind(kind), symbol=symbol, day=FIRST_DAY + day, source="vendor", **more)


TOLD = (
    said("rename", 3, "OLD", to="ACME"), said("split", 9, ratio=2.0),
    said("split", 9, ratio=4.0, known_ns=(FIRST_DAY + 15) * NS_PER_DAY), said("delisting", 20),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ParquetBarStore:
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(tmp_path))
    made = ParquetBarStore(tmp_path / "bars")
    write(made, days(20, actions=actions_of(TOLD, "USD")))
    return made


def loaded(store: ParquetBarStore, **wanted: Any) -> Bars:
    asked = Wanted(Timeframe.parse("1d"), **wanted)
    return load(store, find(store, "ACME", asked), asked)


def test_what_was_known_is_adjusted_by_what_was_known(store: ParquetBarStore) -> None:
    raw = days(20)
    before = tw.load_bars("ACME", adjustment="split", as_of="2024-01-12")
    after = tw.load_bars("ACME", adjustment="split", as_of="2024-01-18")
    assert (len(before), len(after)) == (12, 18)
    assert before.close[0] == raw.close[0] / 2
    assert after.close[0] == raw.close[0] / 4
    assert tw.load_bars("ACME", as_of="2024-01-05").actions.is_empty


def test_a_range_of_what_was_known_is_adjusted_before_it_is_cut(store: ParquetBarStore) -> None:
    part = loaded(store, adjustment=None, as_of=FIRST_DAY + 12, days=DayRange(FIRST_DAY + 2, FIRST_DAY + 5))
    assert part.sessions.labels.tolist() == [FIRST_DAY + 2, FIRST_DAY + 3, FIRST_DAY + 4]
    assert part.origin["then"] == [{"as_of": "2024-01-13"}, {"days": "2024-01-03/2024-01-05"}]


@pytest.mark.parametrize("how", [{"as_of": "2024-01-12"}, {"as_of": "2024-01-12", "adjustment": "split"}, {}])
def test_where_bars_come_from_gives_them_again(store: ParquetBarStore, how: dict[str, str]) -> None:
    bars = tw.load_bars("ACME", **how)
    again = OriginReader()(bars.origin)
    assert (again.fingerprint, again.instrument) == (bars.fingerprint, bars.instrument)


def test_hours_are_chosen_last_said_in_the_origin_and_had_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(tmp_path))
    numbers = at("2024-03-08T09:00:00") + np.arange(32) * 30 * NS_PER_MINUTE
    write(ParquetBarStore(tmp_path / "bars"), timed(tw.Equity("AAPL", "XNAS"), "30m", numbers, Hours.EXTENDED))
    said = {"timeframe": "30m", "as_of": "2024-03-08"}
    assert len(tw.load_bars("AAPL", **said, hours="extended")) == 30
    bars = tw.load_bars("AAPL", **said, hours="regular")
    assert len(bars) == 13
    assert bars.origin["then"] == [{"as_of": "2024-03-08"}, {"hours": "regular"}]
    assert OriginReader()(bars.origin).fingerprint == bars.fingerprint
    with pytest.raises(ConfigError, match="hours='night' is not a choice"):
        tw.load_bars("AAPL", timeframe="30m", hours="night")


def test_a_run_says_what_it_does_not_receive_and_full_prices_contain_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(tmp_path))
    spun = said("spinoff", 9, ratio=0.25, to="NEWCO", cash=10.0)
    write(ParquetBarStore(tmp_path / "bars"), days(20, actions=actions_of([spun], "USD")))

    def holds(ctx: Any) -> None:
        if not ctx.has_position():
            ctx.target_percent(0.5)

    def told(adjustment: str) -> list[str]:
        result = tw.backtest(holds, tw.load_bars("ACME", adjustment=adjustment))
        return [each.sentence for each in result.warnings if each.code == "data_unapplied"]

    (sentence,) = told("raw")
    assert "each share of ACME brought 0.25 of NEWCO: a run over these prices receives none of them" in sentence
    assert told("full") == []


def test_what_ended_expires_with_the_last_session_of_its_whole_series(store: ParquetBarStore) -> None:
    friday = int(days(19).close_time[-1])
    assert loaded(store).instrument.expiry_ns == friday
    assert loaded(store, days=DayRange(stop=FIRST_DAY + 5)).instrument.expiry_ns == friday


def test_a_former_name_says_the_present_one(store: ParquetBarStore) -> None:
    with pytest.raises(SymbolNotFoundError, match="OLD has been called ACME since 2024-01-04") as caught:
        tw.load_bars("OLD")
    assert "Ask for ACME" in caught.value.hint


def test_a_name_that_something_else_bears_now_is_that(store: ParquetBarStore) -> None:
    other = days(5, "OLD")
    write(store, replace(other))
    assert tw.load_bars("OLD").symbol == "OLD"
