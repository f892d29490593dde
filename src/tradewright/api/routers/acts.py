"""Acts that send orders or raise risk: previewed, confirmed by a typed name, carried out on the operator's roads."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from tradewright.app.desk.outcome import ActOutcome
from tradewright.app.desk.preview import Preview as Looked
from tradewright.bootstrap.control_room import ControlRoom
from tradewright.domain.errors import ConflictError

from ..audited import Noted
from ..dependencies import Asker, Room
from ..desk_looks import looked, of_cancel, of_close, of_flatten, of_rearm, of_transition
from ..desk_words import PREVIEWED, outcome_document, preview_document, require_confirmed, require_unmoved
from ..job_words import job_document
from ..keyed import KeyedRoute
from ..persons import require_admin
from ..schemas.desk import (
    ActResult,
    FlattenRequest,
    OrderCancel,
    PositionClose,
    Preview,
    PreviewRequest,
    RearmRequest,
    TransitionRequest,
)
from ..schemas.jobs import Job

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["controls"], route_class=KeyedRoute)

OrderId = Annotated[str, Path(max_length=200)]
PositionId = Annotated[str, Path(max_length=64)]


@router.post("/previews")
def preview_act(room: Room, asked: PreviewRequest) -> Preview:
    """What an act would do at this moment; nothing is done."""
    return preview_document(looked(room, asked), room.now_ns())


@router.post("/controls/flatten", openapi_extra=PREVIEWED)
def flatten(room: Room, asker: Asker, noted: Noted, asked: FlattenRequest) -> ActResult:
    """Close all that is ours in an account, end every order of ours, and send nothing new until it is re-armed."""
    picture, shown = of_flatten(room, asked.account, asked.session_id)
    noted.update(subject=shown.account)
    require_confirmed(shown, asked.typed, asked.digest, room.now_ns())
    outcome = room.desk.flatten(picture, asker.user.name, asked.reason)
    return _told(room, "flattened", shown, outcome, asker.user.name)


@router.post("/controls/re-arm", openapi_extra=PREVIEWED)
def rearm(room: Room, asker: Asker, noted: Noted, asked: RearmRequest) -> ActResult:
    """Take the latch of an account away, once what it ends has ended and no session runs on it."""
    picture, shown = of_rearm(room, asked.account, asked.session_id, asked.limits)
    noted.update(subject=shown.account)
    require_confirmed(shown, asked.typed, asked.digest, room.now_ns())
    outcome = room.desk.rearm(picture, asker.user.name, asked.reason, asked.limits or picture.limits)
    return _told(room, "armed", shown, outcome, asker.user.name)


@router.post("/orders/{order_id}/cancel", openapi_extra=PREVIEWED)
def cancel_order(room: Room, asker: Asker, noted: Noted, order_id: OrderId, asked: OrderCancel) -> ActResult:
    """Ask the venue for the end of an order of ours; one that protects a position wants the typed name."""
    picture, order, shown = of_cancel(room, order_id)
    noted.update(account=shown.account)
    if order.protects:
        require_confirmed(shown, asked.typed, asked.digest, room.now_ns())
    else:
        require_unmoved(shown, asked.digest or shown.digest, room.now_ns())
    outcome = room.desk.cancel(picture, order, asker.user.name, asked.reason)
    return _told(room, "order_cancelled", shown, outcome, asker.user.name)


@router.post("/positions/{position_id}/close", openapi_extra=PREVIEWED)
def close_position(room: Room, asker: Asker, noted: Noted, position_id: PositionId, asked: PositionClose) -> ActResult:
    """Close a position of ours; where a running strategy holds it, that strategy closes all it holds."""
    picture, position, shown = of_close(room, position_id)
    noted.update(subject=position.symbol, account=shown.account)
    require_confirmed(shown, asked.typed, asked.digest, room.now_ns())
    outcome = room.desk.close(picture, position, asker.user.name, asked.reason)
    return _told(room, "position_closed", shown, outcome, asker.user.name)


@router.post("/controls/mode-transition", status_code=202, openapi_extra=PREVIEWED)
def change_mode(room: Room, asker: Asker, asked: TransitionRequest, response: Response) -> Job:
    """Stop a session, and begin the same one in another mode once it has ended; the approval is looked at before."""
    if asked.to == "live":
        require_admin(asker)
    start, shown = of_transition(room, asked.session_id, asked.to, asked.limits)
    require_confirmed(shown, asked.typed, asked.digest, room.now_ns())
    room.desk.end(asked.session_id, asker.user.name, asked.reason)
    room.starts.give_up(asked.session_id)
    if not room.desk.ended(asked.session_id):
        raise ConflictError(
            f"The session {asked.session_id} has been asked to end and has not yet; nothing was begun.",
            hint="Wait for its end, then start the session.",
        )
    job = room.starts.submit(start, asker.user.name)
    body = {"session": asked.session_id, "to": asked.to, "who": asker.user.name, "job": job.id}
    room.events.append("controls", "transition", body, room.now_ns())
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job_document(job)


def _told(room: ControlRoom, kind: str, shown: Looked, outcome: ActOutcome, who: str) -> ActResult:
    body: dict[str, Any] = {
        "account": shown.account, "who": who, "done": outcome.is_done, "sentence": outcome.sentence,
        "left": list(outcome.left),
    }  # fmt: skip
    event = room.events.append("controls", kind, body, room.now_ns())
    return outcome_document(shown, outcome, event.seq)
