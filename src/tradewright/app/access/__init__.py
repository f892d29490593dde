"""Who gets in and what they hold: users, sign-ins, tokens of programs, and the log of all of it.

The clock, chance, stores, hasher and signer come in from outside. Which route asks for which role is the door's affair.
"""

from __future__ import annotations

__all__: list[str] = []
