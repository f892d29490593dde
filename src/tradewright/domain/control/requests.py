"""A request that may come twice and must act once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["GivenAnswer", "KeyedRequest"]


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request under a key of the client's making.

    Parameters
    ----------
    user_id : str
        Keys of one user say nothing about those of another.
    key : str
    method, path : str
    body_hash : str
        SHA-256 of the body, hexadecimal.
    at_ns : int
        UTC nanoseconds.
    """

    user_id: str
    key: str
    method: str
    path: str
    body_hash: str
    at_ns: int

    def asks_the_same(self, other: KeyedRequest) -> bool:
        """Whether both ask for one thing, whenever they came."""
        return (self.method, self.path, self.body_hash) == (other.method, other.path, other.body_hash)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What is known of a request that came before.

    Parameters
    ----------
    request : KeyedRequest
        As it came first.
    status : int or None
        None while it is still being worked on.
    answer : mapping or None
        Plain values.
    """

    request: KeyedRequest
    status: int | None
    answer: Mapping[str, Any] | None
