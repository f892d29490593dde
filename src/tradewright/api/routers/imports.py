"""Files of bars that are sent here and imported by a job."""

from __future__ import annotations

import json
import re
import shutil
from http import HTTPStatus
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, Response, UploadFile
from pydantic import ValidationError

from tradewright.domain.control.events import topic_of
from tradewright.domain.control.jobs import JobKind, JobState
from tradewright.domain.errors import ConfigError, NotFoundError

from ..dependencies import Asker, Room
from ..import_words import imported_files
from ..job_words import job_document
from ..problems import RefusedError
from ..schemas.data import ImportReport
from ..schemas.jobs import ImportRequest, Job

__all__ = ["router"]

router = APIRouter(prefix="/v1/data", tags=["data"])

MOST_BYTES = 1 << 30
_PIECE = 1 << 20
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


@router.post("/imports", status_code=202)
def import_files(
    room: Room,
    asker: Asker,
    response: Response,
    files: Annotated[list[UploadFile], File(description="CSV or Parquet files of bars.", max_length=200)],
    request: Annotated[str, Form(description="`ImportRequest` as JSON.", max_length=20_000)] = "{}",
) -> Job:
    """Import files of bars: they are put aside, and a job reads them."""
    words = _words(request)
    folder = room.upload_folder / room.new_id()
    try:
        names = _put_aside(files, folder)
        job = room.jobs.submit("import", {**words, "files": names}, owner=asker.user.name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job_document(job)


@router.get("/imports/{job_id}")
def get_import(room: Room, job_id: Annotated[str, Path(max_length=64)]) -> ImportReport:
    """What became of an import: of each file what was kept, and which lines were refused and why."""
    seq, job = room.events.head(topic_of("jobs", job_id)), room.jobs.job(job_id)
    if job.kind is not JobKind.IMPORT_DATA:
        raise NotFoundError(f"Job {job_id} is no import.", hint="See /v1/jobs?kind=import.")
    files = imported_files(room.jobs, job_id) if job.state is JobState.DONE else []
    return ImportReport(job=job_document(job, seq), files=files)


def _words(request: str) -> dict[str, Any]:
    try:
        return ImportRequest.model_validate(json.loads(request)).model_dump(exclude_none=True)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"request, {'.'.join(map(str, first['loc']))}: {first['msg']}.") from None
    except ValueError:
        raise ConfigError("request is not JSON.", hint='Write it as {"calendar": "XNYS"}.') from None


def _put_aside(files: list[UploadFile], folder: FilePath) -> list[str]:
    folder.mkdir(parents=True)
    names: list[str] = []
    left = MOST_BYTES
    for number, file in enumerate(files):
        path = folder / _safe(file.filename or "", number, names)
        left -= _copied(file, path, left)
        names.append(str(path))
    return names


def _safe(name: str, number: int, taken: list[str]) -> str:
    """The file's own name as far as it is one; its words may be asked of by `symbol_from`."""
    plain = _UNSAFE.sub("_", name.replace("\\", "/").rpartition("/")[2]).lstrip(".")[-120:] or "file"
    return plain if all(FilePath(each).name != plain for each in taken) else f"{number}_{plain}"


def _copied(file: UploadFile, path: FilePath, left: int) -> int:
    written = 0
    with path.open("xb") as stream:
        while piece := file.file.read(_PIECE):
            written += len(piece)
            if written > left:
                raise RefusedError(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The files are larger than {MOST_BYTES >> 20:,} MB.",
                    kind="too-large", hint="Import them at the host: tradewright data import",
                )  # fmt: skip
            stream.write(piece)
    return written
