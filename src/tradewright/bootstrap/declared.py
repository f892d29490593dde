"""Schedules of the settings, brought into the store by whoever serves or works."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.app.access.auditing import DONE
from tradewright.app.schedules.declaring import OWNER, Declaration
from tradewright.app.schedules.wishes import WishReader
from tradewright.bootstrap.access import auditor_over
from tradewright.bootstrap.jobs import job_commands
from tradewright.bootstrap.schedules import due_times, schedule_desk, schedules_kept
from tradewright.bootstrap.settings import said_settings
from tradewright.bootstrap.settings_problems import refusal
from tradewright.domain.control.access import Actor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike

    from tradewright.bootstrap.schedule_settings import DeclaredSchedule
    from tradewright.bootstrap.settings_values import Problem
    from tradewright.domain.control.schedules import Wish

__all__ = ["bring_in", "declared_wishes", "problems_of", "schedules_begun"]

_VERBS = {"added": "create", "changed": "change", "removed": "delete"}
_LOG = logging.getLogger("tradewright.schedules")


def declared_wishes() -> list[Wish] | None:
    """What the settings of the working folder want to begin by itself; None where no file says anything of anything.

    Raises
    ------
    ConfigError
        For every schedule that cannot be begun, each with file, line and field.
    """
    settings = said_settings(Path.cwd(), os.environ)
    if settings is None or settings.schedules is None:
        return None
    problems = [each for declared in settings.schedules.values() for each in problems_of(declared)]
    if problems:
        raise refusal(problems)
    return [each.wish for each in settings.schedules.values()]


def problems_of(declared: DeclaredSchedule) -> list[Problem]:
    """Why a job of it could not be begun, or would never be due."""
    from tradewright.adapters.system_clock import SystemClock

    reader = WishReader(job_commands(), due_times())
    found = reader.mistakes(declared.wish, SystemClock().now_ns())
    return [declared.problem(field, error) for field, error in found]


def bring_in(wishes: Sequence[Wish], folder: str | PathLike[str] | None = None) -> None:
    """Have the store say what the settings say; each change is told, audited and logged by the process that made it.

    Parameters
    ----------
    wishes : sequence of Wish
        Sound ones.
    folder : path, optional

    Raises
    ------
    StorageError
        When the store cannot be used; what was not done is done by asking again.
    """
    desk = schedule_desk(folder)
    auditor = auditor_over(desk.now_ns, folder)
    for change in Declaration(desk.starter, desk.new_id).bring_in(wishes, desk.now_ns()):
        name, details = change.schedule.name, {"changes": [*change.values]} if change.values else {}
        auditor.note(Actor(OWNER), f"schedule.{_VERBS[change.verb]}", name, DONE, details)
        _LOG.info("the schedule '%s' was %s, as the settings say", name, change.verb)


@contextmanager
def schedules_begun(wishes: Sequence[Wish] | None) -> Iterator[None]:
    """Look after schedules for as long as the block lasts, and bring in first what the settings say of them.

    Parameters
    ----------
    wishes : sequence of Wish or None
        As of `declared_wishes`; None leaves what is declared as it is.
    """
    with schedules_kept(first=None if wishes is None else partial(bring_in, wishes)):
        yield
