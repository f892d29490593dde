"""Interactive Brokers as a kind of broker: what it offers, and how its parts are opened for paper and for live."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.domain.bars import Adjustment
from tradewright.domain.errors import AuthenticationError, ConfigError, MissingExtraError
from tradewright.domain.live.modes import LiveKeys, Mode, PaperKeys
from tradewright.ports.broker_kind import VenueParts

from .table import FEED, LIVE_PORTS, OFFER, PAPER_ACCOUNTS, PAPER_PORTS, IbTerms

if TYPE_CHECKING:
    from tradewright.domain.live.modes import Keys
    from tradewright.domain.live.offer import Offer
    from tradewright.ports.broker_kind import Access

    from .link import Place

__all__ = ["KIND", "IbKind"]

_CLIENT = "17"
_DATA_CLIENTS_FROM = 100


class IbKind:
    """A `tradewright.ports.broker_kind.BrokerKind`.

    TWS and its gateway are logged in by a person and ask programs for no secret, so there are no credentials. The
    options are ``client_id``, the number as which orders are placed (17; bars come over another connection, numbered a
    hundred higher), and ``state``, a folder in which the numbers of orders are kept; live accounts need it.

    Parameters
    ----------
    terms : IbTerms, optional
        Other windows and paces than those of the real venue.
    """

    keeps_state = True
    """What opens it names a folder for it where the settings do not."""

    def __init__(self, terms: IbTerms | None = None) -> None:
        self._terms = terms or IbTerms()

    @property
    def name(self) -> str:
        """What users type."""
        return "ib"

    @property
    def offer(self) -> Offer:
        """What it offers."""
        return OFFER

    @property
    def key_fields(self) -> tuple[str, ...]:
        """Names of the credentials: none."""
        return ()

    def open_paper(self, keys: PaperKeys, access: Access) -> VenueParts:
        """Parts that reach a paper account and hang up on any other.

        Raises
        ------
        AuthenticationError
            For other credentials than those of a paper account, or the name of a live one.
        ConfigError
            For a port of live accounts, or an option that cannot be.
        MissingExtraError
        """
        if type(keys) is not PaperKeys:
            raise AuthenticationError("A paper account at Interactive Brokers is opened with paper credentials.")
        return self._open(access, Mode.PAPER, PAPER_PORTS, LIVE_PORTS)

    def open_live(self, keys: LiveKeys, access: Access) -> VenueParts:
        """Parts that reach a live account and hang up on any other; errors as of `open_paper`."""
        if type(keys) is not LiveKeys:
            raise AuthenticationError("A live account at Interactive Brokers is opened with live credentials.")
        if not access.options.get("state"):
            raise ConfigError(
                "Live orders at Interactive Brokers need a folder for their numbers.",
                hint="Name one in the settings: brokers.ib.options.state.",
            )
        return self._open(access, Mode.LIVE, LIVE_PORTS, PAPER_PORTS)

    def account_of(self, keys: Keys, access: Access) -> str:
        """The account that was named, or the client's number where there is only one account."""
        return f"ib-{keys.mode}-{access.account or access.options.get('client_id', _CLIENT)}"

    def _open(self, access: Access, mode: Mode, ports: tuple[int, ...], others: tuple[int, ...]) -> VenueParts:
        if find_spec("ib_async") is None:
            raise MissingExtraError(
                "Interactive Brokers needs a library that is not installed.", hint="pip install 'tradewright[ib]'"
            )
        if access.feed not in (None, FEED.name):
            raise ConfigError(f"Interactive Brokers has no feed '{access.feed}'.", hint=f"Its feed is {FEED.name}.")
        place = _place(access, mode, ports, others)
        return _parts(access, place, self._terms)


def _place(access: Access, mode: Mode, ports: tuple[int, ...], others: tuple[int, ...]) -> Place:
    """Where the gateway is.

    Raises
    ------
    AuthenticationError
    ConfigError
    """
    from .link import Place

    port = _number("port", access.addresses.get("port", str(ports[0])), 65_535)
    if port in others:
        raise ConfigError(
            f"Port {port} is where TWS keeps the other kind of account than {mode}.",
            hint=f"{mode} accounts are at {ports[0]} (TWS) and {ports[1]} (gateway).",
        )
    if access.account and access.account.startswith(PAPER_ACCOUNTS) is not (mode is Mode.PAPER):
        raise AuthenticationError(
            f"{access.account} is no {mode} account.", hint="Names of paper accounts begin with DU."
        )
    client = _number("client_id", access.options.get("client_id", _CLIENT), 1_000_000)
    return Place(access.addresses.get("host", "127.0.0.1"), port, client, mode, access.account)


def _parts(access: Access, place: Place, terms: IbTerms) -> VenueParts:
    """Two connections: one for orders, one for everything about the market."""
    from .bar_stream import IbBarStream
    from .broker import IbBroker
    from .contracts import IbInstruments
    from .history import IbBarHistory
    from .link import Link
    from .numbers import OrderNumbers
    from .quote_stream import IbQuoteStream

    clock, folder = access.clock, access.options.get("state")
    path = Path(folder) / f"ib-{place.mode}-{place.client_id}.orders" if folder else None
    streams: list[IbBarStream | IbQuoteStream] = []

    def hear(name: str, *said: Any) -> None:
        for each in streams:
            each.hear(name, *said)

    data = Link(place._replace(client_id=place.client_id + _DATA_CLIENTS_FROM), terms, clock, hear)
    instruments = IbInstruments(data)
    bars = IbBarStream(data, instruments.contracts, terms, clock)
    quotes = IbQuoteStream(data, instruments.contracts, terms, clock, bars.close_idle)
    streams += [bars, quotes]
    broker = IbBroker(
        lambda listener: Link(place, terms, clock, listener), place, terms, OrderNumbers(path), clock,
        bars.close_idle,
    )  # fmt: skip
    return VenueParts(
        broker=broker,
        instruments=instruments,
        stream=bars,
        quotes=quotes,
        history=IbBarHistory(data, instruments, terms, clock),
        adjustment=Adjustment.SPLIT,
    )


def _number(name: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:12]) <= most):
        raise ConfigError(f"The {name} of Interactive Brokers cannot be '{text}'.", hint=f"Write 1 to {most}.")
    return int(text)


KIND = IbKind()
"""What Interactive Brokers is opened by."""
