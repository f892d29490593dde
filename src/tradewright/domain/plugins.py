"""Parts by name: one registry for everything that a user or an installed package can add.

A part becomes known in one of two ways: a decorator where it is written, or an entry point of an installed package.
Entry points are read at the first look-up, never at import, and each is loaded when it is first asked for; one that
cannot be loaded is named with its package and leaves the others alone.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .errors import ConfigError, TradewrightError

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.metadata import EntryPoint

__all__ = ["KEPT_MODULES", "Registry", "place_of"]

KEPT_MODULES = "tradewright_kept_"
"""What the names of modules begin with that are the text of a kept run."""


Part = TypeVar("Part")
_Given = TypeVar("_Given")
_NAME = re.compile(r"[A-Za-z_][\w.-]*")


class Registry(Generic[Part]):
    """Parts of one kind, by name.

    Parameters
    ----------
    kind : str
        What a part is called in sentences, as ``"metric"``.
    group : str
        Entry-point group in which installed packages name theirs, as ``"tradewright.metrics"``.
    error : type of TradewrightError
        Raised for everything refused here.
    flaw : callable, optional
        ``flaw(value)`` says in a few words why a value is no such part (``"it has no 'compute'"``), or None.
    hint : str
        What to do where a name is unknown and none is near.

    Examples
    --------
    >>> colours = Registry("colour", "example.colours")
    >>> @colours.register("red")
    ... class Red: ...
    >>> colours.get("red") is Red
    True
    >>> colours.get("rad")
    Traceback (most recent call last):
    tradewright.domain.errors.ConfigError: There is no colour 'rad'. Did you mean 'red'?
    """

    def __init__(
        self,
        kind: str,
        group: str,
        *,
        error: type[TradewrightError] = ConfigError,
        flaw: Callable[[Any], str | None] | None = None,
        hint: str = "",
    ) -> None:
        self.kind = kind
        self.group = group
        self._error = error
        self._flaw = flaw
        self._hint = hint
        self._known: dict[str, Part] = {}
        self._own: set[str] = set()
        self._points: dict[str, tuple[EntryPoint, ...]] | None = None
        self._settled: set[str] = set()
        self._broken: dict[EntryPoint, str] = {}

    def register(self, name: str) -> Callable[[_Given], _Given]:
        """Decorate a part, so that it can be called by name.

        The same part may be registered again: what was written anew in a notebook takes the place of its predecessor.

        Raises
        ------
        TradewrightError
            When another part has the name, or when the value is no such part.
        """

        def keep(value: _Given) -> _Given:
            self.add(name, value)
            return value

        return keep

    def add(self, name: str, value: Any) -> None:
        """Register a part that stands ready; see `register`.

        A part in the text of a kept run leaves its name to one that is there, and to one that comes later.
        """
        self._require_fit(name, value)
        holder = self._known.get(name)
        if holder is not None and _is_kept(value):
            return
        if holder is not None and not _is_kept(holder) and not _same_source(holder, value):
            raise self._error(
                f"'{name}' is already the {self.kind} {place_of(holder)}, so {place_of(value)} cannot take the name.",
                hint="Register it under a name of its own.",
            )
        self._known[name] = value
        self._own.add(name)
        self._settled.discard(name)

    def get(self, name: str) -> Part:
        """The part of that name.

        Raises
        ------
        TradewrightError
            When there is none, with the nearest name; when it is of a package and cannot be loaded; when two packages,
            or a package and this process, give the name to different parts.
        """
        if name not in self:
            self._points = None
        if name not in self:
            raise self._unknown(name)
        if name not in self._settled:
            self._settle(name)
        return self._known[name]

    def names(self) -> tuple[str, ...]:
        """Every name in order, whether or not its part can be loaded."""
        return tuple(sorted({*self._known, *self._entry_points()}))

    def packaged(self) -> tuple[str, ...]:
        """The names that installed packages give, in order."""
        return tuple(sorted(self._entry_points()))

    def values(self) -> dict[str, Part]:
        """Every part that can be used, in order of name; `faults` says what became of the others.

        A package that claims the name of a part of this process does not take it away.
        """
        parts, _ = self._loaded()
        return parts

    def faults(self) -> tuple[str, ...]:
        """One sentence for each name whose part cannot be used."""
        _, faults = self._loaded()
        return faults

    def name_of(self, value: object) -> str | None:
        """The name of this very part, whether it was registered here or is named by the package it comes from."""
        known = next((name for name, part in self._known.items() if part is value), None)
        return known or next((name for name in self._names_from(value) if self._is(name, value)), None)

    def __contains__(self, name: object) -> bool:
        return name in self._known or name in self._entry_points()

    def _names_from(self, value: object) -> list[str]:
        """Names that packages give to something in the top module of a value."""
        top = str(getattr(value, "__module__", "")).partition(".")[0]
        points = self._entry_points()
        return [name for name in points if any(re.split(r"[.:]", each.value)[0] == top for each in points[name])]

    def _is(self, name: str, value: object) -> bool:
        try:
            return self.get(name) is value
        except TradewrightError:
            return False

    def _loaded(self) -> tuple[dict[str, Part], tuple[str, ...]]:
        parts: dict[str, Part] = {}
        faults: list[str] = []
        for name in self.names():
            try:
                parts[name] = self.get(name)
            except TradewrightError as error:
                faults.append(str(error))
                if name in self._own:
                    parts[name] = self._known[name]
        return parts, tuple(faults)

    def _entry_points(self) -> dict[str, tuple[EntryPoint, ...]]:
        if self._points is None:
            from importlib.metadata import entry_points

            found: dict[str, tuple[EntryPoint, ...]] = {}
            for point in entry_points(group=self.group):
                # An editable install may be seen twice, through its folder and through its record.
                if all(point.value != other.value for other in found.get(point.name, ())):
                    found[point.name] = (*found.get(point.name, ()), point)
            self._points = found
        return self._points

    def _settle(self, name: str) -> None:
        """Load what packages give that name; refuse it where they do not all mean the same part."""
        for point in self._entry_points().get(name, ()):
            value = self._load(point)
            holder = self._known.setdefault(name, value)
            if holder is not value:
                raise self._error(
                    f"The {self.kind} '{name}' is both {place_of(holder)} and {_origin(point)} of a package.",
                    hint="Rename one, or remove the package.",
                )
        self._settled.add(name)

    def _load(self, point: EntryPoint) -> Part:
        if point in self._broken:
            raise self._unloadable(point)
        try:
            value: Part = point.load()
        except (Exception, SystemExit) as error:
            # Remembered: a package that fails slowly shall not do so in every run.
            self._broken[point] = str(error)
            raise self._unloadable(point) from error
        self._require_fit(point.name, value)
        return value

    def _unloadable(self, point: EntryPoint) -> TradewrightError:
        return self._error(
            f"The {self.kind} '{point.name}' of an installed package ({_origin(point)}) cannot be loaded: "
            f"{self._broken[point]}.",
            hint="Update or remove the package.",
        )

    def _require_fit(self, name: str, value: Any) -> None:
        if not _NAME.fullmatch(name):
            raise self._error(
                f"'{name}' cannot be the name of a {self.kind}.", hint="Use letters, digits, '_', '-' and '.'."
            )
        flaw = self._flaw(value) if self._flaw else None
        if flaw:
            raise self._error(f"{place_of(value)} cannot be the {self.kind} '{name}': {flaw}.")

    def _unknown(self, name: str) -> TradewrightError:
        near = difflib.get_close_matches(name, self.names(), n=1)
        hint = f"Did you mean '{near[0]}'?" if near else self._hint
        return self._error(f"There is no {self.kind} '{name}'.", hint=hint or None)


def place_of(value: Any) -> str:
    """Where a part was written, as ``module:name``."""
    return f"{getattr(value, '__module__', '')}:{getattr(value, '__qualname__', value)}"


def _same_source(first: Any, second: Any) -> bool:
    """Whether the second is the first written anew: by its place, or by its file where that was loaded again."""
    if place_of(first) == place_of(second):
        return True
    file = _file_of(first)
    return file is not None and file == _file_of(second) and _name_in_file(first) == _name_in_file(second)


def _is_kept(value: Any) -> bool:
    return str(getattr(value, "__module__", "")).startswith(KEPT_MODULES)


def _file_of(value: Any) -> str | None:
    import inspect

    try:
        return inspect.getsourcefile(value)
    except TypeError:
        return None


def _name_in_file(value: Any) -> str:
    return str(getattr(value, "__qualname__", ""))


def _origin(point: EntryPoint) -> str:
    """The package and the object an entry point names, as far as they are known."""
    return f"{point.dist.name} {point.dist.version}, {point.value}" if point.dist else point.value
