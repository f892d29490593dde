"""How far bars lie behind is counted by the calendar, less what a source is late by and what it has answered."""

from __future__ import annotations

import datetime as dt

import pytest

from tradewright.domain.freshness import Standing
from tradewright.domain.instrument import Crypto, Equity, FxPair, Instrument
from tradewright.domain.spans import Spans
from tradewright.domain.timeframe import NS_PER_DAY, Timeframe
from tradewright.marketdata.freshness import Tail, freshness_of

SHARE = Equity("ACME", "XNYS")
HOUR_S = 3600.0


def ns(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp()) * 10**9


def days(first: str, stop: str) -> Spans:
    return Spans.of([(ns(first) // NS_PER_DAY, ns(stop) // NS_PER_DAY)])


def tail(timeframe: str, last: str, instrument: Instrument = SHARE) -> Tail:
    return Tail(instrument, Timeframe.parse(timeframe), ns(last))


@pytest.mark.parametrize(
    ("timeframe", "last", "now", "standing", "sessions", "bars"),
    [
        ("1d", "2024-01-19T00:00", "2024-01-22T20:59", "fresh", 0, 0),
        ("1d", "2024-01-19T00:00", "2024-01-22T21:00", "late", 1, 1),
        ("1d", "2024-01-19T00:00", "2024-01-23T21:00", "stale", 2, 2),
        ("1d", "2024-01-19T00:00", "2024-01-19T00:00", "fresh", 0, 0),
        ("1m", "2024-01-19T20:59", "2024-01-22T14:00", "fresh", 0, 0),
        ("1m", "2024-01-19T20:59", "2024-01-22T21:00", "late", 1, 390),
        ("1m", "2024-01-19T20:44", "2024-01-19T22:00", "fresh", 0, 15),
        ("1m", "2024-01-19T20:43", "2024-01-19T22:00", "late", 0, 16),
        ("1m", "2024-01-19T15:00", "2024-01-19T15:30", "late", 0, 29),
        ("1h", "2024-01-19T20:30", "2024-01-22T15:29", "fresh", 0, 0),
        ("1h", "2024-01-19T20:30", "2024-01-22T15:30", "late", 0, 1),
        ("1m", "2024-01-19T22:00", "2024-01-19T23:00", "fresh", 0, 0),
        ("1w", "2024-01-19T00:00", "2024-01-26T20:59", "fresh", 0, 0),
        ("1w", "2024-01-19T00:00", "2024-01-26T21:00", "late", 5, 1),
        ("1w", "2024-01-19T00:00", "2024-02-02T21:00", "stale", 10, 2),
        ("1M", "2024-01-31T00:00", "2024-02-29T21:00", "late", 20, 1),
    ],
)
def test_what_has_closed_since_the_last_bar_counts(
    timeframe: str, last: str, now: str, standing: str, sessions: int, bars: int
) -> None:
    found = freshness_of(tail(timeframe, last), ns(now))
    assert (found.standing.value, found.sessions, found.bars) == (standing, sessions, bars)


def test_closes_are_those_of_the_calendar_half_days_included() -> None:
    found = freshness_of(tail("1m", "2024-07-03T16:00"), ns("2024-07-03T20:00"))
    assert (found.last_close_ns, found.expected_close_ns) == (ns("2024-07-03T16:01"), ns("2024-07-03T17:00"))
    assert found.sentence == "59 bars are missing of the session of its last bar (2024-07-03 16:00 UTC)."


def test_the_last_bar_of_a_session_closes_with_it() -> None:
    assert freshness_of(tail("1h", "2024-01-19T20:30"), ns("2024-01-20T00:00")).last_close_ns == ns("2024-01-19T21:00")


def test_what_a_source_is_late_by_is_not_missing() -> None:
    at = ns("2024-01-22T21:10")
    assert freshness_of(tail("1d", "2024-01-19T00:00"), at).standing is Standing.LATE
    assert freshness_of(tail("1d", "2024-01-19T00:00"), at, delay_s=HOUR_S).standing is Standing.FRESH


def test_more_sessions_may_be_allowed() -> None:
    at = ns("2024-01-24T21:10")
    assert freshness_of(tail("1d", "2024-01-19T00:00"), at, allowed=3).standing is Standing.LATE
    assert freshness_of(tail("1d", "2024-01-19T00:00"), at, allowed=2).standing is Standing.STALE


def test_a_session_that_the_source_has_nothing_of_makes_no_bars_late() -> None:
    last, at = tail("1d", "2024-01-19T00:00"), ns("2024-01-22T22:00")
    assert freshness_of(last, at, answered=days("2024-01-22", "2024-01-23")).standing is Standing.FRESH
    assert freshness_of(last, at, answered=days("2024-01-18", "2024-01-22")).standing is Standing.LATE


def test_a_source_that_has_nothing_any_more_is_told_from_one_that_was_not_asked() -> None:
    last, at = tail("1d", "2024-01-19T00:00"), ns("2024-01-24T22:00")
    found = freshness_of(last, at, answered=days("2024-01-02", "2024-01-25"))
    assert found.standing is Standing.STALE
    assert "its source was asked and has none: halted, renamed or delisted" in found.sentence
    assert "asked" not in freshness_of(last, at).sentence


def test_the_rest_of_a_session_that_was_answered_is_not_missing() -> None:
    last, at = tail("1m", "2024-01-19T18:00"), ns("2024-01-20T00:00")
    assert freshness_of(last, at).standing is Standing.LATE
    assert freshness_of(last, at, answered=days("2024-01-19", "2024-01-20")).standing is Standing.FRESH


def test_nothing_is_expected_after_an_instrument_has_expired() -> None:
    from dataclasses import replace

    over = replace(SHARE, expiry_ns=ns("2024-01-19T21:00"))
    assert freshness_of(tail("1d", "2024-01-19T00:00", over), ns("2024-03-01T00:00")).standing is Standing.FRESH


def test_nothing_is_expected_from_the_day_on_which_trading_ends() -> None:
    end = ns("2024-01-22") // NS_PER_DAY
    last = Tail(SHARE, Timeframe.parse("1d"), ns("2024-01-19"), end)
    assert freshness_of(last, ns("2024-03-01T00:00")).standing is Standing.FRESH


@pytest.mark.parametrize(
    ("instrument", "last", "now", "sessions"),
    [
        (Crypto("BTC"), "2024-01-20T00:00", "2024-01-22T00:00", 1),
        (FxPair("EURUSD"), "2024-01-19T00:00", "2024-01-21T12:00", 0),
    ],
)
def test_markets_around_the_clock_count_dates(instrument: Instrument, last: str, now: str, sessions: int) -> None:
    assert freshness_of(tail("1d", last, instrument), ns(now)).sessions == sessions


@pytest.mark.parametrize(
    ("instrument", "last", "word"),
    [
        (Instrument("ACME", "OTC"), "2024-01-19T00:00", "names no calendar"),
        (Equity("ACME", "NOWHERE"), "2024-01-19T00:00", "does not reach"),
        (SHARE, "2024-02-01T00:00", "a clock is wrong"),
    ],
)
def test_what_nobody_can_know_is_unknown(instrument: Instrument, last: str, word: str) -> None:
    found = freshness_of(tail("1d", last, instrument), ns("2024-01-22T22:00"))
    assert (found.standing, found.sessions, found.expected_close_ns) == (Standing.UNKNOWN, None, None)
    assert word in found.sentence
