"""From files, folders and patterns to the symbols they hold; nothing is opened here."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError, DataError, DataNotAvailableError, ResourceError, SymbolNotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BarFile", "bar_files", "file_of", "require_room"]

SUFFIXES = (".csv.gz", ".csv", ".parquet", ".pq")
_FIELD = "{symbol}"
_GZIP_RATIO = 5
_BYTES_PER_FILE_BYTE = 3
"""Text, parsed columns and bars of one file exist side by side while it is read."""


@dataclass(frozen=True, slots=True)
class BarFile:
    """A file and the symbol whose bars it holds; `named` when it was named itself, not found in a folder."""

    symbol: str
    path: Path
    named: bool = True


def bar_files(said: Sequence[str], symbols: Sequence[str] = (), symbol_from: str | None = None) -> list[BarFile]:
    """The files of a universe with their symbols.

    Parameters
    ----------
    said : sequence of str
        Files, folders (every CSV and Parquet file in them) and glob patterns.
    symbols : sequence of str
        The symbols wanted, in this order; all of them when empty. One symbol names a single file.
    symbol_from : str, optional
        Pattern of file names without suffix, such as ``"{symbol}_1d_*"``; without it the whole name is the symbol.

    Raises
    ------
    DataNotAvailableError
        When a folder or pattern finds nothing.
    SymbolNotFoundError
        When a symbol has no file.
    DataError
        When two files hold the same symbol, or a name does not fit the pattern.
    """
    found = [each for text in said for each in _expanded(text)]
    if len(found) == 1 and len(symbols) == 1 and symbol_from is None:
        return [BarFile(symbols[0], found[0].path)]
    return _selected(_distinct(_named(found, symbol_from), symbol_from), symbols, symbol_from)


def file_of(folder: str, symbol: str, symbol_from: str | None = None) -> BarFile:
    """The file of one symbol in a folder; a file that is alone in it is of its own symbol, too.

    Raises
    ------
    DataNotAvailableError
        When the folder has none.
    SymbolNotFoundError
        When none is of that symbol; names the nearest.
    """
    return _selected(_distinct(_named(_expanded(folder), symbol_from), symbol_from), [symbol], symbol_from)[0]


def require_room(files: Sequence[BarFile], free: int | None) -> None:
    """Refuse to read what would not fit in memory.

    Parameters
    ----------
    free : int or None
        Bytes at hand; None where the system does not tell, and then nothing is refused.
    """
    sizes = [_plain_size(each.path) for each in files]
    needed = sum(sizes) + _BYTES_PER_FILE_BYTE * max(sizes, default=0)
    if free is not None and needed > free:
        raise ResourceError(
            f"Reading {len(files)} files needs about {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB are free.",
            hint="Use fewer symbols or shorter files.",
        )


def _plain_size(path: Path) -> int:
    if not path.is_file():
        return 0
    return path.stat().st_size * (_GZIP_RATIO if path.suffix == ".gz" else 1)


def _expanded(text: str) -> list[BarFile]:
    path = Path(text).expanduser()
    if path.is_dir():
        inside = sorted(each for each in path.iterdir() if each.name.lower().endswith(SUFFIXES))
        if not inside:
            raise DataNotAvailableError(f"There are no CSV or Parquet files in {path}.", hint="Name the files.")
        return [BarFile(_stem(each), each, named=False) for each in inside]
    if set(text) & set("*?[") and not path.exists():
        anchor = Path(path.anchor or ".")
        matches = sorted(each for each in anchor.glob(str(path.relative_to(path.anchor))) if each.is_file())
        if not matches:
            raise DataNotAvailableError(f"No file matches '{text}'.", hint="Look at the folder and the pattern.")
        return [BarFile(_stem(each), each, named=False) for each in matches]
    return [BarFile(_stem(path), path)]


def _stem(path: Path) -> str:
    suffix = next((each for each in SUFFIXES if path.name.lower().endswith(each)), path.suffix)
    return path.name[: len(path.name) - len(suffix)] if suffix else path.name


def _named(found: list[BarFile], symbol_from: str | None) -> list[BarFile]:
    """Symbols by the pattern; of a folder's files those that do not fit it are left out."""
    if symbol_from is None:
        return found
    if symbol_from.count(_FIELD) != 1:
        raise ConfigError(
            f"The pattern '{symbol_from}' does not say where the symbol stands.", hint="Write it as '{symbol}_1d_*'."
        )
    pattern = re.compile(re.escape(symbol_from).replace(re.escape(_FIELD), "(.+?)").replace(r"\*", ".*"))
    named = []
    for each in found:
        match = pattern.fullmatch(_stem(each.path))
        if match:
            named.append(BarFile(match[1], each.path))
        elif each.named:
            raise DataError(f"The file name {each.path.name} does not fit the pattern '{symbol_from}'.")
    if not named:
        raise DataNotAvailableError(f"No file name fits the pattern '{symbol_from}'.")
    return named


def _distinct(files: list[BarFile], symbol_from: str | None) -> dict[str, BarFile]:
    by_symbol: dict[str, BarFile] = {}
    for each in files:
        if each.symbol in by_symbol:
            raise DataError(
                f"{by_symbol[each.symbol].path} and {each.path} both hold {each.symbol}.",
                hint=f"{'Change' if symbol_from else 'Give'} --symbol-from so that it tells them apart.",
            )
        by_symbol[each.symbol] = each
    return by_symbol


def _selected(files: dict[str, BarFile], symbols: Sequence[str], symbol_from: str | None) -> list[BarFile]:
    for symbol in symbols:
        if symbol not in files:
            near = difflib.get_close_matches(symbol, files, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(sorted(files)[:10])}."
            if symbol_from is None and any(name.startswith(symbol) for name in files):
                hint = f"Say where the symbol stands in the file names: --symbol-from '{_FIELD}_*'."
            raise SymbolNotFoundError(f"No file holds {symbol}.", hint=hint)
    return [files[symbol] for symbol in symbols] or list(files.values())
