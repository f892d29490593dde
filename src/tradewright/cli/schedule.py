"""`tradewright schedule`: work that begins by itself at times that are named once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .lazy import Command, CommandSet

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tradewright.app.schedules.desk import ScheduleDesk
    from tradewright.domain.control.jobs import Job
    from tradewright.domain.control.schedules import Firing, ScheduleView

__all__ = [
    "add_schedule", "edit_schedule", "list_schedules", "pause_schedules", "remove_schedules", "resume_schedules",
    "run_schedule", "schedule", "show_schedule",
]  # fmt: skip

_SHOWN = 10

schedule = CommandSet(
    "schedule",
    help="Work that begins by itself, as jobs of 'tradewright worker'; 'serve' and workers look after it in turn.",
    commands={
        "list": (
            "tradewright.cli.schedule:list_schedules",
            "List schedules: next time, last time, what became of it.",
        ),
        "add": ("tradewright.cli.schedule:add_schedule", "Have a job begun at certain times."),
        "edit": ("tradewright.cli.schedule:edit_schedule", "Have a schedule say something else."),
        "show": ("tradewright.cli.schedule:show_schedule", "Show a schedule with its next and its last times."),
        "pause": ("tradewright.cli.schedule:pause_schedules", "Begin nothing until resumed."),
        "resume": ("tradewright.cli.schedule:resume_schedules", "Go on, from now on."),
        "run": ("tradewright.cli.schedule:run_schedule", "Begin its job now."),
        "remove": ("tradewright.cli.schedule:remove_schedules", "Take schedules away; their jobs stay."),
    },
)

_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
_NAMES = click.argument("names", nargs=-1, required=True, metavar="NAME...")
_NAME = click.argument("name", metavar="NAME")
_MISSED = click.Choice(["skip", "once", "all"])
_EXAMPLES = (
    "Examples: schedule add close-check 'XNYS close + 15 m' check · "
    'schedule add old-minutes \'0 3 * * sun\' archive \'{"older_than": "2y", "timeframes": ["1m"]}\''
)
_EDITED = "Example: schedule edit close-check --when 'XNYS close + 30 m' --missed skip"


@click.command("list", cls=Command)
@_JSON
def list_schedules(*, as_json: bool) -> None:
    """List schedules by name: when they are due next, when they ran last, and what became of that."""
    from .output import print_json, print_table

    found = _desk().all()
    if as_json:
        print_json({"schedules": [_described(each) for each in found]})
    elif not found:
        click.echo("There is no schedule yet. Make one with: tradewright schedule add NAME WHEN KIND")
    else:
        print_table(["Name", "When", "Kind", "Next (UTC)", "Last (UTC)", "Its job"], [_line(each) for each in found])


@click.command("add", cls=Command, epilog=_EXAMPLES)
@_NAME
@click.argument("when")
@click.argument("kind")
@click.argument("request", default="{}")
@click.option("--zone", default="UTC", metavar="ZONE", help="Time zone of a cron expression. [UTC]")
@click.option("--missed", type=_MISSED, default="once", show_default=True,
              help="What becomes of times at which nobody could begin it.")  # fmt: skip
@click.option("--most", type=int, default=10, metavar="N", help="Of a pile, as many --missed all makes up for. [10]")
@click.option("--grace", "grace_s", type=float, default=300.0, metavar="S",
              help="Seconds that a time may be late and is not missed. [300]")  # fmt: skip
@click.option("--paused", "is_paused", is_flag=True, help="Begin nothing until it is resumed.")
@_JSON
def add_schedule(*, request: str, missed: str, as_json: bool, **said: Any) -> None:
    """Have a job of a KIND begun at certain times, under a NAME.

    WHEN is five fields of cron ('30 18 * * mon-fri', in --zone) or a session of an exchange ('XNYS close + 15 m',
    'XNYS open - 5 m', '24/7 close'), with its half days and holidays. REQUEST is a JSON object as of 'jobs submit', or
    @FILE that holds one. A schedule has one job at a time.
    """
    from tradewright.domain.control.schedules import MissedRuns, Wish

    from .access import terminal
    from .jobs import read_request
    from .output import print_json

    wish = Wish(request=read_request(request), missed=MissedRuns(missed), **said)
    with _audited("schedule.create", wish.name, when=wish.when, kind=wish.kind):
        made = _desk().add(wish, owner=terminal().name)
    if as_json:
        print_json(_described(made))
        return
    click.echo(f"{made.schedule.name} begins its {made.schedule.kind} job {_next_words(made)}.")


@click.command("edit", cls=Command, epilog=_EDITED)
@_NAME
@click.option("--name", "new_name", metavar="NAME", help="Another name.")
@click.option("--when", metavar="WHEN", help="Other times; they count from now on.")
@click.option("--zone", metavar="ZONE", help="Another time zone of a cron expression.")
@click.option("--kind", metavar="KIND", help="Another kind of job; its request has to fit it.")
@click.option("--request", metavar="REQUEST", help="Another request, as a whole.")
@click.option("--missed", type=_MISSED, help="What becomes of times at which nobody could begin it.")
@click.option("--most", type=int, metavar="N", help="Of a pile, as many --missed all makes up for.")
@click.option("--grace", "grace_s", type=float, metavar="S", help="Seconds that a time may be late and is not missed.")
@_JSON
def edit_schedule(*, name: str, as_json: bool, **said: Any) -> None:
    """Have a schedule say something else; what is not said stays, and so does what became of its times.

    Other times count from now on, and what was missed of the times before is let go. A job that runs goes on as it was
    begun. What the settings say is changed there.
    """
    from .access import terminal
    from .output import print_json

    values = _values(said)
    with _audited("schedule.change", name, changes=values):
        change = _desk().change(name, values, terminal().name)
    found = _desk().found(change.schedule.id)
    if as_json:
        print_json(_described(found))
        return
    changed = f"says another {' and '.join(change.values)}" if change.values else "says all that already"
    click.echo(f"{found.schedule.name} {changed}; it begins its {found.schedule.kind} job {_next_words(found)}.")


def _values(said: dict[str, Any]) -> dict[str, Any]:
    """What is to be otherwise, by the names of a schedule."""
    from tradewright.domain.control.schedules import MissedRuns

    from .jobs import read_request

    found = {("name" if key == "new_name" else key): value for key, value in said.items() if value is not None}
    if not found:
        raise click.UsageError("Say what is to be otherwise, such as --when 'XNYS close + 30 m'.")
    if "request" in found:
        found["request"] = read_request(found["request"])
    if "missed" in found:
        found["missed"] = MissedRuns(found["missed"])
    return found


@click.command("show", cls=Command)
@_NAME
@_JSON
def show_schedule(name: str, *, as_json: bool) -> None:
    """Show a schedule, its next five times, and what became of the last ten."""
    from tradewright.domain.control.paging import Slice

    from .output import print_json, print_table

    desk = _desk()
    found = desk.found(name)
    coming = desk.upcoming(found.schedule.when, found.schedule.zone, 5)
    firings = [(each, desk.job_of(each)) for each in desk.firings(name, Slice(_SHOWN)).items]
    if as_json:
        print_json(_described(found) | {"times": [_instant(each) for each in coming],
                                        "firings": [_firing(*each) for each in firings]})  # fmt: skip
        return
    for word, value in _described(found).items():
        if word == "last":
            continue
        click.echo(f"{word:<12}{'–' if value is None else value}")
    click.echo(f"{'times':<12}{', '.join(_minute(each) for each in coming)}")
    if firings:
        rows = [_row(*each) for each in firings]
        print_table(["Due (UTC)", "Why", "What became of it", "Passed over", "Job"], rows)


@click.command("pause", cls=Command)
@_NAMES
def pause_schedules(names: tuple[str, ...]) -> None:
    """Begin nothing until resumed; a job that runs goes on."""
    for name in names:
        with _audited("schedule.change", name, paused=True):
            click.echo(f"{_desk().pause(name).schedule.name} is paused.")


@click.command("resume", cls=Command)
@_NAMES
def resume_schedules(names: tuple[str, ...]) -> None:
    """Go on, from now on: times while it was paused are not made up for."""
    for name in names:
        with _audited("schedule.change", name, paused=False):
            found = _desk().resume(name)
        click.echo(f"{found.schedule.name} begins its next job {_next_words(found)}.")


@click.command("run", cls=Command)
@_NAME
@_JSON
def run_schedule(name: str, *, as_json: bool) -> None:
    """Begin its job now, paused or not; its next time stays as it is."""
    from .output import print_json

    with _audited("schedule.run", name):
        job = _desk().run(name)
    if as_json:
        print_json({"job": job.id, "state": str(job.state)})
        return
    click.echo(f"{job.id} is {job.state}; follow it with: tradewright jobs log {job.id} --follow")


@click.command("remove", cls=Command)
@_NAMES
def remove_schedules(names: tuple[str, ...]) -> None:
    """Take schedules away with what is known of their times; jobs stay, and one that runs goes on."""
    for name in names:
        with _audited("schedule.delete", name):
            click.echo(f"{_desk().remove(name).name} is removed.")


def _desk() -> ScheduleDesk:
    from tradewright.bootstrap.schedules import schedule_desk

    return schedule_desk()


def _audited(action: str, name: str, **details: Any) -> AbstractContextManager[None]:
    """What the block does leaves an entry, as over HTTP."""
    import time

    from tradewright.bootstrap.access import auditor_over

    from .access import terminal

    return auditor_over(time.time_ns).act(terminal(), action, name, **details)


def _next_words(view: ScheduleView) -> str:
    if view.schedule.paused_ns is not None:
        return "once it is resumed"
    return "at no time that is known" if view.next_ns is None else f"at {_minute(view.next_ns)} UTC"


def _line(view: ScheduleView) -> list[str]:
    kept = view.schedule
    zone = "" if kept.zone == "UTC" else f" ({kept.zone})"
    due = "paused" if kept.paused_ns is not None else "–" if view.next_ns is None else _minute(view.next_ns)
    last = "–" if view.last is None else _minute(view.last.due_ns)
    name = f"{kept.name} (settings)" if kept.is_declared else kept.name
    return [name, kept.when + zone, str(kept.kind), due, last, _outcome(view.last, view.job)]


def _row(firing: Firing, job: Job | None) -> list[str]:
    missed = f"{firing.missed:,}" if firing.missed else "–"
    return [_minute(firing.due_ns), str(firing.cause), _outcome(firing, job), missed, firing.job_id or "–"]


def _described(view: ScheduleView) -> dict[str, Any]:
    kept = view.schedule
    return {
        **{name: getattr(kept, name) for name in ("id", "name", "when", "zone", "most", "grace_s", "owner")},
        "kind": str(kept.kind),
        "request": dict(kept.request),
        "missed": str(kept.missed),
        "paused": kept.paused_ns is not None,
        "revision": kept.revision,
        "changed": None if kept.changed_ns is None else _instant(kept.changed_ns),
        "declared": kept.is_declared,
        "next": None if view.next_ns is None else _instant(view.next_ns),
        "last": None if view.last is None else _firing(view.last, view.job),
    }


def _firing(firing: Firing, job: Job | None) -> dict[str, Any]:
    return {
        "due": _instant(firing.due_ns),
        "cause": str(firing.cause),
        "state": str(firing.state),
        "passed_over": firing.missed,
        "job": firing.job_id,
        "job_state": None if job is None else str(job.state),
        "error": firing.error,
    }


def _outcome(firing: Firing | None, job: Job | None) -> str:
    if job is not None:
        return str(job.state)
    return "–" if firing is None else str(firing.state)


def _instant(at_ns: int) -> str:
    from tradewright.domain.moments import instant_text

    return instant_text(at_ns)


def _minute(at_ns: int) -> str:
    from tradewright.domain.moments import utc

    return f"{utc(at_ns):%Y-%m-%d %H:%M}"
