"""What the sessions that have not ended are worth, by mode and currency. Money of different modes is never added up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewright.domain.moments import utc
from tradewright.domain.timeframe import Timeframe
from tradewright.reporting.session.curves import Course, course_of, drawn_courses
from tradewright.reporting.session.figures import SessionFigures, session_figures

from .schemas.money import ModeWorth
from .session_money import currency_of, measured_equity
from .session_words import listed_session
from .words import decimal_text, finite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tradewright.app.live.books import SessionBooks
    from tradewright.reporting.series import DrawnSeries, Window

    About = Mapping[str, Any]

__all__ = ["Worth", "drawn_worths", "mode_word", "worths_of"]

_CENT = 6


def mode_word(about: About) -> str:
    """Whose money it is, as its badge says."""
    mode = str(about.get("mode") or "").upper()
    return "SANDBOX" if mode == "LIVE" and about.get("broker") == "sandbox" else mode


@dataclass(slots=True)
class Worth:
    """The sessions of one mode and currency.

    An account that several sessions trade counts once, as it said itself; a session with simulated fills is an account
    of its own.
    """

    mode: str
    currency: str
    accounts: dict[str, float] = field(default_factory=dict)
    figures: list[SessionFigures] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    measured: list[int] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    silent: int = 0

    @property
    def equity(self) -> float:
        """All accounts together."""
        return sum(self.accounts.values())

    @property
    def day(self) -> float | None:
        """What the sessions changed today; None before the first of them has decided."""
        known = [each.day for each in self.figures if each.day is not None]
        return sum(known) if known else None

    @property
    def gross(self) -> float:
        """Value of what the sessions hold."""
        return sum((each.exposure or 0.0) * each.equity for each in self.figures)

    def drawdown(self) -> float | None:
        """Below the highest worth since the first of the sessions began."""
        from tradewright.reporting.series import Window

        line = drawn_courses({"worth": (self.equity, self.courses)}, 1, Window(1 << 62)).lines["worth"].last
        known = [value for value in line.tolist() if value == value]  # noqa: PLR0124 - what is not itself is no number
        peak = max([self.equity, *known])
        return self.equity / peak - 1.0 if known and peak > 0.0 else None

    def document(self) -> ModeWorth:
        """As it is sent."""
        equity, day = self.equity, self.day
        before = None if day is None else equity - day
        return ModeWorth(
            mode=self.mode,
            currency=self.currency,
            equity=decimal_text(round(equity, _CENT)) or "0",
            day=None if day is None else decimal_text(round(day, _CENT) + 0.0),
            day_share=None if day is None or not before or before < 0.0 else finite(day / before),
            exposure=finite(self.gross / equity) if equity > 0.0 else None,
            drawdown=finite(self.drawdown()),
            sessions=len(self.figures),
            silent=self.silent,
            measured_at=utc(min(self.measured)) if self.measured else None,
        )


def worths_of(sessions: Iterable[tuple[str, About]], books: SessionBooks, now_ns: int) -> list[Worth]:
    """What sessions that have not ended are worth, live first."""
    found: dict[tuple[str, str], Worth] = {}
    for name, about, state in _going_on(sessions, now_ns):
        key = mode_word(about), currency_of(about)
        _add(found.setdefault(key, Worth(*key)), name, about, books)
        found[key].silent += state == "silent"
    return sorted(found.values(), key=lambda worth: (worth.mode, worth.currency))


def _going_on(sessions: Iterable[tuple[str, About]], now_ns: int) -> Iterator[tuple[str, About, str]]:
    for name, about in sessions:
        state = listed_session(name, about, now_ns).state
        if state != "ended" and measured_equity(about) is not None:
            yield name, about, state


def _add(worth: Worth, name: str, about: About, books: SessionBooks) -> None:
    standing, book = about["standing"], books.of(name)
    figures = session_figures(book, measured_equity(about))
    said = (standing.get("account") or {}).get("equity")
    if said is not None and about.get("fills") == "venue":
        worth.accounts[f"{about.get('broker')} {about.get('account')}"] = float(said)
    else:
        worth.accounts[name] = figures.equity
    worth.figures.append(figures)
    worth.courses.append(course_of(book))
    worth.measured.append(int(standing["measured_ns"]))
    worth.widths.append(Timeframe.parse(str(about["timeframe"])).nanoseconds)


def drawn_worths(worths: Iterable[Worth], currency: str, window: Window) -> DrawnSeries:
    """The course of each mode in one currency on one time axis."""
    chosen = [worth for worth in worths if worth.currency == currency]
    width = min((width for worth in chosen for width in worth.widths), default=1)
    return drawn_courses({worth.mode: (worth.equity, worth.courses) for worth in chosen}, width, window)
