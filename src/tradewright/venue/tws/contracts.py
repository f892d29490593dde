"""The contracts of a gateway: its symbols with their numbers, and what is told of them."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from tradewright.venue.refusals import Refusal, Why

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.instrument import Instrument
    from tradewright.venue.exchange import SandboxVenue

__all__ = ["Contracts"]

_LISTED = {"XNAS": "NASDAQ", "XNYS": "NYSE", "XLON": "LSE", "XETR": "IBIS", "XTKS": "TSEJ", "ARCX": "ARCA"}


class Contracts:
    """What the tape's symbols are to a client of the gateway: shares, each with a number that it always has."""

    def __init__(self, venue: SandboxVenue) -> None:
        tracks = venue.tape.market.tracks
        self._instruments: dict[str, Instrument] = {
            symbol: tracks[number].bars.instrument for number, symbol in enumerate(venue.tape.market.symbols)
        }
        self._symbols = {self.number_of(symbol): symbol for symbol in self._instruments}

    @staticmethod
    def number_of(symbol: str) -> int:
        """The number of a symbol's contract."""
        return zlib.crc32(symbol.encode()) >> 1

    def symbol_of(self, said: Mapping[str, str]) -> str:
        """The symbol that a client means, by the number of its contract or by its name.

        Raises
        ------
        Refusal
            When there is no such share.
        """
        number = int(said.get("conId") or 0)
        symbol = self._symbols.get(number, "") if number else said.get("symbol", "")
        instrument = self._instruments.get(symbol)
        wanted = said.get("currency") or None
        if instrument is None or wanted not in (None, instrument.currency) or said.get("secType") not in ("STK", ""):
            raise Refusal(Why.UNKNOWN_SYMBOL, "No security definition has been found for the request")
        return symbol

    def fields(self, symbol: str) -> dict[str, Any]:
        """A contract as messages carry it."""
        return {
            "conId": self.number_of(symbol),
            "symbol": symbol,
            "currency": self._instruments[symbol].currency,
            "localSymbol": symbol,
            "tradingClass": symbol,
        }

    def tick(self, symbol: str) -> float:
        """The smallest step of a symbol's price."""
        return self._instruments[symbol].tick

    def details(self, symbol: str) -> dict[str, Any]:
        """What is told of a contract on request."""
        instrument = self._instruments[symbol]
        return {
            **self.fields(symbol),
            "marketName": symbol,
            "minTick": instrument.tick,
            "orderTypes": "LMT,MKT,STP,STPLMT",
            "validExchanges": "SMART",
            "longName": f"SANDBOX {symbol}",
            "primaryExchange": _LISTED.get(instrument.exchange, instrument.exchange),
            "timeZoneId": "UTC",
            "minSize": instrument.lot,
            "sizeIncrement": instrument.lot,
            "suggestedSizeIncrement": instrument.lot,
        }
