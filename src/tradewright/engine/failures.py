"""Where a strategy's own failure becomes one sentence that names its file and line."""

from __future__ import annotations

import linecache
import traceback
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.errors import StrategyRaisedError, TradewrightError
from tradewright.strategy.places import is_authors, place

if TYPE_CHECKING:
    from tradewright.strategy.lines import Cursor

__all__ = ["named_failure", "strategy_frame"]


def named_failure(error: Exception, name: str, cursor: Cursor) -> Exception:
    """The error to raise for what came out of a strategy.

    Our own errors gain the strategy's line; foreign ones become `StrategyRaisedError`; an error that never passed
    through foreign code is a fault of ours and stays as it is.
    """
    frame = strategy_frame(error)
    if frame is None:
        return error
    where = place(frame.filename, frame.lineno)
    if isinstance(error, TradewrightError):
        if where not in error.message:
            error.message = f"{error.message.rstrip('.')} ({name}, {where})."
        return error
    when = np.datetime64(int(cursor.close_time[cursor.row]), "ns").astype("datetime64[s]")
    line = linecache.getline(frame.filename, frame.lineno or 0).strip()
    return StrategyRaisedError(
        f"{name} raised {type(error).__name__} in {where} at the bar closing {when}Z: {error}",
        hint=f"The line is: {line}" if line else None,
    )


def strategy_frame(error: BaseException) -> traceback.FrameSummary | None:
    """The deepest frame that is neither ours nor a library's below the strategy."""
    frames = traceback.extract_tb(error.__traceback__)
    foreign = [frame for frame in frames if is_authors(frame.filename) and not _is_generated(frame)]
    return foreign[-1] if foreign else None


def _is_generated(frame: traceback.FrameSummary) -> bool:
    """Whether a frame is a method that the standard library wrote for a value class, such as its ``__init__``."""
    return frame.filename == "<string>" and frame.name.startswith("__")
