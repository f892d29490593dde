"""Where sessions are put together: strategies, a venue, a record, an engine, and the approvals that they need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tradewright.adapters.venue_clock import VenueClock
from tradewright.app.approve import identity_of, identity_plain
from tradewright.app.live.about import engine_words, opening_again
from tradewright.app.live.account import LiveAccount
from tradewright.app.live.core import LocalCore
from tradewright.app.live.far import FarCore, far_work
from tradewright.app.live.feed.live import FeedSources, LiveFeed
from tradewright.app.live.feed.quotes import QuoteFeed
from tradewright.app.live.session import LiveSession, SessionParts
from tradewright.app.live.venue_time import TimedQuotes, TimedStream
from tradewright.app.live.watching import SessionWatcher
from tradewright.app.live.wires import WireForms
from tradewright.bootstrap.accounts import account_places
from tradewright.bootstrap.approval_desk import approval_desk
from tradewright.bootstrap.brokers import BROKERS, PROCESS, require_named, venue_door
from tradewright.bootstrap.ceilings import require_below_ceiling
from tradewright.bootstrap.practising import practising
from tradewright.bootstrap.providers import open_provider
from tradewright.bootstrap.session_logs import request_box, session_logs
from tradewright.domain.errors import ConfigError, DataNotAvailableError
from tradewright.domain.instrument import InstrumentKind
from tradewright.domain.live.modes import Mode
from tradewright.domain.stage import Stage
from tradewright.domain.timeframe import Timeframe
from tradewright.risk.collars import Collars
from tradewright.risk.quotes import QuoteBook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.app.live.about import Policies
    from tradewright.app.live.feed.settings import FeedSettings
    from tradewright.bootstrap.brokers import VenueDoor
    from tradewright.bootstrap.settings import Settings
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.live.modes import ProcessMode
    from tradewright.domain.live.session import Input, Output
    from tradewright.ports.bar_stream import BarStream
    from tradewright.ports.broker_kind import VenueParts
    from tradewright.ports.clock import Clock
    from tradewright.ports.session_core import SessionCore
    from tradewright.ports.session_log import SessionLog
    from tradewright.strategy.base import Strategy

    Make = Callable[[], Sequence[Strategy]]

__all__ = ["SessionAsk", "open_session"]


@dataclass(frozen=True, kw_only=True)
class SessionAsk:
    """What a session is asked to be.

    Parameters
    ----------
    make : callable
        Gives the strategies, new ones each time.
    symbols : tuple of str
        As the venue calls them.
    timeframe : str
    broker : str
        Whose bars, and whose orders where it fills.
    mode : Mode
    fills : {"simulated", "venue"}
        Who fills: the simulated exchange on live bars, or the venue's account. Live is always the venue's.
    risk : str or None
        The limits of the account, by name; needed where the venue fills.
    policies : Policies
    name : str
        Of the session; one that has a record is taken up again.
    has_cash : bool
        Whether `policies.cash` was said; else the venue's cash counts, where it fills.
    is_dry : bool
    warmup : int, optional
        Bars before the first decision; by default three times what the strategies need, and a hundred at least.
    deadline_s : float
        How long a strategy may take over one callback.
    in_process : bool
        Whether strategies run in this process: nothing can then end one that hangs.
    fractional : bool
        Whether shares are traded in fractions, where the venue does.
    fallback : str, optional
        The broker or provider whose bars are taken while those of the first do not come.
    feed : FeedSettings, optional
    """

    make: Make
    symbols: tuple[str, ...]
    timeframe: str
    broker: str
    mode: Mode
    policies: Policies
    name: str
    fills: str = "simulated"
    risk: str | None = None
    has_cash: bool = False
    is_dry: bool = False
    warmup: int | None = None
    deadline_s: float = 10.0
    in_process: bool = False
    fractional: bool = False
    fallback: str | None = None
    feed: FeedSettings | None = None

    def __post_init__(self) -> None:
        if self.fills not in ("simulated", "venue"):
            raise ConfigError(f"fills='{self.fills}' is nobody who fills.", hint="Use 'simulated' or 'venue'.")
        if self.mode is Mode.LIVE and self.fills != "venue":
            raise ConfigError("A live session is filled by its venue.", hint="Use tw.paper for simulated fills.")
        if self.at_venue and not self.risk:
            raise ConfigError(
                "Nothing says what the account may risk.", hint="Name limits: risk='cautious', 'standard' or 'bold'."
            )

    @property
    def at_venue(self) -> bool:
        """Whether orders go to the venue."""
        return self.fills == "venue"


async def open_session(
    ask: SessionAsk, settings: Settings, clock: Clock, *, process: ProcessMode = PROCESS,
    heard: Callable[[Input, Sequence[Output]], None] | None = None,
    alarmed: Callable[[str, str, str], object] | None = None,
) -> LiveSession:  # fmt: skip
    """The session, ready to run; nothing is sent yet.

    Raises
    ------
    ApprovalError
        When the stage before has not been approved for exactly these strategies.
    ConfigError
        When settings, mode or record contradict what is asked.
    BrokerError
        When the venue does not answer.
    """
    host_ns = clock.now_ns
    if _follows_venue(ask, settings):
        clock = VenueClock(clock)
    door = venue_door(ask.broker, ask.mode, settings, process, clock)
    require_named(door, ask.symbols)
    parts = await _timed(door.open(), clock)
    began_ns = clock.now_ns()
    instruments = [_in_units(ask, await parts.instruments.instrument(symbol)) for symbol in ask.symbols]
    about = _about(ask, instruments, parts, door)
    _require_approvals(ask, about["strategies"], clock)
    if ask.at_venue and door.account:
        require_below_ceiling(account_places(door.account, ask.mode).folder, ask.risk)
    log = _log(ask, await _with_cash(ask, about, parts))
    watcher = SessionWatcher(alarmed or _nobody)
    sources = _all_sources(ask, parts, settings, clock, process)
    account = _account(ask, door, parts, watcher) if ask.at_venue else None
    feed = _feed(ask, instruments, sources, clock, began_ns)
    return LiveSession(
        SessionParts(
            name=ask.name, log=log, make_core=_core_of(ask, log.about), clock=clock, warmup=_warmup(ask),
            feed=feed, quotes=_quotes(ask, settings, parts, feed, account), forms=WireForms(instruments),
            account=account, watcher=watcher, is_dry=ask.is_dry,
            names=tuple(each["name"] for each in about["strategies"]), box=request_box(ask.name),
            has_venue_time=isinstance(clock, VenueClock), host_ns=host_ns,
            practising=None if isinstance(clock, VenueClock) else practising(log.about, sources, parts),
        ),
        heard,
    )  # fmt: skip


def _follows_venue(ask: SessionAsk, settings: Settings) -> bool:
    """Whether the venue lives in a time of its own: ``options: {time: venue}`` of the broker."""
    said = settings.brokers.get(ask.broker)
    return said is not None and said.table(ask.mode, "options").get("time") == "venue"


async def _timed(parts: VenueParts, clock: Clock) -> VenueParts:
    if not isinstance(clock, VenueClock):
        return parts
    if parts.time is None or parts.stream is None:
        raise ConfigError("This broker does not say what time it is.", hint="Leave out options: time.")
    clock.set(await parts.time())
    quotes = None if parts.quotes is None else TimedQuotes(parts.quotes, clock.hear)
    return replace(parts, stream=TimedStream(parts.stream, clock.hear), quotes=quotes)


def _in_units(ask: SessionAsk, instrument: Instrument) -> Instrument:
    """Whole units unless fractions were asked for: as in a backtest, and as GTC orders need it at some venues."""
    if ask.fractional or instrument.kind is not InstrumentKind.EQUITY:
        return instrument
    return replace(instrument, lot=max(instrument.lot, 1.0))


def _nobody(*_: str) -> None:
    """Nobody listens to alarms."""


def _about(ask: SessionAsk, instruments: Sequence[Instrument], parts: VenueParts, door: VenueDoor) -> dict[str, Any]:
    strategies, timeframe = list(ask.make()), Timeframe.parse(ask.timeframe)
    names = [each.id for each in instruments]
    feed = _sources(ask, parts).primary.feed
    words = engine_words(
        strategies, instruments, timeframe, ask.policies, at_broker=ask.at_venue, source=f"{ask.broker} {feed.name}"
    )
    return {
        **words,
        "mode": ask.mode.value,
        "fills": ask.fills,
        "broker": ask.broker,
        "account": door.account,
        "risk": ask.risk,
        "feed": feed.name,
        "delay_s": feed.delay_s,
        "is_dry": ask.is_dry,
        "strategies": [identity_plain(identity_of(each, names, str(timeframe))) for each in strategies],
    }


def _sources(ask: SessionAsk, parts: VenueParts) -> FeedSources:
    if parts.stream is None or parts.history is None:
        raise ConfigError(f"The broker '{ask.broker}' has no live bars.", hint="Take the bars of another one.")
    return FeedSources(parts.stream, parts.history)


def _require_approvals(ask: SessionAsk, identities: Sequence[Mapping[str, Any]], clock: Clock) -> None:
    from tradewright.app.approve import identity_from_plain

    desk = approval_desk(clock.now_ns)
    stage = Stage.LIVE if ask.mode is Mode.LIVE else Stage.PAPER
    for each in identities:
        desk.require_approval(identity_from_plain(each), stage)


async def _with_cash(ask: SessionAsk, about: dict[str, Any], parts: VenueParts) -> dict[str, Any]:
    """What the account has is what the session begins with, unless less was said."""
    if not ask.at_venue or ask.has_cash:
        return about
    await parts.broker.connect()
    try:
        cash = float((await parts.broker.account()).cash)
    finally:
        await parts.broker.disconnect()
    if not cash > 0:
        raise ConfigError(f"The account at {ask.broker} has no cash to begin with.", hint="Say cash=…")
    return {**about, "policies": {**about["policies"], "cash": cash}}


def _log(ask: SessionAsk, about: Mapping[str, Any]) -> SessionLog:
    """The record: begun, or taken up where it is of the same session."""
    logs = session_logs()
    try:
        log = logs.open(ask.name)
    except DataNotAvailableError:
        return logs.create(ask.name, about)
    changed = _changed(log.about, about, has_cash=ask.has_cash)
    if changed is not None:
        log.close()
        raise ConfigError(
            f"The session '{ask.name}' was begun with {changed}.",
            hint="Begin a new one under another name (--session).",
        )
    return log


def _changed(was: Mapping[str, Any], asked: Mapping[str, Any], *, has_cash: bool) -> str | None:
    """What a session was begun with and is not asked for now, in words; None where it is the same session."""
    name = next((name for name in asked if name != "policies" and was.get(name) != asked[name]), None)
    if name is None:
        before, now = dict(was["policies"]), dict(asked["policies"])
        name = next((each for each in now if (has_cash or each != "cash") and before.get(each) != now[each]), None)
        return None if name is None else f"other {name}{_said(before.get(name))}"
    if name in ("recipes", "strategies"):
        return f"another strategy: {_strategy_change(was, asked)}"
    if name == "instruments":
        return f"other symbols: {', '.join(each['symbol'] for each in was[name])}"
    return f"other {'fills' if name == 'at_broker' else name.replace('_', ' ')}{_said(was.get(name))}"


def _strategy_change(was: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    for before, now in zip(was["strategies"], asked["strategies"], strict=False):
        if before["name"] != now["name"]:
            return str(before["name"])
        if before["params"] != now["params"]:
            told = ", ".join(f"{name}={value}" for name, value in before["params"].items())
            return f"{before['name']} with {told}"
    return f"the text of {', '.join(each['name'] for each in was['strategies'])} has changed since"


def _said(value: Any) -> str:
    return f": {value}" if isinstance(value, (str, float)) else ""


def _account(ask: SessionAsk, door: VenueDoor, parts: VenueParts, watcher: SessionWatcher) -> LiveAccount:
    from tradewright.bootstrap.accounts import account_way

    return LiveAccount(account_way(door, parts, ask.risk or "", watcher))


def _core_of(ask: SessionAsk, about: Mapping[str, Any]) -> Callable[[], SessionCore]:
    if ask.in_process:
        return lambda: LocalCore(opening_again(about, ask.make))
    names = tuple(each["name"] for each in about["strategies"])

    def far() -> SessionCore:
        from tradewright.adapters.executors.solo import SoloProcess

        return FarCore(SoloProcess(far_work(about)), ask.deadline_s, names)

    return far


def _warmup(ask: SessionAsk) -> int:
    from tradewright.app.live.warming import bars_needed

    return bars_needed(ask.make(), ask.symbols, ask.timeframe) if ask.warmup is None else ask.warmup


def _all_sources(
    ask: SessionAsk, parts: VenueParts, settings: Settings, clock: Clock, process: ProcessMode
) -> FeedSources:
    """The broker's own, and the fallback if one was named."""
    sources = _sources(ask, parts)
    if ask.fallback is None:
        return sources
    other = _other_stream(ask.fallback, ask.mode, settings, clock, process)
    if other is None:
        raise ConfigError(f"'{ask.fallback}' streams no bars.", hint="Name another one with fallback, or none.")
    return replace(sources, fallback=other)


def _other_stream(name: str, mode: Mode, settings: Settings, clock: Clock, process: ProcessMode) -> BarStream | None:
    if name in BROKERS:
        return venue_door(name, mode, settings, process, clock).open().stream
    found: BarStream | None = getattr(open_provider(name, settings, clock), "stream", None)
    return found


def _quotes(
    ask: SessionAsk, settings: Settings, parts: VenueParts, feed: LiveFeed, account: LiveAccount | None
) -> QuoteFeed | None:
    """The quotes of the broker, where its settings want them: `quotes: true`."""
    said = settings.brokers.get(ask.broker)
    if said is None or not said.wants_quotes:
        return None
    if parts.quotes is None:
        raise ConfigError(
            f"The broker '{ask.broker}' has no live quotes.", hint=f"Leave out brokers.{ask.broker}.quotes."
        )
    book = QuoteBook(Collars()) if account is None else account.risk.prices.quotes
    return QuoteFeed(parts.quotes, ask.symbols, book, feed.hours, clock=feed.clock, settings=ask.feed)


def _feed(
    ask: SessionAsk, instruments: Sequence[Instrument], sources: FeedSources, clock: Clock, began_ns: int
) -> LiveFeed:
    return LiveFeed(
        instruments, Timeframe.parse(ask.timeframe), sources, clock=clock, mode=ask.mode, settings=ask.feed,
        began_ns=began_ns,
    )  # fmt: skip
