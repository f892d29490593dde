"""What everybody shares who talks to a venue or a vendor: pace, patience, connections, and rows read strictly.

`rate_limiter` keeps a pace, `reading` asks again where nothing changes by asking, `gated_http` carries requests whose
first byte waits for a permit over the connections of `lines`, `addresses` says which are safe, `instants` reads and
writes RFC 3339, `rows` and `days` make bars of rows, `quotes` makes quotes. `watched_socket` keeps a WebSocket,
`shared_socket` lets several streams read one, `shared_stream` is what these have in common, `inbox` is where what they
say waits. No venue and no vendor is known here.
"""

from __future__ import annotations

__all__: list[str] = []
