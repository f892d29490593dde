"""The factory of providers: from a name and the settings to one source of market data, broker or not.

A broker of the settings is a provider by its own name, with its credentials of paper, which read and cannot trade live.
"""

from __future__ import annotations

import difflib
import os
from typing import TYPE_CHECKING

from tradewright.adapters.venue_clock import VenueClock
from tradewright.bootstrap.broker_kinds import BROKERS
from tradewright.bootstrap.brokers import PROCESS, open_venue
from tradewright.bootstrap.provider_kinds import PROVIDERS
from tradewright.bootstrap.provider_settings import ProviderSettings
from tradewright.domain.credentials import Credentials
from tradewright.domain.errors import ConfigError, MissingExtraError
from tradewright.domain.live.modes import Mode
from tradewright.ports.provider import Provider, ProviderAccess

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.bootstrap.settings import Settings
    from tradewright.ports.clock import Clock
    from tradewright.ports.provider import BarProvider

__all__ = ["open_provider", "provider_names"]


def provider_names() -> tuple[str, ...]:
    """Every name that `open_provider` may know, in order."""
    return tuple(sorted({*PROVIDERS.names(), *BROKERS.names()}))


def open_provider(
    name: str, settings: Settings, clock: Clock, environment: Mapping[str, str] | None = None
) -> BarProvider:
    """A provider as the settings describe it; nothing is connected yet.

    Parameters
    ----------
    name : str
        ``"polygon"``, ``"yahoo"``, a broker's, or what a package adds.
    settings : Settings
    clock : Clock
        Of a `VenueClock`, a broker that lives in a time of its own sets it when it is connected.
    environment : mapping, optional
        Where secrets are looked for; that of the process by default.

    Raises
    ------
    ConfigError
        When there is none of that name, it has no history of bars, or what the settings say cannot be used.
    AuthenticationError
        When a credential is missing.
    MissingExtraError
        When a library it stands on is not installed.
    """
    if name in PROVIDERS or name in settings.providers:
        return _vendor(name, settings, clock, os.environ if environment is None else environment)
    if name in BROKERS:
        return _broker(name, settings, clock)
    known = sorted({*provider_names(), *settings.providers})
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(known)}."
    raise ConfigError(f"There is no provider of bars '{name}'.", hint=hint)


def _vendor(name: str, settings: Settings, clock: Clock, environment: Mapping[str, str]) -> BarProvider:
    said = settings.providers.get(name, ProviderSettings(name))
    extra = PROVIDERS.missing_extra(said.kind)
    if extra is not None:
        raise MissingExtraError(
            f"The provider '{name}' stands on libraries that are not installed.",
            hint=f"Install them with: pip install 'tradewright[{extra}]'",
        )
    fields = {key: each.read(environment).reveal() for key, each in said.secrets.items()}
    keys = Credentials(f"credentials for {name}", f"providers.{name}", fields)
    return PROVIDERS.loaded(said.kind).open(
        ProviderAccess(name=name, clock=clock, keys=keys, folder=said.folder, options=dict(said.options))
    )


def _broker(name: str, settings: Settings, clock: Clock) -> BarProvider:
    parts = open_venue(name, Mode.PAPER, settings, PROCESS, clock)
    if parts.history is None:
        raise ConfigError(f"The broker '{name}' has no history of bars.", hint="Name another provider with --source.")
    feed = None if parts.stream is None else parts.stream.feed

    async def connect() -> None:
        if isinstance(clock, VenueClock) and parts.time is not None and _follows_venue(name, settings):
            clock.set(await parts.time())

    return Provider(
        name=name,
        source=name if feed is None else f"{name} {feed.name}",
        history=parts.history,
        instruments=parts.listed or parts.instruments,
        actions=parts.actions,
        stream=parts.stream,
        quotes=parts.quotes,
        delay_s=0.0 if feed is None else feed.delay_s,
        adjustment=parts.adjustment,
        opening=connect,
        closing=parts.broker.disconnect,
    )


def _follows_venue(name: str, settings: Settings) -> bool:
    """Whether the venue lives in a time of its own: ``options: {time: venue}`` of the broker."""
    said = settings.brokers.get(name)
    return said is not None and said.table(Mode.PAPER, "options").get("time") == "venue"
