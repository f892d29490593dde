"""A walk-forward as one canonical JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.reporting.exports import document as result_document
from tradewright.reporting.exports import fields, plain
from tradewright.reporting.walk.folds import fold_return, positive_share

if TYPE_CHECKING:
    from tradewright.domain.walk import Fold
    from tradewright.reporting.walk.findings import WalkFindings
    from tradewright.reporting.walk.numbers import Steadiness

__all__ = ["SCHEMA_VERSION", "document"]

SCHEMA_VERSION = 1
"""Version of the JSON document (`docs/reference/walk-forward.schema.json`); it rises when a field changes."""

_STABILITY = ("name", "values", "usual", "usual_share", "changes", "dispersion", "reason")


def document(findings: WalkFindings) -> dict[str, Any]:
    """The walk as plain values; `result` is the document of the stitched run."""
    record = findings.record
    good, invested = positive_share(record)
    found: dict[str, Any] = plain(
        {
            "schema_version": SCHEMA_VERSION,
            "strategy": record.strategy,
            "objectives": [fields(objective) for objective in record.objectives],
            "settings": record.settings,
            "headline": {
                "total_return": findings.result.metrics["total_return"],
                "sharpe": findings.result.metrics["sharpe"],
                "efficiency": findings.numbers.efficiency,
                "efficiency_reason": findings.numbers.efficiency_reason,
                "folds": len(record.folds),
                "folds_invested": invested,
                "folds_with_a_gain": good,
                "verdict": {"state": str(findings.verdict.state), "word": findings.verdict.word,
                            "sentence": findings.verdict.sentence},
            },
            "folds": [_fold(fold) for fold in record.folds],
            "stability": [_steadiness(each) for each in findings.numbers.stability],
            "warnings": [fields(warning) for warning in findings.warnings],
            "trust": [fields(chip) for chip in findings.trust],
            "unreliable": findings.is_unreliable,
        }
    )  # fmt: skip
    return found | {"result": result_document(findings.result.findings)}


def _fold(fold: Fold) -> dict[str, Any]:
    return {
        **fields(fold.window),
        "params": fold.params,
        "reason": fold.reason,
        "search": fold.search.header.id,
        "trials": len(fold.search.trials),
        "train_value": fold.train_value,
        "test_value": fold.test_value,
        "efficiency": fold.efficiency,
        "test_return": fold_return(fold),
        "trades": 0 if fold.test is None else len(fold.test.trades["net"]),
        "test_hash": None if fold.test is None else fold.test.hash,
    }


def _steadiness(each: Steadiness) -> dict[str, Any]:
    return {name: getattr(each, name) for name in _STABILITY}
