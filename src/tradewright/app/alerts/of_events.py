"""What the rules say of events: jobs that failed, schedules that could not begin theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rules import Finding

if TYPE_CHECKING:
    from tradewright.domain.control.events import TopicEvent

__all__ = ["TOPICS", "judge_event"]

TOPICS = ("jobs", "schedules")
"""What is read."""


def judge_event(event: TopicEvent) -> Finding | None:
    """What a rule finds in an event: nothing in most."""
    body = event.body
    source = f"{event.topic}:{event.seq}"
    if event.topic == "jobs" and event.kind == "state" and body.get("state") == "failed":
        error = body.get("error") or {}
        sentence = f"The {body.get('kind')} {body.get('id')} failed: {error.get('sentence') or 'no reason was kept.'}"
        return Finding("job_failed", f"{body.get('kind')} of {body.get('owner')}", sentence, error.get("hint"), source)
    if event.topic == "schedules" and event.kind == "refused":
        sentence = f"The schedule '{body.get('name')}' could not begin its {body.get('kind')}: {body.get('error')}"
        hint = "Make it anew with a request that can be carried out."
        return Finding("schedule_refused", str(body.get("name")), sentence, hint, source)
    return None
