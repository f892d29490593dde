"""Providers of market data as rows: which can be asked as the settings stand, and what the others lack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.adapters.system_clock import SystemClock
from tradewright.bootstrap.broker_kinds import BROKERS
from tradewright.bootstrap.provider_kinds import PROVIDERS
from tradewright.bootstrap.providers import open_provider
from tradewright.bootstrap.settings_report import CredentialRow, SettingRow, credential_row
from tradewright.domain.errors import TradewrightError
from tradewright.domain.live.modes import Mode
from tradewright.domain.live.offer import Feature, Support

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.bootstrap.settings import Settings

__all__ = ["ProviderRow", "provider_credentials", "provider_rows", "provider_settings_rows"]

BROKER = "broker"
_LIVE = {Feature.LIVE_BARS: "bars", Feature.LIVE_QUOTES: "quotes"}


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A provider.

    Parameters
    ----------
    name : str
        What ``--source`` says.
    kind : str
        Of which kind it is: its own name, that of another, or ``"broker"``.
    is_named : bool
        Whether the settings speak of it.
    is_synthetic : bool
        Whether its bars are made up.
    problem : str or None
        Why it cannot be asked as the settings stand; whether it answers is not looked at.
    extra : str or None
        Which extra is missing, where that is the reason.
    live : tuple of str
        What it streams, of ``"bars"`` and ``"quotes"``.
    """

    name: str
    kind: str
    is_named: bool
    is_synthetic: bool
    problem: str | None
    extra: str | None = None
    live: tuple[str, ...] = ()

    @property
    def is_configured(self) -> bool:
        """Whether it can be asked as the settings stand."""
        return self.problem is None

    @property
    def state(self) -> str:
        """In words, as ``configured``."""
        if self.problem is not None:
            return self.problem if self.is_named else "not configured"
        return "made up: SYNTHETIC" if self.is_synthetic else "configured" if self.is_named else "needs no settings"


def provider_rows(settings: Settings, environment: Mapping[str, str]) -> list[ProviderRow]:
    """Every provider that can be named, in order; the brokers that have a history are among them."""
    vendors = [_vendor(name, settings, environment) for name in {*PROVIDERS.names(), *settings.providers}]
    brokers = [row for name in BROKERS.names() if (row := _broker(name, settings)) is not None]
    return sorted([*vendors, *brokers], key=lambda row: row.name)


def provider_credentials(settings: Settings, environment: Mapping[str, str]) -> list[CredentialRow]:
    """Every credential of every provider that is no broker; its value is looked for and not kept."""
    references = [each for said in settings.providers.values() for each in said.secrets.values()]
    return [credential_row(each, environment) for each in sorted(references, key=lambda each: each.name)]


def provider_settings_rows(settings: Settings) -> list[SettingRow]:
    """Every option that is said of a provider, with who said it."""
    found = {
        f"providers.{name}.{key}": text
        for name, said in settings.providers.items()
        for key, text in said.options.items()
    }
    return [SettingRow(key, found[key], settings.origins[key].words) for key in sorted(found)]


def _vendor(name: str, settings: Settings, environment: Mapping[str, str]) -> ProviderRow:
    said = settings.providers.get(name)
    of_kind = name if said is None else said.kind
    try:
        kind, extra = PROVIDERS.loaded(of_kind), PROVIDERS.missing_extra(of_kind)
    except TradewrightError as error:
        return ProviderRow(name, of_kind, said is not None, is_synthetic=False, problem=error.message)
    fault, live = _fault(name, settings, environment), tuple(getattr(kind, "live", ()))
    return ProviderRow(name, of_kind, said is not None, kind.is_synthetic, fault, extra, live)


def _fault(name: str, settings: Settings, environment: Mapping[str, str]) -> str | None:
    """Why a provider cannot be opened; nothing is connected to find out."""
    try:
        open_provider(name, settings, SystemClock(), environment)
    except TradewrightError as error:
        return error.message
    return None


def _broker(name: str, settings: Settings) -> ProviderRow | None:
    """A broker as a provider, or None where it has no history; it is not opened, which would bind this process."""
    said, extra = settings.brokers.get(name), BROKERS.missing_extra(name)
    try:
        kind = BROKERS.loaded(name)
        if kind.offer.support(Feature.HISTORY) is not Support.YES:
            return None
    except TradewrightError as error:
        return ProviderRow(name, BROKER, said is not None, is_synthetic=False, problem=error.message)
    lacking = [] if said is None else [key for key in kind.key_fields if key not in said.references(Mode.PAPER)]
    problem = None
    if extra is not None:
        problem = f"It stands on libraries that are not installed: pip install 'tradewright[{extra}]'"
    elif said is None or lacking:
        problem = f"Nothing says where its credentials of paper are kept: brokers.{name}.paper."
    live = tuple(word for feature, word in _LIVE.items() if kind.offer.support(feature) is Support.YES)
    return ProviderRow(name, BROKER, said is not None, is_synthetic=False, problem=problem, extra=extra, live=live)
