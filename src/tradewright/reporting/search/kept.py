"""A search read back from its document, as it was when it was kept: what every view of it reads."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.honesty import SearchHonesty
from tradewright.domain.record import DataKey, RunConfig
from tradewright.domain.search import (
    DataSpan,
    Objective,
    SearchHeader,
    SearchRecord,
    Trial,
    TrialCount,
    TrialState,
)
from tradewright.reporting.search.findings import SearchFindings, Sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.reporting.result import Result

__all__ = ["kept_search"]

_UNKEPT = "it was not kept with the search"
_ALIKE = ("space", "method", "seed", "defaults", "periods_per_year", "code_version", "warmup_bars")


def kept_search(document: Mapping[str, Any]) -> SearchFindings:
    """What was found out about a search, from its document (`docs/reference/search-json.md`).

    Returns of trials are not in it, nor can its best be run: its warnings and trust states are in the document itself.
    """
    record, honesty = _record(document), _honesty(document["honesty"])
    return SearchFindings(record, Sources(lambda: honesty, _no_run))


def _no_run(_: Mapping[str, Any]) -> Result:
    raise DataNotAvailableError("A kept search is not run again by looking at it.")


def _record(said: Mapping[str, Any]) -> SearchRecord:
    span = DataSpan(**{**said["span"], "instruments": tuple(said["span"]["instruments"])})
    honesty = said["honesty"]
    count = TrialCount(said["family"], int(honesty["trials"]["value"] or 0), honesty["trials_variance"])
    return SearchRecord(
        header=SearchHeader(said["id"], said["kind"], said["family"], said["strategy"], span, said["settings"]),
        objectives=tuple(Objective(**each) for each in said["objectives"]),
        config=RunConfig(**said["config"]),
        data=tuple(DataKey(**each) for each in said["data"]),
        trials=_trials(said["trials"]),
        returns=np.zeros((0, 0)),
        columns=np.zeros(0, np.int64),
        labels=np.zeros(0, np.int64),
        count=count,
        **{name: said[name] for name in _ALIKE},
    )


def _trials(columns: Mapping[str, Any]) -> tuple[Trial, ...]:
    params, values, metrics = (
        _by_row(columns[name], len(columns["number"])) for name in ("params", "values", "metrics")
    )
    rows = zip(columns["number"], columns["state"], columns["reason"], columns["sharpe_per_period"], strict=True)
    return tuple(
        Trial(number, params[at], TrialState(state), tuple(values[at].values()), metrics[at], reason, sharpe)
        for at, (number, state, reason, sharpe) in enumerate(rows)
    )


def _by_row(columns: Mapping[str, list[Any]], rows: int) -> list[dict[str, Any]]:
    if not columns:
        return [{} for _ in range(rows)]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _honesty(said: Mapping[str, Any]) -> SearchHonesty:
    """Numbers with their reasons; what an earlier version did not compute says that."""
    values: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    for field in fields(SearchHonesty):
        if field.name == "reasons":
            continue
        if field.name not in said:
            reasons[field.name] = _UNKEPT
            continue
        found = said[field.name]
        values[field.name] = found["value"] if isinstance(found, dict) else found
        if isinstance(found, dict) and "reason" in found:
            reasons[field.name] = found["reason"]
    return SearchHonesty(**values, reasons=reasons)
