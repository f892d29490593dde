"""What a process may be for: kinds of jobs, alerts, schedules, and groups of them under the names of services."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, NamedTuple

from tradewright.domain.control.duties import ALERTS, SCHEDULES
from tradewright.domain.control.jobs import JobKind
from tradewright.domain.errors import ConfigError

from .jobs.rules import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["GROUPS", "Roles", "roles_of"]

GROUPS: dict[str, tuple[str, ...]] = {
    "data": (
        JobKind.IMPORT_DATA,
        JobKind.FETCH_DATA,
        JobKind.CHECK_DATA,
        JobKind.COMPARE_DATA,
        JobKind.ARCHIVE_DATA,
    ),
    "research": (JobKind.OPTIMIZE, JobKind.WALK_FORWARD),
    "execution": (JobKind.PAPER, JobKind.LIVE),
    "monitoring": (ALERTS, SCHEDULES, JobKind.RECONCILE, JobKind.SUMMARY),
}
"""Services by name, and the roles that each stands for."""
_DUTIES = (ALERTS, SCHEDULES)


class Roles(NamedTuple):
    """What a worker does.

    Parameters
    ----------
    kinds : frozenset of JobKind
        Jobs that it takes; may be empty.
    alerts : bool
        Whether it looks after alerts, in turn with others.
    schedules : bool
        Whether it begins what is due, in turn with others.
    """

    kinds: frozenset[JobKind]
    alerts: bool
    schedules: bool

    @property
    def words(self) -> str:
        """In words, such as ``backtest, import, alerts``."""
        duties = [name for name, has in zip(_DUTIES, (self.alerts, self.schedules), strict=True) if has]
        return ", ".join([*sorted(self.kinds), *duties])


def roles_of(words: Iterable[str]) -> Roles:
    """What words such as ``backtest`` or ``monitoring`` stand for; everything where there are none.

    Raises
    ------
    ConfigError
        For a word that is no role.

    Examples
    --------
    >>> roles_of(["research", "alerts"]).words
    'optimize, walk_forward, alerts'
    """
    known = [*ROLES, *_DUTIES]
    said = [each for word in words for each in _meant(word, known)] or known
    kinds = frozenset(JobKind(each) for each in said if each not in _DUTIES)
    return Roles(kinds, ALERTS in said, SCHEDULES in said)


def _meant(word: str, known: list[str]) -> Iterable[str]:
    if word in known:
        return (word,)
    meant = [each for each in GROUPS.get(word, ()) if each in known]
    if not meant:
        every = [*known, *(name for name, roles in GROUPS.items() if set(roles) <= set(known))]
        near = difflib.get_close_matches(word, every, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(every)}."
        raise ConfigError(f"There is no role '{word:.40}'.", hint=hint)
    return meant
