"""The channels of the settings, as rows: what each is, and whether it could be opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.bootstrap.settings_report import credential_row
from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.bootstrap.settings import Settings
    from tradewright.bootstrap.settings_report import CredentialRow

__all__ = ["ChannelRow", "channel_rows"]


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel: its kind, where its secrets are kept, and why it cannot be used where it cannot."""

    name: str
    kind: str
    credentials: tuple[CredentialRow, ...]
    problem: str | None

    @property
    def state(self) -> str:
        """In words."""
        lacking = [each.name for each in self.credentials if not each.present]
        return self.problem or (f"{self.kind}, without {', '.join(lacking)}" if lacking else self.kind)


def channel_rows(settings: Settings, environment: Mapping[str, str]) -> list[ChannelRow]:
    """Every channel; nothing is connected.

    Raises
    ------
    ConfigError
        When the channels and rules do not fit together.
    """
    if settings.alerts is None:
        return []
    from tradewright.bootstrap.alert_settings import alert_plan

    alerts, rows = settings.alerts, []
    for channel in alert_plan(alerts, environment).channels:
        keys = tuple(
            credential_row(each, environment) for (of, _), each in alerts.secrets.items() if of == channel.name
        )
        problem = None
        if all(each.present for each in keys):
            try:
                channel.open()
            except TradewrightError as error:
                problem = str(error)
        rows.append(ChannelRow(channel.name, alerts.texts["channels", channel.name, "kind"], keys, problem))
    return rows
