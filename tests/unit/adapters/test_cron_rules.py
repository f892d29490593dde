"""Expressions of crontab: what they mean, where the library means something else, and what is refused."""

from __future__ import annotations

import datetime as dt
from itertools import islice

import pytest

from tradewright.adapters.cron_rules import read_crontab
from tradewright.domain.errors import ConfigError

SUNDAY = dt.datetime.fromisoformat("2026-11-01")


def times(expression: str, count: int = 4, after: dt.datetime = SUNDAY) -> list[str]:
    def each():
        at = after
        while (found := read_crontab(expression).after(at)) is not None:
            yield (at := found)

    return [f"{at:%a %d %H:%M}" for at in islice(each(), count)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("30 18 * * *", ["Sun 01 18:30", "Mon 02 18:30", "Tue 03 18:30"]),
        ("*/20 9-10 * * mon", ["Mon 02 09:00", "Mon 02 09:20", "Mon 02 09:40"]),
        ("5,35 0 * * *", ["Sun 01 00:05", "Sun 01 00:35", "Mon 02 00:05"]),
        ("0 6 last * *", ["Mon 30 06:00", "Thu 31 06:00", "Sun 31 06:00"]),
        ("0 0 1 JAN,jul *", ["Fri 01 00:00", "Thu 01 00:00", "Sat 01 00:00"]),
    ],
)
def test_fields_are_those_of_crontab(expression: str, expected: list[str]) -> None:
    assert times(expression, 3) == expected


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("0", "Sun"), ("7", "Sun"), ("1", "Mon"), ("6", "Sat"), ("1-5", "Mon Tue Wed Thu Fri"),
        ("fri-sun", "Fri Sat Sun"),
        ("5-7", "Fri Sat Sun"), ("sun-tue", "Sun Mon Tue"), ("1-5/2", "Mon Wed Fri"), ("*/3", "Sun Wed Sat"),
        ("mon,3,FRI", "Mon Wed Fri"), ("*", "Sun Mon Tue Wed Thu Fri Sat"),
    ],
)  # fmt: skip
def test_weekdays_count_from_sunday(field: str, days: str) -> None:
    found = {each[:3] for each in times(f"0 12 * * {field}", 7)}
    assert found == set(days.split())


def test_day_and_weekday_are_either_where_both_are_said() -> None:
    """As in crontab, against the library's own reading."""
    assert times("0 0 13 * fri") == ["Fri 06 00:00", "Fri 13 00:00", "Fri 20 00:00", "Fri 27 00:00"]
    assert times("0 0 13 * */7", 2) == ["Sun 13 00:00", "Sun 13 00:00"]


def test_the_next_is_later_and_never_the_same() -> None:
    rule = read_crontab("30 18 * * *")
    due = SUNDAY.replace(hour=18, minute=30)
    assert rule.after(due - dt.timedelta(microseconds=1)) == due
    assert rule.after(due) == due + dt.timedelta(days=1)


def test_what_never_comes_is_known_soon() -> None:
    assert read_crontab("0 0 30 2 *").after(SUNDAY) is None
    assert read_crontab("0 0 29 2 *").after(SUNDAY) == dt.datetime.fromisoformat("2028-02-29")


def test_a_rhythm_names_no_hours() -> None:
    said = {each: read_crontab(each).is_hourly for each in ("* * * * *", "0 */2 * * *", "0 0-23 * * *")}
    assert said == {"* * * * *": True, "0 */2 * * *": True, "0 0-23 * * *": False}


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("60 * * * *", "60"), ("* 24 * * *", "24"), ("* * 0 * *", "day of the month|0"), ("* * 32 * *", "32"),
        ("* * * 13 *", "13"), ("* * * * 8", "day of the week"), ("*/0 * * * *", "0"), ("9-5 * * * *", "9-5"),
        ("* * * jan-jun/2 *", "month"), ("* * lastx * *", "day of the month"), ("* * * janx *", "month"),
        ("* * * * fri-mon", "day of the week"), ("* * * * */0", "day of the week"), ("* * * * x", "day of the week"),
        ("* * * * abc", "day of the week"), ("1;2 * * * *", "minute"), ("* * * *", "five fields"), ("", "five fields"),
        (", * * * *", "minute"), ("999999999 * * * *", "minute"),
    ],
)  # fmt: skip
def test_what_is_no_expression_is_refused_by_its_field(expression: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        read_crontab(expression)
