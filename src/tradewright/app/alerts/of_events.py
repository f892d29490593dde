"""What the rules say of events: jobs that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rules import Finding

if TYPE_CHECKING:
    from tradewright.domain.control.events import TopicEvent

__all__ = ["TOPICS", "judge_event"]

TOPICS = ("jobs",)
"""What is read."""


def judge_event(event: TopicEvent) -> Finding | None:
    """What a rule finds in an event: nothing in most."""
    body = event.body
    if event.topic != "jobs" or event.kind != "state" or body.get("state") != "failed":
        return None
    error = body.get("error") or {}
    sentence = f"The {body.get('kind')} {body.get('id')} failed: {error.get('sentence') or 'no reason was kept.'}"
    subject = f"{body.get('kind')} of {body.get('owner')}"
    return Finding("job_failed", subject, sentence, error.get("hint"), f"{event.topic}:{event.seq}")
