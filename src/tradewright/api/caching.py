"""Entity tags of what does not change: a finished run is asked for once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

    from tradewright.domain.kept_run import KeptRun

__all__ = ["CACHED", "NotModifiedError", "install", "is_known", "tag_of"]

CACHED = "private, no-cache"
"""Kept by the client alone, and asked about each time."""


class NotModifiedError(Exception):
    """The client has it already.

    Parameters
    ----------
    tag : str
    """

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


def install(app: FastAPI) -> None:
    """Answer what the client has already with its tag alone."""
    app.add_exception_handler(NotModifiedError, _not_modified)


async def _not_modified(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotModifiedError)  # noqa: S101 - what it is registered for
    return Response(status_code=304, headers={"ETag": error.tag, "Cache-Control": CACHED})


def tag_of(run: KeptRun, version: str) -> str:
    """The entity tag of what a version of the program makes of a run; another label gives another."""
    label = run.label
    words = (run.id, run.record_hash, version, repr((label.name, label.note, label.tags, label.star)))
    return f'"{hashlib.sha256("|".join(words).encode()).hexdigest()[:32]}"'


def is_known(headers: Mapping[str, str], tag: str) -> bool:
    """Whether the client has it already (RFC 9110, 13.1.2)."""
    shown = headers.get("if-none-match", "").strip()
    return shown == "*" or tag in {each.strip().removeprefix("W/") for each in shown.split(",")}
