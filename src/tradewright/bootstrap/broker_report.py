"""Brokers as rows: what is configured, what is installed, what is missing; and what each offers, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.bootstrap.broker_kinds import BROKERS
from tradewright.bootstrap.brokers import unknown_fields
from tradewright.bootstrap.settings_report import CredentialRow, SettingRow, credential_row
from tradewright.bootstrap.shipped import ShippedKind
from tradewright.domain.errors import TradewrightError
from tradewright.domain.live.modes import Mode
from tradewright.domain.live.offer import Feature
from tradewright.domain.order import OrderType, TimeInForce

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradewright.bootstrap.broker_settings import BrokerSettings
    from tradewright.bootstrap.settings import Settings
    from tradewright.domain.live.offer import Offer

__all__ = [
    "SHIPPED",
    "BrokerRow",
    "broker_credentials",
    "broker_rows",
    "broker_settings_rows",
    "capability_page",
    "shipped_offers",
]

SHIPPED = ("alpaca", "ib", "openalgo", "ccxt", "paper")
"""The brokers that come with the package, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class BrokerRow:
    """A broker: the modes the settings speak of, the extra it needs, and why it cannot be used where it cannot."""

    name: str
    modes: tuple[str, ...]
    extra: str | None
    installed: bool
    problem: str | None

    @property
    def state(self) -> str:
        """In words, as ``paper configured, extra 'alpaca' installed``."""
        if self.problem:
            return self.problem
        said = f"{' and '.join(self.modes)} configured" if self.modes else "not configured"
        extra = f"extra '{self.extra}' {'installed' if self.installed else 'not installed'}"
        return said if self.extra is None else f"{said}, {extra}"


def broker_rows(settings: Settings) -> list[BrokerRow]:
    """Every broker that can be named, in order."""
    return [_row(name, settings.brokers.get(name)) for name in BROKERS.names()]


def broker_credentials(settings: Settings, environment: Mapping[str, str]) -> list[CredentialRow]:
    """Every credential of every broker; its value is looked for and not kept."""
    references = [each for said in settings.brokers.values() for each in said.secrets.values()]
    return [credential_row(each, environment) for each in sorted(references, key=lambda each: each.name)]


def broker_settings_rows(settings: Settings) -> list[SettingRow]:
    """Every text that is said of a broker, with who said it."""
    found = {
        f"brokers.{name}.{'.'.join(path)}": text
        for name, said in settings.brokers.items()
        for path, text in said.texts.items()
    }
    return [SettingRow(key, found[key], settings.origins[key].words) for key in sorted(found)]


def _row(name: str, said: BrokerSettings | None) -> BrokerRow:
    modes = () if said is None else said.modes
    try:
        found = BROKERS.get(name)
        extra = found.extra if isinstance(found, ShippedKind) else None
        installed = BROKERS.missing_extra(name) is None
        return BrokerRow(name, modes, extra, installed, _problem(name, said, installed=installed))
    except TradewrightError as error:
        return BrokerRow(name, modes, None, installed=False, problem=str(error))


def _problem(name: str, said: BrokerSettings | None, *, installed: bool) -> str | None:
    if said is None:
        return None
    if not installed:
        return f"It is configured and not installed: pip install 'tradewright[{BROKERS.missing_extra(name)}]'"
    kind = BROKERS.loaded(name)
    faults = [fault for mode in Mode for fault in unknown_fields(kind, said, mode)]
    return next(iter(faults), None)


def shipped_offers() -> dict[str, Offer]:
    """What each broker that comes with the package offers."""
    return {name: BROKERS.loaded(name).offer for name in SHIPPED}


def capability_page(offers: Mapping[str, Offer]) -> str:
    """What brokers offer, as a table of Markdown and the notes to it."""
    names = list(offers)
    lines = [f"| | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for title, whats in (
        ("order types", list(OrderType)),
        ("times in force", list(TimeInForce)),
        ("features", list(Feature)),
    ):
        lines.append(f"| **{title}** |{' |' * len(names)}")
        for what in whats:
            cells = (str(offer.support(what)) for offer in offers.values())
            lines.append(f"| {what.value.replace('_', ' ')} | {' | '.join(cells)} |")
    feeds = (", ".join(f"`{feed}`" for feed in offer.feeds) or "–" for offer in offers.values())
    lines.append(f"| **feeds of bars** | {' | '.join(feeds)} |")
    return "\n".join([*lines, "", *_notes(offers)]) + "\n"


def _notes(offers: Mapping[str, Offer]) -> Iterable[str]:
    for name, offer in offers.items():
        for what, note in offer.notes.items():
            yield f"- **{name}**, {what.replace('_', ' ')}: {note}"
