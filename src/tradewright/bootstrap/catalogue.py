"""The catalogue of strategies: the nearest one upward from a folder, else the examples that ship."""

from __future__ import annotations

import difflib
import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.yaml_file import read_yaml
from tradewright.domain.errors import ApprovalError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.bootstrap.entries import StrategyEntry
    from tradewright.bootstrap.yaml_file import YamlFile

__all__ = ["MODES", "Catalogue", "CatalogueEntry", "entries_of", "find_catalogue", "is_reference", "shipped_catalogue"]

MODES = ("backtest", "paper", "live")
"""How far a strategy may go, each step further than the one before."""

_FILE = "strategies.yaml"
_FOLDER = "strategies"
_TOP = "strategies"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A strategy of the catalogue.

    Parameters
    ----------
    settings : StrategyEntry
        What its file says.
    file : Path
        The YAML file, from which relative paths count.
    line : int
        Where the entry begins in it.
    place : tuple of str
        The keys that lead to it; none where it is the whole file.
    """

    settings: StrategyEntry
    file: Path
    line: int
    place: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name under which it is called."""
        return self.settings.name

    @property
    def reference(self) -> str:
        """The strategy as ``path/file.py:Class`` or ``package.module:Class``; the path absolute."""
        path, colon, attribute = self.settings.class_.partition(":")
        return f"{self.file.parent / path}{colon}{attribute}" if _is_path(path) else self.settings.class_

    def goes_as_far_as(self, mode: str) -> bool:
        """Whether it may be run in a mode, as far as its entry says: ``backtest``, ``paper`` or ``live``."""
        furthest = MODES[0] if self.settings.status == "inactive" else self.settings.mode
        return MODES.index(mode) <= MODES.index(furthest)

    def require_mode(self, mode: str) -> None:
        """Refuse to begin a session with what was put aside, or is not to go that far.

        Raises
        ------
        ApprovalError
        """
        if self.goes_as_far_as(mode):
            return
        if self.settings.status == "inactive":
            raise ApprovalError(
                f"'{self.name}' is inactive in the catalogue, and begins no session.",
                hint="Set its status to active, or take the key out.",
            )
        raise ApprovalError(
            f"'{self.name}' goes as far as {self.settings.mode} in the catalogue, and begins no {mode} session.",
            hint=f"Set its mode to {mode}, or take the key out.",
        )

    def choices(self) -> dict[str, Any]:
        """What the entry says about runs, under the names of the command line; file paths absolute."""
        said = self.settings.choices()
        if "files" in said:
            said["files"] = [str(self.file.parent / Path(each).expanduser()) for each in said["files"]]
        if said.get("actions", "none") != "none":
            said["actions"] = str(self.file.parent / said["actions"])
        if "benchmark" in said and (self.file.parent / said["benchmark"]).is_file():
            said["benchmark"] = str(self.file.parent / said["benchmark"])
        return said


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Strategies by name.

    Parameters
    ----------
    place : Path
        The file or folder it was read from.
    shipped : bool
        Whether these are the examples that come with the package.
    entries : dict of str to CatalogueEntry
    """

    place: Path
    shipped: bool
    entries: dict[str, CatalogueEntry]

    def __iter__(self) -> Iterator[CatalogueEntry]:
        return iter(self.entries.values())

    def entry(self, name: str) -> CatalogueEntry:
        """The entry of that name.

        Raises
        ------
        ConfigError
            When there is none; names the nearest.
        """
        if name in self.entries:
            return self.entries[name]
        near = difflib.get_close_matches(name, self.entries, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"It has {', '.join(self.entries) or 'none'}."
        which = "The shipped catalogue" if self.shipped else f"The catalogue {self.place}"
        raise ConfigError(f"{which} has no strategy '{name}'.", hint=f"{hint} A file is named as path/file.py:Class.")


def is_reference(text: str) -> bool:
    """Whether a strategy is named by file or module rather than by its name in the catalogue."""
    return ":" in text or _is_path(text)


def find_catalogue(folder: Path) -> Catalogue:
    """The catalogue nearest upward from a folder, or the shipped one.

    Raises
    ------
    ConfigError
        When a catalogue is broken; names file and line.
    """
    for place in (folder, *folder.parents):
        if (place / _FILE).is_file():
            return _catalogue(place / _FILE, [place / _FILE])
        files = sorted((place / _FOLDER).glob("*.yaml"))
        if files:
            return _catalogue(place / _FOLDER, files)
    return shipped_catalogue()


def shipped_catalogue() -> Catalogue:
    """The example strategies that come with the package."""
    # By name, as a user's package would be found: no room imports what stands on the root of the package.
    folders = [Path(folder) for folder in importlib.import_module("tradewright.examples").__path__]
    files = sorted(file for folder in folders for file in folder.glob("*.yaml"))
    place = files[0].parent if files else folders[-1]
    return _catalogue(place, files, shipped=True)


def _catalogue(place: Path, files: list[Path], *, shipped: bool = False) -> Catalogue:
    entries: dict[str, CatalogueEntry] = {}
    for path in files:
        for entry in entries_of(read_yaml(path)):
            if entry.name in entries:
                first = entries[entry.name]
                raise ConfigError(
                    f"{path}, line {entry.line}: '{entry.name}' is already in {first.file}, line {first.line}.",
                    hint="Give each version a name of its own, such as 'momentum_v2'.",
                )
            entries[entry.name] = entry
    return Catalogue(place, shipped, entries)


def entries_of(file: YamlFile) -> Iterator[CatalogueEntry]:
    """One entry that is the whole file and is named after it, or several by name under ``strategies``.

    Raises
    ------
    ConfigError
        When something is wrong with it; names file and line.
    """
    value = file.value
    if isinstance(value, dict) and "class" in value:
        yield _entry(file, (), value, str(value.get("name", file.path.stem)))
    elif isinstance(value, dict) and isinstance(value.get(_TOP), dict) and len(value) == 1:
        for name, said in value[_TOP].items():
            yield _entry(file, (_TOP, str(name)), said, str(name))
    else:
        stray = next((str(key) for key in value if key != _TOP), None) if isinstance(value, dict) else None
        what = f"there is no key '{stray}' at the top" if stray else "there are no strategies in it"
        raise ConfigError(
            f"{file.where((stray,) if stray else ())}: {what}.",
            hint="Write 'strategies:' and below it each name with its 'class:', or 'class:' for one entry.",
        )


def _entry(file: YamlFile, place: tuple[str, ...], value: Any, name: str) -> CatalogueEntry:
    from tradewright.bootstrap.entries import checked_entry

    return CatalogueEntry(checked_entry(file, place, value, name), file.path, file.line(place), place)


def _is_path(text: str) -> bool:
    return text.endswith(".py") or "/" in text or "\\" in text
