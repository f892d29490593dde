"""Shares as Interactive Brokers knows them: symbols to contracts and back, and what they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import BrokerError, SymbolNotFoundError
from tradewright.domain.instrument import Instrument, InstrumentKind

if TYPE_CHECKING:
    from ib_async.contract import Contract, ContractDetails

    from .link import Link

__all__ = ["Contracts", "IbInstruments", "symbol_of"]

_SYMBOL = re.compile(r"([A-Z0-9]{1,12}(?:\.[A-Z0-9]{1,2})?)(?:\.([A-Z]{3}))?", re.ASCII)
_UNKNOWN = "200"
_EXCHANGES = {
    "NASDAQ": "XNAS",
    "NYSE": "XNYS",
    "ARCA": "ARCX",
    "AMEX": "XASE",
    "BATS": "BATS",
    "TSE": "XTSE",
    "LSE": "XLON",
    "LSEETF": "XLON",
    "IBIS": "XETR",
    "IBIS2": "XETR",
    "SBF": "XPAR",
    "AEB": "XAMS",
    "EBS": "XSWX",
    "BVME": "XMIL",
    "BM": "XMAD",
    "TSEJ": "XTKS",
    "SEHK": "XHKG",
    "ASX": "XASX",
    "NSE": "XNSE",
}
_CALENDARS = {"XNAS": "XNYS", "ARCX": "XNYS", "XASE": "XNYS", "BATS": "XNYS"}


class Contracts:
    """Contracts by symbol, asked for once.

    A symbol is that of the share, ``AAPL`` or ``BRK.B``, and names its currency where it is another than the usual one:
    ``VOD.GBP``.

    Parameters
    ----------
    link : Link
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._known: dict[str, ContractDetails] = {}

    async def details(self, symbol: str) -> ContractDetails:
        """What is told of a share.

        Raises
        ------
        SymbolNotFoundError
            When there is none, or more than one.
        BrokerError
            When there was no answer.
        """
        if symbol not in self._known:
            self._known[symbol] = await self._asked(symbol)
        return self._known[symbol]

    async def contract(self, symbol: str) -> Contract:
        """The contract that orders and bars of a share name; errors as of `details`."""
        contract = (await self.details(symbol)).contract
        if contract is None:
            raise BrokerError(f"Interactive Brokers told of {symbol} without its contract.")
        return contract

    async def _asked(self, symbol: str) -> ContractDetails:
        from ib_async.contract import Stock

        found = _SYMBOL.fullmatch(symbol)
        if found is None:
            raise SymbolNotFoundError(
                f"'{symbol}' is no symbol of a share.", hint="Write AAPL, BRK.B, or with a currency VOD.GBP."
            )
        wanted = Stock(found[1].replace(".", " "), "SMART", found[2] or self._link.terms.currency)
        try:
            rows = await self._link.ask_numbered(lambda client, number: client.reqContractDetails(number, wanted))
        except BrokerError as error:
            if error.broker_code != _UNKNOWN:
                raise
            rows = []
        if len({row[0].contract.conId for row in rows}) != 1:
            raise SymbolNotFoundError(
                f"Interactive Brokers knows {'several shares' if rows else 'no share'} {symbol} "
                f"in {wanted.currency}."
            )  # fmt: skip
        details: ContractDetails = rows[0][0]
        return details


def symbol_of(contract: Any, currency: str) -> str:
    """Our symbol of a contract; what is no share is named by its kind.

    Parameters
    ----------
    contract
        Of the library's.
    currency : str
        Of shares whose symbol names none.
    """
    if contract.secType != "STK":
        return f"{contract.secType}.{contract.localSymbol or contract.symbol}"
    name = str(contract.symbol).replace(" ", ".")
    return name if contract.currency == currency else f"{name}.{contract.currency}"


class IbInstruments:
    """A `tradewright.ports.bar_stream.InstrumentSource` of shares.

    Parameters
    ----------
    link : Link
        Opened when it is first needed.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self.contracts = Contracts(link)

    async def instrument(self, symbol: str) -> Instrument:
        """The instrument behind a symbol, in whole shares.

        Raises
        ------
        SymbolNotFoundError
            When it is unknown, or its exchange has no calendar here.
        BrokerError
            When there was no answer.
        """
        await self._link.ensure_open()
        told = await self.contracts.details(symbol)
        contract = await self.contracts.contract(symbol)
        exchange = _EXCHANGES.get(contract.primaryExchange)
        if exchange is None:
            raise SymbolNotFoundError(
                f"{symbol} is listed at '{contract.primaryExchange}', which has no calendar here."
            )
        return Instrument(
            symbol,
            exchange,
            InstrumentKind.EQUITY,
            currency=contract.currency,
            calendar=_CALENDARS.get(exchange, exchange),
            tick=float(told.minTick),
            venue="ib",
        )
