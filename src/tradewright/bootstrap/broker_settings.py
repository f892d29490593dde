"""What the settings say of brokers: how each is reached, and where the credentials of each mode are kept."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.broker_kinds import BROKERS
from tradewright.bootstrap.secrets import FORMS, Keeper, SecretReference, secret_reference
from tradewright.bootstrap.settings_values import BROKERS_KEY, Origin, Problem
from tradewright.domain.live.modes import Mode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tradewright.bootstrap.settings_values import Document

    Path_ = tuple[str, ...]

__all__ = ["BrokerSettings", "brokers_over", "take_brokers"]

TEXTS = ("account", "feed")
FLAGS = ("quotes",)
TABLES = ("addresses", "options")
MODES = tuple(mode.value for mode in Mode)
OF_A_MODE = ("account", "addresses")
"""What a mode may say beside its credentials, over what the broker says."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(slots=True)
class BrokerSettings:
    """One broker as the settings have it.

    Parameters
    ----------
    name : str
    texts : dict
        By path: ``("feed",)``, ``("addresses", "host")``, ``("paper", "account")``, ``("paper", "addresses", "host")``.
    secrets : dict
        References by mode and field.
    """

    name: str
    texts: dict[Path_, str] = field(default_factory=dict)
    secrets: dict[tuple[str, str], SecretReference] = field(default_factory=dict)

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes of which something is said, in order."""
        said = {path[0] for path in (*self.texts, *self.secrets)}
        return tuple(mode for mode in MODES if mode in said)

    def text(self, mode: Mode, name: str) -> str | None:
        """A text: the mode's own, else the broker's, else None."""
        return self.texts.get((mode.value, name), self.texts.get((name,)))

    @property
    def wants_quotes(self) -> bool:
        """Whether sessions take the live quotes of the broker as well as its bars."""
        return self.texts.get(("quotes",)) == "true"

    def table(self, mode: Mode, name: str) -> dict[str, str]:
        """A mapping of texts, that of the mode over that of the broker."""
        common = {path[-1]: text for path, text in self.texts.items() if path[:-1] == (name,)}
        return common | {path[-1]: text for path, text in self.texts.items() if path[:-1] == (mode.value, name)}

    def references(self, mode: Mode) -> dict[str, SecretReference]:
        """Where the credentials of a mode are kept, by field."""
        return {name: each for (of, name), each in self.secrets.items() if of == mode.value}

    def over(self, below: BrokerSettings) -> BrokerSettings:
        """Both, key by key; this one is the stronger."""
        return BrokerSettings(self.name, below.texts | self.texts, below.secrets | self.secrets)


def brokers_over(below: Mapping[str, BrokerSettings], above: Mapping[str, BrokerSettings]) -> dict[str, BrokerSettings]:
    """The brokers of both, key by key; the second is the stronger."""
    return {
        name: above.get(name, BrokerSettings(name)).over(below.get(name, BrokerSettings(name)))
        for name in (*below, *(each for each in above if each not in below))
    }


def take_brokers(document: Document, base: Path) -> dict[str, BrokerSettings]:
    """The brokers of a document; its mistakes go to its problems.

    Parameters
    ----------
    document : Document
    base : Path
        The folder from which the paths of secret files count.
    """
    taker = _Taker(document, base)
    said = document.brokers
    if not isinstance(said, dict):
        taker.refuse((), f"'{BROKERS_KEY}' should be a mapping", "Write the name of each broker below it.")
        return {}
    return {name: found for name, each in said.items() if (found := taker.broker(name, each)) is not None}


class _Taker:
    """Reads one document; no sentence quotes a value."""

    def __init__(self, document: Document, base: Path) -> None:
        self.document = document
        self.base = base

    def refuse(self, place: Path_, what: str, hint: str) -> None:
        at = (BROKERS_KEY, *place)
        self.document.problems.append(Problem(self.document.where(at), f"{what}.", hint, self.document.line(at)))

    def broker(self, name: str, said: Any) -> BrokerSettings | None:
        if name not in BROKERS:
            near = difflib.get_close_matches(name, BROKERS.names(), n=1)
            known = f"Did you mean '{near[0]}'?" if near else f"The brokers are {', '.join(BROKERS.names())}."
            self.refuse((name,), f"'{BROKERS_KEY}' names a broker that is not known", known)
            return None
        found = BrokerSettings(name)
        for key, value in self._mapping((name,), said).items():
            if key in MODES:
                self._mode(found, key, value)
            elif key in TEXTS:
                self._text(found, (key,), value)
            elif key in FLAGS:
                self._flag(found, (key,), value)
            elif key in TABLES:
                self._table(found, (key,), value)
            else:
                self._unknown((name, key), (*MODES, *TEXTS, *FLAGS, *TABLES))
        return found

    def _mode(self, found: BrokerSettings, mode: str, said: Any) -> None:
        for key, value in self._mapping((found.name, mode), said).items():
            if key in TABLES and key in OF_A_MODE:
                self._table(found, (mode, key), value)
            elif key in OF_A_MODE:
                self._text(found, (mode, key), value)
            elif not _NAME.fullmatch(key):
                self.refuse((found.name, mode, key), "a credential has an impossible name", "Use its venue's word.")
            else:
                self._secret(found, mode, key, value)

    def _secret(self, found: BrokerSettings, mode: str, key: str, said: Any) -> None:
        path = (found.name, mode, key)
        name = ".".join((BROKERS_KEY, *path))
        variable = self.document.variable((BROKERS_KEY, *path))
        if variable is not None:
            found.secrets[mode, key] = SecretReference(name, Keeper.ENVIRONMENT, variable)
            return
        reference = secret_reference(name, said, self.base)
        if reference is None:
            hint = f"Write {FORMS}; the secret itself does not belong in a file that is shared."
            self.refuse(path, f"'{name}' does not say where the secret is kept", hint)
            return
        found.secrets[mode, key] = reference
        self._origin(path)

    def _text(self, found: BrokerSettings, path: Path_, said: Any) -> None:
        place = (found.name, *path)
        if "addresses" in path and "@" in str(said):
            self.refuse(place, "an address under 'brokers' holds credentials", f"Name them beside it as {FORMS}.")
            return
        if not isinstance(said, (str, int, float)) or said == "":
            self.refuse(place, f"'{'.'.join((BROKERS_KEY, *place))}' should be text", "Write one word or address.")
            return
        found.texts[path] = str(said).lower() if isinstance(said, bool) else str(said)
        self._origin(place)

    def _flag(self, found: BrokerSettings, path: Path_, said: Any) -> None:
        place = (found.name, *path)
        if str(said).lower() not in ("true", "false"):
            self.refuse(place, f"'{'.'.join((BROKERS_KEY, *place))}' should be true or false", "Write one of them.")
            return
        found.texts[path] = str(said).lower()
        self._origin(place)

    def _table(self, found: BrokerSettings, path: Path_, said: Any) -> None:
        for key, value in self._mapping((found.name, *path), said).items():
            if _NAME.fullmatch(key):
                self._text(found, (*path, key), value)
            else:
                place = (found.name, *path, key)
                self.refuse(place, "a name here is not made of small letters, digits and underscores", "Rename it.")

    def _mapping(self, place: Path_, said: Any) -> dict[str, Any]:
        if said is None or isinstance(said, dict):
            return said or {}
        name = ".".join((BROKERS_KEY, *place))
        self.refuse(place, f"'{name}' should be a mapping", f"Write its keys below '{name}:'.")
        return {}

    def _unknown(self, place: Path_, known: tuple[str, ...]) -> None:
        near = difflib.get_close_matches(place[-1], known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"The keys are {', '.join(known)}."
        shown = ".".join((BROKERS_KEY, *place[:-1]))
        self.refuse(place, f"'{shown}' has no such key", hint)

    def _origin(self, place: Path_) -> None:
        at = (BROKERS_KEY, *place)
        key = ".".join(at)
        if key not in self.document.origins:
            self.document.origins[key] = Origin("file", self.document.where(at), self.base)
