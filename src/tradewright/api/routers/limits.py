"""What accounts may risk: the presets, and the loosest of them with which each account is traded."""

from __future__ import annotations

from fastapi import APIRouter

from tradewright.bootstrap.ceilings import Ceiling, ceiling_of, is_above, set_ceiling
from tradewright.bootstrap.control_room import ControlRoom
from tradewright.bootstrap.kill import AccountFolder, account_folders
from tradewright.domain.moments import utc
from tradewright.risk.limits import PRESETS

from ..dependencies import Asker, Room
from ..desk_looks import of_limits
from ..desk_words import PREVIEWED, require_confirmed
from ..persons import require_admin
from ..schemas.base import Page
from ..schemas.controls import RiskPreset
from ..schemas.desk import AccountLimits, LimitsRequest
from ..words import plain_fields

__all__ = ["router"]

router = APIRouter(prefix="/v1/risk", tags=["controls"])


@router.get("/limits")
def list_limits() -> list[RiskPreset]:
    """The presets of risk limits; null leaves a limit off."""
    return [RiskPreset(**plain_fields(each)) for each in PRESETS.values()]


@router.get("/accounts")
def list_account_limits(room: Room) -> Page[AccountLimits]:
    """What each account that traded here may risk, and the limits that a session named for it last."""
    seq = room.events.head("controls")
    items = [_document(room, folder) for folder in account_folders(home=room.folder)]
    return Page(items=items, page=1, per_page=max(1, len(items)), total=len(items), seq=seq)


@router.put("/limits", openapi_extra=PREVIEWED)
def set_limits(room: Room, asker: Asker, asked: LimitsRequest) -> AccountLimits:
    """Say with which limits an account is traded at most: by every session and re-arming from now on.

    Raising takes an admin, the name of the account typed, and the digest of its preview (`raise_limits`).
    """
    folder, now, shown = of_limits(room, asked.account, asked.limits)
    if is_above(asked.limits, None if now is None else now.limits):
        require_admin(asker)
        require_confirmed(shown, asked.typed, asked.digest, room.now_ns())
    set_ceiling(folder.path, Ceiling(asked.limits, asker.user.name, asked.reason, room.now_ns()))
    body = {"account": str(folder), "limits": asked.limits, "who": asker.user.name, "reason": asked.reason}
    room.events.append("controls", "limits", body, room.now_ns())
    return _document(room, folder)


def _document(room: ControlRoom, folder: AccountFolder) -> AccountLimits:
    said, named = ceiling_of(folder.path), room.desk.pictures.account(str(folder)).limits
    return AccountLimits(
        account=str(folder),
        mode=folder.mode,
        in_force=named or None,
        most=None if said is None else said.limits,
        who="" if said is None else said.who,
        reason="" if said is None else said.reason,
        at=None if said is None else utc(said.at_ns),
    )
