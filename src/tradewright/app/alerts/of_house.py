"""What the rules say of the house itself: its workers, its disk, and who comes to its door."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tradewright.domain.control.paging import MOST_ROWS, Slice
from tradewright.domain.control.users import AuditQuery
from tradewright.domain.timeframe import NS_PER_SECOND

from .rules import Finding, Over

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tradewright.domain.control.jobs import Job
    from tradewright.domain.control.readings import DiskReading
    from tradewright.domain.control.users import AuditEntry
    from tradewright.ports.users import AuditLog

    from .rules import RuleInForce

__all__ = ["LOG_IN", "judge_disk", "judge_doors", "judge_workers"]

LOG_IN = "sign_in"
"""What the audit calls it when somebody asks to be let in."""
_DONE = "done"


def judge_workers(lost: Sequence[Job], told: Sequence[str]) -> Iterator[Finding | Over]:
    """Workers that have jobs and have not been heard of, and those of which it was told and that is over.

    Parameters
    ----------
    lost : sequence of Job
    told : sequence of str
        Subjects that are open.
    """
    silent: dict[str, list[Job]] = {}
    for job in lost:
        silent.setdefault(job.worker or "unknown", []).append(job)
    for worker, jobs in silent.items():
        many = f"its {jobs[0].kind} job" if len(jobs) == 1 else f"its {len(jobs)} jobs"
        sentence = f"The worker '{worker}' has not been heard of while it had {many}."
        yield Finding("worker_lost", worker, sentence, "Another worker takes its jobs up; look at its host.")
    yield from (Over("worker_lost", worker) for worker in told if worker not in silent)


def judge_disk(disk: DiskReading, rule: RuleInForce) -> Finding | Over:
    """Whether a disk has less left than the rule wants: a share of it, or a number of gigabytes."""
    free_gb = disk.free / 1e9
    if disk.free >= disk.total * rule.thresholds["free_share"] and free_gb >= rule.thresholds["free_gb"]:
        return Over("disk_low", disk.place)
    share = disk.free / disk.total if disk.total else 0.0
    sentence = f"The disk of {disk.place} has {free_gb:,.1f} GB left ({share:.1%})."
    return Finding("disk_low", disk.place, sentence, "Make room: sessions cannot write their records on a full disk.")


def judge_doors(
    audit: AuditLog, rules: Mapping[str, RuleInForce], after: int, now_ns: int
) -> tuple[list[Finding], int]:
    """What log-ins say that came after an entry, and the number of the last one that was looked at."""
    newest = audit.page(AuditQuery(action=LOG_IN), Slice(MOST_ROWS)).items
    fresh = [each for each in newest if each.number > after]
    found: list[Finding] = []
    if "failed_logins" in rules:
        found += _burst(newest, fresh, rules["failed_logins"], now_ns)
    if "new_address" in rules:
        found += [new for each in reversed(fresh) if (new := _new_address(audit, each)) is not None]
    return found, max((each.number for each in newest), default=after)


def _burst(
    entries: Sequence[AuditEntry], fresh: Sequence[AuditEntry], rule: RuleInForce, now_ns: int
) -> Iterator[Finding]:
    """By the name that was tried, and by the address it came from: either alone may be what is attacked."""
    within_s = rule.thresholds["within_s"]
    failed = [
        each
        for each in entries
        if each.outcome != _DONE and now_ns - each.at_ns <= within_s * NS_PER_SECOND
    ]  # fmt: skip
    last = {subject: each.number for each in reversed(fresh) if each.outcome != _DONE for subject in _subjects(each)}
    counts = Counter(subject for each in failed for subject in _subjects(each))
    for subject, number in last.items():
        if counts[subject] >= rule.thresholds["most"]:
            sentence = f"{counts[subject]} log-ins with {subject} were refused within {within_s:g} s."
            hint = "If that was nobody you know, look at the audit log."
            yield Finding("failed_logins", subject, sentence, hint, f"audit:{number}")


def _subjects(entry: AuditEntry) -> Iterator[str]:
    name = entry.who or entry.subject
    if name:
        yield f"the name '{name}'"
    if entry.address:
        yield f"the address {entry.address}"


def _new_address(audit: AuditLog, entry: AuditEntry) -> Finding | None:
    if entry.outcome != _DONE or not entry.address:
        return None
    query = AuditQuery(who=entry.who, action=LOG_IN, until_ns=entry.at_ns)
    earlier = [each for each in audit.page(query, Slice(MOST_ROWS)).items if each.outcome == _DONE]
    if not earlier or any(each.address == entry.address for each in earlier):
        return None
    sentence = f"{entry.who} signed in from {entry.address}, for the first time from there."
    hint = "If that was not them, revoke their sign-ins and change the password."
    return Finding("new_address", f"{entry.who} from {entry.address}", sentence, hint, f"audit:{entry.number}")
