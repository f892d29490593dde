"""The socket of Polygon's stream: JSON, one to a key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.rows import number_in
from tradewright.adapters.wire.shared_socket import SharedSocket, SocketTerms
from tradewright.domain.errors import AuthenticationError, BrokerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from websockets.asyncio.client import ClientConnection

    from tradewright.adapters.wire.shared_socket import Grants

__all__ = ["asked", "data_socket", "hold_granted", "instant_in"]

_GOOD = ("connected", "auth_success", "success")
_GRANTED = "subscribed to:"
_PATIENCE_S = 10.0
_HEARTBEAT_S = 15.0
_MS = 1_000_000


def data_socket(address: str, key: str, shown: Callable[[Any], str], heartbeat_s: float = _HEARTBEAT_S) -> SharedSocket:
    """The socket of all US shares; bars and quotes are read from the same one, for Polygon allows one to a key.

    Parameters
    ----------
    address : str
    key : str
    shown : callable
        What it says, short and without the key.
    heartbeat_s : float
    """

    async def greet(socket: ClientConnection) -> None:
        await _answered(socket, "connected", shown)
        await socket.send(json.dumps({"action": "auth", "params": key}))
        await _answered(socket, "auth_success", shown)

    def fault(said: dict[str, Any]) -> BrokerError | None:
        if said.get("ev") != "status" or said.get("status") in _GOOD:
            return None
        why = shown(said.get("message"))
        return BrokerError(f"Polygon's stream says: {why}.", broker_code=str(said.get("status")))

    return SharedSocket(
        SocketTerms(
            name="Polygon", address=address, greet=greet, read=_messages_in, fault=fault, patience_s=_PATIENCE_S,
            heartbeat_s=heartbeat_s,
        )
    )  # fmt: skip


def asked(topics: list[str]) -> str:
    """A request for topics such as ``Q.AAPL``."""
    return json.dumps({"action": "subscribe", "params": ",".join(topics)})


def hold_granted(said: dict[str, Any], grants: Grants) -> None:
    """Take down what a status says to be granted."""
    text = said.get("message")
    if said.get("status") == "success" and isinstance(text, str) and text.startswith(_GRANTED):
        grants.hold([each.strip() for each in text.removeprefix(_GRANTED).split(",")])


def instant_in(said: dict[str, Any], field: str = "t") -> int:
    """An instant of a message, UTC nanoseconds; Polygon writes milliseconds.

    Raises
    ------
    DataError
        When it is none.
    """
    return int(number_in(said, field)) * _MS


async def _answered(socket: ClientConnection, word: str, shown: Callable[[Any], str]) -> None:
    """Wait for the status that is due.

    Raises
    ------
    AuthenticationError
        When the key is refused.
    ValueError
        When another status came.
    """
    said = _messages_in(await socket.recv())[0]
    if said.get("ev") == "status" and said.get("status") == word:
        return
    why = shown(said.get("message"))
    if said.get("status") == "auth_failed":
        raise AuthenticationError(f"Polygon's stream refuses the key: {why}", hint="Look at providers.polygon.key.")
    raise ValueError(f"where '{word}' was due it said: {why}")


def _messages_in(message: str | bytes) -> list[dict[str, Any]]:
    """The messages of a frame.

    Raises
    ------
    BrokerError
        When it holds something else.
    """
    try:
        said = json.loads(message)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, list) or not said or not all(isinstance(each, dict) for each in said):
        raise BrokerError("A message of Polygon's stream cannot be read.")
    return said
