"""Passwords and tokens as the libraries for them have it: Argon2 and signed JSON, with the keys in a file.

No web and no database is known here.
"""

from __future__ import annotations

__all__: list[str] = []
