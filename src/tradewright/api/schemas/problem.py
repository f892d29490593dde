"""Problem documents (RFC 9457)."""

from __future__ import annotations

from pydantic import Field

from .base import Schema

__all__ = ["FieldProblem", "Problem"]


class FieldProblem(Schema):
    """One thing that is wrong with a request."""

    pointer: str = Field(description="JSON pointer (RFC 6901) to the value.", examples=["/params/fast"])
    location: str = Field(description="body, query, path or header.", examples=["body"])
    detail: str = Field(description="What is wrong with it.", examples=["Input should be a valid integer"])


class Problem(Schema):
    """Why a request was not answered with what it asked for."""

    type: str = Field(description="What kind of problem it is.", examples=["urn:tradewright:problem:config"])
    title: str = Field(description="The kind in words.", examples=["Settings or parameters that cannot be used"])
    status: int = Field(examples=[422])
    detail: str = Field(description="What is wrong here, in one sentence.")
    hint: str | None = Field(default=None, description="What to do about it.")
    instance: str = Field(description="The path that was asked for.", examples=["/v1/runs"])
    request_id: str = Field(description="Names the request in the logs; also in X-Request-ID.")
    errors: list[FieldProblem] = Field(default=[], description="The values that are wrong, where they are known.")
