"""Answers that may be awaited or used as they stand.

A coroutine strategy may write ``await ctx.close("AAPL")`` or ``ctx.close("AAPL")``, ``ctx.cash`` or
``await ctx.cash()``: every answer is the value itself, gives itself when it is awaited, and where it stands for a
property it may be called. Nothing ever waits: in a run the answer is there at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from tradewright.domain.bars import Bar
from tradewright.domain.portfolio import Account, Position

from .history import History

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["DONE", "Answer", "Listing", "Number", "Table", "Truth", "Whole", "answer"]


class Answer:
    """What every answer can do: be awaited, and be called without arguments."""

    __slots__ = ()

    def __await__(self) -> Generator[None, None, Self]:
        yield from ()  # makes this a generator, which never pauses
        return self

    def __call__(self) -> Self:
        """The answer itself: what is a property of `Context` may be called here."""
        return self


class Number(float, Answer):
    """A float."""

    __slots__ = ()


class Whole(int, Answer):
    """A count."""

    __slots__ = ()


class Truth(int, Answer):
    """A yes or no, which awaited is a plain bool."""

    __slots__ = ()

    def __await__(self) -> Generator[None, None, bool]:  # type: ignore[override]
        yield from ()  # makes this a generator, which never pauses
        return bool(self)

    def __repr__(self) -> str:
        return repr(bool(self))

    __str__ = __repr__


class Listing(list[Any], Answer):
    """A list."""

    __slots__ = ()


class Table(dict[str, Any], Answer):
    """A mapping by symbol."""

    __slots__ = ()


class _Bar(Answer, Bar):
    __slots__ = ()


class _Account(Answer, Account):
    __slots__ = ()


class _Position(Answer, Position):
    __slots__ = ()


class _History(Answer, History):
    __slots__ = ()


class _Done(Answer):
    """The answer of a call that says nothing; false."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "None"


DONE = _Done()
_BUILT: dict[type, Any] = {bool: Truth, int: Whole, float: Number, list: Listing, dict: Table}
_COPIED: dict[type, type] = {Bar: _Bar, Account: _Account, Position: _Position, History: _History}


def answer(value: Any) -> Any:
    """A value in its awaitable form; what has no such form, or is an answer already, comes back as it is.

    Examples
    --------
    >>> answer(True), answer(1.5) + 1, answer([1])()
    (True, 2.5, [1])
    """
    if value is None:
        return DONE
    kind = type(value)
    if kind in _BUILT:
        return _BUILT[kind](value)
    if kind not in _COPIED:
        return value
    copy: Any = object.__new__(_COPIED[kind])
    for name in kind.__slots__:
        object.__setattr__(copy, name, getattr(value, name))
    return copy
