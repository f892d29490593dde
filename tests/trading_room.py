"""A room in which something trades: the sandbox as the venue, one strategy, the server with its worker."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from tests.dashboard import Served, served
from tests.live_project import Project, until
from tests.markets import share
from tests.sandboxes import Sandbox, sandbox_over

from tradewright.domain.bars import Bars, SessionIndex
from tradewright.domain.live.session import Ended, Filled, Placed, Row, Standing
from tradewright.domain.timeframe import NS_PER_MINUTE, Timeframe

STRATEGY = '''"""Grows a position in small steps."""

import tradewright as tw


class Steps(tw.Strategy):
    """Buys ten shares on every other bar until it holds enough, and leaves a bid far below."""

    most = tw.Param(300, low=10, high=1000)

    def setup(self):
        self.seen = 0

    def on_bar(self, ctx):
        self.seen += 1
        if self.seen == 1:
            ctx.buy(5, order_type="limit", limit_price=round(ctx.close() * 0.8, 2), time_in_force="gtc")
        elif self.seen % 2 == 0 and ctx.position().quantity < self.most:
            ctx.buy(10)
        ctx.log("seen", bars=self.seen)
'''
START = "2024-11-25T14:30"
WARM = 12


def minutes(count: int = 380) -> Bars:
    """A day of ACME by minutes that wanders a little."""
    steps = np.round(100.0 + 2.0 * np.sin(np.arange(count) / 9.0) + 0.01 * np.arange(count), 2)
    opens = np.datetime64(START, "ns").astype(np.int64) + NS_PER_MINUTE * np.arange(count)
    before = np.append(steps[:1], steps[:-1])
    return Bars(
        instrument=share(), timeframe=Timeframe.parse("1m"), open_time=opens, close_time=opens + NS_PER_MINUTE,
        open=before, high=np.maximum(before, steps) + 0.05, low=np.minimum(before, steps) - 0.05, close=steps.copy(),
        volume=np.full(count, 1e9),
        sessions=SessionIndex.of_labels(np.full(count, np.datetime64(START[:10]).astype(np.int64))),
    )  # fmt: skip


class TradingRoom:
    """The venue, the project and the server; whoever trades follows the venue bar by bar.

    Parameters
    ----------
    project : Project
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._running = ExitStack()
        self.server = self._begun("0")

    def restart(self) -> None:
        """End the server with its worker, and begin it again at the same address."""
        before = self.server
        self.close()
        self.server = self._begun(before.address.rpartition(":")[2])._replace(password=before.password)

    def close(self) -> None:
        """End the server."""
        self._running.close()

    def _begun(self, port: str) -> Served:
        folder, environment = self.project.folder, self.project.environment
        return self._running.enter_context(
            served(folder / "store", "--port", port, project=folder, environment=environment)
        )

    @property
    def venue(self) -> Sandbox:
        """Where orders go."""
        return self.project.venue

    def trades(self, session: str) -> bool:
        """Whether a session follows the bars of the venue."""
        return self._has_begun(session) and self.venue.control("GET", "")["listeners"]["bars"] > 0

    def until_it_trades(self, session: str) -> None:
        """Wait until a session follows the bars of the venue."""
        until(lambda: self.trades(session), f"the session {session} to follow bars")

    def advance(self, session: str, bars: int = 1) -> None:
        """Let bars pass one by one, each when the session has worked the one before."""
        for _ in range(bars):
            self.work(session)
            until(lambda: self.is_settled(session), "what was decided to reach the venue")

    def work(self, session: str) -> None:
        """Let one bar pass, and wait until the session has worked it; what it sends may not have arrived."""
        closed = str(self.venue.advance()["now"]).removesuffix("Z")
        close_ns = int(np.datetime64(closed, "ns").astype(np.int64))
        until(lambda: self._last(session) >= close_ns, "the next row")

    @contextmanager
    def deaf(self) -> Iterator[Callable[[], bool]]:
        """The venue takes orders, answers not, and nobody can look them up; whether it took one meanwhile."""
        lost = self.venue.control("POST", "/faults", {"kind": "timeout", "on": "submit", "ms": 50})["number"]
        for fault in ({"kind": "lost-event"}, {"kind": "error", "on": "lookup"}, {"kind": "error", "on": "list"}):
            self.venue.control("POST", "/faults", fault)

        def took() -> bool:
            switches = self.venue.control("GET", "/faults")["faults"]
            return any(each["number"] == lost and each["struck"] for each in switches)

        try:
            yield took
        finally:
            self.venue.control("DELETE", "/faults")

    def standing(self, session: str) -> dict[str, Any]:
        """How a session last said that it stands."""
        path = self.project.folder / "store" / "sessions" / session / "standing.json"
        return json.loads(path.read_bytes()) if path.is_file() else {}

    def held(self, session: str) -> float:
        """Units that a session holds, by its record."""
        outputs = [each for _, _, said in self.project.logs.read(session).entries() for each in said]
        return sum(each.quantity for each in outputs if getattr(each, "event", "") == "fill")

    def is_settled(self, session: str) -> bool:
        """Whether every order that was placed is known at the venue or has ended."""
        entries = list(self.project.logs.read(session).entries())
        placed = {each.order_id for _, _, said in entries for each in said if isinstance(each, Placed)}
        return placed <= {given.order_id for _, given, _ in entries if isinstance(given, Standing | Filled | Ended)}

    def _has_begun(self, session: str) -> bool:
        return (self.project.folder / "store" / "sessions" / session / "about.json").is_file()

    def _last(self, session: str) -> int:
        # The strategy says something to every row: one without a word has not been worked yet.
        entries = self.project.logs.read(session).entries()
        return max((given.close_ns for _, given, said in entries if isinstance(given, Row) and said), default=0)


@contextmanager
def trading_room(folder: Path) -> Iterator[TradingRoom]:
    """The room, in which nothing trades yet and every stage of the strategy has been approved."""
    with ExitStack() as stack:
        venue = stack.enter_context(sandbox_over(minutes()))
        (folder / "steps.py").write_text(STRATEGY, encoding="utf-8")
        (folder / "strategies.yaml").write_text("strategies:\n  steps: {class: 'steps.py:Steps'}\n", encoding="utf-8")
        venue.advance(WARM)
        project = Project(folder, venue)
        project.allow("steps.py:Steps", "ACME")
        room = TradingRoom(project)
        stack.callback(room.close)
        yield room
