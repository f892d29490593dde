"""Alpaca as a kind of broker: what it offers, and how its parts are opened for paper and for live."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from typing import TYPE_CHECKING

from tradewright.domain.errors import AuthenticationError, ConfigError, MissingExtraError
from tradewright.domain.live.modes import LiveKeys, PaperKeys
from tradewright.ports.broker_kind import VenueParts

from .addresses import live_addresses, paper_addresses
from .table import FEEDS, OFFER, AlpacaTerms, terms_with

if TYPE_CHECKING:
    from tradewright.domain.live.modes import Keys
    from tradewright.domain.live.offer import Offer
    from tradewright.ports.broker_kind import Access

    from .addresses import Addresses

__all__ = ["KIND", "AlpacaKind"]

_LIBRARIES = ("httpx", "msgpack", "websockets")


class AlpacaKind:
    """A `tradewright.ports.broker_kind.BrokerKind`.

    Parameters
    ----------
    terms : AlpacaTerms, optional
        Other windows, paces and pages than those of the real venue.
    """

    def __init__(self, terms: AlpacaTerms | None = None) -> None:
        self._terms = terms or AlpacaTerms()

    @property
    def name(self) -> str:
        """What users type."""
        return "alpaca"

    @property
    def offer(self) -> Offer:
        """What it offers."""
        return OFFER

    @property
    def key_fields(self) -> tuple[str, ...]:
        """Names of the credentials."""
        return ("key", "secret")

    def open_paper(self, keys: PaperKeys, access: Access) -> VenueParts:
        """Parts that reach the paper account.

        Raises
        ------
        AuthenticationError
            For other credentials than those of a paper account.
        ConfigError
            For an address that leads elsewhere, or a feed that there is not.
        MissingExtraError
        """
        if type(keys) is not PaperKeys:
            raise AuthenticationError("A paper account at Alpaca is opened with paper credentials.")
        return self._open(keys, access, paper_addresses(access.addresses))

    def open_live(self, keys: LiveKeys, access: Access) -> VenueParts:
        """Parts that reach the live account; errors as of `open_paper`."""
        if type(keys) is not LiveKeys:
            raise AuthenticationError("A live account at Alpaca is opened with live credentials.")
        return self._open(keys, access, live_addresses(access.addresses))

    def account_of(self, keys: Keys, access: Access) -> str:
        """The account that was named, or a mark of the key's id: name it where keys are changed from time to time."""
        mark = access.account or hashlib.sha256(keys.get("key").encode()).hexdigest()[:16]
        return f"alpaca-{keys.mode}-{mark}"

    def _open(self, keys: Keys, access: Access, addresses: Addresses) -> VenueParts:
        if any(find_spec(name) is None for name in _LIBRARIES):
            raise MissingExtraError(
                "Alpaca needs libraries that are not installed.", hint="pip install 'tradewright[alpaca]'"
            )
        name = access.feed or next(iter(FEEDS))
        if name not in FEEDS:
            raise ConfigError(f"Alpaca has no feed '{name}'.", hint=f"Its feeds are {', '.join(FEEDS)}.")
        from tradewright.adapters.wire.rate_limiter import TokenBucketRateLimiter

        from .actions import AlpacaActions
        from .bar_stream import AlpacaBarStream
        from .broker import AlpacaBroker
        from .data_socket import data_socket
        from .door import Door
        from .history import AlpacaBarHistory
        from .instruments import AlpacaInstruments
        from .quote_stream import AlpacaQuoteStream
        from .time import venue_time
        from .updates import Updates

        terms, clock, feed = terms_with(self._terms, access.options), access.clock, FEEDS[name]
        limiter = TokenBucketRateLimiter(terms.pace, clock)
        trading = Door(addresses.trading, keys, terms, limiter, clock, is_kept=True)
        assets = Door(addresses.trading, keys, terms, limiter, clock)
        data = Door(addresses.data, keys, terms, TokenBucketRateLimiter(terms.data_pace, clock), clock)
        socket = data_socket(addresses.data_stream, feed, keys, terms)
        return VenueParts(
            broker=AlpacaBroker(trading, Updates(addresses.stream, keys, terms), terms),
            instruments=AlpacaInstruments(assets),
            stream=AlpacaBarStream(socket, feed, clock),
            quotes=AlpacaQuoteStream(socket, feed, clock),
            history=AlpacaBarHistory(data, feed, clock, terms.bars_page),
            actions=AlpacaActions(data, assets, terms.bars_page),
            listed=AlpacaInstruments(assets, is_for_history=True),
            time=lambda: venue_time(assets),
        )


KIND = AlpacaKind()
