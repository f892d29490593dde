"""What a live feed does with a market, a stream and a history, in virtual time."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from tests.feed_stage import NS, ScriptedHistory, ScriptedStream, Stage, at, bars_in, rows_in, whole

import tradewright as tw
from tradewright.app.live.feed.live import LiveFeed
from tradewright.app.live.feed.settings import FeedSettings
from tradewright.app.live.feed.status import NoteKind
from tradewright.domain.bars import Bar
from tradewright.domain.errors import AuthenticationError, CalendarError, ConfigError, DataError
from tradewright.domain.live.feed import FeedKind, StreamBar
from tradewright.domain.live.modes import Mode
from tradewright.domain.live.session import SessionClosed
from tradewright.domain.timeframe import Timeframe
from tradewright.marketdata.placement import Hours

A, B = (whole(tw.Equity(name, "XNYS"), "1m", "2024-07-01", "2024-07-08") for name in "AB")
MORNING, NOON = "2024-07-02T13:29", "2024-07-02T16:00"  # the 3rd is a half day, the 4th a holiday


@pytest.fixture(autouse=True, params=[False, True], ids=["in turn", "at once"])
def at_once(request, monkeypatch):
    """Everything here holds whichever way rows are given."""
    monkeypatch.setattr(Stage, "at_once", request.param)
    return request.param


def minute(text):
    """The bar of A that closes then."""
    return next(bar for bar in A_BARS if bar.close_time == at(text))


A_BARS = [A.bar(row) for row in range(len(A))]


def one(starts=MORNING, **changes):
    """A stage with one symbol, its stream changed."""
    stage = Stage([A], starts)
    for name, value in changes.items():
        setattr(stage.stream, name, value)
    return stage


def except_for(text, *arrivals):
    """Bars come after 0.2 s, that of A which closes at an instant as stated."""
    return lambda bar: arrivals if bar.close_time == at(text) and bar.symbol == "A" else (0.2,)


def kinds(feed):
    """Kinds of the notes, without those of connecting."""
    return [each.kind for each in feed.notes if each.kind is not NoteKind.CONNECTED]


# Rows.


def test_a_row_is_given_as_soon_as_every_symbol_is_there():
    stage = Stage([A, B], MORNING)
    stage.stream.arrivals = lambda bar: (0.5,) if bar.symbol == "A" else (1.5,)
    (when, row), *_ = stage.run("2024-07-02T13:32")
    assert when == row.close_ns + 1.5 * NS
    assert [bar.symbol for bar in row.bars] == ["A", "B"]


def test_it_is_known_how_far_the_next_row_is_while_a_stream_is_open():
    stage, found = one(), []
    assert stage.build().due_in_ns() is None
    stage.run("2024-07-02T13:32", watch=lambda _: found.append(stage.feed.due_in_ns() / NS))
    assert found == pytest.approx([59.8])


def test_no_row_is_awaited_while_a_bar_waits_for_its_row():
    stage, found = Stage([A, B], MORNING), []
    stage.stream.arrivals = lambda bar: (0.5,) if bar.symbol == "A" else (1.5,)
    feed = stage.build()
    stage.loop.call_later(121.0, lambda: found.append(feed.due_in_ns()))
    stage.run("2024-07-02T13:32")
    assert found == [None]


def test_a_symbol_without_trades_has_no_bar_and_is_waited_for_no_longer_than_the_patience():
    stage = Stage([A, B], MORNING)
    stage.bars[:] = [bar for bar in stage.bars if bar.symbol == "A" or bar.close_time != at("2024-07-02T13:32")]
    stage.history = ScriptedHistory(stage.clock, stage.bars)
    found = stage.run("2024-07-02T13:35")
    assert [(when - row.close_ns) / NS for when, row in found] == [0.2, 3.0, 0.2, 0.2]
    assert [len(row.bars) for _, row in found] == [2, 1, 2, 2]


def test_a_bar_that_the_stream_lost_is_read_from_the_history_before_its_row_is_given():
    stage = one(arrivals=except_for("2024-07-02T13:32"))
    found = stage.run("2024-07-02T13:40")
    assert bars_in(found) == [bar for bar in A_BARS if at(MORNING) < bar.close_time < at("2024-07-02T13:40")]
    assert stage.feed.status.filled == 1


def test_a_market_without_trades_costs_no_requests_where_lost_bars_are_not_asked_for():
    stage = one(arrivals=except_for("2024-07-02T13:32"))
    found = stage.run("2024-07-02T13:40", settings=FeedSettings(asks_missing=False))
    assert minute("2024-07-02T13:32") not in bars_in(found)
    assert stage.history.asked == []


def test_a_late_bar_is_counted_and_never_shown():
    stage = one(arrivals=except_for("2024-07-02T13:32", 20.0))
    found = stage.run("2024-07-02T13:40", settings=FeedSettings(asks_missing=False))
    assert minute("2024-07-02T13:32") not in bars_in(found)
    assert stage.feed.status.late == 1
    assert kinds(stage.feed) == [NoteKind.LATE]


def test_a_bar_that_comes_twice_is_given_once():
    stage = one(arrivals=except_for("2024-07-02T13:32", 0.1, 0.2, 5.0))
    found = stage.run("2024-07-02T13:40")
    assert len(bars_in(found)) == len(set(bars_in(found))) == 9
    assert stage.feed.status.duplicates == 2


def test_bars_out_of_order_come_in_order():
    stage = one(arrivals=except_for("2024-07-02T13:32", 60.5))
    rows = rows_in(stage.run("2024-07-02T13:40", settings=FeedSettings(patience_s=65.0, stale_after_s=90.0)))
    assert [row.bars[0] for row in rows] == A_BARS[390 : 390 + len(rows)]
    assert all(row.acts for row in rows)


def corrected(text, after_s):
    """The bar of an instant with another close, sent as a correction."""
    return after_s, StreamBar(replace(minute(text), close=minute(text).low), is_correction=True)


def test_a_correction_after_the_row_is_recorded_and_changes_nothing():
    stage = one(arrivals=except_for("2024-07-02T13:32", 0.2, corrected("2024-07-02T13:32", 20.0)))
    found = stage.run("2024-07-02T13:40")
    assert bars_in(found) == A_BARS[390:399]
    assert stage.feed.status.corrections == 1
    assert kinds(stage.feed) == [NoteKind.CORRECTION]


def test_a_correction_before_the_row_is_what_strategies_see():
    stage = Stage([A, B], MORNING)
    held_up = except_for("2024-07-02T13:32", 0.2, corrected("2024-07-02T13:32", 0.4))
    stage.stream.arrivals = lambda bar: (1.0,) if bar.symbol == "B" else held_up(bar)
    found = stage.run("2024-07-02T13:34")
    assert next(bar.close for bar in bars_in(found) if bar.close_time == at("2024-07-02T13:32")) == 391.5


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"symbol": "Z"}, "which was not asked for"),
        ({"low": -1.0}, "has a low of -1.0"),
        ({"volume": float("inf")}, "has a volume of inf"),
        ({"close_time": at("2024-07-02T13:35")}, "lasts longer than 1m"),
    ],
)
def test_a_bar_that_cannot_be_is_refused_with_a_sentence(change, why):
    bad = StreamBar(replace(minute("2024-07-02T13:32"), **change))
    stage = one(arrivals=except_for("2024-07-02T13:32", (0.1, bad), 0.2))
    found = stage.run("2024-07-02T13:40")
    assert bars_in(found) == A_BARS[390:399]
    assert stage.feed.status.refused == 1
    assert why in stage.feed.notes[-1].sentence


def test_a_bar_that_comes_before_it_closed_is_refused():
    stage = one(arrivals=except_for("2024-07-02T13:32", -45.0, 0.2))
    assert bars_in(stage.run("2024-07-02T13:40")) == A_BARS[390:399]
    assert stage.feed.status.refused == 1


def test_a_bar_that_cannot_be_built_is_refused_and_the_stream_opened_again():
    class Broken(ScriptedStream):
        async def events(self):
            async for event in super().events():
                if isinstance(event, StreamBar) and event.bar == minute("2024-07-02T13:32") and len(self.connects) == 1:
                    Bar("A", 0, 1, 1.0, 0.5, 2.0, 1.0, 1.0)
                yield event

    stage = one()
    stage.stream = Broken(stage.clock, stage.bars)
    assert bars_in(stage.run("2024-07-02T13:40")) == A_BARS[390:399]
    assert (stage.feed.status.refused, stage.feed.status.reconnects) == (1, 1)


def test_hours_outside_the_session_are_left_out_or_belong_to_it_as_asked():
    early = [
        replace(A_BARS[0], open_time=at(f"2024-07-02T12:0{k}"), close_time=at(f"2024-07-02T12:0{k + 1}"))
        for k in (1, 3)
    ]
    for hours, found in ((Hours.REGULAR, 0), (Hours.EXTENDED, 2)):
        stage = Stage([A], "2024-07-02T12:00")
        stage.bars[:0] = early
        stage.history = ScriptedHistory(stage.clock, stage.bars)
        rows = rows_in(stage.run("2024-07-02T13:00", settings=FeedSettings(hours=hours)))
        assert [row.day for row in rows] == [19906] * found
        assert stage.feed.status.outside == 2 - found


def moved(bar, opens, symbol):
    """The bar at another minute, of another symbol."""
    return replace(bar, symbol=symbol, open_time=at(opens), close_time=at(opens) + 60 * NS)


def test_bars_before_the_session_wait_for_each_other_as_long_as_any():
    stage = Stage([A, B], "2024-07-02T12:00")
    stage.bars[:0] = [moved(A_BARS[0], "2024-07-02T12:01", name) for name in "AB"]
    stage.bars[:0] = [moved(A_BARS[0], "2024-07-02T12:05", "A")]
    stage.history = ScriptedHistory(stage.clock, stage.bars)
    stage.stream.arrivals = lambda bar: (0.2,) if bar.symbol == "A" else (1.5,)
    found = stage.run("2024-07-02T13:00", settings=FeedSettings(hours=Hours.EXTENDED))
    assert [(len(row.bars), (when - row.close_ns) / NS) for when, row in found] == [(2, 3.0), (1, 3.0)]


def test_currencies_are_quoted_from_sunday_evening_to_friday_evening():
    pair = whole(tw.FxPair("EURUSD"), "5m", "2024-07-04", "2024-07-09")
    stage = Stage([pair], "2024-07-05T20:50", timeframe="5m")
    stage.stream.heartbeat_s = 300.0
    found = stage.run("2024-07-08T01:00")
    assert bars_in(found) == [
        bar for bar in stage.bars if at("2024-07-05T20:50") <= bar.close_time < at("2024-07-08T01:00")
    ]
    assert [row.close_ns for row in rows_in(found) if row.ends] == [at("2024-07-06T00:00")]
    hours = stage.feed.hours
    assert not hours.is_open(at("2024-07-06T12:00"))
    assert hours.next_open(at("2024-07-06T12:00")) == at("2024-07-07T22:00")


# History.


def test_the_warm_up_holds_as_many_bars_of_each_symbol_and_is_not_acted_on():
    stage = Stage([A, B], MORNING)
    stage.bars[:] = [bar for bar in stage.bars if bar.symbol == "A" or bar.open_time % (7 * 60 * NS) == 0]
    stage.history = ScriptedHistory(stage.clock, stage.bars)
    rows = rows_in(stage.run("2024-07-02T13:29:30", warmup=40))
    assert not any(row.acts for row in rows)
    assert [sum(bar.symbol == name for row in rows for bar in row.bars) for name in "AB"] == [275, 40]


@pytest.mark.parametrize("began_after_s", [0.0, 1.0, 2.9, 30.0])
def test_what_closed_before_the_session_began_is_not_acted_on_however_soon_after_it_began(began_after_s):
    began = at("2024-07-02T13:40") + round(began_after_s * NS)
    stage = Stage([A], began)
    rows = rows_in(stage.run("2024-07-02T13:43", warmup=5))
    assert [row.close_ns - began > 0 for row in rows] == [row.acts for row in rows]
    assert [row.acts for row in rows][-3:] == [False, True, True]


def test_a_session_that_goes_on_acts_on_a_row_that_closed_while_it_was_away():
    stage = Stage([A], at("2024-07-02T13:40") + NS)
    last = rows_in(Stage([A], "2024-07-02T13:37:30").run("2024-07-02T13:39:30"))[-1]
    assert last.close_ns == at("2024-07-02T13:39")
    rows = rows_in(stage.run("2024-07-02T13:41:30", after=last))
    assert [(row.close_ns, row.acts) for row in rows] == [
        (at("2024-07-02T13:40"), True),
        (at("2024-07-02T13:41"), True),
    ]


def test_a_short_history_is_said():
    stage = one()
    assert len(rows_in(stage.run("2024-07-02T13:29:30", warmup=1000))) == 390
    assert stage.feed.notes[0].sentence == "The history of A holds 390 bars of 1m and 1000 were asked for."


def test_a_gap_is_filled_in_order_and_old_rows_are_not_acted_on():
    stage = one(out=((at("2024-07-02T13:35:30"), at("2024-07-02T13:50:30")),))
    found = stage.run("2024-07-02T14:00", settings=FeedSettings(hold_s=3600.0))
    assert bars_in(found) == A_BARS[390:419]
    quiet = [row.close_ns for _, row in found if not row.acts]
    assert quiet[0] == at("2024-07-02T13:36")
    assert quiet[-1] < at("2024-07-02T13:51")
    assert stage.feed.status.reconnects == 1


def test_a_row_that_was_given_grows_too_old_to_act_on_after_its_timeframe_and_the_patience():
    stage = one()
    rows = rows_in(stage.run("2024-07-02T13:33:03"))
    old = [row.close_ns for row in rows if stage.feed.is_stale(row)]
    assert old == [at("2024-07-02T13:31")]
    assert all(row.acts for row in rows)


def test_a_bar_that_waits_behind_a_gap_is_given_with_it():
    stage = one(out=((at("2024-07-02T13:35:30"), at("2024-07-02T13:38:50")),))
    found = stage.run("2024-07-02T13:45", settings=FeedSettings(hold_s=3600.0, patience_s=30.0))
    when, row = next((when, row) for when, row in found if row.close_ns == at("2024-07-02T13:39"))
    assert stage.stream.connects[-1] > at("2024-07-02T13:38:50")
    assert when == max(row.close_ns + 30 * NS, stage.stream.connects[-1])
    assert [when - row.close_ns for when, row in found if row.close_ns > at("2024-07-02T13:40")] == [0.2 * NS] * 4


def test_a_gap_waits_for_its_history_however_long_that_is_away():
    stage = one(out=((at("2024-07-02T13:35:30"), at("2024-07-02T13:40:30")),))
    stage.history.down = ((at("2024-07-02T13:35"), at("2024-07-02T14:10")),)
    found = stage.run("2024-07-02T14:20")
    assert bars_in(found) == A_BARS[390:439]
    assert stage.feed.status.availability.able_s < 20 * 60


def test_a_row_goes_without_a_bar_of_which_the_history_says_nothing():
    stage = Stage([A, B], MORNING)
    stage.stream.arrivals = except_for("2024-07-02T13:32")
    stage.history.down = ((0, 1 << 62),)
    found = stage.run("2024-07-02T13:40")
    assert [len(row.bars) for _, row in found] == [2, 1, *[2] * 7]
    assert stage.feed.status.unverified == 1


def test_while_nothing_is_connected_rows_come_from_the_history_at_last():
    stage = one(out=((0, 1 << 62),))
    found = stage.run("2024-07-02T13:40")
    when, row = found[0]
    assert when - row.close_ns == 63 * NS
    assert bars_in(found) == A_BARS[390 : 390 + len(found)]


@pytest.mark.parametrize("said", [None, Timeframe.parse("1m")])
def test_where_shorter_bars_are_streamed_rows_are_read_from_the_history_after_the_patience(said):
    fives = whole(tw.Equity("A", "XNYS"), "5m", "2024-07-02", "2024-07-03")
    stage = Stage([fives], MORNING, timeframe="5m")
    stage.stream = ScriptedStream(stage.clock, A_BARS, frames=("1m",))
    found = stage.run("2024-07-02T14:00:10", settings=FeedSettings(stream_timeframe=said))
    assert bars_in(found) == [fives.bar(row) for row in range(6)]
    assert all(row.acts and when - row.close_ns == 3 * NS for when, row in found)


def test_overnight_is_no_gap_and_no_silence():
    stage = one("2024-07-02T19:58", mute=((at("2024-07-02T20:01"), at("2024-07-03T13:29:55")),))
    found = stage.run("2024-07-03T13:33")
    assert bars_in(found) == A_BARS[777:782]
    assert stage.feed.status.reconnects == 0
    assert stage.history.asked == []


# Streams.


def test_a_mute_stream_is_noticed_after_two_heartbeats_and_opened_again():
    stage = one(mute=((at("2024-07-02T13:40:01"), at("2024-07-02T13:40:25")),))
    found = stage.run("2024-07-02T13:50")
    assert stage.stream.connects[1] == at("2024-07-02T13:40:21.2")
    assert bars_in(found) == A_BARS[390:409]
    assert "said nothing for 20 s" in stage.feed.notes[1].sentence


def test_attempts_are_spaced_out():
    stage = one(out=((at(MORNING), at("2024-07-02T13:35")),))
    stage.run("2024-07-02T13:40")
    waits = [(b - a) / NS for a, b in zip(stage.stream.connects, stage.stream.connects[1:], strict=False)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]


def with_fallback(starts=MORNING, **changes):
    """A stage whose primary is changed, with a fallback that is well."""
    stage = one(starts, **changes)
    stage.fallback = ScriptedStream(stage.clock, stage.bars, feed=FeedKind("other"))
    return stage


def test_after_two_failures_the_fallback_is_taken_and_the_primary_when_it_is_well_again():
    stage = with_fallback(out=((at("2024-07-02T13:40:30"), at("2024-07-02T13:50:30")),))
    seen = []
    found = stage.run("2024-07-02T14:10", watch=lambda status: seen.append(status.feed))
    assert bars_in(found) == A_BARS[390:429]
    assert seen == ["scripted"] * 10 + ["other"] * 11 + ["scripted"] * 18
    assert [each.sentence for each in stage.feed.notes if each.kind is NoteKind.SWITCHED] == [
        "The feed other is taken.",
        "The feed scripted is well again and taken.",
    ]
    assert not stage.fallback.is_open


def test_a_primary_that_is_well_only_for_moments_is_not_taken_back():
    flickers = tuple(
        (at("2024-07-02T13:40:30") + k * 40 * NS, at("2024-07-02T13:40:30") + (k * 40 + 30) * NS) for k in range(60)
    )
    stage = with_fallback(out=flickers)
    stage.run("2024-07-02T14:15")
    assert stage.feed.status.is_fallback


def test_nothing_stays_open_when_the_rows_are_left():
    stage = one()
    stage.run("2024-07-02T13:40")
    assert not stage.stream.is_open
    assert stage.loop.errors == []


def test_wrong_credentials_at_the_first_attempt_end_it():
    class Shut(ScriptedStream):
        async def connect(self):
            raise AuthenticationError("The venue refuses the key.")

    stage = one()
    stage.stream = Shut(stage.clock, stage.bars)
    with pytest.raises(AuthenticationError, match="refuses the key"):
        stage.run("2024-07-02T13:40")


def test_a_timeframe_that_the_feed_lacks_ends_it():
    with pytest.raises(DataError, match="no bars of 1m"):
        one(frames=("1h",)).run("2024-07-02T13:40")


# Delays.


def test_nothing_is_traded_live_on_a_delayed_feed_and_nothing_is_connected():
    stage = one(feed=FeedKind("delayed_sip", delay_s=900.0))
    with pytest.raises(ConfigError, match="delayed_sip is 900 s late by design"):
        stage.build(mode=Mode.LIVE)
    assert stage.stream.connects == []


def test_paper_takes_a_delayed_feed_says_so_and_acts_on_it():
    stage = one(feed=FeedKind("delayed_sip", delay_s=900.0), arrivals=lambda _: (900.2,))
    found = stage.run("2024-07-02T13:50", mode=Mode.PAPER)
    assert [(when - row.close_ns) / NS for when, row in found] == [900.2] * 4
    assert all(row.acts for _, row in found)
    assert stage.feed.status.delay_s == 900.0
    assert stage.feed.notes[0].sentence == "Connected to the feed delayed_sip, 900 s late by design."


# Sessions.


def test_a_half_day_ends_at_its_close():
    rows = rows_in(one("2024-07-03T16:55").run("2024-07-05T13:35"))
    assert [row.close_ns for row in rows if row.ends] == [at("2024-07-03T17:00")]
    assert [row.day for row in rows[5:7]] == [19907, 19909]


def test_a_session_whose_last_bar_never_came_is_closed_after_the_patience():
    stage = Stage([A, B], "2024-07-02T19:50")
    stage.bars[:] = [bar for bar in stage.bars if bar.symbol == "A" or bar.close_time != at("2024-07-02T20:00")]
    stage.history = ScriptedHistory(stage.clock, stage.bars)
    *_, (_, row), (when, closed) = stage.run("2024-07-02T20:10")
    assert row.ends == ("A",)
    assert closed == SessionClosed(("B",), at("2024-07-02T20:00"))
    assert when == at("2024-07-02T20:00:03")


def test_a_daily_bar_closes_with_its_session_whatever_times_the_venue_gives():
    days = whole(tw.Equity("A", "XNYS"), "1d", "2024-06-03", "2024-07-08")
    stage = Stage([days], "2024-07-01T12:00", timeframe="1d")
    midnights = [
        replace(
            bar,
            open_time=bar.open_time // (86400 * NS) * 86400 * NS + 4 * 3600 * NS,
            close_time=(bar.open_time // (86400 * NS) + 1) * 86400 * NS + 4 * 3600 * NS,
        )
        for bar in stage.bars
    ]
    by_day = dict(zip(stage.bars, midnights, strict=True))
    stage.stream.arrivals = lambda bar: ((2.0, StreamBar(by_day[bar])),)
    stage.history = ScriptedHistory(stage.clock, midnights)
    stage.stream.heartbeat_s = 300.0
    rows = rows_in(stage.run("2024-07-05T23:00", warmup=3))
    assert [bar.close_time for row in rows for bar in row.bars] == days.close_time[16:23].tolist()
    assert [row.acts for row in rows] == [False] * 3 + [True] * 4
    assert all(row.ends == ("A",) for row in rows)


# Availability.


def test_availability_counts_market_hours_and_what_of_them_was_able():
    stage = one("2024-07-02T13:00", out=((at("2024-07-02T14:00"), at("2024-07-02T14:10")),))
    stage.run("2024-07-02T15:30")
    found = stage.feed.status.availability
    assert found.market_s == pytest.approx(7200, abs=11)
    assert found.market_s - found.able_s == pytest.approx(600, abs=61)


def test_the_time_of_a_silence_is_not_counted_as_able():
    stage = one("2024-07-02T13:29:50", mute=((at("2024-07-02T13:40:01"), at("2024-07-02T13:40:31")),))
    stage.run("2024-07-02T14:00")
    found = stage.feed.status.availability
    assert found.market_s - found.able_s == pytest.approx(21, abs=1)


@pytest.mark.slow
def test_a_month_with_a_drop_every_other_day_is_able_all_but_a_thousandth_of_its_hours():
    series = whole(tw.Equity("A", "XNYS"), "5m", "2024-06-03", "2024-06-28")
    stage = Stage([series], "2024-06-03T13:00", timeframe="5m")
    drops = [at(f"2024-06-{day:02}T15:{day:02}:30") for day in range(3, 29, 2)]
    stage.stream.out = tuple((when, when + 6 * NS) for when in drops)
    stage.stream.mute = ((at("2024-06-12T17:00:30"), at("2024-06-12T17:01:30")),)
    stage.stream.heartbeat_s = 60.0
    found = stage.run("2024-06-28T22:00")
    assert len(bars_in(found)) == len(series)
    assert stage.feed.status.availability.share > 0.999


# What cannot be.


@pytest.mark.parametrize(
    ("instruments", "error"),
    [
        ([], ConfigError),
        ([tw.Equity("A"), tw.Equity("A", "XNAS")], ConfigError),
        ([replace(tw.Equity("A"), calendar=None)], CalendarError),
    ],
)
def test_instruments_that_make_no_feed_are_refused(instruments, error):
    stage = one()
    stage.instruments = instruments
    with pytest.raises(error):
        stage.build()


@pytest.mark.parametrize(
    "wrong", [{"patience_s": 0.0}, {"backoff_s": float("inf")}, {"failures": 0}, {"stale_after_s": 0.0}]
)
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(ConfigError):
        FeedSettings(**wrong)


def test_market_hours_are_known():
    hours = one().build().hours
    assert not hours.is_open(at(MORNING))
    assert hours.next_open(at(MORNING)) == at("2024-07-02T13:30")
    assert hours.is_open(at("2024-07-02T13:30"))
    assert hours.next_close(at("2024-07-03T14:00")) == at("2024-07-03T17:00")
    assert hours.next_open(at("2024-07-03T17:00")) == at("2024-07-05T13:30")
    assert isinstance(one().build(), LiveFeed)


@pytest.mark.parametrize("works_s", [0.0, 40.0])
def test_rows_come_in_order_whether_one_bar_completes_several_or_another_comes_while_they_are_worked_on(works_s):
    stage = Stage([A, B], MORNING)
    stage.works_s = works_s
    stage.stream.arrivals = lambda bar: (240.5,) if bar == late else (0.5,)
    late = next(bar for bar in stage.bars if bar.symbol == "B" and bar.close_time == at("2024-07-02T13:32"))
    rows = rows_in(stage.run("2024-07-02T13:45", settings=FeedSettings(patience_s=250.0, stale_after_s=280.0)))
    assert [row.close_ns for row in rows] == [at("2024-07-02T13:31") + minute * 60 * NS for minute in range(len(rows))]
    assert [len(row.bars) for row in rows] == [2] * len(rows)
    assert len(rows) > 10


def test_what_comes_in_the_same_turn_as_rows_that_wait_waits_behind_them():
    stage, taken = Stage([A, B], MORNING), []
    feed = stage.build(settings=FeedSettings(patience_s=500.0, stale_after_s=900.0))
    minutes = [[bar for bar in stage.bars if bar.close_time == at(f"2024-07-02T13:3{each}")] for each in (1, 2, 3)]

    async def play():
        await feed.begin()
        feed.give_at_once(taken.append)
        await asyncio.sleep(300.0)
        (first_a, first_b), second, third = minutes
        for bar in (first_a, *second, first_b, *third):
            feed._intake.heard(StreamBar(bar))
        return list(feed._all_given())

    rows = stage.loop.run(play())
    assert taken == []
    assert [list(row.bars) for row in rows] == minutes
