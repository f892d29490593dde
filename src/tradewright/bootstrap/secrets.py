"""Secrets: values that never show themselves, and the three ways to name where one is kept."""

from __future__ import annotations

import hmac
import importlib.util
import os
import re
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

from tradewright.domain.errors import ConfigError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMS", "Keeper", "Secret", "SecretReference", "met_values", "secret_reference"]

FORMS = "${NAME}, {file: path} or {keyring: service/name}"
"""How the settings name a secret."""

_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)\}", re.ASCII)
_SHOWN = "Secret(…)"


_MET: set[str] = set()


def met_values() -> frozenset[str]:
    """Every secret that this process has read: what must stand in no log line, wherever it was taken meanwhile."""
    return frozenset(_MET)


class Secret:
    """A value that does not show itself: not when printed, logged, formatted, pickled or written as JSON.

    Parameters
    ----------
    value : str
        What `reveal` gives back.

    Examples
    --------
    >>> key = Secret("k-123")
    >>> key, f"{key}", key.reveal()
    (Secret(…), 'Secret(…)', 'k-123')
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        _MET.add(value)

    def reveal(self) -> str:
        """The value itself, for the one call that hands it over."""
        return self._value

    def __repr__(self) -> str:
        return _SHOWN

    def __format__(self, spec: str) -> str:
        return format(_SHOWN, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    __hash__ = None  # type: ignore[assignment]

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("A secret is not written down: pass the name of where it is kept, and read it there.")


class Keeper(StrEnum):
    """Where a secret is kept."""

    ENVIRONMENT = "environment"
    FILE = "file"
    KEYRING = "keyring"


@dataclass(frozen=True, slots=True)
class SecretReference:
    """Where a secret is kept: read anew each time, so that it can be changed while a program runs.

    Parameters
    ----------
    name : str
        What it is called under ``credentials``.
    keeper : Keeper
    address : str
        The variable, the absolute path of the file, or ``service/name`` of the keyring.
    """

    name: str
    keeper: Keeper
    address: str

    @property
    def place(self) -> str:
        """Keeper and address in words, such as ``environment ALPACA_KEY``."""
        return f"{self.keeper} {self.address}"

    def read(self, environment: Mapping[str, str]) -> Secret:
        """The secret.

        Raises
        ------
        ConfigError
            When it is not there, or its file may be read by others.
        MissingExtraError
            When it is in the keyring and the library for it is not installed.
        """
        found = self.find(environment)
        if found is None:
            raise ConfigError(f"The secret '{self.name}' is not set: {self.place} holds nothing.", hint="Set it there.")
        return found

    def find(self, environment: Mapping[str, str]) -> Secret | None:
        """The secret, or None where nothing is there yet; errors as `read`."""
        match self.keeper:
            case Keeper.ENVIRONMENT:
                value = environment.get(self.address)
            case Keeper.FILE:
                value = _of_file(self.name, Path(self.address))
            case Keeper.KEYRING:
                value = _of_keyring(self.name, self.address)
        return Secret(value) if value else None


def secret_reference(name: str, said: Any, base: Path) -> SecretReference | None:
    """A reference from what the settings say, or None where that is none of the three forms.

    Parameters
    ----------
    name : str
    said : str or mapping
        As written, with nothing substituted.
    base : Path
        The folder from which the path of a file counts.
    """
    if isinstance(said, str):
        variable = _VARIABLE.fullmatch(said.strip())
        return SecretReference(name, Keeper.ENVIRONMENT, variable[1]) if variable else None
    if not isinstance(said, dict) or len(said) != 1:
        return None
    keeper, address = next(iter(said.items()))
    if not isinstance(address, str) or not address:
        return None
    if keeper == Keeper.FILE:
        return SecretReference(name, Keeper.FILE, str(base / Path(address).expanduser()))
    service, slash, user = address.rpartition("/")
    if keeper == Keeper.KEYRING and slash and service and user:
        return SecretReference(name, Keeper.KEYRING, address)
    return None


def _of_file(name: str, path: Path) -> str | None:
    try:
        # Before it is read: no frame of a refusal may hold the secret.
        _require_own(name, path)
        # A byte that is no text makes a secret that nobody accepts; the error of decoding would hold it all.
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no path"
        raise ConfigError(
            f"The secret '{name}' cannot be read from {path}: {reason}.", hint="Look at the path and its rights."
        ) from None


def _require_own(name: str, path: Path) -> None:
    mode = path.stat().st_mode
    if os.name == "posix" and path.is_file() and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigError(
            f"The secret '{name}' lies in {path}, which others may use (mode {stat.S_IMODE(mode):03o}).",
            hint=f"Keep it to yourself: chmod 600 {path}",
        )


def _of_keyring(name: str, address: str) -> str | None:
    if importlib.util.find_spec("keyring") is None:
        raise MissingExtraError(
            f"The secret '{name}' is in the keyring, and the library for it is not installed.",
            hint="Install it with: pip install 'tradewright[keyring]'",
        )
    import keyring
    from keyring.errors import KeyringError

    service, _, user = address.rpartition("/")
    try:
        value: str | None = keyring.get_password(service, user)
    except KeyringError:
        raise ConfigError(
            f"The secret '{name}' cannot be read: the keyring of this machine is locked or absent.",
            hint="Unlock it, or keep the secret in a variable or a file.",
        ) from None
    return value
