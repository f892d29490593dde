"""A Monte Carlo study as one canonical JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.reporting.exports import fields, plain
from tradewright.reporting.monte_carlo.findings import LEVELS, RUIN

if TYPE_CHECKING:
    from tradewright.reporting.monte_carlo.findings import MonteCarloFindings

__all__ = ["SCHEMA_VERSION", "document"]

SCHEMA_VERSION = 1
"""Version of the JSON document (`docs/reference/monte-carlo.schema.json`); it rises when a field changes."""


def document(findings: MonteCarloFindings) -> dict[str, Any]:
    """The study as plain values; the paths themselves are not in it."""
    study = findings.study
    found: dict[str, Any] = plain(
        {
            "schema_version": SCHEMA_VERSION,
            "hash": findings.result.hash,
            "synthetic": findings.result.record.is_synthetic,
            "kind": study.kind,
            "draws": study.draws,
            "start": study.start,
            "currency": findings.currency,
            "steps": {"count": int(study.marks[-1]), "unit": findings.steps},
            "block_length": study.block_length,
            "levels": list(LEVELS),
            "outcomes": {
                each.field: {"label": each.label, "run": each.observed, "quantiles": list(each.quantiles),
                             "rank": each.rank, "reason": each.reason}
                for each in findings.outcomes
            },
            "probability_of_loss": study.probability_of_loss,
            "probability_of_ruin": {"left": RUIN, "value": findings.ruin},
            "bands": {"step": study.marks, "run": findings.path, "equity": study.bands(LEVELS)},
            "warnings": [fields(warning) for warning in findings.warnings],
            "trust": [fields(chip) for chip in findings.result.trust],
        }
    )  # fmt: skip
    return found
