"""Alpaca's trading stream: JSON, `trade_updates` of one account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tradewright.venue.line import Line
from tradewright.venue.refusals import Refusal

from .answers import update_json
from .keys import account_named

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from tradewright.venue.desk import SandboxDesk
    from tradewright.venue.line import Packed

__all__ = ["trading_stream"]

_UPDATES = "trade_updates"


async def trading_stream(desk: SandboxDesk, socket: WebSocket) -> None:
    """Serve one listener until it leaves."""
    await socket.accept()
    line = Line(socket, json.dumps)
    try:
        await line.talk(lambda data: _hear(desk, line, data))
    finally:
        desk.hub.forget(line)


def _hear(desk: SandboxDesk, line: Line, data: Packed) -> None:
    try:
        said = json.loads(data)
        action, details = said.get("action"), said.get("data") or said
        actions = {"authenticate": _authenticate, "auth": _authenticate, "listen": _listen}
        actions[action](desk, line, details)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        line.say({"stream": "error", "data": {"error": "the message cannot be understood"}})


def _authenticate(desk: SandboxDesk, line: Line, said: Any) -> None:
    key, secret = said.get("key_id") or said.get("key"), said.get("secret_key") or said.get("secret")
    try:
        line.key = account_named(desk.venue, key, secret).key
        desk.drive.begin()
    except Refusal:
        line.key = None
    status = "unauthorized" if line.key is None else "authorized"
    line.say({"stream": "authorization", "data": {"status": status, "action": "authenticate", "venue": "SANDBOX"}})
    if line.key is None:
        line.hang_up(1008)


def _listen(desk: SandboxDesk, line: Line, said: Any) -> None:
    streams = [each for each in said["streams"] if each == _UPDATES and line.key is not None]
    if streams:
        desk.hub.traders[line] = lambda account, happening: {
            "stream": _UPDATES,
            "data": update_json(account, happening),
        }
    else:
        desk.hub.forget(line)
    line.say({"stream": "listening", "data": {"streams": streams}})
