"""From what somebody asks to a session in the queue: broker and account found, approvals looked at, the name drawn."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.app.desk.starting import Start
from tradewright.bootstrap.accounts import account_places
from tradewright.bootstrap.catalogue import find_catalogue, is_reference
from tradewright.bootstrap.ceilings import require_below_ceiling
from tradewright.bootstrap.settings import said_settings
from tradewright.domain.control.jobs import Job, JobKind, JobQuery
from tradewright.domain.control.paging import Slice
from tradewright.domain.errors import ApprovalError, ConfigError
from tradewright.domain.live.modes import Mode
from tradewright.domain.stage import Stage, StrategyIdentity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.app.approve import ApprovalDesk
    from tradewright.app.jobs.queue import JobQueue
    from tradewright.bootstrap.broker_settings import BrokerSettings
    from tradewright.ports.session_log import SessionLogs

__all__ = ["SessionStarts"]

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")
_LATEST = 500
_STAGES = {"paper": Stage.PAPER, "live": Stage.LIVE}


@dataclass(frozen=True)
class SessionStarts:
    """Begins sessions as jobs.

    Parameters
    ----------
    home : Path
        The folder of all stores.
    project : Path
        From which settings and catalogue are found upward.
    jobs : JobQueue
    approvals : ApprovalDesk
    sessions : SessionLogs
    """

    home: Path
    project: Path
    jobs: JobQueue
    approvals: ApprovalDesk
    sessions: SessionLogs

    def start(self, mode: str, asked: Mapping[str, Any], now_ns: int) -> Start:
        """What would begin; a refusal is part of it.

        Parameters
        ----------
        mode : str
        asked : mapping
            The fields of `tradewright.app.jobs.commands` for a session; ``account`` and ``name`` besides.
        now_ns : int

        Raises
        ------
        ConfigError
            When it cannot be carried out, whatever anybody approved.
        """
        said = {name: value for name, value in asked.items() if value is not None and name not in {"account", "name"}}
        broker = self._broker(mode, asked.get("broker"), asked.get("account"))
        request = {**said, "broker": broker, "session": asked.get("name") or _drawn(mode, asked["strategy"], now_ns)}
        self.jobs.commands.words(mode, request)
        identity = self._identity(request)
        start = Start(mode=mode, account=self._account(mode, broker), request=request, source_hash=identity.source_hash)
        try:
            self.require_approved(start)
            found = self.approvals.require_likely_approval(identity, _STAGES[mode])
        except ApprovalError as error:
            return replace(start, refused=error.message)
        said_by = tuple(f"{each.stage.value.capitalize()} approved by {each.who} ({each.number})." for each in found)
        return replace(start, approvals=said_by)

    def submit(self, start: Start, owner: str) -> Job:
        """Put it into the queue.

        Raises
        ------
        ApprovalError
            When the stage before has not been approved.
        """
        self.require_approved(start)
        return self.jobs.submit(start.mode, start.request, owner=owner)

    def require_approved(self, start: Start) -> None:
        """Refuse what is not approved, is not to go so far, or risks more than its account may; as `submit`."""
        self._require_mode(start.request["strategy"], start.mode)
        self.approvals.require_likely_approval(self._identity(start.request), _STAGES[start.mode])
        if start.mode == "live" or start.request.get("fills") == "venue":
            place = account_places(start.account, Mode(start.mode), self.home).folder
            require_below_ceiling(place, start.request.get("limits"))

    def job_of(self, session: str) -> Job | None:
        """The latest job that begins a session of that name, None where it was begun at a terminal."""
        query = JobQuery(kinds=frozenset({JobKind.PAPER, JobKind.LIVE}))
        found = self.jobs.page(query, Slice(_LATEST, 0)).items
        return next((each for each in found if each.request.get("session") == session), None)

    def give_up(self, session: str) -> None:
        """Cancel the job that begins a session, so that it is not begun again when it has ended."""
        job = self.job_of(session)
        if job is not None and not job.state.is_over:
            self.jobs.cancel(job.id)

    def request_of(self, session: str) -> dict[str, Any]:
        """What a session was asked to be, to begin it anew in another mode.

        Raises
        ------
        ConfigError
            When it was not begun from here: then what it was asked is not known.
        """
        job = self.job_of(session)
        if job is None:
            raise ConfigError(
                f"The session {session} was begun at a terminal.", hint="Stop it there, and begin the next one here."
            )
        return {name: value for name, value in job.request.items() if name not in {"session", "fills"}}

    def _identity(self, request: Mapping[str, Any]) -> StrategyIdentity:
        """The strategy as approvals know it, its symbols without exchange."""
        from tradewright.app.approve import identity_of
        from tradewright.bootstrap.strategy_params import parameters
        from tradewright.strategy.adapt import as_strategy
        from tradewright.strategy.registry import load_strategy

        reference, params = self._reference(request["strategy"])
        source = load_strategy(reference)
        said = parameters(source, {**params, **{name: _text(each) for name, each in request.get("params", {}).items()}})
        return identity_of(as_strategy(source, said or None), request["symbols"], request.get("timeframe") or "1m")

    def _require_mode(self, named: str, mode: str) -> None:
        if not is_reference(named):
            find_catalogue(self.project).entry(named).require_mode(mode)

    def _reference(self, named: str) -> tuple[str, dict[str, Any]]:
        if is_reference(named):
            return self.jobs.commands.strategy(named), {}
        entry = find_catalogue(self.project).entry(named)
        return entry.reference, dict(entry.choices().get("params", {}))

    def _brokers(self) -> Mapping[str, BrokerSettings]:
        settings = said_settings(self.project, os.environ)
        return {} if settings is None else settings.brokers

    def _broker(self, mode: str, broker: str | None, account: str | None) -> str:
        """The broker that is named, or whose account is, or the only one."""
        brokers = self._brokers()
        if broker is not None or account in brokers:
            return str(broker or account)
        able = [name for name, said in brokers.items() if mode in said.modes]
        if account is not None:
            named = account.removeprefix(f"{mode}/")
            able = [name for name in able if named in {name, *self._names(mode, name)}]
        if len(able) == 1:
            return able[0]
        what = f"account '{account:.80}'" if account else "broker"
        hint = f"Name one: {', '.join(able or brokers) or 'the settings name none'}."
        raise ConfigError(f"It is not said which {what} is meant.", hint=hint)

    def _account(self, mode: str, broker: str) -> str:
        """What the account is called: as sessions found it, as the settings say, else as its broker."""
        return next(iter(self._names(mode, broker)), broker)

    def _names(self, mode: str, broker: str) -> list[str]:
        seen = [
            str(about["account"]) for _, about in self.sessions.sessions()
            if about.get("mode") == mode and about.get("broker") == broker and about.get("account")
        ]  # fmt: skip
        said = self._brokers().get(broker)
        text = None if said is None else said.text(Mode(mode), "account")
        return list(dict.fromkeys([*seen[:1], *([text] if text else [])]))


def _drawn(mode: str, strategy: str, now_ns: int) -> str:
    """A name as the command line draws it, and a few digits: two may be asked for within one second."""
    stem = Path(strategy.partition(":")[0]).stem if is_reference(strategy) else strategy
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now_ns // 1_000_000_000))
    return f"{mode}-{_UNSAFE.sub('_', stem)[:60]}-{stamp}-{now_ns // 1_000 % 1_000_000:06d}"


def _text(value: Any) -> Any:
    """As the command line has it, so that both give one strategy."""
    return value if isinstance(value, bool) else str(value)
