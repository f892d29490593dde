"""The CSV and Parquet files of a folder as a provider, read by the rules by which `data import` reads them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.adapters.data.reading import open_file, read, request_of
from tradewright.adapters.data.universe import file_of
from tradewright.domain.actions import statements_of
from tradewright.domain.errors import ConfigError, TimeframeError
from tradewright.ports.provider import Provider

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.domain.actions import CorporateAction
    from tradewright.domain.bars import Bar, Bars
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.timeframe import Timeframe
    from tradewright.ports.provider import BarProvider, ProviderAccess

__all__ = ["KIND", "FolderFiles", "FolderKind"]

_STATEMENTS = (
    "calendar", "exchange", "currency", "timeframe", "tz", "stamp", "epoch", "volume", "bad_rows", "suspects",
    "sessions",
)  # fmt: skip
_UNSAID: dict[str, Any] = {
    "instrument": None, "columns": None, "adjust": None, "adjustment": "raw", "actions": None,
    **dict.fromkeys(_STATEMENTS), "bad_rows": "refuse", "suspects": "keep", "sessions": "strict",
}  # fmt: skip
_DIGITS = 8


class FolderFiles:
    """A folder in which each file holds the unadjusted bars of one symbol.

    Parameters
    ----------
    folder : Path
    symbol_from : str or None
        Where the symbol stands in the names of the files, as ``{symbol}_1d_*``; the whole name without it.
    statements : mapping of str to str
        What the files do not say, by the names of `tradewright.read_bars`; a timeframe among them.
    access : ProviderAccess
        Under which name it says it, and what time it is.
    """

    joins_names = True
    """A file is of one symbol, whatever that was called before."""

    def __init__(
        self, folder: Path, symbol_from: str | None, statements: Mapping[str, str], access: ProviderAccess
    ) -> None:
        self._name, self._clock = access.name, access.clock
        self._folder = folder
        self._symbol_from = symbol_from
        self._statements = statements
        self._held: tuple[str, Bars] | None = None

    @property
    def state(self) -> str:
        """The folder as it stands, in a few digits: others when a file was added, taken away or written."""
        files = sorted((each.name, each.stat()) for each in self._folder.iterdir() if each.is_file())
        words = [f"{name} {found.st_size} {found.st_mtime_ns}" for name, found in files]
        return hashlib.sha256("\n".join(words).encode()).hexdigest()[:_DIGITS]

    async def instrument(self, symbol: str) -> Instrument:
        """What the file of that symbol is of.

        Raises
        ------
        SymbolNotFoundError
            When there is no such file; names the nearest.
        """
        _ = self._path(symbol)
        return request_of({**_UNSAID, **self._statements, "symbol": symbol}).instrument

    async def bars(self, symbol: str, timeframe: Timeframe, start_ns: int, end_ns: int) -> Sequence[Bar]:
        """The bars of a file between two instants that have closed.

        Raises
        ------
        TimeframeError
            When the folder holds bars of another length.
        SymbolNotFoundError
        DataError
            When the file cannot be read as it is stated.
        """
        held = self._bars(symbol)
        if held.timeframe != timeframe:
            raise TimeframeError(
                f"The files of {self._folder} hold bars of {held.timeframe}, not of {timeframe}.",
                hint=f"Take {held.timeframe} bars and resample them, or name a folder of others under 'providers'.",
            )
        first = int(np.searchsorted(held.open_time, start_ns))
        stop = int(np.searchsorted(held.close_time, min(end_ns, self._clock.now_ns()), "right"))
        return [held.bar(row) for row in range(first, stop)]

    async def actions(self, symbol: str, first_day: int, stop_day: int) -> Sequence[CorporateAction]:
        """The splits and dividends that stand in a file.

        Raises
        ------
        SymbolNotFoundError
        DataError
            When the file cannot be read as it is stated.
        """
        said = statements_of(self._bars(symbol).actions, symbol, self._name)
        return [each for each in said if first_day <= each.day < stop_day]

    def _path(self, symbol: str) -> Path:
        return file_of(str(self._folder), symbol, self._symbol_from).path

    def _bars(self, symbol: str) -> Bars:
        if self._held is None or self._held[0] != symbol:
            request = request_of({**_UNSAID, **self._statements, "symbol": symbol})
            self._held = symbol, read(open_file(self._path(symbol)), request)
        return self._held[1]


class FolderKind:
    """See `tradewright.ports.provider.ProviderKind`."""

    name = "folder"
    key_fields: tuple[str, ...] = ()
    option_fields: tuple[str, ...] = ("path", "symbol_from", *_STATEMENTS)
    is_synthetic = False
    live: tuple[str, ...] = ()

    def open(self, access: ProviderAccess) -> BarProvider:
        """The files of the folder that the settings name.

        Raises
        ------
        ConfigError
            When they name none, none that is there, or do not say how long a bar lasts.
        """
        options = dict(access.options)
        place, symbol_from = options.pop("path", None), options.pop("symbol_from", None)
        if place is None or "timeframe" not in options:
            raise ConfigError(
                f"The provider '{access.name}' does not say where its files are and how long a bar lasts.",
                hint=f"Write path: and timeframe: below providers.{access.name}.",
            )
        folder = access.folder / Path(place).expanduser()
        if not folder.is_dir():
            raise ConfigError(f"There is no folder {folder}, which providers.{access.name}.path names.")
        files = FolderFiles(folder, symbol_from, options, access)
        return Provider(
            name=access.name, source=f"{access.name} {files.state}", history=files, instruments=files, actions=files
        )


KIND = FolderKind()
