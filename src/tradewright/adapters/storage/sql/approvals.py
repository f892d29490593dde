"""What persons said as rows that are only ever added to."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from tradewright.domain.errors import StorageError
from tradewright.domain.live.wire import canonical_json
from tradewright.domain.plain_values import from_plain, to_plain
from tradewright.domain.stage import Approval, Stage, StrategyIdentity, Verdict

from .tables import approvals

if TYPE_CHECKING:
    from sqlalchemy import Row, Select

    from .database import Database

__all__ = ["SqlApprovals"]


class SqlApprovals:
    """Approvals in a database; see `tradewright.ports.approvals.ApprovalStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, said: Approval) -> Approval:
        """Keep a verdict under the next number."""
        plain = _plain(said.strategy)
        row = plain | {
            "identity": _digest(plain), "stage": said.stage.value, "verdict": said.verdict.value,
            "evidence": said.evidence, "who": said.who, "reason": said.reason, "at_ns": said.at_ns,
        }  # fmt: skip
        with self._database.writing() as connection:
            last = connection.execute(select(func.max(approvals.c.number))).scalar()
            kept = replace(said, number=(last or 0) + 1)
            connection.execute(insert(approvals).values(number=kept.number, **row))
        return kept

    def of(self, strategy: StrategyIdentity, stage: Stage) -> Approval | None:
        """The last word on a strategy and stage."""
        bound = (approvals.c.identity == _digest(_plain(strategy)), approvals.c.stage == stage.value)
        found = self._read(select(approvals).where(*bound).order_by(approvals.c.number.desc()).limit(1))
        return found[0] if found else None

    def all(self) -> list[Approval]:
        """Everything that was said, oldest first."""
        return self._read(select(approvals).order_by(approvals.c.number))

    def _read(self, statement: Select[Any]) -> list[Approval]:
        with self._database.reading() as connection:
            rows = () if connection is None else connection.execute(statement).all()
        return [_approval(row) for row in rows]


def _plain(strategy: StrategyIdentity) -> dict[str, Any]:
    return {
        "name": strategy.name, "source_hash": strategy.source_hash, "params": to_plain(dict(strategy.params)),
        "symbols": list(strategy.symbols), "timeframe": strategy.timeframe,
    }  # fmt: skip


def _digest(plain: dict[str, Any]) -> str:
    return hashlib.sha256(canonical_json(plain)).hexdigest()


def _approval(row: Row[Any]) -> Approval:
    params, symbols = from_plain(row.params), tuple(row.symbols)
    strategy = StrategyIdentity(row.name, row.source_hash, params, symbols, row.timeframe)
    try:
        stage, verdict = Stage(row.stage), Verdict(row.verdict)
    except ValueError as error:
        raise StorageError(
            f"Approval {row.number} says what this version does not know: {error}.",
            hint="Use the version of the package that wrote it.",
        ) from error
    return Approval(row.number, stage, verdict, strategy, row.evidence, row.who, row.reason, row.at_ns)
