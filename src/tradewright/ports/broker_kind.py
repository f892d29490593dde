"""The socket for kinds of brokers: what one offers, which credentials it needs, and how its parts are opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from tradewright.domain.bars import Adjustment

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tradewright.domain.live.modes import Keys, LiveKeys, PaperKeys
    from tradewright.domain.live.offer import Offer

    from .bar_stream import BarHistory, BarStream, InstrumentSource
    from .broker import Broker
    from .clock import Clock
    from .provider import ActionSource
    from .quote_stream import QuoteStream

__all__ = ["Access", "BrokerKind", "VenueParts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a venue is reached, besides the credentials.

    Parameters
    ----------
    clock : Clock
    account : str
        Which account, where the credentials reach several.
    feed : str, optional
        Name of the feed of bars; the kind's first one where it is left out.
    addresses : mapping of str to str
        Other addresses than the venue's own, by what they are for (``"trading"``, ``"data"``, ``"stream"``,
        ``"data_stream"``, ``"host"``, ``"port"``): a local venue, a proxy, another region.
    options : mapping of str to str
        What only this kind of broker knows, such as ccxt's ``exchange``.
    """

    clock: Clock
    account: str = ""
    feed: str | None = None
    addresses: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VenueParts:
    """The parts of one opened venue; a kind without bars has no stream or no history, one without quotes no quotes.

    `adjustment` is what the prices of its history contain. `time` asks the venue what time it is, UTC nanoseconds,
    where it says so. `listed` knows also what is traded no more, where the venue has the bars of it.
    """

    broker: Broker
    instruments: InstrumentSource
    stream: BarStream | None = None
    history: BarHistory | None = None
    time: Callable[[], Awaitable[int]] | None = None
    actions: ActionSource | None = None
    listed: InstrumentSource | None = None
    quotes: QuoteStream | None = None
    adjustment: Adjustment = Adjustment.RAW


class BrokerKind(Protocol):
    """One kind of broker, registered by its name.

    Opening connects nothing yet and sends nothing. Paper and live are two methods that take two types of credentials,
    so that no value of a variable can turn one into the other: an adapter that was opened for paper has no live
    address in it.
    """

    @property
    def name(self) -> str:
        """What users type."""
        ...

    @property
    def offer(self) -> Offer:
        """What it offers."""
        ...

    @property
    def key_fields(self) -> tuple[str, ...]:
        """Names of the credentials it needs, such as ``("key", "secret")``."""
        ...

    def open_paper(self, keys: PaperKeys, access: Access) -> VenueParts:
        """Parts that reach the paper account.

        Raises
        ------
        ConfigError
            When this kind has no paper account, or an address contradicts it.
        """
        ...

    def open_live(self, keys: LiveKeys, access: Access) -> VenueParts:
        """Parts that reach the live account."""
        ...

    def account_of(self, keys: Keys, access: Access) -> str:
        """A name for the account under which its journal is kept: the same whenever it is opened, without a secret."""
        ...
