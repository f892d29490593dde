"""The HTTP door: what the dashboard and other programs ask of a control room, and how they are told.

`application.create_app` makes the server from a `tradewright.bootstrap.control_room.ControlRoom`; nothing here opens a
store or reads a setting. Errors are problem documents (RFC 9457), the interface is described in OpenAPI.
"""

from __future__ import annotations

__all__: list[str] = []
