"""The example strategies, each a file of its own with pinned results, and the catalogue that names them.

They live in `strategies/` at the top of the project; the wheel carries them here, and a checkout finds them there.
Like any strategy of a user they import only the root of the package, and no room may import them.
"""

from __future__ import annotations

from pathlib import Path

__all__: list[str] = []

_SOURCE = Path(__file__).resolve().parents[2]
_CHECKOUT = _SOURCE.parent / "strategies"

if _SOURCE.name == "src" and _CHECKOUT.is_dir():
    __path__.append(str(_CHECKOUT))
