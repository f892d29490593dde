"""The OpenAPI document: every answer of every route, problems included, with what it takes to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

from .problems import MEDIA_TYPE
from .roles import rule_of
from .schemas.desk import MovedProblem
from .schemas.jobs import ImportRequest
from .schemas.problem import Problem
from .stream.wire import ClientMessage, ServerMessage

if TYPE_CHECKING:
    from fastapi import FastAPI
    from pydantic import BaseModel

__all__ = ["describe"]

_METHODS = ("get", "post", "put", "patch", "delete")
_ALWAYS = {429: "Too many requests", 503: "A store or the server cannot be used"}
_SAID = {404: "There is no such thing", 422: "The request does not fit"}
_CHANGING = {
    400: "The body cannot be read",
    409: "It stands otherwise than the request takes it to",
    413: "The body is too large",
    507: "The disk is full",
}
_GUARDED = {401: "Nobody is signed in", 403: "Not allowed"}


def describe(app: FastAPI) -> dict[str, Any]:
    """The document of an application; made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _document(app)
    return app.openapi_schema


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes, tags=app.openapi_tags
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for model in (Problem, MovedProblem, ClientMessage, ServerMessage, ImportRequest):
        schemas.update(_schemas_of(model))
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if method in operations:
                _finish(operations[method], method, path)
    return document


def _schemas_of(model: type[BaseModel]) -> dict[str, Any]:
    """What no route names: problems, the messages of the socket, and JSON inside a form."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    return {**schema.pop("$defs", {}), model.__name__: schema}


def _finish(operation: dict[str, Any], method: str, path: str) -> None:
    """Say what every route may answer besides, and who may ask it."""
    rule = rule_of(method.upper(), path)
    problems = dict(_ALWAYS)
    if rule.role is None:
        operation.pop("security", None)
    else:
        problems |= _GUARDED
        operation["x-role"] = str(rule.role)
        operation["x-scope"] = None if rule.scope is None else str(rule.scope)
    if operation.get("parameters") or "requestBody" in operation:
        problems |= _SAID
    if method != "get":
        problems |= _CHANGING
    if path.startswith("/v1/auth/"):
        problems |= _GUARDED
    operation["responses"].pop("422", None)
    if path.startswith("/v1/runs/{run_id}") and method == "get":
        operation["responses"]["304"] = {"description": "The client has it already, by its entity tag"}
    shown = "MovedProblem" if operation.pop("x-previewed", False) else "Problem"
    for status, words in sorted(problems.items()):
        operation["responses"].setdefault(str(status), _answer(words, shown if status == 409 else "Problem"))


def _answer(words: str, model: str) -> dict[str, Any]:
    return {"description": words, "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{model}"}}}}
