"""What the settings say of providers of market data: their options, and where the key of each is kept."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.broker_kinds import BROKERS
from tradewright.bootstrap.provider_kinds import PROVIDERS
from tradewright.bootstrap.secrets import FORMS, Keeper, SecretReference, secret_reference
from tradewright.bootstrap.settings_values import PROVIDER_SECRETS, PROVIDERS_KEY, Origin, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.bootstrap.settings_values import Document

__all__ = ["AUTO", "ProviderSettings", "providers_over", "take_providers"]

AUTO = "auto"
"""Every configured provider in its order; no provider has this name."""

_KIND = "kind"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """One provider as the settings have it.

    Parameters
    ----------
    name : str
    options : mapping of str to str
    secrets : mapping of str to SecretReference
    folder : Path
        From which paths among the options count.
    of_kind : str
        Of which kind it is, where its name is another.
    """

    name: str
    options: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, SecretReference] = field(default_factory=dict)
    folder: Path = field(default_factory=Path)
    of_kind: str = ""

    @property
    def kind(self) -> str:
        """Name of its kind."""
        return self.of_kind or self.name

    def over(self, below: ProviderSettings) -> ProviderSettings:
        """Both, key by key; this one is the stronger."""
        folder = self.folder if self.options else below.folder
        options, secrets = {**below.options, **self.options}, {**below.secrets, **self.secrets}
        return ProviderSettings(self.name, options, secrets, folder, self.of_kind or below.of_kind)


def providers_over(
    below: Mapping[str, ProviderSettings], above: Mapping[str, ProviderSettings]
) -> dict[str, ProviderSettings]:
    """The providers of both, key by key; the second is the stronger."""
    merged = dict(below)
    for name, said in above.items():
        merged[name] = said.over(below[name]) if name in below else said
    return merged


def take_providers(
    document: Document, base: Path, below: Mapping[str, ProviderSettings] | None = None
) -> dict[str, ProviderSettings]:
    """The providers of a document; its mistakes go to its problems.

    Parameters
    ----------
    document : Document
    base : Path
        The folder from which paths count.
    below : mapping of str to ProviderSettings, optional
        Those of a weaker document, which may have said of which kind they are.
    """
    said = document.providers
    if not isinstance(said, dict):
        _refuse(document, (), f"'{PROVIDERS_KEY}' should be a mapping", "Write the name of each provider below it.")
        return {}
    kinds = {name: each.kind for name, each in (below or {}).items()}
    found = [_provider(document, name, each, base, kinds) for name, each in said.items()]
    return {each.name: each for each in found if each is not None}


def _provider(
    document: Document, name: str, said: Any, base: Path, kinds: Mapping[str, str]
) -> ProviderSettings | None:
    if not isinstance(said, dict):
        place = f"{PROVIDERS_KEY}.{name}"
        _refuse(document, (name,), f"'{place}' should be a mapping", f"Write its keys below '{place}:'.")
        return None
    kind = str(said.get(_KIND, kinds.get(name, name)))
    if not _is_known(document, name, kind):
        return None
    options: dict[str, str] = {}
    secrets: dict[str, SecretReference] = {}
    for key, value in said.items():
        if key == _KIND or not _is_key(document, (name, key), kind):
            continue
        if key in PROVIDER_SECRETS:
            _secret(document, (name, key), value, base, secrets)
        else:
            _option(document, (name, key), value, base, options)
    return ProviderSettings(name, options, secrets, base, "" if kind == name else kind)


def _is_known(document: Document, name: str, kind: str) -> bool:
    """Whether there is the kind, and the name is free for it: one of its own, or none of another provider's."""
    if kind == name and name in PROVIDERS:
        return True
    is_free = name not in PROVIDERS and name not in BROKERS and name != AUTO and _NAME.fullmatch(name) is not None
    if kind != name and kind in PROVIDERS and is_free:
        return True
    near = difflib.get_close_matches(name, PROVIDERS.names(), n=1)
    hint = f"Did you mean '{near[0]}'?" if near else f"The providers are {', '.join(PROVIDERS.names())}."
    what = "names a provider that is not known"
    if name in BROKERS:
        hint = f"'{name}' is a broker: it stands under 'brokers', and is a provider from there."
    elif kind != name:
        what = "gives a provider a kind that is not known, or a name that it cannot have"
        hint = (
            f"The kinds are {', '.join(PROVIDERS.names())}; a name is small letters, digits and underscores, and free."
        )
    _refuse(document, (name,), f"'{PROVIDERS_KEY}' {what}", hint)
    return False


def _is_key(document: Document, place: tuple[str, str], kind: str) -> bool:
    found = PROVIDERS.loaded(kind)
    known = (*found.key_fields, *found.option_fields)
    if place[1] in known:
        return True
    near = difflib.get_close_matches(place[1], known, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else f"It has {', '.join(known) or 'none'}."
    _refuse(document, place, f"'{PROVIDERS_KEY}.{place[0]}' has no such key", hint)
    return False


def _secret(
    document: Document, place: tuple[str, str], said: Any, base: Path, secrets: dict[str, SecretReference]
) -> None:
    name = ".".join((PROVIDERS_KEY, *place))
    variable = document.variable((PROVIDERS_KEY, *place))
    if variable is not None:
        secrets[place[1]] = SecretReference(name, Keeper.ENVIRONMENT, variable)
        return
    reference = secret_reference(name, said, base)
    if reference is None:
        hint = f"Write {FORMS}; the secret itself does not belong in a file that is shared."
        _refuse(document, place, f"'{name}' does not say where the secret is kept", hint)
        return
    secrets[place[1]] = reference
    _origin(document, place, base)


def _option(document: Document, place: tuple[str, str], said: Any, base: Path, options: dict[str, str]) -> None:
    name = ".".join((PROVIDERS_KEY, *place))
    if not isinstance(said, (str, int, float)) or said == "":
        _refuse(document, place, f"'{name}' should be text", "Write one word, path or address.")
        return
    if "://" in str(said) and "@" in str(said):
        _refuse(document, place, f"'{name}' holds credentials", f"Name them beside it as {FORMS}.")
        return
    options[place[1]] = str(said).lower() if isinstance(said, bool) else str(said)
    _origin(document, place, base)


def _origin(document: Document, place: tuple[str, ...], base: Path) -> None:
    at = (PROVIDERS_KEY, *place)
    document.origins.setdefault(".".join(at), Origin("file", document.where(at), base))


def _refuse(document: Document, place: tuple[str, ...], what: str, hint: str) -> None:
    at = (PROVIDERS_KEY, *place)
    document.problems.append(Problem(document.where(at), f"{what}.", hint, document.line(at)))
