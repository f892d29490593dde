"""How long the settings keep bars, and what is needed to let them go."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.adapters.system_clock import SystemClock
from tradewright.bootstrap.bar_store import bar_store
from tradewright.bootstrap.coverage import coverage_book
from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.settings import said_settings
from tradewright.domain.errors import ConfigError
from tradewright.domain.retention import Retention, age_days
from tradewright.domain.timeframe import NS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Collection

    from tradewright.app.fetch.series import FetchDesk
    from tradewright.domain.timeframe import Timeframe

__all__ = ["KEY", "days_before", "leaving_desk"]

KEY = "storage.retention"


def days_before(age: str | None, timeframes: Collection[Timeframe]) -> dict[Timeframe, int]:
    """The day before which bars are too old, by timeframe: by an age, or where none is said, by the settings.

    Parameters
    ----------
    age : str or None
        Such as ``2y``, for the timeframes that are named, or for all that are stored.
    timeframes : collection of Timeframe
        None named means all.

    Raises
    ------
    ConfigError
        When neither an age is said nor the settings keep any of these timeframes for one.
    """
    today = SystemClock().now_ns() // NS_PER_DAY
    if age is not None:
        named = timeframes or {each.key.timeframe for each in bar_store().series()}
        return dict.fromkeys(named, today - age_days(age))
    settings = said_settings(Path.cwd(), os.environ)
    said = None if settings is None else settings.values.storage.retention
    found = Retention.parse(said or "").before(today, timeframes)
    if not found:
        raise ConfigError(
            "Nothing says how old bars may become.", hint=f"Say --older-than 2y, or {KEY}: {{1m: 2y}} in the settings."
        )
    return found


def leaving_desk() -> FetchDesk:
    """The stores, and the turns at series that those who fetch take as well."""
    from tradewright.app.fetch.series import FetchDesk
    from tradewright.bootstrap.series_turns import DutyTurns

    return FetchDesk(bar_store(), coverage_book(), DutyTurns(state_database()), SystemClock())
