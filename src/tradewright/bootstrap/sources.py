"""Which providers a source stands for: one by its name, or with ``auto`` every configured one in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.bootstrap.broker_kinds import BROKERS
from tradewright.bootstrap.provider_settings import AUTO
from tradewright.bootstrap.providers import open_provider
from tradewright.bootstrap.settings import SOURCES
from tradewright.domain.errors import ConfigError
from tradewright.domain.live.modes import Mode

if TYPE_CHECKING:
    from tradewright.bootstrap.settings import Settings
    from tradewright.ports.clock import Clock
    from tradewright.ports.provider import BarProvider

__all__ = ["AUTO", "SYNTHETIC", "opened_sources", "source_names"]

SYNTHETIC = "synthetic"
_PAPER_VENUE = "paper"


def source_names(source: str, settings: Settings) -> tuple[str, ...]:
    """The providers that a source stands for, in the order in which they are asked.

    Parameters
    ----------
    source : str
        The name of one, or ``"auto"``: those of ``data.sources``, else every one that the settings configure. Where
        they configure none, not even a broker, it is the synthetic market, and there alone.
    settings : Settings

    Raises
    ------
    ConfigError
        When ``data.sources`` names the synthetic market, which no other source may give way to.
    """
    if source != AUTO:
        return (source,)
    said = settings.value(SOURCES)
    names = _configured(settings) if said is None else [name.strip() for name in said.split(",")]
    unfit = next((name for name in names if name in {AUTO, SYNTHETIC} or _kind(name, settings) == SYNTHETIC), None)
    if unfit is not None and (said is not None or unfit != SYNTHETIC):
        raise ConfigError(
            f"{SOURCES} names '{unfit}', which nothing may give way to.",
            hint="Leave it out; bars that are made up are asked for with --source synthetic.",
        )
    return tuple(name for name in dict.fromkeys(names) if name != SYNTHETIC) or (SYNTHETIC,)


def opened_sources(source: str, settings: Settings, clock: Clock) -> list[BarProvider]:
    """The providers that a source stands for, opened and not connected.

    Raises
    ------
    ConfigError
        As `source_names`; and when one is not known, has no history, or cannot be used as it is configured.
    AuthenticationError
        When a credential is missing that one needs: it is an error and no reason to ask the next.
    MissingExtraError
    """
    return [open_provider(name, settings, clock) for name in source_names(source, settings)]


def _kind(name: str, settings: Settings) -> str:
    return settings.providers[name].kind if name in settings.providers else name


def _configured(settings: Settings) -> list[str]:
    """Providers first, then brokers that can be read with what is said of them; each in the order of the settings."""
    return [*settings.providers, *(name for name in settings.brokers if _is_readable(name, settings))]


def _is_readable(name: str, settings: Settings) -> bool:
    """Whether a broker has a history, and its credentials of paper are said where it needs any."""
    if name == _PAPER_VENUE:
        return False
    return not BROKERS.loaded(name).key_fields or bool(settings.brokers[name].references(Mode.PAPER))
