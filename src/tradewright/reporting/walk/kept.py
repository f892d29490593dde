"""A walk-forward read back from its document, in the words of its report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.search import Objective
from tradewright.reporting import formatting, wording
from tradewright.reporting.catalog import BY_KEY
from tradewright.reporting.search import texts
from tradewright.reporting.search.space import number_text
from tradewright.reporting.walk.summary import settings_words, stability_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "EFFICIENCY",
    "KeptFolds",
    "KeptSteadiness",
    "WalkTile",
    "kept_folds",
    "steadiness_of",
    "walk_tiles",
    "work_of",
]

EFFICIENCY = "annual return out of sample ÷ in training"


class WalkTile(NamedTuple):
    """One number that a walk is introduced with; see `tradewright.reporting.search.head.Tile`."""

    key: str
    label: str
    text: str
    number: float | None
    aside: str | None
    reason: str | None = None


class KeptSteadiness(NamedTuple):
    """How the choice of one parameter moved; see `tradewright.reporting.walk.numbers.Steadiness`."""

    name: str
    values: Sequence[Any]
    usual: Any
    usual_share: float
    changes: float | None
    dispersion: float | None
    reason: str | None

    @property
    def texts(self) -> list[str]:
        """Name, usual choice, share of changes, dispersion, and why there is none."""
        return stability_row(self)


class KeptFolds(NamedTuple):
    """The folds of a walk: the parameters that were searched, and each fold with how its numbers are written."""

    params: tuple[str, ...]
    rows: list[tuple[Mapping[str, Any], dict[str, str]]]


def walk_tiles(document: Mapping[str, Any]) -> list[WalkTile]:
    """Out of sample: return, Sharpe, efficiency and folds with a gain."""
    said = document["headline"]
    kept = said["efficiency"]
    why = None if kept is not None else said["efficiency_reason"] or "not computed"
    return [
        _metric("total_return", said["total_return"], formatting.returns(said["total_return"])),
        _metric("sharpe", said["sharpe"], formatting.ratio(said["sharpe"])),
        WalkTile("efficiency", "Efficiency", formatting.percent(kept), kept, EFFICIENCY if why is None else why, why),
        WalkTile(
            "folds_with_a_gain",
            "Folds with a gain",
            f"{said['folds_with_a_gain']} of {said['folds_invested']}",
            said["folds_with_a_gain"],
            "out of sample",
        ),
    ]


def work_of(document: Mapping[str, Any]) -> str:
    """Folds, windows and what was looked for, in a line."""
    folds = wording.plural(document["headline"]["folds"], "fold")
    what = texts.objective_label(_objective(document))
    return f"{folds}, {settings_words(document['settings'])} · chosen by {what}"


def steadiness_of(document: Mapping[str, Any]) -> list[KeptSteadiness]:
    """How the choice of each parameter moved over the folds."""
    return [KeptSteadiness(**each) for each in document["stability"]]


def kept_folds(document: Mapping[str, Any]) -> KeptFolds:
    """The folds in order of time."""
    params = tuple(each["name"] for each in document["stability"])
    currency = str(document["result"]["config"]["currency"])
    write = texts.writer(_objective(document).name, currency)
    return KeptFolds(params, [(fold, _fold(fold, params, write)) for fold in document["folds"]])


def _fold(fold: Mapping[str, Any], params: Sequence[str], write: Any) -> dict[str, str]:
    chosen = fold["params"] or {}
    return {name: number_text(chosen[name]) if name in chosen else "–" for name in params} | {
        "train": f"{fold['train_start']} … {fold['train_end']}",
        "test": f"{fold['test_start']} … {fold['test_end']}{' (part)' if fold['is_partial'] else ''}",
        "trials": f"{fold['trials']:,}",
        "train_value": write(fold["train_value"]),
        "test_value": write(fold["test_value"]),
        "efficiency": formatting.percent(fold["efficiency"]),
        "test_return": formatting.returns(fold["test_return"]),
        "trades": f"{fold['trades']:,}",
    }


def _objective(document: Mapping[str, Any]) -> Objective:
    return Objective(**document["objectives"][0])


def _metric(key: str, value: float | None, text: str) -> WalkTile:
    return WalkTile(
        key, BY_KEY[key].label, text, value, "out of sample", None if value is not None else "it is undefined"
    )
