"""The promises of artifact stores: whole or not there, once each, held to their digest."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ClassVar

from tradewright.domain.errors import DataError, DataNotAvailableError

from .conformance import Conformance, require

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.ports.artifacts import ArtifactStore

__all__ = ["ArtifactConformance"]

_LARGE = bytes(range(256)) * 24_000
"""More than what libraries like to send in parts."""


class ArtifactConformance(Conformance):
    """What every artifact store promises.

    Attributes
    ----------
    opened : callable
        ``opened()`` gives a store in which nothing was ever kept.
    reopened : callable
        ``reopened(store)`` gives another store over the same place, as another process would.
    names : callable
        ``names(store)`` gives the names of everything that lies at its place, whatever it is.
    spoil : callable
        ``spoil(store, name, content)`` writes past the store, under the name of a digest or any other one.
    """

    opened: ClassVar[Callable[[], ArtifactStore]]
    reopened: ClassVar[Callable[[ArtifactStore], ArtifactStore]]
    names: ClassVar[Callable[[ArtifactStore], list[str]]]
    spoil: ClassVar[Callable[[ArtifactStore, str, bytes], None]]

    def test_what_is_kept_is_read(self) -> None:
        """By the digest of its content, in another process too; nothing and much as well."""
        store = self._store()
        for content in (b"record", b"", _LARGE):
            digest = store.put(content)
            require(digest == hashlib.sha256(content).hexdigest(), f"The digest is {digest}.")
            require(store.get(digest) == content, f"{len(content)} bytes did not come back as they were.")
            require(self._again(store).get(digest) == content, "Another process does not read what was kept.")

    def test_equal_content_is_kept_once(self) -> None:
        """However often and by however many it is put."""
        store = self._store()
        require(self._names(store) == [], "Something lies in a new store.")
        with ThreadPoolExecutor(4) as threads:
            digests = set(threads.map(lambda _: self._again(store).put(b"same"), range(8)))
        require(len(digests) == 1, f"Equal content has the digests {digests}.")
        require(self._names(store) == sorted(digests), f"There lie {self._names(store)}.")

    def test_a_cut_piece_under_a_right_name_is_written_again(self) -> None:
        """What some accident left is no reason to believe that the content is there."""
        store = self._store()
        digest = store.put(b"whole")
        self.subject("spoil")(store, digest, b"wh")
        require(self._again(store).put(b"whole") == digest, "The digest changed.")
        require(store.get(digest) == b"whole", "The cut piece stayed.")

    def test_what_is_gone_is_a_sentence(self) -> None:
        """And no other error."""
        store = self._store()
        store.put(b"another")
        try:
            store.get("ab" * 32)
        except DataNotAvailableError as error:
            require("is gone, and a kept run needs it" in error.message, f"It says '{error.message}'.")
            return
        raise AssertionError("What is not there was read.")

    def test_what_was_changed_is_noticed(self) -> None:
        """At reading, before anybody believes it."""
        store = self._store()
        digest = store.put(b"record")
        self.subject("spoil")(store, digest, b"recorD")
        try:
            store.get(digest)
        except DataNotAvailableError:
            raise AssertionError("What is there is said to be gone.") from None
        except DataError as error:
            require("is not what was written" in error.message, f"It says '{error.message}'.")
            return
        raise AssertionError("What was changed was read as if it were whole.")

    def test_only_what_is_needed_stays(self) -> None:
        """Leavings of interrupted writings go, too; how many pieces that were is told."""
        store = self._store()
        kept, lost = store.put(b"kept"), store.put(b"lost")
        self.subject("spoil")(store, f"{kept[:30]}.partial", b"an interrupted writing")
        require(store.retain({kept}) == 2, "It freed another number of pieces than 2.")
        require(self._names(store) == [kept], f"There lie {self._names(store)}.")
        require(store.get(kept) == b"kept", "What was needed is gone.")
        require(lost not in self._names(store), "What nobody needs stayed.")
        require(store.retain({kept}) == 0, "It freed something twice.")

    def test_its_place_is_a_word(self) -> None:
        """That stands beside each artifact."""
        require(self._store().place.isidentifier(), "The place is no word.")

    def _store(self) -> ArtifactStore:
        found: ArtifactStore = self.subject("opened")()
        return found

    def _again(self, store: ArtifactStore) -> ArtifactStore:
        found: ArtifactStore = self.subject("reopened")(store)
        return found

    def _names(self, store: ArtifactStore) -> list[str]:
        return sorted(self.subject("names")(store))
