"""The door to Polygon: what its answers mean, page after page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from tradewright.domain.errors import AuthenticationError, BrokerError, DataError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from tradewright.adapters.providers.asking import Asker

__all__ = ["PolygonDoor"]

_GOOD = ("OK", "DELAYED")


class PolygonDoor:
    """Questions to Polygon.

    Parameters
    ----------
    asker : Asker
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    async def ask(self, path: str, query: Mapping[str, str | int]) -> dict[str, Any] | None:
        """The object of an answer; None where Polygon does not know what is asked for.

        Raises
        ------
        AuthenticationError
            When the key is refused.
        DataError
            When the plan of the key does not include it.
        BrokerError
            When there was no whole answer.
        """
        status, said = await self._asker.ask(path, query)
        if status == 404:
            return None
        if status == 200 and said.get("status") in _GOOD:
            return said
        why = self._asker.shown(said.get("error") or said.get("message") or f"status {said.get('status')}")
        if status == 401:
            raise AuthenticationError(f"Polygon refuses the key: {why}", hint="Look at providers.polygon.key.")
        if status == 403:
            raise DataError(f"The plan of this Polygon key does not include it: {why}", hint="Ask for later days.")
        raise BrokerError(f"Polygon answered {status}: {why}")

    async def pages(self, path: str, query: Mapping[str, str | int]) -> AsyncIterator[dict[str, Any]]:
        """Every page of an answer; the next is asked for at our own address, wherever the answer says it is.

        Raises
        ------
        BrokerError
            As `ask`, and when a page leads back to one that was read.
        """
        read: set[str] = set()
        following: str | None = ""
        while following is not None:
            said = await self.ask(path, query)
            if said is None:
                return
            yield said
            following = _next(said)
            if following is not None:
                if following in read:
                    raise BrokerError("Polygon's pages lead back to one that was read.")
                read.add(following)
                parts = urlsplit(following)
                path, query = parts.path, dict(parse_qsl(parts.query))

    async def close(self) -> None:
        """Let its connections go."""
        await self._asker.close()


def _next(said: Mapping[str, Any]) -> str | None:
    following = said.get("next_url")
    if following is None or following == "":
        return None
    if not isinstance(following, str) or not urlsplit(following).path.startswith("/v"):
        raise BrokerError("Polygon's answer names a next page that cannot be asked for.")
    return following
