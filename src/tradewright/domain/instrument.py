"""Instruments: what is traded, in which grid of prices and quantities, under which calendar."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from .errors import InstrumentError

__all__ = ["ALWAYS_OPEN", "WEEKDAYS", "Crypto", "Equity", "Future", "FxPair", "Instrument", "InstrumentKind"]

ALWAYS_OPEN = "24/7"
WEEKDAYS = "24/5"

_SESSIONS_PER_YEAR = {ALWAYS_OPEN: 365, WEEKDAYS: 260}


class InstrumentKind(StrEnum):
    """What kind of thing is traded."""

    EQUITY = "equity"
    FX = "fx"
    CRYPTO = "crypto"
    FUTURE = "future"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One tradable thing, named ``EXCHANGE:SYMBOL``.

    Parameters
    ----------
    symbol, exchange : str
        Its two names; the exchange is a market identifier such as ``XNAS``.
    kind : InstrumentKind
    currency : str
        Currency of its prices.
    calendar : str or None
        Name of an exchange calendar, ``"24/7"``, ``"24/5"``, or None where not known (daily bars then refuse to load).
    lot, tick : float
        Smallest steps of quantity and of order prices.
    multiplier : float
        Money per point and unit.
    has_volume : bool
        False declares that volume is not known, which exempts it from the participation cap.
    margin, maintenance : float or None
        Money per contract for margined instruments (futures); None for paid ones.
    expiry_ns : int or None
        Instant of the last trade (UTC nanoseconds).
    venue : str or None
        Name of a venue whose cost preset applies by default.

    Raises
    ------
    InstrumentError
        When a field is impossible.
    """

    symbol: str
    exchange: str
    kind: InstrumentKind = InstrumentKind.EQUITY
    currency: str = "USD"
    calendar: str | None = None
    lot: float = 1.0
    tick: float = 0.01
    multiplier: float = 1.0
    has_volume: bool = True
    margin: float | None = None
    maintenance: float | None = None
    expiry_ns: int | None = None
    venue: str | None = None

    def __post_init__(self) -> None:
        _require_names(self)
        for name in ("lot", "tick", "multiplier"):
            _require_positive(self, name)
        for name in ("margin", "maintenance"):
            if getattr(self, name) is not None:
                _require_positive(self, name)

    @property
    def id(self) -> str:
        """The full name, ``EXCHANGE:SYMBOL``."""
        return f"{self.exchange}:{self.symbol}"

    @property
    def is_margined(self) -> bool:
        """Whether a position is secured by margin instead of paid in full."""
        return self.margin is not None

    @property
    def sessions_per_year(self) -> int:
        """Sessions used to annualise: 252 on an exchange, 260 on weekdays, 365 around the clock."""
        return _SESSIONS_PER_YEAR.get(self.calendar or "", 252)

    def without_volume(self) -> Instrument:
        """The same instrument, declared to have no known volume."""
        return replace(self, has_volume=False)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for records and configuration."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def __str__(self) -> str:
        return self.id


def _require_names(instrument: Instrument) -> None:
    for name in ("symbol", "exchange", "currency"):
        value = getattr(instrument, name)
        if not value or value != value.strip() or ":" in value:
            raise InstrumentError(f"An instrument's {name} cannot be {value!r}.", hint="Use letters without ':'.")


def _require_positive(instrument: Instrument, name: str) -> None:
    value = getattr(instrument, name)
    if not (value > 0 and math.isfinite(value)):
        raise InstrumentError(f"The {name} of {instrument.id} must be positive and finite, not {value}.")


def Equity(  # noqa: N802, PLR0913 - reads as the kind of instrument it builds, by keyword
    symbol: str,
    exchange: str = "XNYS",
    *,
    currency: str = "USD",
    calendar: str | None = None,
    fractional: bool = False,
    tick: float = 0.01,
    venue: str | None = None,
    has_volume: bool = True,
) -> Instrument:
    """A share: whole units unless `fractional`, calendar that of its exchange unless stated."""
    return Instrument(
        symbol,
        exchange,
        InstrumentKind.EQUITY,
        currency=currency,
        calendar=calendar or exchange,
        lot=1e-6 if fractional else 1.0,
        tick=tick,
        venue=venue,
        has_volume=has_volume,
    )


def FxPair(  # noqa: N802, PLR0913 - as above
    symbol: str,
    exchange: str = "FX",
    *,
    currency: str | None = None,
    calendar: str = WEEKDAYS,
    lot: float = 1.0,
    tick: float = 1e-5,
    venue: str | None = None,
) -> Instrument:
    """A currency pair such as ``EURUSD``: prices in the second currency, no known volume."""
    quote = currency or symbol[-3:]
    return Instrument(
        symbol,
        exchange,
        InstrumentKind.FX,
        currency=quote,
        calendar=calendar,
        lot=lot,
        tick=tick,
        has_volume=False,
        venue=venue,
    )


def Crypto(  # noqa: N802, PLR0913 - as above
    symbol: str,
    exchange: str = "CRYPTO",
    *,
    currency: str = "USD",
    lot: float = 1e-8,
    tick: float = 1e-8,
    venue: str | None = None,
    has_volume: bool = True,
) -> Instrument:
    """A coin or token: fractional, traded around the clock."""
    return Instrument(
        symbol,
        exchange,
        InstrumentKind.CRYPTO,
        currency=currency,
        calendar=ALWAYS_OPEN,
        lot=lot,
        tick=tick,
        venue=venue,
        has_volume=has_volume,
    )


def Future(  # noqa: N802, PLR0913 - as above
    symbol: str,
    exchange: str,
    *,
    multiplier: float,
    margin: float,
    maintenance: float | None = None,
    currency: str = "USD",
    calendar: str | None = None,
    tick: float = 0.01,
    expiry_ns: int | None = None,
    has_volume: bool = True,
    venue: str | None = None,
) -> Instrument:
    """A future: `multiplier` money per point, `margin` money per contract, settled in cash at its expiry."""
    return Instrument(
        symbol,
        exchange,
        InstrumentKind.FUTURE,
        currency=currency,
        calendar=calendar or exchange,
        tick=tick,
        multiplier=multiplier,
        margin=margin,
        maintenance=margin if maintenance is None else maintenance,
        expiry_ns=expiry_ns,
        has_volume=has_volume,
        venue=venue,
    )
