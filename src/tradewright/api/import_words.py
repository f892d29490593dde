"""What became of imported files, out of what the job of the import printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tradewright.domain.quality import Problem, QualityReport

from .data_words import finding_documents
from .schemas.data import ImportedFile

if TYPE_CHECKING:
    from tradewright.app.jobs.queue import JobQueue

__all__ = ["MOST_LINES", "imported_files", "printed_document"]

MOST_LINES = 500
"""Findings of a file that are told one by one."""

_REFUSED = frozenset({Problem.IMPOSSIBLE, Problem.DUPLICATE, Problem.DISORDER, Problem.OUTSIDE})


def imported_files(jobs: JobQueue, job_id: str) -> list[ImportedFile]:
    """Each file of an import with what was kept and refused of it; empty where the job told of none.

    Raises
    ------
    NotFoundError
        When there is no such job.
    """
    return [_file(each) for each in printed_document(jobs, job_id).get("files", [])]


def printed_document(jobs: JobQueue, job_id: str) -> dict[str, Any]:
    """The JSON document that a job printed; empty where it printed none, or none that is whole.

    Raises
    ------
    NotFoundError
        When there is no such job.
    """
    return _document_of(_printed(jobs, job_id))


def _printed(jobs: JobQueue, job_id: str) -> str:
    pieces, offset = [], 0
    while piece := jobs.printed(job_id, offset):
        printed, after = piece
        if after <= offset:
            break
        pieces.append(printed)
        offset = after
    return b"".join(pieces).decode("utf-8", "replace")


def _document_of(printed: str) -> dict[str, Any]:
    """The JSON document among the lines: its own are the only ones that are a brace and nothing else."""
    lines = printed.splitlines()
    if "{" not in lines or "}" not in lines:
        return {}
    stop = len(lines) - lines[::-1].index("}")
    try:
        found = json.loads("\n".join(lines[lines.index("{") : stop]))
    except ValueError:
        return {}  # cut short where the log was full
    return found if isinstance(found, dict) else {}


def _file(said: dict[str, Any]) -> ImportedFile:
    if "error" in said:
        return ImportedFile(file=said["file"], effect="refused", error=said["error"])
    quality = said.get("quality")
    findings = [] if quality is None else QualityReport.from_dict(quality).findings
    refused = [each for each in findings if each.problem in _REFUSED]
    others = [each for each in findings if each.problem not in _REFUSED]
    return ImportedFile(
        file=said["file"],
        effect=said["effect"],
        instrument=said["instrument"],
        timeframe=said["timeframe"],
        adjustment=said["adjustment"],
        version=said["version"],
        kept=said["rows"],
        new=said["new_rows"],
        refused=sum(each.count for each in refused),
        refusals=finding_documents(sorted(refused, key=lambda each: each.line or 0)[:MOST_LINES]),
        findings=finding_documents(others[:MOST_LINES]),
    )
