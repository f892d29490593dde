"""The sandbox venue: the simulated exchange behind the protocols of real ones, for programs that trade over a wire.

Stored, read or made-up bars are replayed; orders meet them by the same rules as in a backtest (`engine.loop` moves
every account from bar to bar), and what happens is told as Alpaca and OpenAlgo tell it. Nothing here reaches a market:
every answer says SANDBOX, and no key of it is worth anything elsewhere.

`exchange` and what it stands on know no protocol; `alpaca` and `openalgo` each translate one; `faults` breaks the wire
on purpose; `server` puts them behind a port. The web libraries are loaded when a server is made, not before.
"""

from __future__ import annotations

__all__: list[str] = []
