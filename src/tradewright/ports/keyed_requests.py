"""The socket for requests that may come twice and must act once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.control.requests import GivenAnswer, KeyedRequest

__all__ = ["KeyedRequestStore"]


class KeyedRequestStore(Protocol):
    """Requests by user and key, with the answers given to them.

    Raises
    ------
    StorageError
        From every method, when the store cannot be read or written.
    """

    def begin(self, request: KeyedRequest, abandoned_ns: int) -> GivenAnswer | None:
        """Keep a request that is about to be carried out; where it came before, tell what is known of it instead.

        Parameters
        ----------
        request : KeyedRequest
        abandoned_ns : int
            One that came before this instant and has no answer yet was given up, and may be carried out anew.
        """
        ...

    def answer(self, request: KeyedRequest, status: int, answer: Mapping[str, Any]) -> None:
        """Keep what it was answered."""
        ...

    def withdraw(self, request: KeyedRequest) -> None:
        """Nothing came of it: it may be made again."""
        ...

    def forget(self, before_ns: int) -> None:
        """Take away those from before an instant."""
        ...
