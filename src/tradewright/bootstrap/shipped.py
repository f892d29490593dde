"""Kinds that come with the package: where each is written, and what it stands on; loaded when it is first used."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, TypeVar

from tradewright.domain.errors import ConfigError
from tradewright.domain.plugins import Registry

__all__ = ["Kinds", "ShippedKind"]

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class ShippedKind:
    """Where a kind that comes with the package is written.

    Parameters
    ----------
    module : str
        Holds it as ``KIND``.
    extra : str, optional
        Brings the libraries it stands on.
    libraries : tuple of str
    """

    module: str
    extra: str | None = None
    libraries: tuple[str, ...] = ()

    def load(self) -> Any:
        """The kind itself.

        Raises
        ------
        ConfigError
            When this installation lacks its module.
        """
        try:
            return importlib.import_module(self.module).KIND
        except ModuleNotFoundError as error:
            if error.name is None or not self.module.startswith(error.name):
                raise
            raise ConfigError(
                f"This installation has no module {self.module}.", hint="Install Tradewright again."
            ) from None

    @property
    def is_installed(self) -> bool:
        """Whether every library it stands on is there."""
        return all(find_spec(name) is not None for name in self.libraries)


class Kinds(Registry[Kind | ShippedKind]):
    """Kinds by name: those that ship, and those that packages add; each is loaded when it is first used.

    Parameters
    ----------
    kind : str
        What one is called in sentences, as ``"broker"``.
    group : str
        Entry-point group in which installed packages name theirs.
    parts : tuple of str
        Names that a kind has.
    hint : str
        What to do where a name is unknown and none is near.
    """

    def __init__(self, kind: str, group: str, parts: tuple[str, ...], hint: str = "") -> None:
        super().__init__(kind, group, flaw=lambda value: _flaw(value, parts), hint=hint)

    def ship(self, name: str, module: str, extra: str | None = None, libraries: tuple[str, ...] = ()) -> None:
        """Make a kind known that comes with the package; see `ShippedKind`."""
        self.add(name, ShippedKind(module, extra, libraries))

    def loaded(self, name: str) -> Kind:
        """The kind of that name.

        Raises
        ------
        ConfigError
            When there is none, with the nearest, or it cannot be loaded.
        """
        found = self.get(name)
        kind: Kind = found.load() if isinstance(found, ShippedKind) else found
        return kind

    def missing_extra(self, name: str) -> str | None:
        """The extra that brings what a kind stands on, where it is not installed; None where nothing is missing."""
        found = self.get(name)
        return found.extra if isinstance(found, ShippedKind) and not found.is_installed else None


def _flaw(value: Any, parts: tuple[str, ...]) -> str | None:
    """Why a value is no kind with these parts, in a few words; None where it is one."""
    if isinstance(value, ShippedKind):
        return None
    lacking = [name for name in parts if not hasattr(value, name)]
    if isinstance(value, type):
        return "it is a class; name an object of it"
    return f"it has no '{lacking[0]}'" if lacking else None
