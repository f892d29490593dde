"""The clock of the exchange: its zone by calendar, its nights, its daylight saving."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from exchange_calendars.calendar_utils import _default_calendar_aliases, _default_calendar_factories
from tests.builders import daily_timeline, minute_timeline, random_walk, run_record

from tradewright.domain.instrument import Crypto
from tradewright.domain.record import RunRecord
from tradewright.reporting import zones
from tradewright.reporting.times import Times


def instants(*texts: str) -> np.ndarray:
    return np.array(texts, "datetime64[ns]").astype(np.int64)


def minutes(sessions: int) -> RunRecord:
    line = minute_timeline(sessions)
    return run_record(random_walk(len(line)), timeline=line, timeframe="1m")


def own_zone(calendar: str) -> str:
    """What a calendar says of itself; building it would take a second."""
    while calendar in _default_calendar_aliases:
        calendar = _default_calendar_aliases[calendar]
    kind = _default_calendar_factories[calendar]
    zone = kind.__dict__.get("tz", kind.tz)
    return str(zone.fget(kind) if isinstance(zone, property) else zone)


def test_every_exchange_calendar_has_the_zone_that_it_says_of_itself() -> None:
    known = {*_default_calendar_factories, *_default_calendar_aliases} - {"24/5", "24/7"}
    assert {name: zones.ZONES.get(name) for name in known} == {name: own_zone(name) for name in known}


def test_the_wall_clock_follows_daylight_saving_and_half_hours() -> None:
    noon = instants("2024-01-10T12:00", "2024-07-10T12:00")
    there = zones.local(noon, "America/New_York").astype("datetime64[ns]").astype("datetime64[m]").astype(str)
    assert there.tolist() == ["2024-01-10T07:00", "2024-07-10T08:00"]
    india = zones.local(noon[:1], "Asia/Kolkata").astype("datetime64[ns]").astype("datetime64[m]").astype(str)
    assert india.tolist() == ["2024-01-10T17:30"]


def test_an_instant_names_the_exchange_first_and_utc_second() -> None:
    record = minutes(2)
    assert Times(record).full(int(record.timeline.close_time[0]), 0) == "2020-01-06 09:31 New York · 14:31 UTC"


def test_daily_bars_are_told_by_their_session() -> None:
    record = run_record([10.0] * 3, timeline=daily_timeline(3))
    assert Times(record).full(int(record.timeline.open_time[1]), 1) == "2020-01-07"
    assert Times(record).axis == ""


def test_instruments_of_different_zones_are_told_in_utc() -> None:
    record = minutes(2)
    mixed = replace(record, instruments=(*record.instruments, Crypto("BTC")))
    assert zones.zone_of(mixed) == "UTC"
    assert Times(mixed).full(int(record.timeline.close_time[0]), 0) == "2020-01-06 14:31 UTC"


def test_nights_and_weekends_are_left_out_of_a_few_sessions_only() -> None:
    assert Times(minutes(3)).breaks == [{"bounds": ["sat", "mon"]}, {"bounds": [16.0, 9.5], "pattern": "hour"}]
    assert Times(minutes(1)).breaks == []
    assert Times(minutes(40)).breaks == []
    assert Times(run_record([10.0] * 3)).breaks == []
