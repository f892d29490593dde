"""Requests that may be sent twice and act once: the second time a POST with an ``Idempotency-Key`` is only answered."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from tradewright.domain.control.requests import GivenAnswer, KeyedRequest

from .dependencies import caller_of
from .problems import RefusedError
from .roles import refuse_unless_allowed, rule_of

__all__ = ["HEADER", "REPLAYED", "KeyedRoute", "OnceRoute", "act_id"]

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
ABANDONED_NS = 600 * 1_000_000_000
"""After so long without an answer the process that worked on it is taken for gone."""
_DIGITS = 16
_KEY = re.compile(r"[\x21-\x7e]{1,128}")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class KeyedRoute(APIRoute):
    """A route whose POST is carried out once for each key of each user; refusals are not remembered."""

    acts_once = False
    """Whether the act itself, done again under the same `act_id`, is done once."""

    def get_route_handler(self) -> Handler:
        """The handler of the route, with the memory around it."""
        handler = super().get_route_handler()

        async def once(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if key is None or request.method != "POST":
                return await handler(request)
            return await self._once(request, key, handler)

        return once

    async def _once(self, request: Request, key: str, handler: Handler) -> Response:
        keyed = await self._keyed(request, key)
        store = request.app.state.room.keyed_requests
        known = await asyncio.to_thread(store.begin, keyed, keyed.at_ns - ABANDONED_NS)
        if known is not None and not self._may_go_on(known, keyed):
            return _known(known, keyed)
        request.state.act_id = hashlib.sha256(f"{keyed.user_id}\0{keyed.key}".encode()).hexdigest()[:_DIGITS]
        try:
            response = await handler(request)
        except BaseException:
            await asyncio.to_thread(store.withdraw, keyed)
            raise
        await asyncio.to_thread(store.answer, keyed, response.status_code, _kept(response))
        return response

    def _may_go_on(self, known: GivenAnswer, keyed: KeyedRequest) -> bool:
        """Whoever worked on it may have died: who may do it again need not wait to know."""
        return self.acts_once and known.status is None and known.request.asks_the_same(keyed)

    async def _keyed(self, request: Request, key: str) -> KeyedRequest:
        if not _KEY.fullmatch(key):
            raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, f"{HEADER} has 1 to 128 plain characters.", kind="key")
        caller = await asyncio.to_thread(caller_of, request)
        # Before anything is told of an earlier answer: whoever asks may have lost the right meanwhile.
        refuse_unless_allowed(caller, rule_of(request.method, self.path))
        user = "" if caller is None else caller.user.id
        body = hashlib.sha256(await request.body()).hexdigest()
        now = request.app.state.room.now_ns()
        return KeyedRequest(user, key, request.method, request.url.path, body, now)


class OnceRoute(KeyedRoute):
    """The same where what is made is named by `act_id`: a repetition finds it made, even after a server was killed."""

    acts_once = True


def act_id(request: Request) -> str | None:
    """A name for what a keyed request makes, the same at every repetition; None where it came without a key."""
    return getattr(request.state, "act_id", None)


def _known(known: GivenAnswer, keyed: KeyedRequest) -> Response:
    if not known.request.asks_the_same(keyed):
        raise RefusedError(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"The {HEADER} was used for another request.", kind="key-reused",
            hint="Draw a new key for every request.",
        )  # fmt: skip
    if known.status is None or known.answer is None:
        raise RefusedError(
            HTTPStatus.CONFLICT, "The request came before and is still worked on.", kind="in-progress",
            headers={"Retry-After": "1"},
        )  # fmt: skip
    headers = {**known.answer["headers"], REPLAYED: "true"}
    return JSONResponse(known.answer["body"], known.status, headers=headers)


def _kept(response: Response) -> dict[str, Any]:
    body = bytes(response.body)
    headers = {name: response.headers[name] for name in ("location",) if name in response.headers}
    return {"body": json.loads(body) if body else None, "headers": headers}
