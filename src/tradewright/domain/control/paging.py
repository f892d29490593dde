"""A piece of a long list, with the length of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from ..errors import ConfigError

__all__ = ["FIRST_PAGE", "MOST_ROWS", "Page", "Slice"]

T = TypeVar("T")

MOST_ROWS = 1000
"""Rows in one piece: a reader who wants all goes on asking."""


class Page(NamedTuple, Generic[T]):
    """Some items of a list, and how many there are."""

    items: list[T]
    total: int


@dataclass(frozen=True, slots=True)
class Slice:
    """Which piece of a list is asked for.

    Parameters
    ----------
    limit : int
        Most items, from 1 to 1000.
    offset : int
        Items to pass over.

    Raises
    ------
    ConfigError
        When no piece can be meant.
    """

    limit: int = 50
    offset: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MOST_ROWS:
            raise ConfigError(f"A page holds 1 to {MOST_ROWS} rows, not {self.limit}.", hint="Ask for several pages.")
        if self.offset < 0:
            raise ConfigError(f"A page begins at row 0 or later, not at {self.offset}.")


FIRST_PAGE = Slice()
