"""The kill switch: how it stands, and setting it; flattening and arming again are previewed first."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from tradewright.bootstrap.kill import AccountFolder, account_folders, latch_accounts, latch_status
from tradewright.domain.errors import NotFoundError, StorageError
from tradewright.domain.live.latch import LatchOrder

from ..audited import Noted
from ..dependencies import Asker, Room
from ..keyed import KeyedRoute
from ..schemas.base import Page
from ..schemas.sessions import AccountControl, KillRequest

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["controls"], route_class=KeyedRoute)


@router.get("/controls")
def list_controls(room: Room) -> Page[AccountControl]:
    """How the kill switch of each account stands, by its latch on this host and its journal; no venue is asked."""
    seq = room.events.head("controls")
    items = [_control(folder) for folder in account_folders(home=room.folder)]
    return Page(items=items, page=1, per_page=max(1, len(items)), total=len(items), seq=seq)


@router.post("/controls/kill-switch")
def set_kill_switch(room: Room, asker: Asker, noted: Noted, asked: KillRequest) -> Page[AccountControl]:
    """Latch accounts: from now on nothing new is sent.

    What rests is ended by the process that trades it, or by `tradewright kill` at the host; protective exits stay.
    """
    folders = account_folders(asked.account, home=room.folder)
    if not folders:
        raise NotFoundError(f"There is no account '{asked.account or 'that trades'}' here.")
    noted.update(subject=asked.account or "all")
    faults = latch_accounts(folders, LatchOrder(asked.reason, asker.user.name))
    if faults:
        raise StorageError(faults[0], hint="Type at the host: tradewright kill")
    body: dict[str, Any] = {"accounts": [str(each) for each in folders], "who": asker.user.name, "reason": asked.reason}
    room.events.append("controls", "latched", body, room.now_ns())
    items = [_control(folder) for folder in folders]
    return Page(items=items, page=1, per_page=len(items), total=len(items), seq=room.events.head("controls"))


def _control(folder: AccountFolder) -> AccountControl:
    said = latch_status(folder)
    return AccountControl(mode=folder.mode, **{key: said[key] for key in AccountControl.model_fields if key != "mode"})
