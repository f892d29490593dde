"""New sessions: on paper by whoever trades, with money by an admin who has seen what it will do."""

from __future__ import annotations

from fastapi import APIRouter, Response

from ..audited import Noted
from ..dependencies import Asker, Room
from ..desk_looks import begins, of_start
from ..desk_words import PREVIEWED, require_confirmed
from ..job_words import job_document
from ..keyed import KeyedRoute
from ..persons import require_admin
from ..schemas.desk import SessionRequest
from ..schemas.jobs import Job

__all__ = ["router"]

router = APIRouter(prefix="/v1/sessions", tags=["trading"], route_class=KeyedRoute)


@router.post("", status_code=202, openapi_extra=PREVIEWED)
def start_session(room: Room, asker: Asker, noted: Noted, asked: SessionRequest, response: Response) -> Job:
    """Put a session into the queue; its job runs for as long as it trades.

    It needs the approval of the stage before. With money it takes an admin, the account typed, and the digest of the
    preview.
    """
    if asked.mode == "live":
        require_admin(asker)
    start = begins(room, asked)
    noted.update(subject=str(start.request["session"]), account=start.account)
    room.starts.require_approved(start)
    if asked.mode == "live":
        require_confirmed(of_start(room, start), asked.typed, asked.digest, room.now_ns())
    job = room.starts.submit(start, asker.user.name)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job_document(job)
