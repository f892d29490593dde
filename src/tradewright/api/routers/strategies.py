"""The strategies of the catalogue."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from tradewright.bootstrap.catalogue_change import change_entry, changed_entry
from tradewright.bootstrap.control_room import ControlRoom
from tradewright.bootstrap.strategy_change import identity_change
from tradewright.domain.errors import DataNotAvailableError

from ..dependencies import Room
from ..problems import refused_by_key
from ..schemas.base import Page
from ..schemas.strategies import (
    ChangedStrategy,
    ListedStrategy,
    StrategyChange,
    StrategyChangePreview,
    StrategyDetail,
    StrategyFilter,
)
from ..strategy_ways import StrategyWays
from ..strategy_words import detailed_strategy, listed_strategy, told_change

__all__ = ["router"]

router = APIRouter(prefix="/v1/strategies", tags=["strategies"])

StrategyId = Annotated[str, Path(max_length=200)]


@router.get("")
def list_strategies(room: Room, asked: Annotated[StrategyFilter, Query()]) -> Page[ListedStrategy]:
    """The strategies of the catalogue, in its order; one that cannot be loaded says why."""
    catalogue, ways = room.catalogue(), StrategyWays(room)
    entries = [entry for entry in catalogue if asked.status in ("all", entry.settings.status)]
    if asked.mode != "all":
        entries = [entry for entry in entries if ways.mode(entry) == asked.mode]
    items = [listed_strategy(entry, ways.way(entry), shipped=catalogue.shipped) for entry in asked.cut(entries)]
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
    return detailed_strategy(entry, StrategyWays(room).way(entry), shipped=catalogue.shipped)
