"""Which records may be acted on while only this host knows of them: one table, by kind and role."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from tradewright.domain.live.ids import IdRole
from tradewright.domain.live.journal import RecordKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.live.journal import Record

__all__ = ["RULES", "GoesOn", "Roles"]


class GoesOn(Enum):
    """When a record of a kind may be acted on."""

    ALWAYS = "always"
    IF_IT_PROTECTS = "if all its orders can only reduce a position"
    NEVER = "when the database is back"


RULES: dict[RecordKind, GoesOn] = {
    # What the venue said, and what is only told: it is true already.
    RecordKind.OUTCOME: GoesOn.ALWAYS,
    RecordKind.FILL: GoesOn.ALWAYS,
    RecordKind.FINAL: GoesOn.ALWAYS,
    RecordKind.NOT_ACCEPTED: GoesOn.ALWAYS,
    RecordKind.FOREIGN: GoesOn.ALWAYS,
    RecordKind.RECONCILED: GoesOn.ALWAYS,
    # What ends, stops or closes.
    RecordKind.CANCEL_WANTED: GoesOn.ALWAYS,
    RecordKind.EXIT: GoesOn.ALWAYS,
    RecordKind.LATCH: GoesOn.ALWAYS,
    RecordKind.FLATTEN: GoesOn.ALWAYS,
    RecordKind.FREEZE: GoesOn.ALWAYS,
    RecordKind.ADOPT: GoesOn.ALWAYS,
    RecordKind.RISK: GoesOn.ALWAYS,
    # What a person wants is kept; what follows from it has records of its own.
    RecordKind.COMMAND: GoesOn.ALWAYS,
    # Orders.
    RecordKind.DECIDE: GoesOn.IF_IT_PROTECTS,
    RecordKind.ARM: GoesOn.IF_IT_PROTECTS,
    RecordKind.REPLACE: GoesOn.IF_IT_PROTECTS,
    # What begins, or lets begin again.
    RecordKind.EPOCH: GoesOn.NEVER,
    RecordKind.BASELINE: GoesOn.NEVER,
    RecordKind.PLAN: GoesOn.NEVER,
    RecordKind.REARM: GoesOn.NEVER,
    RecordKind.THAW: GoesOn.NEVER,
    RecordKind.ADJUST: GoesOn.NEVER,
    RecordKind.ACTION: GoesOn.NEVER,
    RecordKind.OWNER: GoesOn.NEVER,
}


class Roles:
    """What the orders of a journal are for, as its records say."""

    def __init__(self) -> None:
        self._protecting: set[str] = set()

    def goes_on(self, record: Record) -> bool:
        """Whether a record may be acted on; each must be told in its order, for an attempt says no role."""
        protects = self._told(record.kind, record.body)
        rule = RULES.get(record.kind, GoesOn.NEVER)
        return protects if rule is GoesOn.IF_IT_PROTECTS else rule is GoesOn.ALWAYS

    def _told(self, kind: RecordKind, body: Mapping[str, Any]) -> bool:
        if kind is RecordKind.ARM:
            return body["cid"] in self._protecting
        if kind is RecordKind.DECIDE:
            taken = [self._takes(intent["cid"], intent["role"]) for intent in body["intents"]]
            return all(taken)
        if kind is RecordKind.REPLACE:
            return self._takes(body["new"], body["role"])
        if kind in {RecordKind.FLATTEN, RecordKind.ADOPT}:
            return self._takes(body["cid"], body["role"])
        return False

    def _takes(self, cid: str, role: str) -> bool:
        if IdRole[role].protects:
            self._protecting.add(cid)
        return cid in self._protecting
