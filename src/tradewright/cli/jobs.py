"""`tradewright jobs`: the queue of work that runs by itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from .lazy import Command, CommandSet
from .outcome import FAILED

if TYPE_CHECKING:
    from tradewright.app.jobs.queue import JobQueue
    from tradewright.domain.control.jobs import Job

    from .outcome import Outcome

__all__ = ["cancel_jobs", "jobs", "list_jobs", "log_job", "read_request", "show_job", "submit_job"]

_STATES = ("queued", "running", "cancelling", "done", "failed", "cancelled")
_KINDS = (
    "backtest", "optimize", "walk_forward", "import", "fetch", "check", "compare", "archive", "reconcile", "summary",
)  # fmt: skip
_LOOK_EVERY_S = 0.2
_SHOWN = 50

jobs = CommandSet(
    "jobs",
    help="Work that is queued and run by 'tradewright worker'.",
    commands={
        "list": ("tradewright.cli.jobs:list_jobs", "List jobs, the latest first."),
        "show": ("tradewright.cli.jobs:show_job", "Show how a job stands."),
        "log": ("tradewright.cli.jobs:log_job", "Print what a job printed."),
        "cancel": ("tradewright.cli.jobs:cancel_jobs", "Let jobs stop."),
        "submit": ("tradewright.cli.jobs:submit_job", "Put a job into the queue."),
    },
)

_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
_ID = click.argument("job_id", metavar="ID")


@click.command("list", cls=Command)
@click.option("--state", "states", type=click.Choice(_STATES), multiple=True, help="In which state; several are well.")
@click.option("--kind", "kinds", type=click.Choice(_KINDS), multiple=True, help="Of which kind; several are well.")
@click.option("--most", type=click.IntRange(1, 1000), default=_SHOWN, metavar="N", help=f"How many. [{_SHOWN}]")
@_JSON
def list_jobs(*, states: tuple[str, ...], kinds: tuple[str, ...], most: int, as_json: bool) -> None:
    """List jobs, the latest first."""
    from tradewright.domain.control.jobs import JobKind, JobQuery, JobState
    from tradewright.domain.control.paging import Slice

    from .output import print_json, print_table

    query = JobQuery(
        states=frozenset(map(JobState, states)) or None,
        kinds=frozenset(map(JobKind, kinds)) or None,
    )
    page = _queue().page(query, Slice(most))
    if as_json:
        print_json({"jobs": [_described(job) for job in page.items], "total": page.total})
    elif not page.items:
        click.echo("There are no jobs like that.")
    else:
        print_table(["Job", "Made (UTC)", "Kind", "Of", "State", "Progress", "Run"], list(map(_line, page.items)))
        if page.total > len(page.items):
            click.echo(f"{len(page.items):,} of {page.total:,} jobs.")


@click.command("show", cls=Command)
@_ID
@_JSON
def show_job(job_id: str, *, as_json: bool) -> None:
    """Show how a job stands: state, progress, the run that it kept, or why it failed."""
    from .output import print_json

    described = _described(_queue().job(job_id))
    if as_json:
        print_json(described)
        return
    error = described.pop("error") or {}
    lines = {**described, **{name: error[name] for name in ("sentence", "hint", "file", "line") if error.get(name)}}
    shown = {name.removesuffix("_ns").replace("_", " "): _word(name, value) for name, value in lines.items()}
    click.echo("\n".join(f"{name:<15}{text}" for name, text in shown.items()))
    for line in error.get("last_lines", ()):
        click.echo(f"  {line}")


@click.command("log", cls=Command)
@_ID
@click.option("--follow", is_flag=True, help="Go on until the job is over.")
def log_job(job_id: str, *, follow: bool) -> None:
    """Print what a job printed."""
    queue, offset = _queue(), 0
    while True:
        # Asked before reading: what is printed until its end is read after it.
        is_over = queue.job(job_id).state.is_over
        text, offset = queue.printed(job_id, offset)
        click.echo(text.decode(errors="replace"), nl=False)
        if not text and (is_over or not follow):
            return
        if not text:
            time.sleep(_LOOK_EVERY_S)


@click.command("cancel", cls=Command)
@click.argument("job_ids", nargs=-1, required=True, metavar="ID...")
def cancel_jobs(job_ids: tuple[str, ...]) -> None:
    """Let jobs stop: at once where they wait, within two seconds where they run."""
    queue = _queue()
    for job_id in job_ids:
        click.echo(f"{job_id} is {queue.cancel(job_id).state}")


@click.command("submit", cls=Command)
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("request", metavar="REQUEST")
@click.option("--seconds", type=float, metavar="S", help="The longest it may take.")
@click.option("--memory-mb", type=int, metavar="MB", help="The most memory that it may hold.")
@click.option("--wait", is_flag=True, help="Wait for its end; the exit code is 0 where it is done.")
@_JSON
@click.pass_obj
def submit_job(outcome: Outcome, /, kind: str, request: str, *, wait: bool, as_json: bool, **limits: Any) -> None:
    """Put a job into the queue.

    REQUEST is a JSON object such as '{"strategy": "sma_cross", "source": "synthetic"}', or @FILE that holds one.
    """
    import getpass

    from tradewright.domain.control.jobs import JobLimits, JobState

    from .output import print_json

    queue = _queue()
    job = queue.submit(kind, read_request(request), owner=getpass.getuser(), limits=JobLimits(**limits))
    if wait:
        job = _waited_for(queue, job)
        outcome.code = outcome.code if job.state is JobState.DONE else FAILED
    if as_json:
        print_json(_described(job))
        return
    click.echo(f"{job.id} is {job.state}" + (f", kept as run {job.run_id}" if job.run_id else ""))
    if job.error is not None:
        click.echo(job.error["sentence"], err=True)


def _queue() -> JobQueue:
    from tradewright.bootstrap.jobs import job_queue

    return job_queue()


def _waited_for(queue: JobQueue, job: Job) -> Job:
    while not job.state.is_over:
        time.sleep(_LOOK_EVERY_S)
        job = queue.job(job.id)
    return job


def read_request(request: str) -> dict[str, Any]:
    """A request as it is typed: a JSON object, or the name of a file that holds one behind an @."""
    import json
    from pathlib import Path

    text = Path(request[1:]).read_text(encoding="utf-8") if request.startswith("@") else request
    try:
        found = json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"The request is not JSON: {error}.") from None
    if not isinstance(found, dict):
        raise click.UsageError('The request is no JSON object such as {"strategy": "sma_cross"}.')
    return found


def _described(job: Job) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(job) | {"kind": str(job.kind), "state": str(job.state)}


def _line(job: Job) -> list[str]:
    from tradewright.domain.kept_run import short_id
    from tradewright.domain.moments import utc

    return [
        job.id, f"{utc(job.created_ns):%Y-%m-%d %H:%M:%S}", str(job.kind), _subject(job), str(job.state), _share(job),
        "–" if job.run_id is None else short_id(job.run_id),
    ]  # fmt: skip


def _subject(job: Job) -> str:
    said = job.request.get("strategy") or ", ".join(job.request.get("files", ()))
    return str(said)[:40]


def _share(job: Job) -> str:
    if job.progress is None:
        return "–"
    if job.progress.total:
        return f"{job.progress.done / job.progress.total:.0%}"
    return f"{job.progress.done:,g} {job.progress.unit}"


def _word(name: str, value: Any) -> str:
    import json

    from tradewright.domain.moments import utc

    if value is None:
        return "–"
    if name.endswith("_ns"):
        return f"{utc(value):%Y-%m-%d %H:%M:%S}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
