"""`tradewright config`: the settings in force, where each came from, and their schema."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from .lazy import Command, CommandSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradewright.bootstrap.alert_report import ChannelRow
    from tradewright.bootstrap.broker_report import BrokerRow
    from tradewright.bootstrap.journal_report import JournalRow
    from tradewright.bootstrap.provider_report import ProviderRow
    from tradewright.bootstrap.schedule_report import ScheduleRow
    from tradewright.bootstrap.settings import Settings
    from tradewright.bootstrap.settings_report import CredentialRow, SettingRow

    from .outcome import Outcome

__all__ = ["check", "config", "schema"]

config = CommandSet(
    "config",
    help="The settings: tradewright.yaml, and TRADEWRIGHT_SECTION__KEY over it.",
    commands={
        "check": ("tradewright.cli.config:check", "Show every value in force and where it came from."),
        "schema": ("tradewright.cli.config:schema", "Print the JSON Schema of tradewright.yaml, for editors."),
    },
)


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def check(outcome: Outcome, /, *, as_json: bool) -> None:
    """Read the settings; show every value in force, where it came from, and whether each secret is there.

    The file is the nearest tradewright.yaml upward from the working folder. Exit code 2 where something is wrong.
    """
    from tradewright.bootstrap.settings import load_settings

    from .outcome import BAD_USAGE, OK
    from .output import print_json

    settings = load_settings(Path.cwd(), os.environ)
    found = _found(settings)
    outcome.code = BAD_USAGE if any(found.problems) else OK
    if as_json:
        print_json(_document(settings, found))
        return
    _print(settings, [[each.key, _shown(each.value), each.origin] for each in found.rows])
    _print_states("broker ", found.brokers)
    _print_states("provider ", found.providers)
    _print_states("channel ", found.channels)
    _print_states("schedule ", found.schedules)
    click.echo(f"journal: {found.journal.state}")
    _print_states("", found.keys)
    _print_states("credentials.", found.secrets)


class _Found(NamedTuple):
    """What the settings say, row by row."""

    rows: list[SettingRow]
    secrets: list[CredentialRow]
    keys: list[CredentialRow]
    brokers: list[BrokerRow]
    providers: list[ProviderRow]
    channels: list[ChannelRow]
    schedules: list[ScheduleRow]
    journal: JournalRow

    @property
    def problems(self) -> list[str | None]:
        """What is wrong, and None for all that is not."""
        found = [each.problem for each in (*self.secrets, *self.keys)] + [each.problem for each in self.brokers]
        found += [each.problem for each in self.providers] + [each.problem for each in self.channels]
        return [*found, *(each.problem for each in self.schedules), self.journal.problem]


def _found(settings: Settings) -> _Found:
    from tradewright.bootstrap.alert_report import channel_rows
    from tradewright.bootstrap.broker_report import broker_credentials, broker_rows, broker_settings_rows
    from tradewright.bootstrap.journal_report import journal_row
    from tradewright.bootstrap.provider_report import (
        BROKER,
        provider_credentials,
        provider_rows,
        provider_settings_rows,
    )
    from tradewright.bootstrap.schedule_report import schedule_rows
    from tradewright.bootstrap.settings_report import credential_rows, setting_rows

    return _Found(
        rows=[*setting_rows(settings), *broker_settings_rows(settings), *provider_settings_rows(settings)],
        secrets=credential_rows(settings, os.environ),
        keys=[*broker_credentials(settings, os.environ), *provider_credentials(settings, os.environ)],
        brokers=broker_rows(settings),
        providers=[row for row in provider_rows(settings, os.environ) if row.is_named and row.kind != BROKER],
        channels=channel_rows(settings, os.environ),
        schedules=schedule_rows(settings),
        journal=journal_row(settings, os.environ),
    )


def _document(settings: Settings, found: _Found) -> dict[str, Any]:
    return {
        "file": None if settings.file is None else str(settings.file),
        "settings": [{"key": each.key, "value": each.value, "origin": each.origin} for each in found.rows],
        "credentials": [_secret(each) for each in found.secrets],
        "brokers": [_broker(each, found.keys) for each in found.brokers],
        "providers": [_provider(each, found.keys) for each in found.providers],
        "channels": [_channel(each) for each in found.channels],
        "schedules": [_schedule(each) for each in found.schedules],
        "journal": {
            "kind": found.journal.kind,
            "state": found.journal.state,
            "problem": found.journal.problem,
        },
        "ignored": list(settings.strays),
    }


def _print_states(
    prefix: str, rows: Iterable[BrokerRow | ChannelRow | CredentialRow | ProviderRow | ScheduleRow]
) -> None:
    for each in rows:
        click.echo(f"{prefix}{each.name}: {each.state}")


def _broker(row: BrokerRow, keys: Sequence[CredentialRow]) -> dict[str, Any]:
    return {
        "name": row.name,
        "modes": list(row.modes),
        "extra": row.extra,
        "installed": row.installed,
        "problem": row.problem,
        "credentials": [_secret(key) for key in keys if key.name.startswith(f"brokers.{row.name}.")],
    }


def _provider(row: ProviderRow, keys: Sequence[CredentialRow]) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind,
        "problem": row.problem,
        "credentials": [_secret(key) for key in keys if key.name.startswith(f"providers.{row.name}.")],
    }


def _channel(row: ChannelRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind,
        "problem": row.problem,
        "credentials": [_secret(key) for key in row.credentials],
    }


def _schedule(row: ScheduleRow) -> dict[str, Any]:
    return {"name": row.name, "when": row.when, "kind": row.kind, "problem": row.problem}


def _secret(row: CredentialRow) -> dict[str, Any]:
    return {"name": row.name, "kept": row.kept, "set": row.present, "problem": row.problem}


@click.command(cls=Command)
def schema() -> None:
    """Print the JSON Schema of tradewright.yaml.

    Editors with a YAML language server complete and check the file by it: tradewright config schema >
    tradewright.schema.json, and as first line of the settings # yaml-language-server: $schema=tradewright.schema.json
    """
    from tradewright.bootstrap.settings_report import schema as made

    from .output import print_json

    print_json(made())


def _print(settings: Settings, rows: list[list[str]]) -> None:
    from .output import print_table

    click.echo(f"Settings: {settings.file or 'no tradewright.yaml from here upward; write one with: tradewright init'}")
    print_table(["Key", "Value", "From"], rows)
    for variable in settings.strays:
        click.echo(f"{variable} is no setting and is ignored: settings are TRADEWRIGHT_SECTION__KEY.", err=True)


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
