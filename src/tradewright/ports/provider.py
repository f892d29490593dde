"""The socket for providers of market data: what one source has of bars, quotes and actions, under one name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from tradewright.domain.bars import Adjustment

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from pathlib import Path

    from tradewright.domain.actions import CorporateAction
    from tradewright.domain.credentials import Credentials

    from .bar_stream import BarHistory, BarStream, InstrumentSource
    from .clock import Clock
    from .quote_stream import QuoteStream

__all__ = ["ActionSource", "BarProvider", "Provider", "ProviderAccess", "ProviderKind"]


class ActionSource(Protocol):
    """Corporate actions, as their source tells them now."""

    @property
    def joins_names(self) -> bool:
        """Whether the provider's history gives the bars of former names under the present one."""
        ...

    async def actions(self, symbol: str, first_day: int, stop_day: int) -> Sequence[CorporateAction]:
        """What takes effect from one day up to, and without, another (days since 1970-01-01), every page of it.

        Splits, cash dividends per share as it was paid then, changes of the name, from or to the symbol, and the end of
        trading; each with the time of its announcement where the source says it.

        Raises
        ------
        DataNotAvailableError, SymbolNotFoundError
            When the source has none for this symbol, or not for these credentials.
        BrokerError
            When there was no complete answer.
        """
        ...


class BarProvider(Protocol):
    """One opened source of market data.

    What it gives is in UTC, under the names that the house has for things, and raw unless it says otherwise.
    `history` and `instruments` may be asked between `connect` and `close`.
    """

    @property
    def name(self) -> str:
        """What users type: ``"polygon"``."""
        ...

    @property
    def source(self) -> str:
        """Its name with that of the feed, as the book of coverage and the bars know it: ``"alpaca iex"``."""
        ...

    @property
    def delay_s(self) -> float:
        """How late its bars are by design, in seconds: what is younger is not asked for."""
        ...

    @property
    def is_synthetic(self) -> bool:
        """Whether its bars are made up."""
        ...

    @property
    def adjustment(self) -> Adjustment:
        """What its prices contain: nothing, or all splits up to now where it gives no others and tells of none."""
        ...

    @property
    def history(self) -> BarHistory:
        """Bars that have closed."""
        ...

    @property
    def instruments(self) -> InstrumentSource:
        """What its symbols are."""
        ...

    @property
    def actions(self) -> ActionSource | None:
        """Corporate actions, where it has any."""
        ...

    @property
    def stream(self) -> BarStream | None:
        """Bars as they close, where it has them; opened and closed by who listens, as the quotes are."""
        ...

    @property
    def quotes(self) -> QuoteStream | None:
        """Quotes as they change, where it has them."""
        ...

    async def connect(self) -> None:
        """Make ready what has to be; harmless where nothing has.

        Raises
        ------
        BrokerError
        """
        ...

    async def close(self) -> None:
        """Let everything go; harmless where it is closed."""
        ...


async def _nothing() -> None:
    """Nothing has to be opened or closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A `BarProvider` of parts that stand ready.

    Parameters
    ----------
    name, source : str
    history : BarHistory
    instruments : InstrumentSource
    actions : ActionSource, optional
    stream : BarStream, optional
    quotes : QuoteStream, optional
    delay_s : float
    is_synthetic : bool
    adjustment : Adjustment
    opening, closing : callable
        What `connect` and `close` do.
    """

    name: str
    source: str
    history: BarHistory
    instruments: InstrumentSource
    actions: ActionSource | None = None
    stream: BarStream | None = None
    quotes: QuoteStream | None = None
    delay_s: float = 0.0
    is_synthetic: bool = False
    adjustment: Adjustment = Adjustment.RAW
    opening: Callable[[], Awaitable[None]] = _nothing
    closing: Callable[[], Awaitable[None]] = _nothing

    async def connect(self) -> None:
        """Do what has to be done first."""
        await self.opening()

    async def close(self) -> None:
        """Do what has to be done last."""
        await self.closing()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAccess:
    """How a provider is reached.

    Parameters
    ----------
    name : str
        What users type: that of the kind, or another that the settings give it.
    clock : Clock
    keys : Credentials
    options : mapping of str to str
        What the settings say beside the credentials, such as another ``address``.
    folder : Path
        From which paths among the options count.
    """

    name: str
    clock: Clock
    keys: Credentials
    folder: Path
    options: Mapping[str, str] = field(default_factory=dict)


class ProviderKind(Protocol):
    """One kind of provider, registered by its name. Opening connects nothing yet."""

    @property
    def name(self) -> str:
        """What users type."""
        ...

    @property
    def key_fields(self) -> tuple[str, ...]:
        """Names of the credentials it needs, among ``key``, ``secret`` and ``token``; none where it needs none."""
        ...

    @property
    def option_fields(self) -> tuple[str, ...]:
        """Names of the options it knows."""
        ...

    @property
    def is_synthetic(self) -> bool:
        """Whether its bars are made up."""
        ...

    @property
    def live(self) -> tuple[str, ...]:
        """What it streams, of ``"bars"`` and ``"quotes"``."""
        ...

    def open(self, access: ProviderAccess) -> BarProvider:
        """Its parts.

        Raises
        ------
        ConfigError
            For an option that cannot be used.
        AuthenticationError
            When a credential is missing.
        MissingExtraError
        """
        ...
