"""Origins: bars say where they come from, and come again from there."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.command_line import csv_of

import tradewright as tw
from tradewright.domain.actions import ActionKind, CorporateAction, actions_of
from tradewright.domain.errors import DataNotAvailableError
from tradewright.face.bars_again import OriginReader


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ACME.csv"
    path.write_text(csv_of())
    return path


def again(bars: tw.Bars) -> tw.Bars:
    return OriginReader()(json.loads(json.dumps(dict(bars.origin))))


def test_bars_of_a_file_come_again_from_another_folder(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    bars = tw.read_bars("ACME.csv", symbol="ACME", calendar="24/7", timeframe="1d")
    monkeypatch.chdir("/")
    assert (bars.origin["kind"], bars.origin["path"]) == ("file", str(file))
    assert again(bars).fingerprint == bars.fingerprint


def test_every_statement_comes_again(file: Path) -> None:
    rows = file.read_text().splitlines()
    rows[5] = rows[5].replace(",100000", ",-1")
    file.write_text("\n".join(rows))
    instrument = tw.Crypto("X", "VENUE", currency="EUR", tick=0.5)
    with pytest.warns(UserWarning, match="left out"):
        bars = tw.read_bars(
            file, instrument=instrument, timeframe=tw.Timeframe.parse("1d"), bad_rows="drop",
            columns={"close": "close"}, actions=tw.Actions(np.array([19_730]), np.array([2.0])),
        )  # fmt: skip
    found = again(bars)
    assert (found.fingerprint, found.instrument) == (bars.fingerprint, instrument)


def test_what_was_said_of_actions_comes_again(file: Path) -> None:
    split = CorporateAction(kind=ActionKind.SPLIT, symbol="ACME", day=19_730, source="me", ratio=2.0, known_ns=7)
    bars = tw.read_bars(
        file, symbol="ACME", calendar="24/7", timeframe="1d", actions=actions_of([split], "USD")
    )  # fmt: skip
    assert bars.actions.announced == (split,)
    assert again(bars).actions.announced == (split,)
    assert again(bars).fingerprint == bars.fingerprint


def test_the_fingerprint_and_the_content_are_in_the_origin(file: Path) -> None:
    bars = tw.read_bars(file, symbol="ACME", calendar="24/7", timeframe="1d")
    assert bars.origin["fingerprint"] == bars.fingerprint
    assert len(bars.origin["sha256"]) == 64


def test_a_synthetic_market_comes_again_symbol_by_symbol() -> None:
    made = tw.synthetic_bars(["A", "B"], bars=50, seed=np.int64(4), timeframe=tw.Timeframe.parse("1d"))
    reader = OriginReader()
    for bars in made.values():
        assert reader(json.loads(json.dumps(dict(bars.origin)))).fingerprint == bars.fingerprint
    assert len(reader._markets) == 1


def test_what_was_done_to_bars_is_done_again(file: Path) -> None:
    split = tw.Actions(np.array([19_730]), np.array([2.0]))
    bars = tw.read_bars(file, symbol="ACME", calendar="24/7", timeframe="1d", actions=split)
    done = tw.resample_bars(tw.adjust_bars(bars, "split"), "1w")
    assert [*done.origin["then"]] == [{"adjust": "split"}, {"resample": "1w"}]
    assert again(done).fingerprint == done.fingerprint


def test_a_range_of_days_is_cut_again() -> None:
    bars = tw.synthetic_bars(bars=60)
    first, last = (str(np.datetime64(int(bars.sessions.labels[row]), "D")) for row in (10, 20))
    reader = OriginReader()
    assert reader({**bars.origin, "then": [{"days": f"{first}/{last}"}]}).fingerprint == bars.rows(10, 21).fingerprint
    assert reader({**bars.origin, "then": [{"days": f"{first}/"}]}).fingerprint == bars.rows(10, 60).fingerprint


def test_bars_in_memory_have_none() -> None:
    day = {"date": ["2024-01-01"], "open": [1.0], "high": [2.0], "low": [1.0], "close": [2.0], "volume": [5.0]}
    assert not tw.bars_from(day, symbol="ETHUSD", calendar="24/7", timeframe="1d").origin


@pytest.mark.parametrize("origin", [{}, {"kind": "cloud"}, {"kind": "file", "path": "/nowhere.csv", "statements": {}}])
def test_an_origin_that_leads_nowhere_is_a_sentence(origin: dict[str, object]) -> None:
    with pytest.raises(DataNotAvailableError):
        OriginReader()(origin)


def test_a_step_that_nobody_knows_is_a_sentence() -> None:
    bars = tw.synthetic_bars(bars=5)
    with pytest.raises(DataNotAvailableError, match="the step 'paint'"):
        OriginReader()({**bars.origin, "then": [{"paint": "red"}]})
