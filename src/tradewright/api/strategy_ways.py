"""How far each strategy has come, by its runs and by persons, and how far it may go now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from tradewright.domain.control.paging import Slice
from tradewright.domain.kept_run import KeptRun, RunQuery
from tradewright.domain.moments import utc
from tradewright.domain.stage import Stage

from .schemas.strategies import LastRun
from .strategy_words import class_name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.bootstrap.catalogue import CatalogueEntry
    from tradewright.bootstrap.control_room import ControlRoom

__all__ = ["Furthest", "StrategyWays", "Way"]

Furthest = Literal["backtest", "paper", "live"]

_FEW = 20
_REACHED: dict[Stage, Furthest] = {Stage.LIVE: "live", Stage.PAPER: "live", Stage.BACKTEST: "paper"}
"""How far an approval of the evidence of a stage lets a strategy go."""
_DOWN_FROM: dict[Furthest, tuple[Furthest, ...]] = {
    "live": ("live", "paper", "backtest"),
    "paper": ("paper", "backtest"),
    "backtest": ("backtest",),
}
_WORK = {"walk_forward": "walked", "optimize": "searched", None: "tested"}
"""What has been done with a strategy, the most telling first."""


class Way(NamedTuple):
    """How far a strategy has come.

    Parameters
    ----------
    stage : str
        How far persons have let it go: ``live`` or ``paper``, else what was done with it.
    mode : str
        The furthest mode in which it may begin.
    last_run : LastRun or None
    """

    stage: str
    mode: Furthest
    last_run: LastRun | None


class StrategyWays:
    """Looks at strategies of the catalogue; approvals are read once, for all of them.

    Parameters
    ----------
    room : ControlRoom
    """

    def __init__(self, room: ControlRoom) -> None:
        self._room = room
        self._let_go = _let_go(room)

    def mode(self, entry: CatalogueEntry) -> Furthest:
        """The furthest mode in which it may begin, by the approvals of its class and by what its entry says."""
        reached = self._let_go.get(class_name_of(entry) or "", "backtest")
        return next(mode for mode in _DOWN_FROM[reached] if entry.goes_as_far_as(mode))

    def way(self, entry: CatalogueEntry) -> Way:
        """How far it has come."""
        return Way(self._stage(entry), self.mode(entry), self._last_run(entry))

    def _stage(self, entry: CatalogueEntry) -> str:
        reached = self._let_go.get(class_name_of(entry) or "")
        done = (word for kind, word in _WORK.items() if self._last_run(entry, kind))
        return reached or next(done, "draft")

    def _last_run(self, entry: CatalogueEntry, kind: str | None = None) -> LastRun | None:
        name = class_name_of(entry)
        found = iter(()) if name is None else _latest_first(self._room, RunQuery(strategy=name, kind=kind))
        exact = next((run for run in found if name in run.strategy.split(" + ")), None)
        return None if exact is None else LastRun(id=exact.id, created_at=utc(exact.label.created_ns))


def _let_go(room: ControlRoom) -> dict[str, Furthest]:
    """How far approvals in force let each class go."""
    found: dict[str, Furthest] = {}
    for said in room.approvals.store.all():
        if found.get(said.strategy.name) != "live" and room.approvals.is_in_force(said):
            found[said.strategy.name] = _REACHED[said.stage]
    return found


def _latest_first(room: ControlRoom, query: RunQuery) -> Iterator[KeptRun]:
    """Runs, read a few at a time: the first ones nearly always suffice."""
    offset = 0
    while items := room.archive.page(query, piece=Slice(_FEW, offset)).items:
        yield from items
        offset += len(items)
