"""Whose work is done right now: the run, job, session and request that every log line names."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["bound_ids", "naming"]

_BOUND: ContextVar[tuple[tuple[str, str], ...]] = ContextVar("tradewright_ids", default=())


@contextmanager
def naming(
    *, run: str | None = None, job: str | None = None, session: str | None = None, request: str | None = None
) -> Iterator[None]:
    """Let every line that is logged inside name these, in this task and those that it begins.

    Examples
    --------
    >>> with naming(job="j1"), naming(run="r1"):
    ...     dict(bound_ids())
    {'job_id': 'j1', 'run_id': 'r1'}
    >>> dict(bound_ids())
    {}
    """
    given = {"run_id": run, "job_id": job, "session_id": session, "request_id": request}
    named = dict(_BOUND.get()) | {key: value for key, value in given.items() if value is not None}
    token = _BOUND.set(tuple(named.items()))
    try:
        yield
    finally:
        _BOUND.reset(token)


def bound_ids() -> Mapping[str, str]:
    """What is named now."""
    return dict(_BOUND.get())
