"""Results of kept runs that are held ready while somebody looks at them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.app.recipes import BarsAgain
    from tradewright.app.runs.archive import RunArchive
    from tradewright.domain.kept_run import KeptRun
    from tradewright.reporting.result import Result

__all__ = ["LoadedRuns"]

MOST = 8


class LoadedRuns:
    """The last few results that were asked for, by their ids; for many threads at once.

    A result that several ask for at the same moment is loaded once. Which runs there are is always asked of the
    archive: a run that is deleted is gone here, too.

    Parameters
    ----------
    archive : RunArchive
    reader : callable
        Makes what reads bars again; one for each result, for it may hold whole markets.
    most : int
        Results that are held.
    """

    def __init__(self, archive: RunArchive, reader: Callable[[], BarsAgain], most: int = MOST) -> None:
        self._archive, self._reader, self._most = archive, reader, most
        self._held: OrderedDict[str, Result] = OrderedDict()
        self._loading: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def result(self, run: KeptRun) -> Result:
        """The result of a run.

        Raises
        ------
        DataNotAvailableError, DataError
            When its record is gone or damaged.
        """
        with self._lock:
            loading = self._loading.setdefault(run.id, threading.Lock())
        try:
            with loading:
                return self._found(run.id) or self._keep(run.id, self._archive.load(run, self._reader()))
        finally:
            with self._lock:
                self._loading.pop(run.id, None)

    def forget(self, run_id: str) -> None:
        """Let go of a result."""
        with self._lock:
            self._held.pop(run_id, None)

    def _found(self, run_id: str) -> Result | None:
        with self._lock:
            result = self._held.get(run_id)
            if result is not None:
                self._held.move_to_end(run_id)
            return result

    def _keep(self, run_id: str, result: Result) -> Result:
        with self._lock:
            self._held[run_id] = result
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return result
