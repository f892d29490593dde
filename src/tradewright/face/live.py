"""`tw.paper` and `tw.live`: the strategy of a backtest on the market as it is now."""

from __future__ import annotations

import asyncio
import atexit
import os
import re
import threading
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError
from tradewright.face.arguments import amount, of_kind, seed_number
from tradewright.face.backtest import limits_of, strategies_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tradewright.app.live.about import Policies
    from tradewright.app.live.session import LiveSession
    from tradewright.bootstrap.sessions import SessionAsk
    from tradewright.domain.live.session import Input, Output
    from tradewright.reporting.result import Result
    from tradewright.risk.limits import Limits
    from tradewright.simulation.costs import Costs, Margin

__all__ = ["Session", "live", "paper", "session_ask"]

_KEPT_OUTPUTS = 500
_JOIN_S = 30.0
_HANDED_ON = ("fills", "warmup", "fallback", "in_process", "fractional")


def paper(
    strategy: Any,
    *,
    symbols: Sequence[str] | str,
    broker: str,
    timeframe: str = "1m",
    fills: str = "simulated",
    risk: str | None = None,
    **options: Any,
) -> Session:
    """Run strategies on live bars and no money: on the simulated exchange, or in the venue's own paper account.

    The strategies need the approval of a backtest (``tradewright approvals``). Everything is recorded: a session that
    is started again under its name goes on where it ended, and ``tradewright replay`` runs it once more.

    Parameters
    ----------
    strategy : Strategy class, function, or a list of them
        Several share one account.
    symbols : str or sequence of str
        As the broker calls them.
    broker : str
        Whose live bars, and whose paper account where it fills; its credentials stand in the settings.
    timeframe : str
    fills : {"simulated", "venue"}
        Who fills: the simulated exchange with the rules of a backtest, or the venue's paper account.
    risk : str, optional
        ``"cautious"``, ``"standard"`` or ``"bold"``: limits of the account; needed where the venue fills.
    **options
        ``params``, ``cash``, ``costs``, ``limits``, ``margin``, ``shorts`` and ``seed`` as in `backtest`; ``session``,
        the name to keep it under; ``warmup``, bars before the first decision; ``fallback``, the broker or provider
        whose bars are taken while the first has none; ``deadline``, seconds that a strategy may take; ``dry_run``, to
        decide and gate and send nothing; ``extended_hours``; ``fractional``, to trade parts of a share; ``in_process``,
        to run strategies in this process, where nothing can end one that hangs.

    Returns
    -------
    Session
        Running, in a thread of its own.

    Raises
    ------
    TradewrightError
        When it cannot start: an approval that is missing, a credential, a symbol, a feed.
    """
    return _started(strategy, symbols, broker, timeframe, mode="paper", fills=fills, risk=risk, **options)


def live(
    strategy: Any, *, symbols: Sequence[str] | str, broker: str, risk: str, timeframe: str = "1m", **options: Any
) -> Session:
    """Run strategies with money. See `paper`, whose approval it needs besides; `risk` is said, never assumed."""
    return _started(strategy, symbols, broker, timeframe, mode="live", fills="venue", risk=risk, **options)


def _started(strategy: Any, symbols: Any, broker: str, timeframe: str, **options: Any) -> Session:
    session = Session(session_ask(strategy, symbols, broker, timeframe, **options))
    session.start()
    return session


def session_ask(  # noqa: PLR0913 - the options of a session
    strategy: Any,
    symbols: Sequence[str] | str,
    broker: str,
    timeframe: str,
    *,
    mode: str,
    params: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    session: str | None = None,
    cash: float | None = None,
    deadline: float = 10.0,
    dry_run: bool = False,
    extended_hours: bool = False,
    limits: Limits | str | None = None,
    risk: str | None = None,
    costs: Costs | None = None,
    margin: Margin | None = None,
    shorts: bool = False,
    seed: int = 0,
    **options: Any,
) -> SessionAsk:
    """What a session is asked to be, from the arguments of `paper` and `live`; each is checked."""
    from tradewright.app.live.feed.settings import FeedSettings
    from tradewright.bootstrap.sessions import SessionAsk
    from tradewright.domain.live.modes import Mode
    from tradewright.marketdata.placement import Hours

    _require_known(options)
    named = strategies_of(strategy, params)
    wanted = (symbols,) if isinstance(symbols, str) else tuple(symbols)
    if not wanted:
        raise ConfigError("A session needs a symbol.", hint="Pass symbols=['AAPL'].")
    named_limits = limits if limits is not None else risk
    policies = _policies(cash, costs, margin, named_limits, shorts=shorts, seed=seed)
    return SessionAsk(
        make=lambda: strategies_of(strategy, params), symbols=wanted, timeframe=timeframe, broker=broker,
        mode=Mode(mode), policies=policies, name=session or _name(mode, named[0].name), risk=risk,
        has_cash=cash is not None, is_dry=dry_run, deadline_s=amount("deadline", deadline),
        feed=FeedSettings(hours=Hours.EXTENDED if extended_hours else Hours.REGULAR), **options,
    )  # fmt: skip


def _require_known(options: Mapping[str, Any]) -> None:
    unknown = next((name for name in options if name not in _HANDED_ON), None)
    if unknown is not None:
        raise ConfigError(f"'{unknown}' is no option of a session.", hint="tw.paper tells them.")


def _policies(
    cash: float | None, costs: Costs | None, margin: Margin | None, limits: Limits | str | None, *, shorts: bool,
    seed: int,
) -> Policies:  # fmt: skip
    from tradewright.app.live.about import Policies
    from tradewright.simulation.costs import Costs, Margin

    if shorts and margin is None:
        margin = Margin(initial=1.0, maintenance=0.25)
    return Policies(
        cash=100_000.0 if cash is None else amount("cash", cash),
        costs=Costs() if costs is None else of_kind("costs", costs, Costs, "Pass tw.Costs(…), or tw.Costs.none()."),
        margin=None if margin is None else of_kind("margin", margin, Margin, "Pass tw.Margin(…), or shorts=True."),
        limits=limits_of(limits),
        seed=seed_number(seed),
    )


def _name(mode: str, strategy: str) -> str:
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    return f"{mode}-{re.sub(r'[^A-Za-z0-9_.-]', '_', strategy)}-{stamp}"


class Session:
    """A paper or live session that runs beside the program, in a thread of its own.

    Attributes
    ----------
    id : str
        Its name: the same name takes it up again, and ``tradewright replay`` knows it by it.
    """

    def __init__(self, ask: SessionAsk) -> None:
        self.id = ask.name
        self._ask = ask
        self._state = "starting"
        self._error: BaseException | None = None
        self._live: LiveSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opened = threading.Event()
        self._thread = threading.Thread(target=self._main, name=self.id, daemon=True)
        self._recent: deque[tuple[Input, tuple[Output, ...]]] = deque(maxlen=_KEPT_OUTPUTS)
        self._alarms: deque[tuple[str, str, str]] = deque(maxlen=_KEPT_OUTPUTS)
        self._heard: Callable[[Input, Sequence[Output]], None] | None = None

    def start(self, heard: Callable[[Input, Sequence[Output]], None] | None = None) -> None:
        """Open everything and begin.

        Raises
        ------
        TradewrightError
            What keeps it from starting.
        """
        self._heard = heard
        self._thread.start()
        atexit.register(self._at_exit)
        self._opened.wait()
        if self._error is not None:
            self._thread.join()
            raise self._error

    # How it is.

    @property
    def status(self) -> str:
        """``"starting"``, ``"running"``, ``"stopped"``, or ``"failed"``: then `wait` raises why."""
        return self._state

    @property
    def metrics(self) -> Mapping[str, Any]:
        """How it stood at its last measure: cash, equity, positions, orders, latencies, feed, account."""
        from tradewright.bootstrap.session_logs import session_logs

        return getattr(session_logs().read(self.id), "standing", None) or {}

    @property
    def recent(self) -> list[tuple[Input, tuple[Output, ...]]]:
        """The last inputs with what was decided on them, oldest first."""
        return list(self._recent)

    @property
    def alarms(self) -> list[tuple[str, str, str]]:
        """What a person is to be told: kind, subject, sentence; oldest first."""
        return list(self._alarms)

    def result(self) -> Result:
        """The session so far as the result of a run, from a replay of its record."""
        from tradewright.face.replay import replay

        return replay(self.id).result

    # What can be done with it.

    def stop(self, reason: str = "stopped by hand") -> None:
        """End it: strategies are told, orders and positions stay as they are; returns when it has ended."""
        self._call(lambda live: live.stop(reason))
        self._thread.join(_JOIN_S)

    def command(self, what: str, reason: str, *, strategy: int = -1, who: str = "operator") -> None:
        """Give an operator's command: ``"pause"``, ``"resume"``, ``"cancel_all"``, ``"close_all"`` or ``"stop"``."""
        self._call(lambda live: live.command(what, who, reason, strategy))

    def wait(self, timeout: float | None = None) -> None:
        """Wait until it ends.

        Raises
        ------
        TradewrightError
            What ended it, where it failed.
        """
        self._thread.join(timeout)
        if not self._thread.is_alive() and self._error is not None:
            raise self._error

    def _call(self, act: Callable[[LiveSession], None]) -> None:
        if self._live is not None and self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(act, self._live)

    def _at_exit(self) -> None:
        if self._thread.is_alive():
            self.stop("the program ended")

    # The thread.

    def _main(self) -> None:
        try:
            asyncio.run(self._run())
            self._state = "stopped"
        except BaseException as error:  # noqa: BLE001 - the border of the thread: the one who waits is told
            self._state, self._error = "failed", error
        finally:
            self._opened.set()

    async def _run(self) -> None:
        from tradewright.adapters.system_clock import SystemClock
        from tradewright.bootstrap.sessions import open_session
        from tradewright.bootstrap.settings import load_settings

        self._loop = asyncio.get_running_loop()
        settings = load_settings(Path.cwd(), os.environ)
        self._live = await open_session(
            self._ask, settings, SystemClock(), heard=self._hear, alarmed=lambda *said: self._alarms.append(said)
        )  # fmt: skip
        self._state = "running"
        self._opened.set()
        await self._live.run()

    def _hear(self, given: Input, outputs: Sequence[Output]) -> None:
        self._recent.append((given, tuple(outputs)))
        if self._heard is not None:
            self._heard(given, outputs)

    def __repr__(self) -> str:
        return f"<Session {self.id} {self.status}>"
