"""Artifacts that are kept in a new place, and read where they were kept before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import DataNotAvailableError

if TYPE_CHECKING:
    from collections.abc import Collection

    from tradewright.ports.artifacts import ArtifactStore

__all__ = ["MovedArtifacts"]


class MovedArtifacts:
    """Two stores as one; see `tradewright.ports.artifacts.ArtifactStore`.

    Parameters
    ----------
    store : ArtifactStore
        Where everything is kept from now on.
    before : ArtifactStore
        Where things may lie that were kept earlier.
    """

    def __init__(self, store: ArtifactStore, before: ArtifactStore) -> None:
        self._store, self._before = store, before

    @property
    def place(self) -> str:
        """That of the new store."""
        return self._store.place

    def put(self, content: bytes) -> str:
        """Keep bytes in the new store."""
        return self._store.put(content)

    def get(self, digest: str) -> bytes:
        """The bytes of a digest, from wherever they are."""
        try:
            return self._store.get(digest)
        except DataNotAvailableError as gone:
            try:
                return self._before.get(digest)
            except DataNotAvailableError:
                raise gone from None

    def retain(self, digests: Collection[str]) -> int:
        """Free everything else in both."""
        return self._store.retain(digests) + self._before.retain(digests)
