"""The socket for artifacts: bytes that are kept under the digest of their content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["ArtifactStore"]


class ArtifactStore(Protocol):
    """Bytes by the SHA-256 of their content: equal content is kept once, and what is read is what was written.

    Raises
    ------
    StorageError
        From every method, when the place cannot be read or written.
    ResourceError
        When the disk is full.
    """

    @property
    def place(self) -> str:
        """Which kind of store this is, as it stands beside an artifact."""
        ...

    def put(self, content: bytes) -> str:
        """Keep bytes; appear whole or not at all. Their digest."""
        ...

    def get(self, digest: str) -> bytes:
        """The bytes of a digest.

        Raises
        ------
        DataNotAvailableError
            When they are not there.
        DataError
            When they are there and are not what was written.
        """
        ...

    def retain(self, digests: Collection[str]) -> int:
        """Free everything else, leavings of interrupted writings included; how many pieces that were."""
        ...
