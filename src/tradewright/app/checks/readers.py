"""Files and bars that a strategy reads while it runs: for the time of one replay, what is read has another future."""

from __future__ import annotations

import builtins
import contextlib
import inspect
import io
import re
import sys
from typing import TYPE_CHECKING, Any

from tradewright.strategy.places import is_authors

from .alignment import stamps_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .aligned import OtherFuture

__all__ = ["READER_NAMES", "other_files", "reading_otherwise", "without_writing"]

_READERS = {
    "pyarrow.parquet": ("read_table",),
    "pandas": (
        "read_sql",
        "read_csv",
        "read_parquet",
        "read_json",
        "read_pickle",
        "read_feather",
        "read_excel",
        "read_table",
    ),
    "polars": ("read_csv", "read_parquet", "read_json", "read_ipc", "read_excel"),
    "numpy": ("load", "loadtxt", "genfromtxt", "fromfile"),
    "json": ("load", "loads"),
    "pickle": ("load", "loads"),
    "tradewright": ("read_bars", "load_bars", "synthetic_bars", "bars_from", "backtest"),
}
READER_NAMES = frozenset({"open", "read_text"}.union(*_READERS.values()))
"""Names by which an author's code reads files, or makes bars."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_AMOUNT = re.compile(r"(?<![\w:.-])-?\d+\.\d+(?![\w:-])|(?<=[,;\t])-?\d+(?=[,;\t\n])")


@contextlib.contextmanager
def other_files(other: OtherFuture) -> Iterator[None]:
    """Let what reads files, and what makes bars, give another future to whoever asks from an author's code."""
    changed: list[tuple[dict[str, Any], str, Any]] = []
    for name, readers in _READERS.items():
        module = sys.modules.get(name)
        for reader in readers if module is not None else ():
            read: Any = getattr(module, reader, None)
            if read is not None and callable(read):
                changed.append((vars(module), reader, read))
                vars(module)[reader] = _reading(read, other)
    for holder in (builtins, io):
        changed.append((vars(holder), "open", holder.open))
        vars(holder)["open"] = _opening(holder.open, other)
    try:
        yield
    finally:
        for names, name, value in changed:
            names[name] = value


@contextlib.contextmanager
def without_writing() -> Iterator[None]:
    """Let no file be opened to be written: what a text writes on other bars would stay behind."""
    opened = [(holder, holder.open) for holder in (builtins, io)]
    for holder, read in opened:
        vars(holder)["open"] = _only_reading(read)
    try:
        yield
    finally:
        for holder, read in opened:
            vars(holder)["open"] = read


def _only_reading(read: Callable[..., Any]) -> Callable[..., Any]:
    def opening(file: Any, mode: str = "r", *arguments: Any, **keywords: Any) -> Any:
        if set(mode) & set("wax+"):
            raise PermissionError(f"{file} is not written while a strategy is made again.")
        return read(file, mode, *arguments, **keywords)

    return opening


def reading_otherwise(value: Any, other: OtherFuture) -> Any:
    """A value with another future; a reader, imported by its own name, that gives one."""
    if not callable(value):
        return other(value)
    package, name = str(getattr(value, "__module__", "")).partition(".")[0], getattr(value, "__name__", "")
    if name in _READERS.get(package, ()) and value is getattr(sys.modules.get(package), name, None):
        read: Any = value
        return _reading(read, other)
    return value


def _called_by_author() -> bool:
    """Whether an author's code is the nearest caller that is no library's."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    return frame is not None and is_authors(frame.f_code.co_filename)


def _reading(read: Callable[..., Any], other: OtherFuture) -> Callable[..., Any]:
    def reading(*arguments: Any, **keywords: Any) -> Any:
        found = read(*arguments, **keywords)
        return other(found) if _called_by_author() else found

    return reading


def _opening(read: Callable[..., Any], other: OtherFuture) -> Callable[..., Any]:
    def opening(file: Any, mode: str = "r", *arguments: Any, **keywords: Any) -> Any:
        found = read(file, mode, *arguments, **keywords)
        if mode not in ("r", "rt") or not _called_by_author():
            return found
        with found:
            return io.StringIO("".join(_line(line, other) for line in found))

    return opening


def _line(line: str, other: OtherFuture) -> str:
    """A line of text, its amounts changed where it is dated after the row."""
    days = stamps_of(_DAY.findall(line))
    if days is None or days.max() <= other.day:
        return line
    return _AMOUNT.sub(lambda found: str(float(found[0]) * 0.5 + 1.0), line)
