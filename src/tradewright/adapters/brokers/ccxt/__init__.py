"""Exchanges for coins over ccxt: spot, long only. Binance is the one that is measured.

`kind` is loaded without ccxt. `exchange` builds what ccxt calls an exchange, with one attempt to a request, exact
decimals and a gate before the first byte (`gate`); `door` keeps it open and turns its errors into answers (`outcomes`);
`words` and `lists` read what it says.
"""

from __future__ import annotations

__all__: list[str] = []
