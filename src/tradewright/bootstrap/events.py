"""The log of events, and what wakes its readers on other hosts where the settings name it: ``events.bus``."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.bootstrap.settings import said_settings
from tradewright.bootstrap.settings_values import EVENT_BUS
from tradewright.domain.errors import StorageError

if TYPE_CHECKING:
    from tradewright.adapters.storage.sql.database import Database
    from tradewright.ports.events import EventBus, EventLog

__all__ = ["bus_line", "event_bus", "event_log"]


def event_log(database: Database) -> EventLog:
    """The log in a database; what is appended wakes the readers of all hosts where the settings name a bus.

    Raises
    ------
    ConfigError, MissingExtraError
        As `event_bus`.
    """
    from tradewright.adapters.storage.sql.events import SqlEvents

    bus = event_bus()
    if bus is None:
        return SqlEvents(database)
    from tradewright.adapters.events.told import ToldEvents

    return ToldEvents(SqlEvents(database), bus)


def event_bus() -> EventBus | None:
    """The bus of the settings, one for the whole process; None where none is named.

    Raises
    ------
    ConfigError
        When the settings cannot be used, or the address is not where they say or is none; the sentence does not quote
        it.
    MissingExtraError
        When the library is not installed.
    """
    settings = said_settings(Path.cwd(), os.environ)
    reference = None if settings is None else settings.references.get(EVENT_BUS)
    return None if reference is None else _redis(reference.read(os.environ).reveal())


def bus_line() -> str | None:
    """How the bus stands, in words; None where none is named.

    Raises
    ------
    ConfigError, MissingExtraError
        As `event_bus`.
    StorageError
        When it does not answer.
    """
    bus = event_bus()
    if bus is None:
        return None
    standing = bus.standing()
    if not standing.is_up:
        raise StorageError(standing.sentence, hint="Look at events.bus and at the server.")
    return standing.sentence


@cache
def _redis(address: str) -> EventBus:
    from tradewright.adapters.events.redis import RedisBus, require_sound_address

    require_sound_address(address, EVENT_BUS)
    return RedisBus(address)
