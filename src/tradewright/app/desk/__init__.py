"""What a person does to sessions and accounts from outside: looked at first, said in words, done only as it was seen.

Nothing here sends anything. A picture says how an account stands, a preview what an act would do at this moment; its
digest names exactly what was seen, so that an act on something that has moved is refused and shown anew.
"""

from __future__ import annotations

__all__: list[str] = []
