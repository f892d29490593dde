"""A client of an application in the same process, without a socket."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from fastapi import FastAPI

__all__ = ["AsgiClient"]


class AsgiClient:
    """Asks an application; cookies are kept from one answer to the next.

    Parameters
    ----------
    app : FastAPI
    headers : dict
        Of every request.
    """

    def __init__(self, app: FastAPI, headers: dict[str, str] | None = None) -> None:
        self._app = app
        self.headers = headers or {}
        self.cookies = httpx.Cookies()

    def request(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Ask, and wait for the answer."""
        return asyncio.run(self._request(method, path, given))

    def get(self, path: str, **given: Any) -> httpx.Response:
        """Ask for something."""
        return self.request("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        """Send something."""
        return self.request("POST", path, **given)

    def patch(self, path: str, **given: Any) -> httpx.Response:
        """Change something."""
        return self.request("PATCH", path, **given)

    def put(self, path: str, **given: Any) -> httpx.Response:
        """Put something in the place of another."""
        return self.request("PUT", path, **given)

    def delete(self, path: str, **given: Any) -> httpx.Response:
        """Take something away."""
        return self.request("DELETE", path, **given)

    async def _request(self, method: str, path: str, given: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers=self.headers, cookies=self.cookies
        ) as client:
            request = client.build_request(method, path, **given)
            await request.aread()
            answer = await client.send(request)
        self.cookies.update(client.cookies)
        return answer
