"""The windows of a walk in whole sessions, and the bars that each part of a window may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.domain.walk import Window
from tradewright.engine.dates import first_row_from
from tradewright.research.windows import walk_windows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.bars import Bars
    from tradewright.engine.ground import Ground
    from tradewright.research.windows import WalkPlan

__all__ = ["bars_until", "windows_of"]


def windows_of(ground: Ground, plan: WalkPlan, start: str) -> tuple[Window, ...]:
    """The windows over a ground from a date on.

    Returns are counted from session close to session close, so a window never tears a session: where bars are shorter
    than a session and lengths or the gap are given in bars, every edge moves back to the beginning of its session. A
    gap grows by that and never shrinks.

    Parameters
    ----------
    ground : Ground
    plan : WalkPlan
    start : str
        First session that may be trained on.

    Raises
    ------
    ConfigError
        When there is no window, tests overlap, or a part of a window has too few bars or no whole session.
    """
    sessions, rows = ground.market.sessions, len(ground.market)
    found = walk_windows(sessions, rows, plan, first=first_row_from(sessions, rows, start))
    if len(sessions.first_rows) == rows:
        return found
    edges = np.append(sessions.first_rows, rows)
    labels = sessions.row_labels(rows)
    return tuple(_whole(window, edges, labels) for window in found)


def _whole(window: Window, edges: np.ndarray, labels: np.ndarray) -> Window:
    """The window with its edges moved back to the beginnings of sessions."""

    def back(row: int) -> int:
        return int(edges[np.searchsorted(edges, row, "right") - 1])

    # The gap is kept from the test on: an edge that moves back must not shorten it.
    gap = window.test_first - window.train_last - 1
    train, test, test_stop = back(window.train_first), back(window.test_first), back(window.test_last + 1)
    train_stop = back(test - gap)
    for part, first, stop in (("train", train, train_stop), ("test", test, test_stop)):
        if first >= stop:
            raise ConfigError(
                f"Window {window.number + 1} of the walk has no whole session to {part} on, and a walk goes by whole "
                "sessions.",
                hint=f"Lengthen {part}, or shorten the gap." if part == "train" else f"Lengthen {part}.",
            )
    rows = (train, train_stop - 1, test, test_stop - 1)
    dates = [str(np.datetime64(int(labels[row]), "D")) for row in rows]
    return Window(window.number, *rows, dates[0], dates[1], dates[2], dates[3], is_partial=window.is_partial)


def bars_until(series: Mapping[str, Bars], instant: int) -> dict[str, Bars]:
    """The bars that had closed by an instant, without symbols that had none.

    Parameters
    ----------
    series : mapping of symbol to Bars
    instant : int
        UTC nanoseconds.
    """
    stops = {name: int(np.searchsorted(bars.close_time, instant, "right")) for name, bars in series.items()}
    return {name: bars.rows(0, stops[name]) for name, bars in series.items() if stops[name]}
