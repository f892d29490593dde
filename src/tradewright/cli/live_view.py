"""A session as it is looked at: a screen on a terminal, lines elsewhere, JSON where that was asked for."""

from __future__ import annotations

import json
import sys
from collections import deque
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol, Self

import click

from tradewright.domain.live.session import (
    Ended,
    Filled,
    Happened,
    Placed,
    Replaced,
    Row,
    StrategyFailed,
    plain_of,
)
from tradewright.domain.moments import utc

from .live_words import decision_line, ending_lines, money, status_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from tradewright.domain.live.session import Input, Output
    from tradewright.face.live import Session

__all__ = ["SessionView", "view_of"]

_LOOK_S = 0.25
_SHOWN = 10
_STATUS_ROWS = 30


class SessionView(Protocol):
    """Follows a session."""

    def heard(self, given: Input, outputs: Sequence[Output]) -> None:
        """Something happened; called in the session's thread."""

    def follow(self, bars: int | None) -> None:
        """Show what happens until the session ends, or has acted on so many bars."""

    def end(self) -> None:
        """Say how it ended."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def view_of(session: Session, *, as_json: bool, is_terminal: bool) -> SessionView:
    """The view that fits where it is shown."""
    if as_json:
        return JsonView(session)
    return ScreenView(session) if is_terminal else LineView(session)


class _View:
    """Takes what is heard from the session's thread to the one that shows it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.rows = 0
        self._heard: SimpleQueue[tuple[Input, Sequence[Output]]] = SimpleQueue()
        self._alarms = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held."""

    def heard(self, given: Input, outputs: Sequence[Output]) -> None:
        """See `SessionView.heard`."""
        self._heard.put((given, outputs))

    def follow(self, bars: int | None) -> None:
        """See `SessionView.follow`."""
        while self.session.status == "running" and (bars is None or self.rows < bars):
            try:
                self._take(*self._heard.get(timeout=_LOOK_S))
            except Empty:
                self.idle()
            self._ring()

    def _take(self, given: Input, outputs: Sequence[Output]) -> None:
        self.rows += isinstance(given, Row) and given.acts
        self.show(given, outputs)

    def _ring(self) -> None:
        for alarm in self.session.alarms[self._alarms :]:
            self._alarms += 1
            self.alarm(*alarm)

    def end(self) -> None:
        """Show what is left, and how it ended."""
        while not self._heard.empty():
            self._take(*self._heard.get())
        self._ring()
        for line in ending_lines(self.session):
            click.echo(line)

    def show(self, given: Input, outputs: Sequence[Output]) -> None:
        """Show one input with what was said to it."""

    def alarm(self, kind: str, subject: str, detail: str) -> None:
        """Tell a person."""
        click.echo(f"ALARM {kind} {subject}: {detail}", err=True)

    def idle(self) -> None:
        """Nothing has happened for a moment."""


class LineView(_View):
    """One line for each decision, and one now and then that says that the session lives."""

    def show(self, given: Input, outputs: Sequence[Output]) -> None:
        """Show decisions, fills and ends."""
        for output in outputs:
            click.echo(decision_line(given, output))
        if isinstance(given, Row) and given.acts and self.rows % _STATUS_ROWS == 1:
            click.echo(status_line(self.session))


class JsonView(_View):
    """Every event as one line of JSON."""

    def show(self, given: Input, outputs: Sequence[Output]) -> None:
        """Print the input and what was said to it, once it has been carried out."""
        words = {"input": plain_of(given), "outputs": [plain_of(each) for each in outputs]}
        click.echo(json.dumps(words, sort_keys=True))
        sys.stdout.flush()

    def end(self) -> None:
        """Print how it ended."""
        while not self._heard.empty():
            self._take(*self._heard.get())
        words = {"session": self.session.id, "status": self.session.status, "standing": dict(self.session.metrics)}
        click.echo(json.dumps(words, sort_keys=True))


class ScreenView(_View):
    """A screen that is drawn anew: money, positions, orders, the last decisions and why there was none."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        from rich.live import Live

        self._lines: deque[str] = deque(maxlen=_SHOWN)
        self._why = "No bar has come yet."
        self._live = Live(get_renderable=self._drawn, refresh_per_second=4, screen=False)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, given: Input, outputs: Sequence[Output]) -> None:
        """Keep the last decisions, and why the last bar brought none."""
        for output in outputs:
            self._lines.append(decision_line(given, output))
        if isinstance(given, Row):
            self._why = _why_none(given, outputs)
        elif isinstance(given, Filled | Ended):
            self._live.refresh()

    def alarm(self, kind: str, subject: str, detail: str) -> None:
        """Among the lines, so that the screen stays whole."""
        self._lines.append(f"ALARM {kind} {subject}: {detail}")

    def _drawn(self) -> Any:
        from .live_screen import drawn

        return drawn(self.session, list(self._lines), self._why)


def _why_none(row: Row, outputs: Sequence[Output]) -> str:
    when = f"{utc(row.close_ns):%Y-%m-%d %H:%M:%S}Z"
    if not row.acts:
        return f"{when}: history, nothing is decided on it."
    if any(isinstance(each, Placed | Replaced) for each in outputs):
        return f"{when}: decided."
    refused = next((each for each in outputs if isinstance(each, Happened) and each.event == "rejected"), None)
    if refused is not None:
        return f"{when}: refused. {refused.reason}"
    if any(isinstance(each, StrategyFailed) for each in outputs):
        return f"{when}: a strategy was stopped."
    closes = ", ".join(f"{bar.symbol} {money(bar.close)}" for bar in row.bars[:5])
    return f"{when}: no order; the strategies saw {closes or 'no bar'} and wanted nothing."
