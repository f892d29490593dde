"""`tradewright config`: the settings in force, where each came from, and their schema."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .lazy import Command, CommandSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradewright.bootstrap.alert_report import ChannelRow
    from tradewright.bootstrap.broker_report import BrokerRow
    from tradewright.bootstrap.provider_report import ProviderRow
    from tradewright.bootstrap.settings import Settings
    from tradewright.bootstrap.settings_report import CredentialRow

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
    from tradewright.bootstrap.alert_report import channel_rows
    from tradewright.bootstrap.broker_report import broker_credentials, broker_rows, broker_settings_rows
    from tradewright.bootstrap.journal_report import journal_row
    from tradewright.bootstrap.provider_report import (
        BROKER,
        provider_credentials,
        provider_rows,
        provider_settings_rows,
    )
    from tradewright.bootstrap.settings import load_settings
    from tradewright.bootstrap.settings_report import credential_rows, setting_rows

    from .outcome import BAD_USAGE, OK
    from .output import print_json

    settings = load_settings(Path.cwd(), os.environ)
    rows, secrets = setting_rows(settings) + broker_settings_rows(settings), credential_rows(settings, os.environ)
    rows += provider_settings_rows(settings)
    brokers, keys = broker_rows(settings), broker_credentials(settings, os.environ)
    providers = [each for each in provider_rows(settings, os.environ) if each.is_named and each.kind != BROKER]
    keys += provider_credentials(settings, os.environ)
    journal = journal_row(settings, os.environ)
    channels = channel_rows(settings, os.environ)
    problems = [each.problem for each in (*secrets, *keys)] + [each.problem for each in brokers]
    problems += [each.problem for each in providers]
    problems += [each.problem for each in channels] + [journal.problem]
    outcome.code = BAD_USAGE if any(problems) else OK
    if not as_json:
        _print(settings, [[each.key, _shown(each.value), each.origin] for each in rows])
        _print_states("broker ", brokers)
        _print_states("provider ", providers)
        _print_states("channel ", channels)
        click.echo(f"journal: {journal.state}")
        _print_states("", keys)
        _print_states("credentials.", secrets)
        return
    print_json(
        {
            "file": None if settings.file is None else str(settings.file),
            "settings": [{"key": each.key, "value": each.value, "origin": each.origin} for each in rows],
            "credentials": [_secret(each) for each in secrets],
            "brokers": [_broker(each, keys) for each in brokers],
            "providers": [_provider(each, keys) for each in providers],
            "channels": [_channel(each) for each in channels],
            "journal": {"kind": journal.kind, "state": journal.state, "problem": journal.problem},
            "ignored": list(settings.strays),
        }
    )


def _print_states(prefix: str, rows: Iterable[BrokerRow | ChannelRow | CredentialRow | ProviderRow]) -> None:
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
