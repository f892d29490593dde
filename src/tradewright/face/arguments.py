"""What a call from Python may be given: values of another kind are refused in a sentence, before anything runs."""

from __future__ import annotations

import datetime as dt
import math
import operator
from typing import TYPE_CHECKING, Any, TypeVar

from tradewright.domain.bars import Bars
from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "amount",
    "benchmark_bars",
    "exchange_rates",
    "finer_bars",
    "iso_date",
    "of_kind",
    "seed_number",
    "storable_text",
    "yes_or_no",
]

T = TypeVar("T")


def of_kind(name: str, value: Any, kind: type[T], hint: str) -> T:
    """The value, where it is of the kind that the argument takes.

    Raises
    ------
    ConfigError
        When it is of another kind.
    """
    if not isinstance(value, kind):
        raise ConfigError(f"{name}={value!r:.60} is not {kind.__name__}.", hint=hint)
    return value


def storable_text(name: str, value: T) -> T:
    """The value, where it is None or text that can be stored.

    Raises
    ------
    ConfigError
        When it is of another kind, or holds halves of characters.
    """
    if value is None:
        return value
    try:
        of_kind(name, value, str, "Pass text.").encode()
    except UnicodeEncodeError:
        raise ConfigError(f"{name}={value!a:.60} is not text.", hint="Leave the halves of characters out.") from None
    return value


def amount(name: str, value: Any) -> float:
    """A number.

    Raises
    ------
    ConfigError
        When it is none, or not finite.
    """
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, str) or not math.isfinite(number):
        raise ConfigError(f"{name}={value!r:.60} is not an amount.", hint="Give a finite number.")
    return number


def benchmark_bars(given: Any) -> Bars | None:
    """The bars that a run is set beside, if any.

    Raises
    ------
    ConfigError
        When they are no bars.
    """
    return None if given is None else of_kind("benchmark", given, Bars, "Pass what tw.read_bars returned.")


def yes_or_no(name: str, value: Any) -> bool:
    """True or False.

    Raises
    ------
    ConfigError
        When it is something else: any text would count as yes.
    """
    return of_kind(name, value, bool, "Pass True or False.")


def seed_number(value: Any) -> int:
    """The seed of a generator.

    Raises
    ------
    ConfigError
        When it is no whole number from 0 up.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = -1
    if number < 0:
        raise ConfigError(f"seed={value!r:.60} cannot seed a generator.", hint="Give a whole number from 0 up.")
    return number


def iso_date(name: str, value: Any) -> str | None:
    """A date as its ISO text; a `datetime.date` is taken too. Whether the text is a date is asked where it is used.

    Raises
    ------
    ConfigError
        When it is neither; an instant is no date.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    raise ConfigError(f"{name}={value!r:.60} is not a date.", hint="Write it as '2020-12-31'.")


def exchange_rates(given: Mapping[str, Any] | None) -> dict[str, Bars | float]:
    """Account currency per unit of each other currency.

    Raises
    ------
    ConfigError
        When a rate is neither bars nor a number above 0.
    """
    rates: dict[str, Bars | float] = {}
    for currency, rate in (given or {}).items():
        name = f"fx[{currency!r}]"
        rates[currency] = rate if isinstance(rate, Bars) else amount(name, rate)
        if not isinstance(rate, Bars) and rates[currency] <= 0:  # type: ignore[operator]
            raise ConfigError(f"{name}={rate!r:.60} is not a rate.", hint="Give bars, or a number above 0.")
    return rates


def finer_bars(detail: Mapping[str, Bars], series: Mapping[str, Bars]) -> Mapping[str, Bars]:
    """Bars to replay inside the trading bars.

    Raises
    ------
    ConfigError
        When they are of a symbol that the run does not trade, or not shorter than its bars.
    """
    for symbol, bars in detail.items():
        if symbol not in series:
            raise ConfigError(f"detail has bars of '{symbol}', which the run does not trade.", hint="Leave them out.")
        if not bars.timeframe < series[symbol].timeframe:
            raise ConfigError(
                f"detail has {symbol} in bars of {bars.timeframe}, the run trades on {series[symbol].timeframe}.",
                hint="Pass finer bars, or trade on the longer ones.",
            )
    return detail
