"""Errors as problem documents: one sentence, a hint, where it is, and the number of the request."""

from __future__ import annotations

import contextlib
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tradewright.bootstrap.file_change import ChangesRefusedError
from tradewright.domain.errors import TradewrightError

from .schemas.problem import FieldProblem, Problem
from .statuses import kind_of, status_of, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi import FastAPI
    from starlette.requests import HTTPConnection, Request

__all__ = ["MEDIA_TYPE", "RefusedError", "fault_response", "install", "problem_response", "refused_by_key"]

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:tradewright:problem:"
_LOG = logging.getLogger("tradewright.api")


class RefusedError(Exception):
    """What this door refuses by itself: no credentials, no right, too often, not in this state.

    Parameters
    ----------
    status : HTTPStatus
    detail : str
        One sentence.
    kind : str
        End of the problem's type.
    hint : str, optional
    headers : mapping, optional
    more : mapping, optional
        Further fields of the document, plain values.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        kind: str,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind, self.hint = status, detail, kind, hint
        self.headers, self.more = dict(headers or {}), dict(more or {})


def problem_response(connection: HTTPConnection, refused: RefusedError, **more: Any) -> JSONResponse:
    """A refusal as the answer to a request; `more` are further fields of `Problem`."""
    problem = Problem(
        type=_TYPE + refused.kind,
        title=more.pop("title", refused.status.phrase),
        status=refused.status,
        detail=refused.detail,
        hint=refused.hint,
        instance=connection.url.path,
        request_id=connection.scope.get("state", {}).get("request_id", ""),
        **more,
    )
    document = {**problem.model_dump(mode="json"), **refused.more}
    return JSONResponse(document, refused.status, headers=refused.headers, media_type=MEDIA_TYPE)


@contextlib.contextmanager
def refused_by_key() -> Iterator[None]:
    """Answer changes that cannot be made with a pointer to each, below ``changes`` of the body.

    Raises
    ------
    RefusedError
    """
    try:
        yield
    except ChangesRefusedError as error:
        rows = [
            FieldProblem(pointer=f"/changes/{key}", location="body", detail=why).model_dump()
            for key, why in error.mistakes.items()
        ]
        raise RefusedError(
            HTTPStatus.UNPROCESSABLE_ENTITY, error.message, kind="changes", more={"errors": rows}
        ) from None


def install(app: FastAPI) -> None:
    """Answer every failure of an application with a problem document."""
    app.add_exception_handler(TradewrightError, _ours)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TradewrightError)  # noqa: S101 - what it is registered for
    said = RefusedError(status_of(error), error.message, kind=kind_of(error), hint=error.hint, headers=_pause(error))
    return problem_response(request, said, title=title_of(error), errors=_rows(error))


def _pause(error: TradewrightError) -> dict[str, str]:
    seconds = getattr(error, "retry_after_s", None)
    return {} if seconds is None else {"Retry-After": str(max(1, round(seconds)))}


def _rows(error: TradewrightError) -> list[FieldProblem]:
    """Bad rows of a file that was sent."""
    rows = getattr(error, "rows", ())
    return [FieldProblem(pointer=f"/{line}", location="file", detail=reason) for line, reason in rows]


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RefusedError)  # noqa: S101 - what it is registered for
    return problem_response(request, error)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what it is registered for
    found = [_field(each) for each in error.errors()]
    first = found[0] if found else FieldProblem(pointer="", location="body", detail="It cannot be read")
    where = f"{first.location} {first.pointer}".strip()
    said = RefusedError(
        HTTPStatus.UNPROCESSABLE_ENTITY, f"The request does not fit at {where}: {first.detail}.", kind="request"
    )
    return problem_response(request, said, title="The request does not fit", errors=found)


def _field(error: Mapping[str, Any]) -> FieldProblem:
    location, *path = error["loc"] or ("body",)
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    detail = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    return FieldProblem(pointer="".join(f"/{step}" for step in steps), location=str(location), detail=detail)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
    status = HTTPStatus(error.status_code)
    details = {
        HTTPStatus.NOT_FOUND: f"There is nothing at {request.url.path}.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.url.path} does not take {request.method}.",
    }
    detail = details.get(status, f"{str(error.detail).rstrip('.')}.")
    kind = status.phrase.lower().replace(" ", "-")
    return problem_response(request, RefusedError(status, detail, kind=kind, headers=error.headers))


def fault_response(connection: HTTPConnection, error: Exception) -> JSONResponse:
    """The answer to a request that failed in a way that nobody foresaw."""
    # What is not foreseen may carry secrets in its words: they go to the log of this host, never over the wire.
    number = connection.scope.get("state", {}).get("request_id", "")
    _LOG.error("request %s failed", number, exc_info=error)
    said = RefusedError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something failed that should not have.",
        kind="fault",
        hint=f"The log of the server names it under {number}.",
    )
    return problem_response(connection, said)
