"""What a session was begun with and is asked for otherwise is said in words."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.risk_desk import HandClock

from tradewright.adapters.providers.polygon.bar_stream import PolygonBarStream
from tradewright.app.live.feed.live import FeedSources
from tradewright.bootstrap.sessions import SessionAsk, _all_sources, _changed, _quotes
from tradewright.bootstrap.settings import load_settings
from tradewright.domain.errors import ConfigError
from tradewright.domain.live.modes import Mode, ProcessMode
from tradewright.ports.broker_kind import VenueParts

WAS: dict[str, Any] = {
    "recipes": [{"text": "a"}], "instruments": [{"symbol": "ACME"}, {"symbol": "IBM"}], "timeframe": "1m",
    "policies": {"cash": 5.0, "seed": 0}, "at_broker": True, "fills": "venue", "account": "alpaca-paper-1",
    "strategies": [{"name": "S", "params": {"units": 10}}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, None),
        ({"recipes": [{"text": "b"}]}, "another strategy: the text of S has changed since"),
        (
            {"recipes": [{"text": "b"}], "strategies": [{"name": "S", "params": {"units": 20}}]},
            "another strategy: S with units=10",
        ),
        ({"recipes": [{"text": "b"}], "strategies": [{"name": "T", "params": {}}]}, "another strategy: S"),
        ({"instruments": [{"symbol": "ACME"}]}, "other symbols: ACME, IBM"),
        ({"timeframe": "5m"}, "other timeframe: 1m"),
        ({"at_broker": False, "fills": "simulated"}, "other fills"),
        ({"account": "alpaca-paper-2"}, "other account: alpaca-paper-1"),
        ({"policies": {"cash": 5.0, "seed": 7}}, "other seed"),
    ],
)
def test_another_session_than_the_recorded_one_is_told_by_what_differs(
    change: dict[str, Any], words: str | None
) -> None:
    assert _changed(WAS, {**WAS, **change}, has_cash=True) == words


def test_cash_counts_where_it_was_said_and_not_where_the_account_has_another_by_now() -> None:
    asked = {**WAS, "policies": {"cash": 6.0, "seed": 0}}
    assert _changed(WAS, asked, has_cash=True) == "other cash: 5.0"
    assert _changed(WAS, asked, has_cash=False) is None


def sources(fallback: str, folder: Path) -> FeedSources:
    """Where a session has its bars from, with another one to fall back to."""
    (folder / "tradewright.yaml").write_text('providers: {polygon: {key: "${P}", delay_s: 0}}', encoding="utf-8")
    ask: Any = SessionAsk(
        make=list, symbols=("ACME",), timeframe="1m", broker="alpaca", mode=Mode.PAPER, policies=None,  # type: ignore[arg-type]
        name="one", fallback=fallback,
    )  # fmt: skip
    parts: Any = VenueParts(None, None, stream=object(), history=object())  # type: ignore[arg-type]
    return _all_sources(ask, parts, load_settings(folder, {"P": "canary"}), HandClock(), ProcessMode())


def test_a_provider_that_streams_bars_stands_in_for_a_broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("P", "canary")
    found = sources("polygon", tmp_path).fallback
    assert isinstance(found, PolygonBarStream)
    assert (found.feed.name, found.feed.is_delayed) == ("polygon", False)


def test_one_that_streams_none_does_not(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'synthetic' streams no bars"):
        sources("synthetic", tmp_path)


@pytest.mark.parametrize("said", ["", "quotes: false"])
def test_quotes_are_taken_only_where_the_settings_want_them(tmp_path: Path, said: str) -> None:
    (tmp_path / "tradewright.yaml").write_text(f"brokers: {{openalgo: {{{said}}}}}", encoding="utf-8")
    ask: Any = SimpleNamespace(broker="openalgo")
    assert _quotes(ask, load_settings(tmp_path, {}), *[None] * 3) is None  # type: ignore[arg-type]


def test_a_broker_without_quotes_says_so_before_anything_begins(tmp_path: Path) -> None:
    (tmp_path / "tradewright.yaml").write_text("brokers: {openalgo: {quotes: true}}", encoding="utf-8")
    ask: Any = SimpleNamespace(broker="openalgo")
    parts: Any = VenueParts(None, None)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="'openalgo' has no live quotes") as refused:
        _quotes(ask, load_settings(tmp_path, {}), parts, *[None] * 2)  # type: ignore[arg-type]
    assert "brokers.openalgo.quotes" in str(refused.value.hint)
