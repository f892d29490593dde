"""Binance's spot protocol, as ccxt and ccxt.pro speak it: signed requests, kline streams, the stream of an account.

Requests are held to the clock of this machine, as their signatures are made by it; what happens is stamped with the
time of the tape. A client order id is free again when its order has ended, whatever the sandbox does elsewhere.
"""

from __future__ import annotations

__all__: list[str] = []
