"""OpenAlgo as a kind of broker: what it offers, and how its parts are opened."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tradewright.domain.errors import AuthenticationError, ConfigError, MissingExtraError
from tradewright.domain.live.modes import LiveKeys, PaperKeys

from .table import OFFER, OpenAlgoTerms

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from tradewright.domain.live.modes import Keys
    from tradewright.domain.live.offer import Offer
    from tradewright.ports.broker_kind import Access, VenueParts

__all__ = ["KIND", "OpenAlgoKind"]

_HOST = "http://127.0.0.1:5000"
_DEFAULTS = {
    "exchange": "NSE",
    "derivatives": "NFO",
    "product": "CNC",
    "zone": "Asia/Kolkata",
    "calendar": "XBOM",
    "currency": "INR",
}
_PRODUCTS = ("CNC", "MIS", "NRML")


class OpenAlgoKind:
    """A `tradewright.ports.broker_kind.BrokerKind`.

    Its address is ``host``. Its options are ``exchange`` (NSE) and ``derivatives`` (NFO) of symbols that name none,
    ``product`` (CNC, MIS or NRML), ``zone`` and ``calendar`` of the venue's times, and ``currency``.

    Parameters
    ----------
    terms : OpenAlgoTerms, optional
        Other windows and paces than those of the real venue.
    """

    def __init__(self, terms: OpenAlgoTerms | None = None) -> None:
        self._terms = terms or OpenAlgoTerms()

    @property
    def name(self) -> str:
        """What users type."""
        return "openalgo"

    @property
    def offer(self) -> Offer:
        """What it offers."""
        return OFFER

    @property
    def key_fields(self) -> tuple[str, ...]:
        """Names of the credentials."""
        return ("apikey",)

    def open_paper(self, keys: PaperKeys, access: Access) -> VenueParts:
        """Parts that reach a sandbox of Tradewright; to any other server they send no order.

        Raises
        ------
        AuthenticationError
            For other credentials than those of paper.
        ConfigError
            For an unknown address or option.
        MissingExtraError
        """
        if type(keys) is not PaperKeys:
            raise AuthenticationError("OpenAlgo is opened for paper with paper credentials.")
        return self._open(keys, access)

    def open_live(self, keys: LiveKeys, access: Access) -> VenueParts:
        """Parts that reach the account behind the server; errors as of `open_paper`."""
        if type(keys) is not LiveKeys:
            raise AuthenticationError("OpenAlgo is opened for live with live credentials.")
        return self._open(keys, access)

    def account_of(self, keys: Keys, access: Access) -> str:
        """The account that was named, or a mark of the key: name it where keys are changed from time to time."""
        mark = access.account or hashlib.sha256(keys.get("apikey").encode()).hexdigest()[:16]
        return f"openalgo-{keys.mode}-{mark}"

    def _open(self, keys: Keys, access: Access) -> VenueParts:
        if find_spec("httpx") is None:
            raise MissingExtraError(
                "OpenAlgo needs a library that is not installed.", hint="pip install 'tradewright[openalgo]'"
            )
        keys.get("apikey")
        said = _options(access)
        from tradewright.adapters.wire.rate_limiter import TokenBucketRateLimiter
        from tradewright.ports.broker_kind import VenueParts

        from .broker import OpenAlgoBroker, OpenAlgoWords
        from .door import Door
        from .history import OpenAlgoBarHistory, OpenAlgoInstruments
        from .words import Names

        terms, clock, zone = self._terms, access.clock, _zone(said["zone"])
        names = Names(said["exchange"], said["derivatives"])
        host, limiter = _host(access), TokenBucketRateLimiter(terms.pace, clock)
        orders = Door(host, keys, terms, limiter, clock, is_kept=True)
        data = Door(host, keys, terms, limiter, clock)
        words = OpenAlgoWords(names=names, product=said["product"], zone=zone)
        return VenueParts(
            broker=OpenAlgoBroker(orders, words, terms, clock),
            instruments=OpenAlgoInstruments(data, names, said["calendar"], said["currency"]),
            history=OpenAlgoBarHistory(data, names, said["calendar"], zone, clock),
        )


def _options(access: Access) -> dict[str, str]:
    unknown = sorted(access.options.keys() - _DEFAULTS.keys())
    if unknown:
        raise ConfigError(f"OpenAlgo has no option '{unknown[0]}'.", hint=f"It has {', '.join(_DEFAULTS)}.")
    if access.feed is not None:
        raise ConfigError(f"OpenAlgo has no feed '{access.feed}'.", hint="Take 'feed' out of its settings.")
    said = _DEFAULTS | dict(access.options)
    if said["product"] not in _PRODUCTS:
        raise ConfigError(f"OpenAlgo has no product '{said['product']}'.", hint=f"It has {', '.join(_PRODUCTS)}.")
    return said


def _host(access: Access) -> str:
    unknown = sorted(access.addresses.keys() - {"host"})
    if unknown:
        raise ConfigError(f"OpenAlgo has no address '{unknown[0]}'.", hint="It has host.")
    host = access.addresses.get("host", _HOST).rstrip("/")
    parts = urlsplit(host)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.username:
        raise ConfigError("The host address of OpenAlgo cannot be used.", hint=f"Write it as {_HOST}.")
    return host


def _zone(name: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise ConfigError(f"There is no time zone '{name}'.", hint="Write it as Asia/Kolkata.") from None


KIND = OpenAlgoKind()
