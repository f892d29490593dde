"""The simulated exchange: matching, slippage, commission, margin and the ledger.

The rules exist once, as small functions over two state objects and scalars, and run interpreted or compiled as the
same text. No array enters a rule's signature, and no clock, file, frame or neighbouring room enters at all.
"""

from __future__ import annotations

__all__: list[str] = []
