"""Artifacts in a bucket behind the S3 interface: AWS, R2, MinIO and others that speak it.

What may not enter: what the bytes mean.
"""

from __future__ import annotations

__all__: list[str] = []
