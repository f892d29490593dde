"""How the server is reached, as the settings say it: from which other places, and whether over https."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from tradewright.bootstrap.settings import said_settings
from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["DoorSettings", "door_settings", "origins_of"]


class DoorSettings(NamedTuple):
    """What is said.

    Parameters
    ----------
    origins : frozenset of str
        Other places, as ``https://host``, whose pages may ask.
    is_https : bool
        Whether browsers come over https, through a proxy.
    """

    origins: frozenset[str]
    is_https: bool


def door_settings() -> DoorSettings:
    """What the settings in force say.

    Raises
    ------
    ConfigError
        When they cannot be used.
    """
    settings = said_settings(Path.cwd(), os.environ)
    if settings is None:
        return DoorSettings(frozenset(), is_https=False)
    said = settings.values.server
    return DoorSettings(origins_of((said.origins or "").split(","), "server.origins"), said.https)


def origins_of(said: Iterable[str], where: str) -> frozenset[str]:
    """Places as browsers name them; empty words say nothing.

    Raises
    ------
    ConfigError
        For what is no such place; a star is none, for whoever may ask with a visitor's cookie must be named.

    Examples
    --------
    >>> sorted(origins_of(["https://Desk.example.com/", " http://localhost:5173"], "--origin"))
    ['http://localhost:5173', 'https://desk.example.com']
    """
    return frozenset(_origin(word.strip(), where) for word in said if word.strip())


def _origin(word: str, where: str) -> str:
    try:
        parts = urlsplit(word.lower())
        is_sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.username or parts.query)
        is_sound = is_sound and parts.path in {"", "/"} and (parts.port or 1) > 0 and "*" not in word
    except ValueError:
        is_sound = False
    if not is_sound:
        raise ConfigError(
            f"'{word:.80}' in {where} is no place of pages.", hint="Write https://host or http://host:port."
        )
    default = {"http": ":80", "https": ":443"}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc.removesuffix(default)}"
