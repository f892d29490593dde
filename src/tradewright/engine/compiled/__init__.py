"""The compiled tier: the same rules, from the same text, as machine code.

Rule files become one module of compiled functions over records that have the fields of the state objects; a strategy
whose `on_bar` keeps to a documented subset is fused with them into one loop. Nothing here decides anything about
orders or money: where the two tiers differ, one of them is broken. Numba enters here and nowhere else, and only when
something compiles.
"""

from __future__ import annotations

from .ahead import compiles

__all__ = ["compiles"]
