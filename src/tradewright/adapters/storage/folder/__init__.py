"""Artifacts in a folder of the file system, each a file under the digest of its content.

What may not enter: what the bytes mean.
"""

from __future__ import annotations

__all__: list[str] = []
