"""Interactive Brokers through TWS or its gateway: `ib_async` carries the messages, the order protocol is kept here.

Only the library's client is used, never its `IB` object: that one folds messages into states of its own (an error about
a change "cancels" an order there, a correction is another fill), and the order road wants to see what was said. `link`
is one connection and its questions, `picture` the orders as this connection reported them, `broker`, `bar_stream`,
`history` and `contracts` stand on both, `kind` opens them. The library is loaded when a link is opened.
"""

from __future__ import annotations

__all__: list[str] = []
