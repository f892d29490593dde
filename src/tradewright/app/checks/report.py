"""What a check says: each question with its answer, and every finding."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradewright.domain.leaks import LeakFinding
    from tradewright.reporting.result import Result

__all__ = ["Answer", "Check", "CheckReport"]


class Answer(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    NOTICE = "notice"
    FAILED = "failed"
    NOT_MADE = "not made"


@dataclass(frozen=True, slots=True)
class Check:
    """One question: its name, how it ended, and the sentence behind that."""

    name: str
    answer: Answer
    sentence: str


@dataclass(frozen=True)
class CheckReport:
    """A check of a strategy for bias.

    Parameters
    ----------
    strategy : str
        Name of the strategy, or of the strategies.
    checks : tuple of Check
        In fixed order; none is left out.
    findings : tuple of LeakFinding
        The gravest first.
    result : Result
        Of the run over all bars; its trust bar says how the look-ahead check ended.
    interpreted : str or None
        Why the strategy cannot run as machine code, with file and line; None where it can. Not a matter of bias.
    """

    strategy: str
    checks: tuple[Check, ...]
    findings: tuple[LeakFinding, ...]
    result: Result
    interpreted: str | None = None

    @property
    def passed(self) -> bool:
        """Whether nothing was found that makes a check fail; notices do not."""
        return not self.failures

    @property
    def failures(self) -> tuple[LeakFinding, ...]:
        """The findings that are more than a notice."""
        return tuple(finding for finding in self.findings if finding.is_failure)

    def summary(self) -> str:
        """The checks as a table in text, and every finding in full."""
        width = max(len(check.name) for check in self.checks)
        marks = {Answer.PASSED: "✓", Answer.NOTICE: "·", Answer.FAILED: "✕", Answer.NOT_MADE: "–"}
        lines = [f"{self.strategy}: {self._verdict()}", ""]
        lines += [f"{marks[each.answer]} {each.name:<{width}}  {each.sentence}" for each in self.checks]
        lines += ["", _tier_text(self.interpreted)]
        for finding in self.findings:
            lines += ["", *_paragraph(finding)]
        return "\n".join(lines)

    def _verdict(self) -> str:
        count = len(self.failures)
        return "no bias was found" if not count else f"{count} finding{'' if count == 1 else 's'}"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as written to JSON."""
        return {
            "strategy": self.strategy,
            "passed": self.passed,
            "checks": [
                {"name": each.name, "answer": str(each.answer), "sentence": each.sentence} for each in self.checks
            ],
            "findings": [finding.to_dict() for finding in self.findings],
            "compiles": self.interpreted is None,
            "interpreted": self.interpreted,
            "run": self.result.hash,
        }

    def __repr__(self) -> str:
        return f"<CheckReport {self.strategy}: {self._verdict()}>"


def _tier_text(interpreted: str | None) -> str:
    return "The strategy compiles." if interpreted is None else f"The strategy runs interpreted: {interpreted}"


def _paragraph(finding: LeakFinding) -> list[str]:
    where = [] if finding.spot is None else [f"  {finding.file}:{finding.line}: {finding.spot.code}"]
    hint = [f"  {finding.hint}"] if finding.hint else []
    return [f"{finding.kind} ({finding.gravity}): {finding.sentence}", *where, *hint]
