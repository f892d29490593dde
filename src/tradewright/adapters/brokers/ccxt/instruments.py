"""What the markets of an exchange are: their lots and ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import BrokerError
from tradewright.domain.instrument import Crypto

from .pairs import step_of

if TYPE_CHECKING:
    from tradewright.domain.instrument import Instrument

    from .door import Door
    from .pairs import Pairs

__all__ = ["CcxtInstruments"]


class CcxtInstruments:
    """A `tradewright.ports.bar_stream.InstrumentSource` over ccxt, of the symbols that the account is opened for.

    Parameters
    ----------
    door : Door
    pairs : Pairs
    """

    def __init__(self, door: Door, pairs: Pairs) -> None:
        self._door = door
        self._pairs = pairs

    async def instrument(self, symbol: str) -> Instrument:
        """The instrument: around the clock, in the steps of the market.

        Raises
        ------
        SymbolNotFoundError
            When there is no such market, it is paid in another currency, or the account is not opened for it.
        BrokerError
            When the exchange does not say its steps.
        """
        async with self._door.held() as made:
            market = self._pairs.tradable(made, symbol)
            lot, tick = (step_of(made, market, name) for name in ("amount", "price"))
        if lot <= 0 or tick <= 0:
            raise BrokerError(f"{self._door.plan.name} does not say in which steps {symbol} trades.")
        name = self._door.plan.name
        return Crypto(
            symbol, name.upper(), currency=market["quote"], lot=float(lot), tick=float(tick), venue=_preset(name)
        )


def _preset(name: str) -> str | None:
    """The cost preset of an exchange, where there is one."""
    return name if name == "binance" else None
