"""Yahoo as a kind of provider: how it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.ports.provider import Provider

if TYPE_CHECKING:
    from tradewright.adapters.providers.asking import AskingTerms
    from tradewright.ports.provider import BarProvider, ProviderAccess

__all__ = ["KIND", "YahooKind"]

_ADDRESS = "https://query2.finance.yahoo.com"
_DELAY_S = 1_200.0
_HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; tradewright)"}
"""Yahoo answers nobody who does not say that it is a browser."""


class YahooKind:
    """A `tradewright.ports.provider.ProviderKind`, without credentials.

    Its options are ``address``, and ``delay_s``, how late the slowest of its exchanges is (1200).

    Parameters
    ----------
    terms : AskingTerms, optional
        Another patience than that for the real one.
    """

    name = "yahoo"
    key_fields = ()
    option_fields = ("address", "delay_s")
    is_synthetic = False
    live: tuple[str, ...] = ()

    def __init__(self, terms: AskingTerms | None = None) -> None:
        self._terms = terms

    def open(self, access: ProviderAccess) -> BarProvider:
        """Its parts; nothing is connected yet.

        Raises
        ------
        ConfigError
            For an option that cannot be used.
        """
        from tradewright.adapters.providers.asking import Asker, AskingTerms
        from tradewright.adapters.providers.options import address_of, number_of, require_known
        from tradewright.adapters.wire.rate_limiter import Pace

        from .actions import YahooActions
        from .chart import YahooDoor
        from .history import YahooBarHistory
        from .instruments import YahooInstruments

        require_known(access, self.option_fields)
        terms = self._terms or AskingTerms(pace=Pace(per_s=1.0, burst=20.0))
        door = YahooDoor(Asker("Yahoo", address_of(access, _ADDRESS), _HEADERS, terms, access.clock))
        return Provider(
            name=access.name,
            source=access.name,
            history=YahooBarHistory(door, access.clock),
            instruments=YahooInstruments(door),
            actions=YahooActions(door, access.clock),
            delay_s=number_of(access, "delay_s", _DELAY_S),
            closing=door.close,
        )


KIND = YahooKind()
