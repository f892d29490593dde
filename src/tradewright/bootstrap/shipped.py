"""Kinds that come with the package: where each is written, and what it stands on; loaded when it is first used."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from tradewright.domain.errors import ConfigError

__all__ = ["ShippedKind", "flaw_of"]


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


def flaw_of(value: Any, parts: tuple[str, ...]) -> str | None:
    """Why a value is no kind with these parts, in a few words; None where it is one."""
    if isinstance(value, ShippedKind):
        return None
    lacking = [name for name in parts if not hasattr(value, name)]
    if isinstance(value, type):
        return "it is a class; name an object of it"
    return f"it has no '{lacking[0]}'" if lacking else None
