"""Changing an entry of the catalogue from afar: checked as a run does, written in one stroke, nothing else."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.catalogue import entries_of, find_catalogue
from tradewright.bootstrap.entry_fields import declared_params, mistake_in
from tradewright.bootstrap.file_change import ChangesRefusedError, changing, write_whole
from tradewright.bootstrap.yaml_edit import with_value
from tradewright.bootstrap.yaml_file import read_yaml
from tradewright.domain.errors import ConfigError, ConflictError, DataNotAvailableError, StrategyError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.bootstrap.catalogue import CatalogueEntry
    from tradewright.bootstrap.yaml_file import YamlFile

__all__ = ["ChangedValue", "EntryChange", "change_entry", "changed_entry", "entry_digest"]

Word = str | int | float | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One key that says something else; None where it says nothing."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry as it was and as it becomes.

    Parameters
    ----------
    before, after : CatalogueEntry
    values : tuple of ChangedValue
        Those that are asked for and differ, in the order in which they were asked for.
    text : str
        The whole file as it becomes.
    """

    before: CatalogueEntry
    after: CatalogueEntry
    values: tuple[ChangedValue, ...]
    text: str


def entry_digest(entry: CatalogueEntry) -> str:
    """What names all that an entry says, whatever stands around it in its file."""
    said = json.dumps(entry.settings.model_dump(mode="json", by_alias=True), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def changed_entry(folder: Path, name: str, changes: Mapping[str, Word], seen: str | None = None) -> EntryChange:
    """What an entry would become; nothing is written.

    Parameters
    ----------
    folder : Path
        From which the catalogue is found upward.
    name : str
    changes : mapping of str to value
        By key, as ``limits``, ``params.fast`` or ``costs.slippage_bps``; None takes a key out.
    seen : str, optional
        The digest of the entry that whoever changes it saw.

    Raises
    ------
    ChangesRefusedError
        For every change that cannot be made.
    ConfigError
        When the file as a whole would not be good, or is written so that nothing can be changed alone.
    ConflictError
        When it is an example that came with the package, or not the entry that was seen.
    DataNotAvailableError
        When there is no such entry.
    """
    entry = _own(folder, name)
    if seen is not None and seen != entry_digest(entry):
        raise ConflictError(f"'{name}' was changed meanwhile.", hint="Read it again, and look at yours.")
    _require_good(entry, changes)
    file = read_yaml(entry.file)
    wanted, text = _with(file, entry, changes)
    after = _read_back(text, entry, wanted)
    return EntryChange(entry, after, _differing(entry, after, changes), text)


def change_entry(folder: Path, name: str, changes: Mapping[str, Word], seen: str | None = None) -> EntryChange:
    """Put values into an entry: all of them or none; comments and everything else in the file stay.

    Parameters and errors are those of `changed_entry`; besides:

    Raises
    ------
    StorageError
        When the file cannot be written.
    """
    with changing(_own(folder, name).file.resolve().parent):
        change = changed_entry(folder, name, changes, seen)
        if change.values:
            write_whole(change.before.file, change.text)
    return change


def _own(folder: Path, name: str) -> CatalogueEntry:
    catalogue = find_catalogue(folder)
    if name not in catalogue.entries:
        raise DataNotAvailableError(f"The catalogue has no strategy '{name}'.")
    if catalogue.shipped:
        raise ConflictError(
            f"'{name}' is an example that came with the package, and stays as it is.",
            hint="Write a strategies.yaml of the project's own with what is to be changed.",
        )
    return catalogue.entries[name]


def _require_good(entry: CatalogueEntry, changes: Mapping[str, Word]) -> None:
    declared = declared_params(entry)
    found = {key: mistake_in(entry, declared, key, value) for key, value in changes.items()}
    mistakes = {key: why for key, why in found.items() if why is not None}
    if "costs" in changes and any(key.startswith("costs.") for key in changes):
        mistakes["costs"] = "'costs' is one word or has keys, not both."
    if mistakes:
        raise ChangesRefusedError(mistakes)


def _with(file: YamlFile, entry: CatalogueEntry, changes: Mapping[str, Word]) -> tuple[Any, str]:
    """All that the file is to say, and its text with the changes in it."""
    wanted, text = _unshared(file.value), file.path.read_text(encoding="utf-8")
    for place, value in _placed(_said(wanted, entry.place), changes):
        _set(_said(wanted, entry.place), place, value)
        text = with_value(text, (*entry.place, *place), value)
    return wanted, text


def _unshared(value: Any) -> Any:
    """A copy in which what an alias names is no longer one with what it stands for."""
    if isinstance(value, dict):
        return {key: _unshared(each) for key, each in value.items()}
    return [_unshared(each) for each in value] if isinstance(value, list) else value


def _placed(said: Mapping[str, Any], changes: Mapping[str, Word]) -> list[tuple[Sequence[str], Any]]:
    """Where each value goes; keys of costs take the place of the word that stood there."""
    costs = {key.partition(".")[2]: value for key, value in changes.items() if key.startswith("costs.")}
    if not costs or not isinstance(said.get("costs"), str):
        return [(key.split(".", 1), value) for key, value in changes.items()]
    others = [(key.split(".", 1), value) for key, value in changes.items() if not key.startswith("costs.")]
    put = {name: value for name, value in costs.items() if value is not None}
    return [*others, *([(["costs"], put)] if put else [])]


def _said(value: Any, place: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = value
    for step in place:
        # A name of the catalogue that looks like a number is one to YAML.
        found = next(each for key, each in found.items() if str(key) == step)
    return found


def _set(said: dict[str, Any], place: Sequence[str], value: Any) -> None:
    *sections, key = place
    for section in sections:
        if value is None and said.get(section) is None:
            return
        said[section] = said.get(section) or {}
        said = said[section]
    if value is None:
        said.pop(key, None)
    else:
        said[key] = value


def _read_back(text: str, entry: CatalogueEntry, wanted: Any) -> CatalogueEntry:
    """The entry as everybody will read it; refused where anything else would say something else, too."""
    with tempfile.TemporaryDirectory() as aside:
        path = Path(aside) / entry.file.name
        path.write_text(text, encoding="utf-8")
        try:
            file = dataclasses.replace(read_yaml(path), path=Path(entry.file.name))
        except ConfigError:
            file = None
    if file is None or file.value != wanted:
        raise ConfigError(
            f"'{entry.name}' stands in {entry.file.name} in a way in which this cannot be changed alone.",
            hint="Change it in the file by hand.",
        )
    after = next(each for each in entries_of(file) if each.name == entry.name)
    after = dataclasses.replace(after, file=entry.file)
    _require_strategy(after)
    return after


def _require_strategy(entry: CatalogueEntry) -> None:
    """Refuse parameters with which it cannot be made; one that cannot be loaded is not made to be."""
    from tradewright.strategy.adapt import as_strategy
    from tradewright.strategy.registry import load_strategy

    try:
        source = load_strategy(entry.reference)
    except (StrategyError, ConfigError):
        # It could not be run before either, and may be put aside all the same.
        return
    as_strategy(source, dict(entry.settings.params))


def _differing(before: CatalogueEntry, after: CatalogueEntry, changes: Mapping[str, Word]) -> tuple[ChangedValue, ...]:
    found = (ChangedValue(key, _value(before, key), _value(after, key)) for key in changes)
    return tuple(each for each in found if each.before != each.after)


def _value(entry: CatalogueEntry, key: str) -> Any:
    value: Any = entry.settings.model_dump(by_alias=True)
    for step in key.split(".", 1):
        value = value.get(step) if isinstance(value, dict) else None
    return value
