"""Approvals: a person looks at the evidence of a stage before a strategy goes on to the next one.

Paper needs an approved backtest, live an approved paper session as well. What is approved is one strategy: its text,
every parameter, its symbols and its timeframe. The last word counts, and nothing is ever taken out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ApprovalError, ConfigError, DataNotAvailableError
from tradewright.domain.kept_run import RunQuery, short_id
from tradewright.domain.live.modes import Mode
from tradewright.domain.plain_values import from_plain, to_plain
from tradewright.domain.stage import Approval, Stage, StrategyIdentity, Verdict
from tradewright.engine.recording import source_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tradewright.app.runs.archive import RunArchive
    from tradewright.domain.bars import Bars
    from tradewright.domain.kept_run import KeptRun
    from tradewright.ports.approvals import ApprovalStore
    from tradewright.ports.session_log import SessionLogs
    from tradewright.strategy.base import Strategy

__all__ = ["ApprovalDesk", "Evidence", "identities_of_run", "identity_from_plain", "identity_of", "identity_plain"]

AGENT = "agent:"
"""What the name of an agent begins with. Agents propose; they approve nothing."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a person looks at.

    Parameters
    ----------
    stage : Stage
    id : str
        Of the kept run or the session.
    strategies : tuple of StrategyIdentity
    """

    stage: Stage
    id: str
    strategies: tuple[StrategyIdentity, ...]


def identity_of(strategy: Strategy, instruments: Sequence[str], timeframe: str) -> StrategyIdentity:
    """The identity of a strategy that is about to start.

    Parameters
    ----------
    strategy : Strategy
    instruments : sequence of str
        Each as `Instrument.id`, in the order in which the strategy knows them.
    timeframe : str

    Raises
    ------
    ApprovalError
        When its text is not to be had: nobody can approve what nobody can read.
    """
    return _identity(strategy.name, source_hash(strategy), strategy.params, instruments, timeframe)


def identities_of_run(archive: RunArchive, run: KeptRun) -> tuple[StrategyIdentity, ...]:
    """The identities of the strategies of a kept run.

    Raises
    ------
    ApprovalError
        When the run cannot be evidence: synthetic bars, a strategy without its text, or bars of unknown instruments.
    """
    record = archive.load(run, _no_bars).record
    if record.is_synthetic:
        raise ApprovalError(f"The run {short_id(run.id)} is of a SYNTHETIC market, which is never evidence.")
    series = archive.recipe(run).series
    missing = [name for name in run.symbols if name not in series]
    if missing:
        raise ApprovalError(f"Nothing is known of where the bars of {missing[0]} in run {short_id(run.id)} came from.")
    names = [
        f"{bars.instrument['exchange']}:{bars.instrument['symbol']}" for bars in map(series.get, run.symbols) if bars
    ]
    return tuple(
        _identity(each.name, each.source_hash, each.params, names, run.timeframe) for each in record.strategies
    )


def _identity(
    name: str, text_hash: str | None, params: Mapping[str, Any], instruments: Sequence[str], timeframe: str
) -> StrategyIdentity:
    if text_hash is None:
        raise ApprovalError(f"The text of {name} is not to be had, so nobody can approve it.", hint="Put it in a file.")
    # Written down and read again: what a file of approvals gives back is what is compared.
    return StrategyIdentity(name, text_hash, from_plain(to_plain(dict(params))), tuple(instruments), timeframe)


def _no_bars(_: Mapping[str, Any]) -> Bars:
    raise DataNotAvailableError("An approval looks at the record alone.")


def identity_plain(identity: StrategyIdentity) -> dict[str, Any]:
    """An identity as a session writes it down, under ``"strategies"`` of what it was started with."""
    return {
        "name": identity.name, "source_hash": identity.source_hash, "params": to_plain(dict(identity.params)),
        "symbols": list(identity.symbols), "timeframe": identity.timeframe,
    }  # fmt: skip


def identity_from_plain(plain: Mapping[str, Any]) -> StrategyIdentity:
    """The identity that was written so."""
    return StrategyIdentity(
        plain["name"], plain["source_hash"], from_plain(plain["params"]), tuple(plain["symbols"]), plain["timeframe"]
    )


class ApprovalDesk:
    """Where persons approve, and where the next stage asks.

    Parameters
    ----------
    store : ApprovalStore
    archive : RunArchive
        Of kept runs, the evidence of backtests.
    sessions : SessionLogs
        The evidence of paper.
    now_ns : callable
        The time of day.
    """

    def __init__(
        self, store: ApprovalStore, archive: RunArchive, sessions: SessionLogs, now_ns: Callable[[], int]
    ) -> None:
        self.store = store
        self.archive = archive
        self.sessions = sessions
        self.now_ns = now_ns

    # What a person says.

    def approve(self, evidence: str, who: str, reason: str) -> list[Approval]:
        """Approve every strategy of a kept run or paper session for the next stage.

        Parameters
        ----------
        evidence : str
            Id of a session, or of a kept run or its first digits.
        who, reason : str

        Raises
        ------
        ApprovalError
            When it cannot be evidence, or an agent asks.
        ConfigError
            When nobody or no reason is named, or several runs are meant.
        DataNotAvailableError
            When there is nothing of that name.
        """
        return self._say(Verdict.APPROVED, evidence, who, reason)

    def reject(self, evidence: str, who: str, reason: str) -> list[Approval]:
        """Say that the evidence does not suffice; errors as of `approve`."""
        return self._say(Verdict.REJECTED, evidence, who, reason)

    def _say(self, verdict: Verdict, evidence: str, who: str, reason: str) -> list[Approval]:
        _require_person(who, reason)
        found = self.evidence(evidence)
        said = [
            Approval(0, found.stage, verdict, each, found.id, who.strip(), reason.strip(), self.now_ns())
            for each in found.strategies
        ]
        return [self.store.add(each) for each in said]

    def revoke(self, number: int, who: str, reason: str) -> Approval:
        """Take an approval back: the strategy goes on to no next stage any more.

        Raises
        ------
        DataNotAvailableError
            When there is no approval of that number.
        ApprovalError
            When it is not the last word, or not an approval.
        ConfigError
            When nobody or no reason is named.
        """
        _require_person(who, reason)
        given = self.found(number)
        last = self.store.of(given.strategy, given.stage)
        if given.verdict is not Verdict.APPROVED or last is None or last.number != number:
            raise ApprovalError(f"Approval {number} is not in force.", hint="Look at: tradewright approvals list")
        return self.store.add(
            Approval(
                0, given.stage, Verdict.REVOKED, given.strategy, given.evidence, who.strip(), reason.strip(),
                self.now_ns(),
            )
        )  # fmt: skip

    def found(self, number: int) -> Approval:
        """One verdict by its number.

        Raises
        ------
        DataNotAvailableError
            When there is none.
        """
        for said in self.store.all():
            if said.number == number:
                return said
        raise DataNotAvailableError(f"There is no approval {number}.", hint="Look at: tradewright approvals list")

    def is_in_force(self, said: Approval) -> bool:
        """Whether a verdict is an approval and the last word."""
        last = self.store.of(said.strategy, said.stage)
        return said.verdict is Verdict.APPROVED and last is not None and last.number == said.number

    # Evidence.

    def evidence(self, name: str) -> Evidence:
        """What stands under an id: a session, or a kept run; errors as of `approve`."""
        for session, about in self.sessions.sessions():
            if session == name:
                return self._session(session, about)
        run = self.archive.found(name)
        return Evidence(Stage.BACKTEST, run.id, identities_of_run(self.archive, run))

    def _session(self, session: str, about: Mapping[str, Any]) -> Evidence:
        if about.get("mode") != Mode.PAPER:
            raise ApprovalError(f"The session {session} did not trade on paper, and approves nothing.")
        if about.get("synthetic", False):
            raise ApprovalError(f"The session {session} saw a SYNTHETIC market, which is never evidence.")
        if not any(True for _ in self.sessions.read(session).entries()):
            raise ApprovalError(f"The session {session} has seen nothing yet, and is no evidence.")
        return Evidence(Stage.PAPER, session, tuple(map(identity_from_plain, about.get("strategies", ()))))

    # What the next stage asks.

    def require_approval(self, identity: StrategyIdentity, stage: Stage) -> tuple[Approval, ...]:
        """The approvals that let a strategy enter a stage, that of the stage just before first.

        Raises
        ------
        ApprovalError
            When one is missing, was rejected or revoked; the hint is the command that gives it.
        """
        found: list[Approval] = []
        before = stage.before
        while before is not None:
            found.append(self._in_force(identity, before, stage))
            before = before.before
        return tuple(found)

    def require_likely_approval(self, identity: StrategyIdentity, stage: Stage) -> tuple[Approval, ...]:
        """As `require_approval`, where the exchanges of the symbols are not known yet: any will do.

        Parameters
        ----------
        identity : StrategyIdentity
            Its symbols without exchange.
        stage : Stage

        Raises
        ------
        ApprovalError
            When no approval can be meant. Who opens the session asks again, with the instruments of the venue.
        """
        said = [each.strategy for each in reversed(self.store.all()) if _is_like(each.strategy, identity)]
        refused: ApprovalError | None = None
        for candidate in dict.fromkeys(each.symbols for each in said):
            try:
                return self.require_approval(replace(identity, symbols=candidate), stage)
            except ApprovalError as error:
                refused = refused or error
        if refused is not None:
            raise refused
        return self.require_approval(identity, stage)

    def _in_force(self, identity: StrategyIdentity, needed: Stage, wanted: Stage) -> Approval:
        said = self.store.of(identity, needed)
        if said is not None and said.verdict is Verdict.APPROVED:
            return said
        what = "was never approved" if said is None else f"was {said.verdict} by {said.who}: {said.reason}"
        raise ApprovalError(
            f"{identity.name} may not go {'on paper' if wanted is Stage.PAPER else 'live'}: "
            f"its {needed} evidence {what}{'' if what.endswith('.') else '.'}",
            hint=self._command(identity, needed),
        )

    def _command(self, identity: StrategyIdentity, needed: Stage) -> str:
        """What to type, with the id of the latest evidence where there is any."""
        evidence = next(self._sessions_of(identity) if needed is Stage.PAPER else self._runs_of(identity), None)
        if evidence is not None:
            return f'Look at it, then: tradewright approvals approve {evidence} --reason "..."'
        symbols, named = ",".join(identity.symbols), identity.name
        if needed is Stage.PAPER:
            return f"There is no paper session of exactly this strategy; begin with: tradewright paper {named}"
        return (
            "There is no kept run of exactly this strategy; begin with: "
            f"tradewright backtest {named} --symbols {symbols} --timeframe {identity.timeframe}"
        )

    def _sessions_of(self, identity: StrategyIdentity) -> Iterator[str]:
        for session, about in self.sessions.sessions():
            plain = about.get("strategies", ()) if about.get("mode") == Mode.PAPER else ()
            if identity in map(identity_from_plain, plain) and not about.get("synthetic", False):
                yield session

    def _runs_of(self, identity: StrategyIdentity) -> Iterator[str]:
        for run in self.archive.query(RunQuery(strategy=identity.name)):
            try:
                found = identities_of_run(self.archive, run)
            except ApprovalError:
                continue
            if identity in found:
                yield short_id(run.id)


def _is_like(known: StrategyIdentity, asked: StrategyIdentity) -> bool:
    """Whether both are one strategy, whatever exchange its symbols are of."""
    bare = tuple(symbol.partition(":")[2] or symbol for symbol in known.symbols)
    return replace(known, symbols=bare) == asked


def _require_person(who: str, reason: str) -> None:
    if not who.strip() or not reason.strip():
        raise ConfigError("An approval needs a person and a reason.", hint="Pass --reason with a sentence.")
    if who.strip().lower().startswith(AGENT):
        raise ApprovalError(f"{who.strip()} is an agent: it may propose, and a person approves.")
