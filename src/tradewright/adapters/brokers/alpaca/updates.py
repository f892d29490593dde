"""The order stream: `trade_updates` of one account, as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import AuthenticationError, BrokerError

from .listener import Listener
from .words import event_from

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from websockets.asyncio.client import ClientConnection

    from tradewright.domain.live.modes import Keys
    from tradewright.domain.live.venue import StreamEvent

    from .table import AlpacaTerms

__all__ = ["Updates"]

_UPDATES = "trade_updates"


class Updates:
    """What happens to orders, as the venue tells it.

    Parameters
    ----------
    address : str
    keys : Keys
    terms : AlpacaTerms
    """

    def __init__(self, address: str, keys: Keys, terms: AlpacaTerms) -> None:
        self._address = address
        self._keys = keys
        self._listener: Listener[StreamEvent] = Listener(_events_in, terms.connect_s, terms.capabilities.heartbeat_s)

    @property
    def is_open(self) -> bool:
        """Whether the stream was opened and not closed."""
        return self._listener.is_open

    async def open(self) -> None:
        """Open the stream; errors as of `Listener.open`."""
        await self._listener.open(self._address, self._greet)

    async def _greet(self, socket: ClientConnection) -> None:
        key, secret = self._keys.get("key"), self._keys.get("secret")
        await socket.send(json.dumps({"action": "authenticate", "data": {"key_id": key, "secret_key": secret}}))
        said = json.loads(await socket.recv())
        if said["stream"] != "authorization" or said["data"]["status"] != "authorized":
            raise AuthenticationError("Alpaca's order stream refuses the keys.", hint="Check the keys and the mode.")
        await socket.send(json.dumps({"action": "listen", "data": {"streams": [_UPDATES]}}))
        said = json.loads(await socket.recv())
        if said["stream"] != "listening" or _UPDATES not in said["data"]["streams"]:
            raise ValueError("the order stream was not granted")

    def events(self) -> AsyncIterator[StreamEvent]:
        """What came and comes, until the stream ends."""
        return self._listener.heard()

    async def close(self) -> None:
        """Close the stream."""
        await self._listener.close()


def _events_in(message: str | bytes) -> list[StreamEvent]:
    try:
        said: Any = json.loads(message)
    except ValueError:
        raise BrokerError("A message of Alpaca's order stream cannot be read.") from None
    if not isinstance(said, dict) or said.get("stream") != _UPDATES:
        return []
    return [event_from(said.get("data"))]
