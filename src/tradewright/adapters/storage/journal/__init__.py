"""The journal on a disk: frames in segments, chained by their checksums, held by one process at a time.

What was torn by a loss of power is cut and kept aside; what was damaged is never repaired. No rule about orders is
known here.
"""

from __future__ import annotations

__all__: list[str] = []
