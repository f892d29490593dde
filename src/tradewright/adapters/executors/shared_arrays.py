"""Arrays that several processes read without copying, and of which nothing is left when those processes are gone.

They lie in memory without a name: its descriptor is inherited where the system knows that (an anonymous file, elsewhere
one that is removed before it is filled), and on Windows a mapping is shared whose users the system counts. In neither
case is there anything to clean up after a process that was killed.
"""

from __future__ import annotations

import mmap
import os
import sys
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from tradewright.domain.errors import ResourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["Layout", "SharedArrays", "attached"]

_ALIGNED = 64


@dataclass(frozen=True)
class _Place:
    """Where one array lies."""

    name: str
    dtype: Any
    shape: tuple[int, ...]
    order: Literal["C", "F"]
    offset: int


@dataclass(frozen=True)
class Layout:
    """What another process needs to find the arrays: it travels by pickle."""

    places: tuple[_Place, ...]
    size: int
    descriptor: int | None
    """Inherited by the other process; None where the mapping has a tag or there is nothing to share."""
    tag: str | None
    is_board: bool = False
    """Whether the other process writes into them."""


class SharedArrays:
    """Arrays copied once, to be read by other processes.

    Parameters
    ----------
    arrays : mapping of name to array
    is_board : bool
        Whether the other process may write into them, to be read here by `read`.

    Raises
    ------
    ResourceError
        When there is no room for them, or an array holds objects rather than numbers.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], *, is_board: bool = False) -> None:
        places, size = _placed(arrays)
        self._mapping: mmap.mmap | None = None
        self._descriptor: int | None = None
        tag: str | None = None
        if size:
            self._mapping, self._descriptor, tag = _room(size)
        self.layout = Layout(places, size, self._descriptor, tag, is_board)
        for place in places if self._mapping is not None else ():
            _view(self._mapping, place)[...] = arrays[place.name]

    def read(self, name: str) -> NDArray[Any]:
        """An array as it is now, copied."""
        place = next(each for each in self.layout.places if each.name == name)
        return _view(self._mapping, place).copy()

    @property
    def inherited(self) -> tuple[int, ...]:
        """Descriptors that a process must be started with."""
        return () if self._descriptor is None else (self._descriptor,)

    def close(self) -> None:
        """Let go of them; processes that have them keep them."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        if self._mapping is not None:
            self._mapping.close()
        self._mapping = self._descriptor = None


def attached(layout: Layout) -> dict[str, NDArray[Any]]:
    """The arrays of another process; they cannot be written, but for those of a board."""
    if not layout.size:
        return {place.name: np.empty(place.shape, place.dtype) for place in layout.places}
    access = mmap.ACCESS_WRITE if layout.is_board else mmap.ACCESS_READ
    if layout.descriptor is None:
        mapping = mmap.mmap(-1, layout.size, tagname=layout.tag, access=access)  # type: ignore[call-arg, unused-ignore]
    else:
        mapping = mmap.mmap(layout.descriptor, layout.size, access=access)
        os.close(layout.descriptor)
    return {place.name: _view(mapping, place) for place in layout.places}


def _placed(arrays: Mapping[str, NDArray[Any]]) -> tuple[tuple[_Place, ...], int]:
    places, offset = [], 0
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise ResourceError(f"The array '{name}' holds objects, which cannot be shared with other processes.")
        # The order in memory stays: sums of floats depend on it.
        order: Literal["C", "F"] = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        places.append(_Place(name, array.dtype, array.shape, order, offset))
        offset += -(-array.nbytes // _ALIGNED) * _ALIGNED
    return tuple(places), offset


def _view(mapping: Any, place: _Place) -> NDArray[Any]:
    return np.ndarray(place.shape, place.dtype, buffer=mapping, offset=place.offset, order=place.order)


def _room(size: int) -> tuple[mmap.mmap, int | None, str | None]:
    try:
        if sys.platform == "win32":
            return _tagged(size)
        descriptor = _nameless()
        try:
            os.posix_fallocate(descriptor, 0, size) if hasattr(os, "posix_fallocate") else os.truncate(descriptor, size)
            return mmap.mmap(descriptor, size), descriptor, None
        except BaseException:
            os.close(descriptor)
            raise
    except (OSError, MemoryError) as error:
        raise ResourceError(
            f"There is no room to share {size:,} bytes with worker processes: {error}.",
            hint="Free memory, or use threads.",
        ) from error


def _nameless() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("tradewright")
    descriptor, path = tempfile.mkstemp(prefix="tradewright-")
    os.unlink(path)  # noqa: PTH108 - the path is text
    return descriptor


def _tagged(size: int) -> tuple[mmap.mmap, int | None, str | None]:
    tag = f"tradewright-{os.getpid()}-{os.urandom(8).hex()}"
    return mmap.mmap(-1, size, tagname=tag), None, tag  # type: ignore[call-arg, unused-ignore]
