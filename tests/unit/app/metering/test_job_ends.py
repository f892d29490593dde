"""Ends of jobs are counted from what is told of them, whichever worker ran them."""

from __future__ import annotations

from types import SimpleNamespace

from tradewright.adapters.metrics.memory import HeldMetrics
from tradewright.app.metering.job_ends import JobEnds, busy_workers
from tradewright.domain import gauges
from tradewright.domain.control.events import TopicEvent

S = 1_000_000_000


class Events:
    """A log that grows."""

    def __init__(self):
        self.all = []

    def tell(self, state, kind="state"):
        body = {"id": "j", "kind": "backtest", "state": state}
        self.all.append(TopicEvent("jobs", len(self.all) + 1, 0, kind, body))

    def head(self, _):
        return len(self.all)

    def after(self, _, seq, limit):
        return self.all[seq : seq + limit]


def test_jobs_that_ended_are_counted_once_with_how_long_they_ran():
    events, metrics = Events(), HeldMetrics()
    events.tell("done")
    jobs = SimpleNamespace(get=lambda _: SimpleNamespace(started_ns=2 * S, ended_ns=5 * S))
    ends = JobEnds(metrics, events, jobs)
    for state in ("queued", "running", "done"):
        events.tell(state)
    events.tell("done", "progress")
    ends.count()
    ends.count()
    assert metrics.value(gauges.JOBS_ENDED, kind="backtest", state="done") == 1
    assert metrics.value(gauges.JOB_SECONDS, kind="backtest", state="done") == 1
    assert b'tradewright_job_seconds_sum{kind="backtest",state="done"} 3.0' in metrics.page()[0]


def test_a_job_that_never_began_has_no_length():
    events, metrics = Events(), HeldMetrics()
    ends = JobEnds(metrics, events, SimpleNamespace(get=lambda _: SimpleNamespace(started_ns=None, ended_ns=5 * S)))
    events.tell("cancelled")
    ends.count()
    assert metrics.value(gauges.JOBS_ENDED, kind="backtest", state="cancelled") == 1
    assert metrics.value(gauges.JOB_SECONDS, kind="backtest", state="cancelled") is None


def test_a_worker_is_busy_as_long_as_it_gives_signs_of_life():
    signs = (("a", 95), ("a", 99), ("b", 50), ("c", 90))
    held = [SimpleNamespace(worker=name, heartbeat_ns=at * S) for name, at in signs]
    jobs = SimpleNamespace(page=lambda *_: SimpleNamespace(items=held))
    assert busy_workers(jobs, 100 * S) == 2
