"""The search or the walk-forward that a kept run came from, as documents: what stands by the headline, and folds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.app.runs.studies import SEARCH, WALK
from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.kept_run import short_id
from tradewright.reporting.walk import kept as walks

from .schemas import walks as said
from .schemas.base import Page
from .schemas.runs import RunWarning
from .words import state_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.app.runs.studies import KeptStudies
    from tradewright.domain.kept_run import KeptRun

    from .schemas.base import Paging

__all__ = ["folds_page", "study", "verdict_words", "walk_view"]

_BULK = {SEARCH: frozenset({"trials"}), WALK: frozenset({"folds", "result"})}


def study(studies: KeptStudies, run: KeptRun, name: str) -> dict[str, Any] | None:
    """What is kept of the study without its table and its run; None where the run came from none.

    Raises
    ------
    DataNotAvailableError, DataError
        When it is gone or damaged.
    """
    found = studies.document(run, name)
    return None if found is None else {key: value for key, value in found.items() if key not in _BULK[name]}


def walk_view(studies: KeptStudies, run: KeptRun) -> said.WalkView:
    """The head of the walk-forward that a run is stitched from.

    Raises
    ------
    DataNotAvailableError
        When the run came from none.
    """
    document = _walk(studies, run)
    return said.WalkView(
        work=walks.work_of(document),
        tiles=[said.WalkTile(**_tile(each)) for each in walks.walk_tiles(document)],
        verdict=said.WalkVerdict.model_validate(verdict_words(document)),
        stability=[_steadiness(each) for each in walks.steadiness_of(document)],
        warnings=[RunWarning(**each) for each in document["warnings"]],
        folds=len(document["folds"]),
    )


def verdict_words(document: Mapping[str, Any]) -> dict[str, Any]:
    """The verdict of a kept study."""
    said = document["headline"]["verdict"]
    return {**said, "state": state_word(said["state"])}


def folds_page(studies: KeptStudies, run: KeptRun, asked: Paging) -> Page[said.FoldRow]:
    """A page of its folds.

    Raises
    ------
    DataNotAvailableError
        When the run came from no walk-forward.
    """
    rows = walks.kept_folds(_walk(studies, run)).rows
    items = [said.FoldRow(number=at, values=dict(fold), texts=texts) for at, (fold, texts) in enumerate(rows, 1)]
    return Page(items=asked.cut(items), page=asked.page, per_page=asked.per_page, total=len(items))


def _walk(studies: KeptStudies, run: KeptRun) -> Mapping[str, Any]:
    found = studies.document(run, WALK)
    if found is None:
        raise DataNotAvailableError(f"The run {short_id(run.id)} has no folds: it is a {run.label.kind}.")
    return found


def _tile(tile: walks.WalkTile) -> dict[str, Any]:
    return {**{name: value for name, value in tile._asdict().items() if name != "number"}, "value": tile.number}


def _steadiness(each: walks.KeptSteadiness) -> said.WalkSteadiness:
    _, usual, changes, dispersion, reason = each.texts
    return said.WalkSteadiness(
        name=each.name, values=list(each.values), usual=usual, changes=changes, dispersion=dispersion, reason=reason
    )
