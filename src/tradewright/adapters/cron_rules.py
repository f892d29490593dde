"""Cron expressions by APScheduler's arithmetic; see `tradewright.ports.cron`.

The library counts weekdays from Monday, asks for day and weekday at once, and reads over what it does not know behind a
name: here the fields are those of crontab, and what is none of them is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CrontabRule", "read_crontab"]

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_YEARS = "1970-2199"
_NUMBERS = re.compile(r"(\*|\d{1,2}|\d{1,2}-\d{1,2})(/\d{1,2})?|\d{1,2}")
_FIELDS = (
    ("minute", _NUMBERS),
    ("hour", _NUMBERS),
    ("day of the month", re.compile(rf"{_NUMBERS.pattern}|last")),
    ("month", re.compile(rf"{_NUMBERS.pattern}|({_MONTHS})(-({_MONTHS}))?")),
    ("day of the week", re.compile(r"(?P<all>\*)(?:/(?P<each>\d))?|(?P<first>[0-7]|[a-z]{3})"
                                   r"(?:-(?P<last>[0-7]|[a-z]{3})(?:/(?P<step>\d))?)?")),
)  # fmt: skip
_HINT = "Write minute, hour, day of the month, month and day of the week, as '30 18 * * mon-fri'."


@dataclass(frozen=True)
class CrontabRule:
    """An expression that was understood; see `tradewright.ports.cron.CronRule`.

    Parameters
    ----------
    triggers : tuple
        Of the library; the first of all their times counts.
    is_hourly : bool
    """

    triggers: tuple[Any, ...]
    is_hourly: bool

    def after(self, wall: dt.datetime) -> dt.datetime | None:
        """The first time later than another one."""
        begin = (wall + dt.timedelta(microseconds=1)).replace(tzinfo=dt.UTC)
        found = [time for each in self.triggers if (time := each.get_next_fire_time(None, begin)) is not None]
        return min(found).replace(tzinfo=None) if found else None


@lru_cache(maxsize=256)
def read_crontab(expression: str) -> CrontabRule:
    """Understand five fields.

    Where day of the month and day of the week are both restricted, either will do, as in crontab.

    Raises
    ------
    ConfigError
        When they are no such expression; names the field.

    Examples
    --------
    >>> read_crontab("30 18 * * 5").after(dt.datetime(2026, 11, 22))
    datetime.datetime(2026, 11, 27, 18, 30)
    """
    fields = expression.lower().split()
    if len(fields) != len(_FIELDS):
        raise ConfigError(f"when={expression!r:.80} has not five fields.", hint=_HINT)
    for (name, pattern), field in zip(_FIELDS, fields, strict=True):
        if not all(pattern.fullmatch(each) for each in field.split(",")):
            raise _refused(expression, name, field)
    minute, hour, day, month, weekday = fields
    days = {"day": day, "day_of_week": _weekdays(expression, weekday)}
    parts = [days] if day.startswith("*") or weekday.startswith("*") else [{name: days[name]} for name in days]
    triggers = tuple(_trigger(expression, {"minute": minute, "hour": hour, "month": month, **each}) for each in parts)
    return CrontabRule(triggers, hour.startswith("*"))


def _trigger(expression: str, fields: dict[str, str]) -> Any:
    from apscheduler.triggers.cron import CronTrigger

    try:
        return CronTrigger(**{"day": "*", "day_of_week": "*", **fields}, year=_YEARS, second=0, timezone=dt.UTC)
    except ValueError as error:
        raise ConfigError(f"when={expression!r:.80} cannot be understood: {error}.", hint=_HINT) from None


def _weekdays(expression: str, field: str) -> str:
    """The days by name: crontab counts them from Sunday and knows it as 0 and 7."""
    numbers = {number % 7 for each in field.split(",") for number in _meant(expression, field, each)}
    return ",".join(_DAYS[number] for number in sorted(numbers))


def _meant(expression: str, field: str, part: str) -> Iterator[int]:
    found = _FIELDS[4][1].fullmatch(part)
    if found is None:
        raise _refused(expression, "day of the week", field)
    try:
        first = 0 if found["all"] else _number(found["first"])
        last = 6 if found["all"] else _number(found["last"] or found["first"])
        # From Friday to Sunday is three days.
        last = 7 if last == 0 < first and found["last"] else last
        days = range(first, last + 1, int(found["each"] or found["step"] or 1))
    except ValueError:
        raise _refused(expression, "day of the week", field) from None
    if not days:
        raise _refused(expression, "day of the week", field)
    yield from days


def _number(day: str) -> int:
    return int(day) if day.isdecimal() else _DAYS.index(day)


def _refused(expression: str, name: str, field: str) -> ConfigError:
    return ConfigError(f"when={expression!r:.80} has no {name} in {field!r:.40}.", hint=_HINT)
