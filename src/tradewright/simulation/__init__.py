"""The simulated exchange: matching, costs, margin and ledger.

The rules exist once, in `rules/`: small functions over two state objects (`state.Exchange`, `state.Book`) and scalars,
readable as they stand and ready to be compiled from the same text. No array, frame, clock or strategy may enter; the
engine brings bars and takes events away.
"""

from __future__ import annotations

__all__: list[str] = []
