"""`tradewright jobs` and `tradewright worker`: the queue as it is typed."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest
from tests.command_line import Tw

from tradewright.app.jobs.supervisor import Supervisor, Wish
from tradewright.bootstrap.jobs import job_book, job_queue, project_folder
from tradewright.domain.control.jobs import JobKind, JobLimits, JobProgress, JobState

REQUEST = json.dumps({"strategy": "sma.py:SmaCross", "source": "synthetic"})


@pytest.fixture
def job_id(tw: Tw) -> str:
    """A job that waits."""
    return str(json.loads(tw("jobs", "submit", "backtest", REQUEST, "--seconds", "60", "--json").out)["id"])


def failed(job_id: str, **error: Any) -> None:
    """Let a job have failed."""
    book = job_book()
    job = book.claim("w1", [JobKind.BACKTEST])
    assert job is not None
    assert job.id == job_id
    book.progress(job, JobProgress(50, 200, "bars", 25.0, 6.0, book.clock.now_ns()))
    book.end(job, JobState.FAILED, None, error)


def test_a_job_waits_until_a_worker_takes_it(tw: Tw, job_id: str) -> None:
    job = job_queue().job(job_id)
    assert (job.state, job.kind, job.limits) == (JobState.QUEUED, JobKind.BACKTEST, JobLimits(seconds=60.0))
    assert job_id in tw("jobs", "list").out
    (listed,) = json.loads(tw("jobs", "list", "--json", "--state", "queued").out)["jobs"]
    assert listed["id"] == job_id
    assert "no jobs like that" in tw("jobs", "list", "--state", "done").out


def test_a_request_may_stand_in_a_file(tw: Tw, desk: Path) -> None:
    (desk / "request.json").write_text(REQUEST)
    assert "is queued" in tw("jobs", "submit", "backtest", "@request.json").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backtest", "{"), "The request is not JSON"),
        (("backtest", "[]"), "The request is no JSON object"),
        (("backtest", '{"strategy": "../sma.py"}'), "strategy='../sma.py' lies outside the project's folder."),
        (("backtest", '{"strategy": "none"}'), "neither in the catalogue nor a Python file"),
        (("paper", REQUEST), "'paper' is not one of"),
        (("backtest", REQUEST, "--seconds", "0"), "seconds=0.0 is no limit of a job."),
    ],
)
def test_what_cannot_be_carried_out_is_bad_usage(tw: Tw, words: tuple[str, ...], said: str) -> None:
    run = tw("jobs", "submit", *words)
    assert run.code == 2
    assert said in run.err
    assert json.loads(tw("jobs", "list", "--json").out)["total"] == 0


def test_a_failed_job_shows_its_sentence_where_it_was_and_the_last_lines(tw: Tw, job_id: str) -> None:
    failed(job_id, type="E", sentence="It fell.", hint="Look.", file="a.py", line=3, last_lines=["before the fall"])
    shown = tw("jobs", "show", job_id).out
    for word in ("failed", "It fell.", "Look.", "a.py", "3", "before the fall", "created"):
        assert word in shown
    assert json.loads(tw("jobs", "show", job_id, "--json").out)["progress"]["done"] == 50
    assert "25%" in tw("jobs", "list").out


def test_its_log_is_printed(tw: Tw, job_id: str) -> None:
    job_queue().log.append(job_id, b"one\ntwo\n")
    assert tw("jobs", "log", job_id).out == "one\ntwo\n"


def test_a_log_that_is_followed_ends_with_the_job(tw: Tw, job_id: str) -> None:
    job_queue().log.append(job_id, b"one\n")
    tw("jobs", "cancel", job_id)
    assert tw("jobs", "log", job_id, "--follow").out == "one\n"


def test_a_job_is_cancelled(tw: Tw, job_id: str) -> None:
    assert tw("jobs", "cancel", job_id).out == f"{job_id} is cancelled\n"


@pytest.mark.parametrize("command", ["show", "log", "cancel"])
def test_a_job_that_is_not_there_is_a_sentence(tw: Tw, command: str) -> None:
    run = tw("jobs", command, "none")
    assert (run.code, run.err.splitlines()[0]) == (1, "There is no job 'none'.")


# ---------------------------------------------------------------- the worker


def test_a_role_that_is_none_is_bad_usage(tw: Tw) -> None:
    run = tw("worker", "--roles", "backtest,optimise")
    assert run.code == 2
    assert "There is no role 'optimise'. Did you mean 'optimize'?" in run.err


@pytest.mark.parametrize(
    ("words", "signals", "heard"),
    [
        ((), 1, Wish.LEAVE),
        ((), 2, Wish.LEAVE_NOW),
        (("--now",), 1, Wish.LEAVE_NOW),
    ],
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_it_leave_and_the_second_one_at_once(
    tw: Tw, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], signals: int, heard: Wish, number: int
) -> None:
    wishes: list[Wish] = []

    def run(self: Supervisor, wish: Any) -> None:
        wishes.append(wish())
        for _ in range(signals):
            signal.raise_signal(number)
        wishes.append(wish())

    before = signal.getsignal(number)
    monkeypatch.setattr(Supervisor, "run", run)
    assert tw("worker", "--roles", "import", "--most", "3", *words).code == 0
    assert wishes == [Wish.WORK, heard]
    assert signal.getsignal(number) is before


def test_it_says_what_it_takes(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Supervisor, "run", lambda self, wish: None)
    run = tw("worker", "--roles", "import,backtest", "--most", "3")
    assert "takes backtest, import; at most 3 at a time." in run.err


@pytest.mark.parametrize(
    ("words", "takes"),
    [
        (("--roles", "alerts"), "takes alerts;"),
        (("--roles", "schedules"), "takes schedules;"),
        (("--roles", "research,monitoring"), "takes optimize, reconcile, summary, walk_forward, alerts, schedules;"),
        ((), ", alerts, schedules;"),
    ],
)
def test_alerts_are_a_role_and_services_are_groups(
    tw: Tw, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], takes: str
) -> None:
    monkeypatch.setattr(Supervisor, "run", lambda self, wish: None)
    assert takes in tw("worker", *words).err


def test_a_worker_of_a_server_leaves_alerts_to_it(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Supervisor, "run", lambda self, wish: None)
    assert "alerts" not in tw("worker", "--attached").err


def test_files_of_jobs_lie_in_the_folder_of_the_settings(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert project_folder() == desk
    (desk / "tradewright.yaml").write_text("version: 1\n")
    (desk / "inner").mkdir()
    monkeypatch.chdir(desk / "inner")
    assert project_folder() == desk
