"""A search as one canonical JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.record import RunConfig
from tradewright.domain.search import TrialState
from tradewright.reporting.exports import fields, plain
from tradewright.reporting.search import trials

if TYPE_CHECKING:
    from tradewright.domain.search import SearchRecord, Trial
    from tradewright.reporting.search.findings import SearchFindings

__all__ = ["SCHEMA_VERSION", "document"]

SCHEMA_VERSION = 2
"""Version of the JSON document (`docs/reference/search.schema.json`); it rises when a field comes, goes or changes."""


def document(findings: SearchFindings) -> dict[str, Any]:
    """The search as plain values: numbers as they are, what is undefined as None; the clock is nowhere in it."""
    record = findings.record
    found: dict[str, Any] = plain(
        {
            "schema_version": SCHEMA_VERSION,
            "id": record.header.id,
            "kind": record.header.kind,
            "family": record.header.family,
            "strategy": record.header.strategy,
            "settings": record.header.settings,
            "span": fields(record.header.span),
            "code_version": record.code_version,
            "synthetic": any(key.synthetic for key in record.data),
            "space": record.space,
            "method": record.method,
            "seed": record.seed,
            "objectives": [fields(objective) for objective in record.objectives],
            "config": {name: getattr(record.config, name) for name in RunConfig.__dataclass_fields__},
            "defaults": record.defaults,
            "data": [_without_origin(fields(key)) for key in record.data],
            "warmup_bars": record.warmup_bars,
            "periods_per_year": record.periods_per_year,
            "counts": _counts(record),
            "headline": _headline(findings),
            "honesty": _honesty(findings),
            "pareto": [trial.number for trial in findings.pareto] if len(record.objectives) > 1 else None,
            "warnings": [fields(warning) for warning in findings.warnings],
            "trust": [fields(chip) for chip in findings.trust],
            "unreliable": findings.is_unreliable,
            "trials": _trials(record),
        }
    )
    return found


def _counts(record: SearchRecord) -> dict[str, int]:
    states = {str(state): sum(trial.state is state for trial in record.trials) for state in TrialState}
    return {"trials": len(record.trials), **states, "valued": sum(map(trials.is_valued, record.trials))}


def _headline(findings: SearchFindings) -> dict[str, Any]:
    """The best, and in the same object what must stand beside it."""
    honesty, best = findings.honesty, findings.best
    return {
        "best": None if best is None else _trial(best),
        "sharpe": honesty.best_sharpe,
        "trials": honesty.trials,
        "deflated_sharpe": honesty.deflated_sharpe,
        "pbo": honesty.pbo,
        "verdict": {"state": str(findings.verdict.state), "word": findings.verdict.word,
                    "sentence": findings.verdict.sentence},
    }  # fmt: skip


def _trial(trial: Trial) -> dict[str, Any]:
    return {"number": trial.number, "params": trial.params, "values": list(trial.values), "metrics": trial.metrics}


def _honesty(findings: SearchFindings) -> dict[str, Any]:
    """Every number about luck by its field: value, meaning, and the reason where there is no value."""
    honesty = findings.honesty
    found: dict[str, Any] = {
        row.field: {"value": row.number, "label": row.label, "meaning": row.meaning}
        | ({"reason": row.reason} if row.reason else {})
        for row in findings.honesty_rows
    }
    return found | {
        "trials_variance": honesty.trials_variance,
        "pbo_splits": honesty.pbo_splits,
        "years": honesty.years,
        "neighbours": honesty.neighbours,
    }


def _trials(record: SearchRecord) -> dict[str, Any]:
    """Columns of equal length; parameters and numbers of users stand under their own names."""
    first = record.trials
    names = dict.fromkeys(name for trial in first for name in trial.metrics)
    return {
        "number": [trial.number for trial in first],
        "state": [str(trial.state) for trial in first],
        "reason": [trial.reason for trial in first],
        "params": {name: [trial.params.get(name) for trial in first] for name in record.space},
        "values": {
            objective.name: [trial.values[place] if place < len(trial.values) else None for trial in first]
            for place, objective in enumerate(record.objectives)
        },
        "metrics": {name: [trial.metrics.get(name) for trial in first] for name in names},
        "sharpe_per_period": [trial.sharpe for trial in first],
    }


def _without_origin(key: dict[str, Any]) -> dict[str, Any]:
    """Where a file lies differs between machines, and the document must not."""
    return {name: value for name, value in key.items() if name != "origin"}
