"""Searches and walks that runs came from, held ready while somebody looks at them."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.reporting.search.kept import kept_search

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.app.runs.archive import RunArchive
    from tradewright.domain.kept_run import KeptRun
    from tradewright.reporting.search.findings import SearchFindings

__all__ = ["SEARCH", "WALK", "KeptSearch", "KeptStudies"]

SEARCH, WALK = "search", "walk_forward"
"""Under these names their documents are kept."""
MOST = 6


class KeptSearch(NamedTuple):
    """A search as it was kept: its document, and what is found out about it anew from that."""

    document: Mapping[str, Any]
    findings: SearchFindings


class KeptStudies:
    """The last few documents that were asked for; for many threads at once.

    Parameters
    ----------
    archive : RunArchive
    most : int
        Documents that are held.
    """

    def __init__(self, archive: RunArchive, most: int = MOST) -> None:
        self._archive, self._most = archive, most
        self._held: OrderedDict[tuple[str, str], Any] = OrderedDict()
        self._lock = threading.Lock()

    def document(self, run: KeptRun, name: str) -> Mapping[str, Any] | None:
        """The document that was kept with a run under a name; None where there is none.

        Raises
        ------
        DataNotAvailableError, DataError
            When it is gone or damaged.
        """
        if run.artifact(name) is None:
            return None
        found: Mapping[str, Any] = self._once(
            (run.id, name), lambda: json.loads(self._archive.document(run, name) or b"{}")
        )
        return found

    def search(self, run: KeptRun) -> KeptSearch | None:
        """The search of which a run is the best; None where it came from none."""
        document = self.document(run, SEARCH)
        if document is None:
            return None
        found: KeptSearch = self._once((run.id, "findings"), lambda: KeptSearch(document, kept_search(document)))
        return found

    def _once(self, key: tuple[str, str], make: Any) -> Any:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._held[key] = made
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return made
