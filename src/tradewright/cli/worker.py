"""`tradewright worker`: takes jobs from the queue and runs each in a process of its own."""

from __future__ import annotations

import contextlib
import os
import signal
from typing import TYPE_CHECKING, Any

import click

from .lazy import Command

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tradewright.app.jobs.rules import WorkerRules
    from tradewright.app.jobs.supervisor import Supervisor, Wish
    from tradewright.app.roles import Roles
    from tradewright.domain.control.schedules import Wish as ScheduleWish

__all__ = ["worker"]


@click.command(cls=Command)
@click.option("--roles", metavar="A,B", help="Kinds of jobs, alerts, schedules, or names of services. [all]")
@click.option("--most", type=click.IntRange(min=1), metavar="N", help="Jobs at the same time. [one for each processor]")
@click.option("--sessions", type=click.IntRange(min=1), metavar="N", help="Sessions at the same time, besides. [16]")
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), metavar="S", help="The longest a job may take.")
@click.option("--memory-mb", type=click.IntRange(min=1), metavar="MB", help="The most memory that a job may hold.")
@click.option("--now", is_flag=True, help="When told to end, put what runs back into the queue instead of waiting.")
@click.option("--attached", is_flag=True, help="End, as with --now, when the process that started it ends.")
def worker(*, now: bool, attached: bool, **said: Any) -> None:
    """Take jobs from the queue, and look after alerts and schedules in turn with others, until told to end.

    Ctrl-C or SIGTERM: nothing new is taken and what runs comes to its end; the second time, what runs goes back into
    the queue at once. A paper or live session is handed on at the first word: it ends cleanly, and another worker takes
    it up where it was. Several workers, on several hosts, may share a queue.
    """
    from tradewright.bootstrap.declared import declared_wishes
    from tradewright.bootstrap.jobs import job_supervisor
    from tradewright.bootstrap.logs import begin_logs

    # The server that started it looks after alerts and schedules itself.
    roles = _roles(said["roles"], duties=not attached)
    wishes = declared_wishes() if roles.schedules else None
    rules = _rules(roles, said)
    begin_logs("worker")
    supervisor = job_supervisor(rules)
    orders = _Orders(supervisor, now=now, parent=os.getppid() if attached else None)
    click.echo(f"Worker {supervisor.worker} takes {roles.words}; at most {rules.most} at a time.", err=True)
    before = {number: signal.signal(number, orders.hear) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with _duties(roles, wishes):
            supervisor.run(orders.wish)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    click.echo("The worker has ended.", err=True)


class _Orders:
    """What the worker was told so far."""

    def __init__(self, supervisor: Supervisor, *, now: bool, parent: int | None) -> None:
        self._supervisor, self._now, self._parent = supervisor, now, parent
        self._heard = 0
        self._trouble: str | None = None

    def hear(self, *_: object) -> None:
        """A signal came."""
        self._heard += 1
        if self._heard == 1 and not self._now:
            count = len(self._supervisor.running)
            click.echo(f"Nothing new is taken; {count} running. Again to put them back into the queue.", err=True)

    def wish(self) -> Wish:
        """What that means."""
        from tradewright.app.jobs.supervisor import Wish

        self._tell_trouble()
        if self._heard > 1 or (self._heard and self._now) or self._is_orphan():
            return Wish.LEAVE_NOW
        return Wish.LEAVE if self._heard else Wish.WORK

    def _is_orphan(self) -> bool:
        return self._parent is not None and os.getppid() != self._parent

    def _tell_trouble(self) -> None:
        """Say once that the store cannot be asked, and once that it can again."""
        trouble = self._supervisor.trouble
        if trouble != self._trouble:
            click.echo(trouble or "The store answers again.", err=True)
            self._trouble = trouble


@contextlib.contextmanager
def _duties(roles: Roles, wishes: Sequence[ScheduleWish] | None) -> Iterator[None]:
    """What is done beside jobs, for as long as the block lasts."""
    from tradewright.bootstrap.alerts import alerts_watched
    from tradewright.bootstrap.declared import schedules_begun
    from tradewright.bootstrap.metering import open_metrics

    with contextlib.ExitStack() as beside:
        if roles.alerts:
            beside.enter_context(alerts_watched(open_metrics()))
        if roles.schedules:
            beside.enter_context(schedules_begun(wishes))
        yield


def _roles(said: str | None, *, duties: bool) -> Roles:
    from tradewright.app.roles import roles_of
    from tradewright.domain.errors import ConfigError

    words = [each.strip() for each in (said or "").split(",") if each.strip()]
    try:
        found = roles_of(words)
    except ConfigError as error:
        raise click.UsageError(f"{error.message} {error.hint}") from None
    return found if words or duties else found._replace(alerts=False, schedules=False)


def _rules(roles: Roles, said: dict[str, Any]) -> WorkerRules:
    from tradewright.app.jobs.rules import WorkerRules
    from tradewright.domain.control.jobs import JobLimits

    ceilings = JobLimits(said["seconds"], said["memory_mb"])
    most, sessions = said["most"] or os.cpu_count() or 1, said["sessions"] or WorkerRules().sessions
    return WorkerRules(kinds=roles.kinds, most=most, sessions=sessions, ceilings=ceilings)
