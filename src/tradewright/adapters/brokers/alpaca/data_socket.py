"""The socket of Alpaca's market data: msgpack, one to a feed and an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgpack

from tradewright.adapters.wire.shared_socket import SharedSocket, SocketTerms
from tradewright.domain.errors import AuthenticationError, BrokerError
from tradewright.domain.errors import ConnectionError as VenueConnectionError

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

    from tradewright.domain.live.feed import FeedKind
    from tradewright.domain.live.modes import Keys

    from .table import AlpacaTerms

__all__ = ["asked", "data_socket", "instant_in"]

_REFUSED = (401, 402, 403, 404, 409)
"""Codes for keys that are missing, wrong or without the feed."""
_TAKEN = 406
"""Another connection of the account reads the feed already."""


def data_socket(address: str, feed: FeedKind, keys: Keys, terms: AlpacaTerms) -> SharedSocket:
    """The socket of a feed; bars and quotes are read from the same one, for Alpaca allows one.

    Parameters
    ----------
    address : str
        Without the feed's name.
    feed : FeedKind
    keys : Keys
    terms : AlpacaTerms
    """

    async def greet(socket: ClientConnection) -> None:
        await _answered(socket, "connected")
        said = {"action": "auth", "key": keys.get("key"), "secret": keys.get("secret")}
        await socket.send(msgpack.packb(said))
        await _answered(socket, "authenticated")

    return SharedSocket(
        SocketTerms(
            name="Alpaca", address=f"{address}/{feed.name}", greet=greet, read=_messages_in, fault=_fault,
            headers={"Content-Type": "application/msgpack"}, patience_s=terms.connect_s,
            heartbeat_s=terms.capabilities.heartbeat_s,
        )
    )  # fmt: skip


def asked(**channels: list[str]) -> bytes:
    """A request for symbols by channel."""
    packed: bytes = msgpack.packb({"action": "subscribe", **channels})
    return packed


def instant_in(said: dict[str, Any]) -> int:
    """When it happened, UTC nanoseconds.

    Raises
    ------
    AttributeError, KeyError
        When the message does not say.
    """
    at_ns: int = said["t"].to_unix_nano()
    return at_ns


async def _answered(socket: ClientConnection, word: str) -> None:
    """Wait for the word that is due.

    Raises
    ------
    AuthenticationError
        When the keys are refused.
    ConnectionError
        When another connection has the feed.
    ValueError
        When another word came.
    """
    said = _messages_in(await socket.recv())[0]
    if said.get("T") == "error" and said.get("code") in _REFUSED:
        raise AuthenticationError(
            f"Alpaca's data stream refuses the keys: {said.get('msg')}.", broker_code=str(said.get("code"))
        )
    if said.get("T") == "error" and said.get("code") == _TAKEN:
        raise VenueConnectionError(
            f"Alpaca's data stream is read by another program with these keys: {said.get('msg')}.",
            hint="End the other one, or give it keys of another account.",
        )
    if (said.get("T"), said.get("msg")) != ("success", word):
        raise ValueError(str(said))


def _fault(said: dict[str, Any]) -> BrokerError | None:
    if said.get("T") != "error":
        return None
    return BrokerError(f"Alpaca's data stream says: {said.get('msg')}.", broker_code=str(said.get("code")))


def _messages_in(message: str | bytes) -> list[dict[str, Any]]:
    """The messages of a frame.

    Raises
    ------
    BrokerError
        When it holds something else.
    """
    try:
        said = msgpack.unpackb(message if isinstance(message, bytes) else message.encode())
    except (ValueError, msgpack.UnpackException):
        said = None
    if not isinstance(said, list) or not said or not all(isinstance(each, dict) for each in said):
        raise BrokerError("A message of Alpaca's data stream cannot be read.")
    return said
