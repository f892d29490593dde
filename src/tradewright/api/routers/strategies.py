"""The strategies of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Path, Query

from tradewright.bootstrap.catalogue import CatalogueEntry
from tradewright.bootstrap.catalogue_change import change_entry, changed_entry
from tradewright.bootstrap.control_room import ControlRoom
from tradewright.bootstrap.strategy_change import identity_change
from tradewright.domain.control.paging import Slice
from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.kept_run import KeptRun, RunQuery
from tradewright.domain.moments import utc
from tradewright.domain.stage import Stage

from ..dependencies import Room
from ..problems import refused_by_key
from ..schemas.base import Page
from ..schemas.strategies import (
    ChangedStrategy,
    LastRun,
    ListedStrategy,
    StrategyChange,
    StrategyChangePreview,
    StrategyDetail,
    StrategyFilter,
)
from ..strategy_words import class_name_of, detailed_strategy, listed_strategy, told_change

__all__ = ["router"]

router = APIRouter(prefix="/v1/strategies", tags=["strategies"])

StrategyId = Annotated[str, Path(max_length=200)]

_FEW = 20
_REACHED = {Stage.LIVE: "live", Stage.PAPER: "live", Stage.BACKTEST: "paper"}
"""How far an approval of the evidence of a stage lets a strategy go."""
_WORK = {"walk_forward": "walked", "optimize": "searched", None: "tested"}
"""What has been done with a strategy, the most telling first."""


@router.get("")
def list_strategies(room: Room, asked: Annotated[StrategyFilter, Query()]) -> Page[ListedStrategy]:
    """The strategies of the catalogue, in its order; one that cannot be loaded says why."""
    catalogue = room.catalogue()
    entries = [entry for entry in catalogue if asked.status in ("all", entry.settings.status)]
    items = [
        listed_strategy(entry, shipped=catalogue.shipped, stage=_stage(room, entry), last_run=_last_run(room, entry))
        for entry in asked.cut(entries)
    ]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=len(entries))


@router.get("/{strategy_id}")
def get_strategy(room: Room, strategy_id: StrategyId) -> StrategyDetail:
    """A strategy: what it does, its parameters, its text."""
    return _detail(room, strategy_id)


@router.patch("/{strategy_id}")
def change_strategy(room: Room, strategy_id: StrategyId, asked: StrategyChange) -> ChangedStrategy:
    """Put values into its catalogue entry, all of them or none; comments and everything else in the file stay.

    What runs already goes on with what it began with. Other parameters, symbols or another timeframe make it another
    strategy to approvals, and the answer says which ones hold no longer.
    """
    with refused_by_key():
        change = change_entry(room.project, strategy_id, asked.changes, asked.digest)
    told = told_change(change, identity_change(change, room.approvals))
    return ChangedStrategy(
        **_detail(room, strategy_id).model_dump(by_alias=True), changes=told.changes, identity=told.identity
    )


@router.post("/{strategy_id}/preview")
def preview_strategy(room: Room, strategy_id: StrategyId, asked: StrategyChange) -> StrategyChangePreview:
    """What a change of its catalogue entry would do at this moment; nothing is done."""
    with refused_by_key():
        change = changed_entry(room.project, strategy_id, asked.changes, asked.digest)
    return told_change(change, identity_change(change, room.approvals))


def _detail(room: ControlRoom, strategy_id: str) -> StrategyDetail:
    catalogue = room.catalogue()
    entry = catalogue.entries.get(strategy_id)
    if entry is None:
        raise DataNotAvailableError(f"The catalogue has no strategy '{strategy_id}'.")
    return detailed_strategy(
        entry, shipped=catalogue.shipped, stage=_stage(room, entry), last_run=_last_run(room, entry)
    )


def _stage(room: ControlRoom, entry: CatalogueEntry) -> str:
    """How far persons have let it go: an approval in force, else what was done with it."""
    name = class_name_of(entry)
    said = [each for each in room.approvals.store.all() if each.strategy.name == name]
    reached = {_REACHED[each.stage] for each in said if room.approvals.is_in_force(each)}
    if reached:
        return "live" if "live" in reached else "paper"
    return next((word for kind, word in _WORK.items() if _last_run(room, entry, kind)), "draft")


def _last_run(room: ControlRoom, entry: CatalogueEntry, kind: str | None = None) -> LastRun | None:
    name = class_name_of(entry)
    found = iter(()) if name is None else _latest_first(room, RunQuery(strategy=name, kind=kind))
    exact = next((run for run in found if name in run.strategy.split(" + ")), None)
    return None if exact is None else LastRun(id=exact.id, created_at=utc(exact.label.created_ns))


def _latest_first(room: ControlRoom, query: RunQuery) -> Iterator[KeptRun]:
    """Runs, read a few at a time: the first ones nearly always suffice."""
    offset = 0
    while items := room.archive.page(query, piece=Slice(_FEW, offset)).items:
        yield from items
        offset += len(items)
