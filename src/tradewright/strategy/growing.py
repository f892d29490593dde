"""Binding to a market that grows: what was declared is evaluated again, and the same lines show the new values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import StrategyError

from .binding import Binder, lines_in
from .courses import Courses, Declaration

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.timeframe import Timeframe
    from tradewright.marketdata.market import Market

    from .computed import Computed
    from .courses import Course
    from .lines import Cursor, Line

__all__ = ["GrowingBinder"]


class GrowingBinder(Binder):
    """Declares indicators for one strategy over a market whose rows go on.

    An indicator is a function of everything from the first row on, so that it has the values which the whole history
    would have given it.

    Parameters
    ----------
    market, cursor, computed
        As of `Binder`.
    courses : Courses, optional
        Of the same market; those of other strategies are shared.
    """

    def __init__(self, market: Market, cursor: Cursor, computed: Computed, courses: Courses | None = None) -> None:
        super().__init__(market, cursor, computed)
        self._courses = courses or Courses()
        self._declared: list[tuple[Callable[[], Any], list[Line], Course | None]] = []

    def use(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        symbol: str | None,
        timeframe: str | Timeframe | None,
    ) -> Any:
        """Evaluate an indicator; see `Strategy.use`.

        Raises
        ------
        StrategyError
            Besides what `Strategy.use` raises: for values that were computed outside and end with the history.
        """
        for value in (*arguments, *keywords.values()):
            if isinstance(value, np.ndarray):
                name = getattr(function, "__name__", "An indicator")
                raise StrategyError(
                    f"{name} is given an array of {len(value)} values, which ends while the market goes on.",
                    hint="Declare it from columns and other lines: self.use(function, 'close', …).",
                )
        found = super().use(function, arguments, keywords, symbol, timeframe)
        course = self._course(function, arguments, keywords, symbol, timeframe)
        key = (GrowingBinder, function, arguments, *sorted(keywords.items()), symbol, timeframe)
        self._keep(
            lambda: self._once(key, lambda: self.evaluated(function, arguments, keywords, symbol, timeframe)),
            found,
            course,
        )
        return found

    def _course(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        symbol: str | None,
        timeframe: str | Timeframe | None,
    ) -> Course | None:
        """How it is evaluated again row by row, where that can be had at less than the price of the first time."""
        if timeframe is not None or (symbol is None and len(self.market.symbols) > 1):
            return None
        declared = Declaration(function, arguments, keywords, 0 if symbol is None else self.number(symbol))
        whole = lambda: list(lines_in(self.evaluated(function, arguments, keywords, symbol, None)))  # noqa: E731
        return self._courses.of(self.market, declared, whole)

    def _once(self, key: tuple[Any, ...], evaluate: Callable[[], Any]) -> Any:
        """The lines of a declaration, which strategies that declare the same share for as long as the row is the last.

        A line among the arguments is its strategy's own, so that what is declared from it is shared with nobody.
        """
        try:
            found = self._computed.get(key)
        except TypeError:
            return evaluate()
        if found is None:
            found = evaluate()
            self._computed.keep(key, found, ())
        return found

    def study(self, function: Callable[..., Any], arguments: tuple[Any, ...], number: int) -> Line:
        """An indicator of one symbol that nothing waits for."""
        line = super().study(function, arguments, number)
        self._keep(lambda: super(GrowingBinder, self).study(function, arguments, number), line)
        return line

    def _keep(self, again: Callable[[], Any], found: Any, course: Course | None = None) -> None:
        self._declared.append((again, list(lines_in(found)), course))

    def renew(self) -> None:
        """Evaluate everything again, in the order in which it was declared, over the market as it is now."""
        for again, lines, course in self._declared:
            longer = None if course is None else course.lines()
            for line, more in zip(lines, lines_in(again()) if longer is None else longer, strict=True):
                line.renew(more)

    @property
    def is_steady(self) -> bool:
        """Whether the rows in which its lines are ready do not change any more."""
        return all(course is not None and course.is_steady for _, _, course in self._declared)
