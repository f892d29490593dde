"""Yahoo's words for symbols, exchanges and kinds of instruments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from tradewright.domain.errors import BrokerError, SymbolNotFoundError
from tradewright.domain.instrument import ALWAYS_OPEN, InstrumentKind

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Place", "place_of", "symbol_of", "yahoo_symbol"]

_US = {
    "NMS": "XNAS", "NGM": "XNAS", "NCM": "XNAS", "NYQ": "XNYS", "PCX": "ARCX", "ASE": "XASE", "BTS": "BATS",
    "SNP": "SNP", "DJI": "DJI", "NIM": "NIM",
}  # fmt: skip
_ELSEWHERE = {
    "AMS": "XAMS", "ASX": "XASX", "CPH": "XCSE", "EBS": "XSWX", "FRA": "XFRA", "GER": "XETR", "HEL": "XHEL",
    "HKG": "XHKG", "JPX": "XTKS", "KSC": "XKRX", "LSE": "XLON", "MCE": "XMAD", "MIL": "XMIL", "OSL": "XOSL",
    "PAR": "XPAR", "SAO": "BVMF", "SES": "XSES", "STO": "XSTO", "TOR": "XTSE",
}  # fmt: skip
_EXCHANGES = {
    **{word: (exchange, "XNYS") for word, exchange in _US.items()},
    **{word: (exchange, exchange) for word, exchange in _ELSEWHERE.items()},
    "NSI": ("NSE", "XBOM"),
    "BSE": ("BSE", "XBOM"),
    "CCC": ("CCC", ALWAYS_OPEN),
}
"""Exchange and calendar by Yahoo's word; all US exchanges keep the same days."""

_KINDS = {
    "EQUITY": InstrumentKind.EQUITY,
    "ETF": InstrumentKind.EQUITY,
    "INDEX": InstrumentKind.INDEX,
    "CRYPTOCURRENCY": InstrumentKind.CRYPTO,
}
_HUNDREDTHS = {"GBp": "GBP", "ILA": "ILS", "ZAc": "ZAR"}
_SYMBOL = re.compile(r"[A-Z0-9^][A-Z0-9.^=-]{0,30}")
_CLASS = re.compile(r"([A-Z]{1,5})[.-]([A-D])")


class Place(NamedTuple):
    """Where an instrument is traded.

    Parameters
    ----------
    exchange, calendar : str
    zone : ZoneInfo
    kind : InstrumentKind
    currency : str
    per_unit : float
        How many of Yahoo's units make one of the currency: 100 where it quotes in pence.
    tick : float
    """

    exchange: str
    calendar: str
    zone: ZoneInfo
    kind: InstrumentKind
    currency: str
    per_unit: float
    tick: float


def yahoo_symbol(symbol: str) -> str:
    """A symbol in Yahoo's word: its own, but ``BRK-B`` for the share class ``BRK.B``.

    Raises
    ------
    SymbolNotFoundError
        When it can be none.
    """
    if not _SYMBOL.fullmatch(symbol):
        raise SymbolNotFoundError(f"'{symbol}' is no symbol of Yahoo's.", hint="Write it as AAPL, VOD.L or BTC-USD.")
    return _CLASS.sub(r"\1-\2", symbol) if _CLASS.fullmatch(symbol) else symbol


def symbol_of(symbol: str) -> str:
    """The name of the house for a symbol of Yahoo's: ``BRK.B`` for ``BRK-B``."""
    return _CLASS.sub(r"\1.\2", symbol) if _CLASS.fullmatch(symbol) else symbol


def place_of(meta: Mapping[str, Any], symbol: str) -> Place:
    """Where an instrument is traded, from what a chart says of it.

    Raises
    ------
    SymbolNotFoundError
        When it is of a kind or an exchange whose bars cannot be placed.
    BrokerError
        When the chart does not say it.
    """
    kind, word = meta.get("instrumentType"), meta.get("exchangeName")
    if kind not in _KINDS or word not in _EXCHANGES:
        raise SymbolNotFoundError(
            f"{symbol} is a {str(kind)[:30]} on '{str(word)[:30]}' at Yahoo, whose bars cannot be placed.",
            hint="Shares, indices and crypto of exchanges with a calendar can be read.",
        )
    exchange, calendar = _EXCHANGES[word]
    said = meta.get("currency")
    if not isinstance(said, str) or len(said) != 3:
        raise BrokerError(f"Yahoo does not say in which currency {symbol} is quoted.")
    currency = _HUNDREDTHS.get(said, said)
    return Place(
        exchange, calendar, _zone(meta, symbol), _KINDS[kind], currency, 100.0 if currency != said else 1.0, _tick(meta)
    )


def _zone(meta: Mapping[str, Any], symbol: str) -> ZoneInfo:
    try:
        return ZoneInfo(str(meta["exchangeTimezoneName"]))
    except (KeyError, OSError, ValueError):
        raise BrokerError(f"Yahoo does not say in which time zone {symbol} is traded.") from None


def _tick(meta: Mapping[str, Any]) -> float:
    digits = meta.get("priceHint")
    return float(f"1e-{digits}") if isinstance(digits, int) and 0 <= digits <= 10 else 0.01
