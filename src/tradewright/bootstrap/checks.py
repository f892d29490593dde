"""What a machine has and lacks for the work, each finding with what to do about it."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tradewright.bootstrap.provider_report import ProviderRow

__all__ = ["Check", "State", "all_checks"]

_PACKAGE = "tradewright"
_OLDEST = (3, 11)
_LITTLE_DISK = 500_000_000
_NEEDS_EXTRA = re.compile(r"extra == ['\"](\w+)['\"]")
_FOR_USERS = ("alpaca", "cluster", "crypto", "ib", "keyring", "notebook", "openalgo", "polars", "polygon", "postgres",
              "redis", "s3", "search", "server", "yahoo")  # fmt: skip
"""Extras that bring something to a user; the others are for those who work on the package."""


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    ABSENT = "absent"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: what was looked at, how it is, and what to do where something is missing."""

    name: str
    state: State
    detail: str
    fix: str | None = None


def all_checks(folder: Path, now: dt.datetime, environment: Mapping[str, str]) -> list[Check]:
    """Look at everything, in a fixed order.

    Parameters
    ----------
    folder : Path
        Where the work is done.
    now : datetime
        The present, aware.
    environment : mapping of str to str
        The variables.
    """
    return [
        _python(),
        *_packages(),
        _settings(folder, environment),
        *_brokers(folder, environment),
        *_providers(folder, environment),
        *_journal(folder, environment),
        _store(),
        *_database(folder, environment),
        *_hosts(folder, environment),
        _catalogue(folder),
        _plug_ins(),
        _calendars(now),
        _zones(now),
        *(_writable(name, each) for name, each in _folders(folder)),
    ]


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    enough = sys.version_info[:2] >= _OLDEST
    fix = None if enough else f"Install Python {_OLDEST[0]}.{_OLDEST[1]} or newer."
    return Check("Python", State.OK if enough else State.FAIL, f"{version} at {sys.executable}", fix)


def _packages() -> list[Check]:
    try:
        own = importlib.metadata.distribution(_PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return [Check(_PACKAGE, State.FAIL, "is not installed", "Install it with: pip install tradewright")]
    checks = [Check(_PACKAGE, State.OK, own.version)]
    for line in own.requires or ():
        name = re.split(r"[^\w.-]", line, maxsplit=1)[0]
        extra = _NEEDS_EXTRA.search(line)
        if extra is None or extra[1] in _FOR_USERS:
            checks.append(_package(name, extra[1] if extra else None))
    return checks


def _package(name: str, extra: str | None) -> Check:
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        if extra is None:
            return Check(name, State.FAIL, "is not installed", f"Install it with: pip install {name}")
        return Check(name, State.ABSENT, f"optional, extra '{extra}'", f"pip install 'tradewright[{extra}]'")
    return Check(name, State.OK, version if extra is None else f"{version}, extra '{extra}'")


def _settings(folder: Path, environment: Mapping[str, str]) -> Check:
    from tradewright.bootstrap.settings import FILE, load_settings
    from tradewright.bootstrap.settings_report import credential_rows

    try:
        settings = load_settings(folder, environment)
    except TradewrightError as error:
        return Check("settings", State.FAIL, error.message, error.hint)
    wrong = [row.problem for row in credential_rows(settings, environment) if row.problem]
    if wrong:
        return Check("settings", State.FAIL, wrong[0], "'tradewright config check' shows every secret.")
    where = str(settings.file or f"no {FILE} from here upward")
    variables = sorted({origin.words for origin in settings.origins.values() if origin.kind == "environment"})
    fix = None if settings.file else "'tradewright init' writes one."
    return Check("settings", State.OK, ", ".join([where, *variables]), fix)


def _brokers(folder: Path, environment: Mapping[str, str]) -> list[Check]:
    """What can be traded with; nothing where the settings cannot be read, which is said beside it."""
    from tradewright.bootstrap.broker_report import broker_credentials, broker_rows
    from tradewright.bootstrap.settings import load_settings

    try:
        settings = load_settings(folder, environment)
    except TradewrightError:
        return []
    lost = [row for row in broker_credentials(settings, environment) if row.problem or not row.present]
    checks = []
    for row in broker_rows(settings):
        away = next((each for each in lost if each.name.startswith(f"brokers.{row.name}.")), None)
        name = f"broker {row.name}"
        if row.problem or away is not None:
            detail = row.problem or f"{away.name}: {away.state}" if away else str(row.problem)
            checks.append(Check(name, State.FAIL, detail, "'tradewright config check' shows every credential."))
        elif row.installed:
            checks.append(Check(name, State.OK, row.state))
        else:
            checks.append(Check(name, State.ABSENT, row.state, f"pip install 'tradewright[{row.extra}]'"))
    return checks


def _providers(folder: Path, environment: Mapping[str, str]) -> list[Check]:
    """Whose bars can be fetched beside the brokers'; nothing where the settings cannot be read."""
    from tradewright.bootstrap.provider_report import BROKER, provider_rows
    from tradewright.bootstrap.settings import load_settings

    try:
        rows = provider_rows(load_settings(folder, environment), environment)
    except TradewrightError:
        return []
    return [_provider(row) for row in rows if row.kind != BROKER]


def _provider(row: ProviderRow) -> Check:
    name = f"provider {row.name}"
    if row.is_configured:
        return Check(name, State.OK, row.state)
    fix = f"Look at providers.{row.name} of the settings."
    if row.extra is not None:
        fix = f"pip install 'tradewright[{row.extra}]'"
    return Check(name, State.FAIL if row.is_named else State.ABSENT, row.state, fix)


def _journal(folder: Path, environment: Mapping[str, str]) -> list[Check]:
    """Where live journals are kept; nothing where the settings cannot be read, which is said beside it."""
    from tradewright.bootstrap.journal_report import journal_row
    from tradewright.bootstrap.settings import load_settings

    try:
        row = journal_row(load_settings(folder, environment), environment)
    except TradewrightError:
        return []
    return [Check("journal", State.FAIL if row.problem else State.OK, row.state, row.hint)]


def _store() -> Check:
    from tradewright.bootstrap.home import storage_folder

    try:
        folder = storage_folder()
        if not folder.exists():
            return Check("store", State.OK, f"{folder}, nothing stored yet")
        held = _held(folder)
    except TradewrightError as error:
        return Check("store", State.FAIL, error.message, error.hint)
    found = _writable("store", folder)
    return Check("store", found.state, f"{found.detail}, {held}", found.fix)


def _database(folder: Path, environment: Mapping[str, str]) -> list[Check]:
    """Where runs, users and jobs are kept; nothing where the settings cannot be read, which is said beside it."""
    from tradewright.bootstrap.database_report import database_line
    from tradewright.bootstrap.settings import load_settings

    try:
        load_settings(folder, environment)
    except TradewrightError:
        return []
    try:
        return [Check("database", State.OK, database_line())]
    except TradewrightError as error:
        return [Check("database", State.FAIL, error.message, error.hint)]


def _hosts(folder: Path, environment: Mapping[str, str]) -> list[Check]:
    """What several hosts share beside the database, where the settings name it."""
    from tradewright.bootstrap.artifacts import artifacts_line
    from tradewright.bootstrap.events import bus_line
    from tradewright.bootstrap.settings import load_settings

    try:
        load_settings(folder, environment)
    except TradewrightError:
        return []
    found = [_asked("artifacts", artifacts_line), _asked("event bus", bus_line)]
    return [each for each in found if each is not None]


def _asked(name: str, ask: Callable[[], str | None]) -> Check | None:
    try:
        line = ask()
    except TradewrightError as error:
        return Check(name, State.FAIL, error.message, error.hint)
    return None if line is None else Check(name, State.OK, line)


def _held(folder: Path) -> str:
    """How much lies in the stores."""
    from tradewright.bootstrap.bar_store import bar_store
    from tradewright.bootstrap.run_archive import run_archive
    from tradewright.domain.control.paging import Slice
    from tradewright.domain.kept_run import RunQuery

    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    series, runs = len(bar_store(folder).series()), run_archive().page(RunQuery(), piece=Slice(1)).total
    return f"{size / 1e6:.1f} MB used, {series} series of bars, {runs} runs"


def _catalogue(folder: Path) -> Check:
    from tradewright.bootstrap.catalogue import find_catalogue

    try:
        found = find_catalogue(folder)
    except TradewrightError as error:
        return Check("catalogue", State.FAIL, error.message, error.hint)
    names = ", ".join(found.entries)
    if found.shipped:
        hint = "Write strategies.yaml to have your own." if names else None
        return Check("catalogue", State.OK, f"the shipped examples: {names}", hint)
    return Check("catalogue", State.OK, f"{found.place}: {names}")


def _plug_ins() -> Check:
    from tradewright.bootstrap.plugins import packaged_parts, unusable_parts

    faults = unusable_parts()
    if faults:
        return Check("plug-ins", State.FAIL, faults[0], "Update or remove the package.")
    return Check("plug-ins", State.OK, ", ".join(packaged_parts()) or "none installed")


def _calendars(now: dt.datetime) -> Check:
    from tradewright.marketdata.sessions import sessions_between

    today = int(now.timestamp() // 86_400)
    try:
        table = sessions_between("XNYS", today, today + 14)
    except (TradewrightError, ImportError) as error:
        return Check("calendars", State.FAIL, str(error), "Install a newer one: pip install -U exchange_calendars")
    return Check("calendars", State.OK, f"24/7, 24/5 and exchanges; XNYS has {len(table)} sessions in the next 14 days")


def _zones(now: dt.datetime) -> Check:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        there = now.astimezone(ZoneInfo("America/New_York"))
    except ZoneInfoNotFoundError:
        return Check("clock and zones", State.FAIL, "no time zone database", "Install it with: pip install tzdata")
    return Check("clock and zones", State.OK, f"{now:%Y-%m-%d %H:%M:%S} UTC, {there:%H:%M} in New York")


def _folders(folder: Path) -> list[tuple[str, Path]]:
    from pathlib import Path

    return [("working folder", folder), ("temporary folder", Path(tempfile.gettempdir()))]


def _writable(name: str, folder: Path) -> Check:
    if not os.access(folder, os.W_OK):
        return Check(name, State.FAIL, f"{folder} cannot be written", "Work in another folder, or change its rights.")
    free = shutil.disk_usage(folder).free
    detail = f"{folder}, {free / 1e9:.1f} GB free"
    if free < _LITTLE_DISK:
        return Check(name, State.FAIL, detail, "Free some space.")
    return Check(name, State.OK, detail)
