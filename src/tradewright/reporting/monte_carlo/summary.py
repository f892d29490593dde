"""A Monte Carlo study as a text table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.reporting import formatting, wording
from tradewright.reporting.cost_text import cost_lines
from tradewright.reporting.monte_carlo.findings import LEVELS, share
from tradewright.reporting.summary import aligned, doubt_lines, trust_lines

if TYPE_CHECKING:
    from tradewright.reporting.monte_carlo.findings import MonteCarloFindings, Outcome

__all__ = ["LIMITS", "cells", "head", "how", "one_line", "summary"]

LIMITS = "None of the paths tells of a market that was not in the data."


def summary(findings: MonteCarloFindings) -> str:
    """The whole study as aligned text; each section begins with its name."""
    record, study = findings.result.record, findings.study
    rows = [head(), *(cells(findings, outcome) for outcome in findings.outcomes)]
    blocks = [
        [wording.title(record), wording.period(record), "", "Monte Carlo", f"  {how(findings)}", f"  {LIMITS}"],
        ["Paths", *aligned(rows), f"  ended with a loss: {share(study.probability_of_loss)}",
         f"  fell to half of the start: {share(findings.ruin)}"],
        cost_lines(findings.result.findings),
        trust_lines(findings.result.trust),
        doubt_lines(findings.warnings),
    ]  # fmt: skip
    return "\n\n".join("\n".join(block) for block in blocks)


def one_line(findings: MonteCarloFindings) -> str:
    """What was drawn from what, and what came out, in one line."""
    return f"{wording.title(findings.result.record)}: {findings.sentence}"


def how(findings: MonteCarloFindings) -> str:
    """How the paths were drawn."""
    study = findings.study
    blocks = f", in blocks of {study.block_length:.3g} on average" if study.block_length is not None else ""
    return (
        f"{wording.plural(study.draws, 'path')}, {study.kind}, {int(study.marks[-1]):,} {findings.steps} each{blocks}"
    )


def head() -> list[str]:
    """Heads of `cells`."""
    return ["", "Run", *(f"{level:.0%}".replace("%", " %") for level in LEVELS), "Paths below the run"]


def cells(findings: MonteCarloFindings, outcome: Outcome) -> list[str]:
    """A line of the table as text."""
    return [
        outcome.label,
        findings.written(outcome.field, outcome.observed),
        *(findings.written(outcome.field, value) for value in outcome.quantiles),
        formatting.percent(outcome.rank),
    ]
