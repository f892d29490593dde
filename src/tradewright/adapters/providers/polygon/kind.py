"""Polygon as a kind of provider: how it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.live.feed import FeedKind
from tradewright.ports.provider import Provider

if TYPE_CHECKING:
    from tradewright.adapters.providers.asking import AskingTerms
    from tradewright.ports.provider import BarProvider, ProviderAccess

__all__ = ["KIND", "PolygonKind"]

_ADDRESS = "https://api.massive.com"
_STREAMS = {True: "wss://delayed.massive.com", False: "wss://socket.massive.com"}
"""For plans whose data are late, and for the others."""
_DELAY_S = 900.0
_PER_MINUTE = 300.0


class PolygonKind:
    """A `tradewright.ports.provider.ProviderKind`.

    Its options are ``address`` and ``stream_address``; ``delay_s``, how late the plan of the key is (900); and
    ``per_minute``, how many requests it allows (300).

    Parameters
    ----------
    terms : AskingTerms, optional
        Another patience than that for the real one.
    page : int
        Bars of one page.
    """

    name = "polygon"
    key_fields = ("key",)
    option_fields = ("address", "stream_address", "delay_s", "per_minute")
    is_synthetic = False
    live = ("bars", "quotes")

    def __init__(self, terms: AskingTerms | None = None, page: int = 50_000) -> None:
        self._terms = terms
        self._page = page

    def open(self, access: ProviderAccess) -> BarProvider:
        """Its parts; nothing is connected yet.

        Raises
        ------
        ConfigError
            For an option that cannot be used.
        AuthenticationError
            When there is no key.
        """
        from tradewright.adapters.providers.asking import Asker
        from tradewright.adapters.providers.options import address_of, number_of, require_known

        from .actions import PolygonActions
        from .bar_stream import PolygonBarStream
        from .data_socket import data_socket
        from .door import PolygonDoor
        from .history import PolygonBarHistory
        from .instruments import PolygonInstruments
        from .quote_stream import PolygonQuoteStream

        require_known(access, self.option_fields)
        key = access.keys.get("key")
        asker = Asker(
            "Polygon", address_of(access, _ADDRESS), {"Authorization": f"Bearer {key}"},
            self._terms or _terms(access), access.clock, secrets=(key,),
        )  # fmt: skip
        door = PolygonDoor(asker)
        delay_s = number_of(access, "delay_s", _DELAY_S)
        place = address_of(access, _STREAMS[delay_s > 0], "stream_address")
        socket, feed = data_socket(f"{place}/stocks", key, asker.shown), FeedKind(access.name, delay_s)
        return Provider(
            name=access.name,
            source=access.name,
            history=PolygonBarHistory(door, access.clock, self._page),
            instruments=PolygonInstruments(door),
            actions=PolygonActions(door),
            stream=PolygonBarStream(socket, feed, access.clock),
            quotes=PolygonQuoteStream(socket, feed, access.clock),
            delay_s=delay_s,
            closing=door.close,
        )


def _terms(access: ProviderAccess) -> AskingTerms:
    from tradewright.adapters.providers.asking import AskingTerms
    from tradewright.adapters.providers.options import number_of
    from tradewright.adapters.wire.rate_limiter import Pace

    per_minute = max(1.0, number_of(access, "per_minute", _PER_MINUTE))
    return AskingTerms(pace=Pace(per_s=per_minute / 60.0, burst=max(1.0, min(per_minute, 50.0) - 1)))


KIND = PolygonKind()
