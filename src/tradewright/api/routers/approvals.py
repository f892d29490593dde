"""Approvals: what persons said of a strategy's evidence before its next stage."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from tradewright.app.approve import ApprovalDesk, identity_plain
from tradewright.domain.moments import utc
from tradewright.domain.stage import Approval

from ..dependencies import Asker, Room
from ..keyed import KeyedRoute
from ..schemas.approvals import ApprovalFilter, ApprovalRequest, ApprovedStrategy, GivenApproval, Reason
from ..schemas.base import Page

__all__ = ["router"]

router = APIRouter(prefix="/v1/approvals", tags=["approvals"], route_class=KeyedRoute)

Number = Annotated[int, Path(ge=1, lt=1 << 31)]


@router.get("")
def list_approvals(room: Room, asked: Annotated[ApprovalFilter, Query()]) -> Page[GivenApproval]:
    """What was said, the latest first."""
    desk, wanted = room.approvals, (asked.strategy or "").lower()
    every = [_given(desk, each) for each in reversed(desk.store.all()) if wanted in each.strategy.name.lower()]
    found = [each for each in every if asked.in_force in (None, each.in_force)]
    return Page(items=asked.cut(found), page=asked.page, per_page=asked.per_page, total=len(found))


@router.post("", status_code=201)
def give_approval(room: Room, asker: Asker, asked: ApprovalRequest) -> list[GivenApproval]:
    """Approve or reject the evidence of a run or a paper session, one verdict for each of its strategies."""
    desk = room.approvals
    act = desk.approve if asked.verdict == "approved" else desk.reject
    return [_given(desk, each) for each in act(asked.evidence, asker.user.name, asked.reason)]


@router.get("/{number}")
def get_approval(room: Room, number: Number) -> GivenApproval:
    """One verdict, and exactly what it binds."""
    return _given(room.approvals, room.approvals.found(number))


@router.post("/{number}/revoke", status_code=201)
def revoke_approval(room: Room, asker: Asker, number: Number, asked: Reason) -> GivenApproval:
    """Take an approval back; a session that runs goes on, and does not start again."""
    return _given(room.approvals, room.approvals.revoke(number, asker.user.name, asked.reason))


def _given(desk: ApprovalDesk, said: Approval) -> GivenApproval:
    return GivenApproval(
        number=said.number,
        stage=said.stage.value,
        verdict=said.verdict.value,
        in_force=desk.is_in_force(said),
        strategy=ApprovedStrategy.model_validate(identity_plain(said.strategy)),
        evidence=said.evidence,
        who=said.who,
        reason=said.reason,
        at=utc(said.at_ns),
    )
