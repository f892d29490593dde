"""Exchanges over ccxt as a kind of broker."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from tradewright.domain.errors import AuthenticationError, ConfigError, MissingExtraError
from tradewright.domain.live.modes import LiveKeys, PaperKeys
from tradewright.ports.broker_kind import VenueParts

from .table import FEED, MEASURED, OFFER, UNMEASURED, CcxtTerms

if TYPE_CHECKING:
    from tradewright.domain.live.modes import Keys
    from tradewright.domain.live.offer import Offer
    from tradewright.ports.broker_kind import Access

__all__ = ["KIND", "CcxtKind"]

_OPTIONS = ("exchange", "quote", "symbols", "unmeasured")


class CcxtKind:
    """A `tradewright.ports.broker_kind.BrokerKind`; the option ``exchange`` names one of ccxt's, Binance by default.

    The option ``symbols`` names those that are traded, such as ``BTC/USDT,ETH/USDT``: exchanges list and look up orders
    by symbol, and only over symbols that every process knows is an order that is not found not there. ``quote`` is the
    currency that everything is paid in, USDT by default. An exchange that was not measured is traded live only with
    ``unmeasured=yes``.

    Parameters
    ----------
    terms : CcxtTerms, optional
        Other windows, paces and pages than those of the real Binance.
    """

    names_symbols = True
    """What is traded must stand in the settings, where every process finds it."""

    def __init__(self, terms: CcxtTerms | None = None) -> None:
        self._terms = terms or CcxtTerms()

    @property
    def name(self) -> str:
        """What users type."""
        return "ccxt"

    @property
    def offer(self) -> Offer:
        """What it offers."""
        return OFFER

    @property
    def key_fields(self) -> tuple[str, ...]:
        """Names of the credentials; few exchanges have a password besides."""
        return ("key", "secret", "password")

    def open_paper(self, keys: PaperKeys, access: Access) -> VenueParts:
        """Parts that reach the exchange's own sandbox.

        Raises
        ------
        AuthenticationError
            For other credentials than those of a paper account.
        ConfigError
            When the exchange is none, has no sandbox, or an address leads elsewhere.
        MissingExtraError
        """
        if type(keys) is not PaperKeys:
            raise AuthenticationError("A sandbox is opened with paper credentials.")
        return self._open(keys, access)

    def open_live(self, keys: LiveKeys, access: Access) -> VenueParts:
        """Parts that reach the live account; errors as of `open_paper`."""
        if type(keys) is not LiveKeys:
            raise AuthenticationError("A live account is opened with live credentials.")
        name = _exchange_of(access)
        if name not in MEASURED and access.options.get("unmeasured") != "yes":
            raise ConfigError(
                f"How {name} treats orders that are repeated or late was not measured, so it is not traded live.",
                hint="Open it with the option unmeasured=yes, and small.",
            )
        return self._open(keys, access)

    def account_of(self, keys: Keys, access: Access) -> str:
        """The account that was named, or a mark of the key's id: name it where keys are changed from time to time."""
        mark = access.account or hashlib.sha256(keys.get("key").encode()).hexdigest()[:16]
        return f"{_exchange_of(access)}-{keys.mode}-{mark}"

    def _open(self, keys: Keys, access: Access) -> VenueParts:
        if find_spec("ccxt") is None:
            raise MissingExtraError(
                "Exchanges for coins need a library that is not installed.", hint="pip install 'tradewright[crypto]'"
            )
        _require_known(access)
        for name in ("key", "secret"):
            keys.get(name)
        from .bar_stream import CcxtBarStream
        from .broker import CcxtBroker
        from .door import Door
        from .exchange import Blueprint
        from .history import CcxtBarHistory
        from .instruments import CcxtInstruments
        from .pairs import Pairs
        from .quote_stream import CcxtQuoteStream
        from .updates import Updates

        options, clock, name = access.options, access.clock, _exchange_of(access)
        terms = self._terms if name in MEASURED else replace(self._terms, capabilities=UNMEASURED)
        plan = Blueprint(name, keys, access.addresses, terms)
        pairs = Pairs(options.get("quote", "USDT"), _symbols_of(access))
        door, stream, quoted = (Door(plan, terms, clock) for _ in range(3))
        return VenueParts(
            broker=CcxtBroker(door, pairs, Updates(door, pairs)),
            instruments=CcxtInstruments(door, pairs),
            stream=CcxtBarStream(stream, pairs, clock),
            history=CcxtBarHistory(door, pairs, clock),
            quotes=CcxtQuoteStream(quoted, pairs, clock),
        )


def _exchange_of(access: Access) -> str:
    return access.options.get("exchange", MEASURED[0])


def _symbols_of(access: Access) -> tuple[str, ...]:
    named = tuple(each.strip() for each in access.options.get("symbols", "").split(",") if each.strip())
    if not named:
        raise ConfigError(
            "An account over ccxt says which symbols it trades, for exchanges look orders up by symbol.",
            hint='Write options: {symbols: "BTC/USDT,ETH/USDT"}; keep a symbol there until its orders are settled.',
        )
    return named


def _require_known(access: Access) -> None:
    unknown = access.options.keys() - set(_OPTIONS)
    if unknown:
        raise ConfigError(f"ccxt has no option '{min(unknown)}'.", hint=f"It has {', '.join(_OPTIONS)}.")
    if access.feed not in (None, FEED.name):
        raise ConfigError(f"ccxt has no feed '{access.feed}'.", hint=f"It has {FEED.name}.")


KIND = CcxtKind()
