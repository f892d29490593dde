"""What a database says becomes one sentence of the one error tree."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from tradewright.adapters.storage.sql.translation import translated
from tradewright.domain.errors import ResourceError, StorageError, TradewrightError


@pytest.mark.parametrize(
    ("said", "kind", "sentence"),
    [
        ("database is locked", StorageError, "The place is locked by another process."),
        ("database disk image is malformed", StorageError, "The place is damaged or no database: .*malformed"),
        ("file is not a database", StorageError, "The place is damaged or no database"),
        ("attempt to write a readonly database", StorageError, "The place cannot be opened or written: .*readonly"),
        ("unable to open database file", StorageError, "The place cannot be opened or written"),
        ("database or disk is full", ResourceError, "The disk is full: The place was not changed."),
        ("disk I/O error", StorageError, "The place was not changed: .*I/O"),
        ("could not extend file: No space left on device", ResourceError, "The disk is full"),
        ("connection to server on socket failed", StorageError, "The place cannot be reached: connection"),
        ("terminating connection due to administrator command", StorageError, "The place cannot be reached"),
        ("something new", StorageError, "The place refused: something new"),
    ],
)
def test_every_refusal_is_a_sentence(said: str, kind: type[TradewrightError], sentence: str) -> None:
    with pytest.raises(kind, match=sentence), translated("The place"):
        raise OperationalError("SELECT", {}, sqlite3.OperationalError(said))


def test_what_is_no_databases_doing_passes() -> None:
    with pytest.raises(ValueError, match="mine"), translated("The place"):
        raise ValueError("mine")
