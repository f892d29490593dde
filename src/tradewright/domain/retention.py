"""How long bars are kept: ages in words, and one for each timeframe."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .errors import ConfigError, TradewrightError
from .timeframe import Timeframe

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["FOREVER", "Retention", "age_days"]

FOREVER = "forever"
_AGE = re.compile(r"(\d{1,5})([dwy])", re.ASCII)
_DAYS = {"d": 1, "w": 7, "y": 365}


def age_days(text: str) -> int:
    """An age such as ``90d``, ``8w`` or ``2y`` in days; a year has 365.

    Raises
    ------
    ConfigError
        When it is none.

    Examples
    --------
    >>> age_days("2y")
    730
    """
    found = _AGE.fullmatch(text)
    if found is None:
        raise ConfigError(f"'{text}' is no age.", hint="Write days as 90d, weeks as 8w, years as 2y.")
    return int(found[1]) * _DAYS[found[2]]


@dataclass(frozen=True, slots=True)
class Retention:
    """How long bars of each timeframe are kept; what is not named, forever.

    Parameters
    ----------
    days : mapping of Timeframe to int
    """

    days: Mapping[Timeframe, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Retention:
        """From ``1m: 2y, 1d: forever``.

        Raises
        ------
        ConfigError
            When a timeframe or an age is none, or a timeframe stands twice.

        Examples
        --------
        >>> Retention.parse("1m: 2y, 1d: forever").days
        {Timeframe('1m'): 730}
        """
        said: dict[Timeframe, str] = {}
        for part in filter(None, (each.strip() for each in text.split(","))):
            timeframe, _, age = part.partition(":")
            known = _timeframe(timeframe.strip())
            if known in said:
                raise ConfigError(f"{known} is kept for two ages.", hint="Name each timeframe once.")
            said[known] = age.strip()
        return cls({timeframe: age_days(age) for timeframe, age in said.items() if age != FOREVER})

    def before(self, today: int, timeframes: Collection[Timeframe] = ()) -> dict[Timeframe, int]:
        """The day before which bars are too old, by timeframe: of those that are named, or of all.

        Parameters
        ----------
        today : int
            Days since 1970-01-01.
        timeframes : collection of Timeframe
        """
        return {each: today - days for each, days in self.days.items() if not timeframes or each in timeframes}


def _timeframe(text: str) -> Timeframe:
    try:
        return Timeframe.parse(text)
    except TradewrightError as error:
        raise ConfigError(f"'{text}' is no timeframe to keep bars of.", hint=error.hint) from error
