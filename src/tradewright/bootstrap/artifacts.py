"""Where the large parts of runs are kept: a folder, or a bucket where ``storage.artifacts`` names one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.bootstrap.databases import RUNS, home_of
from tradewright.bootstrap.home import storage_folder
from tradewright.bootstrap.settings import said_settings
from tradewright.domain.errors import ConfigError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from tradewright.adapters.storage.s3.artifacts import S3Credentials
    from tradewright.adapters.storage.sql.database import Database
    from tradewright.bootstrap.settings import Settings
    from tradewright.ports.artifacts import ArtifactStore

__all__ = ["ARTIFACTS", "archived_bars", "artifact_store", "artifacts_line"]

ARTIFACTS = "artifacts"
BARS = "archived-bars"
_KEY = "storage.artifacts"
_OURS = ("s3_key", "s3_secret", "s3_token")
_USUAL = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


def artifact_store(database: Database, folder: str | PathLike[str] | None = None) -> ArtifactStore:
    """The store of the settings; what was kept in the folder before a bucket was named is read there.

    Parameters
    ----------
    database : Database
        Whose runs need them: each has a place of its own, for what one needs no more another may still need.
    folder : path, optional
        Another folder than that of the settings, which then holds everything.

    Raises
    ------
    ConfigError
        When the settings cannot be used.
    """
    home = home_of(folder) / RUNS
    return _kept(lambda: home / _name(database), lambda: f"{ARTIFACTS}-{_drawn(database)}", _settings(folder))


def archived_bars(database: Database) -> ArtifactStore:
    """Where old bars of a server are put: beside the large parts of runs, in a place of their own.

    Parameters
    ----------
    database : Database
        That beside which the bars are kept; the place is named after it.

    Raises
    ------
    ConfigError
        When the settings cannot be used.
    """
    return _kept(
        lambda: storage_folder() / f"{BARS}-{_drawn(database)}", lambda: f"{BARS}-{_drawn(database)}", _settings(None)
    )


def _kept(folder: Callable[[], Path], prefix: Callable[[], str], settings: Settings | None) -> ArtifactStore:
    """A folder, or a bucket where the settings name one; what was in the folder before is read there."""
    from tradewright.adapters.storage.folder.artifacts import FolderArtifacts

    here = FolderArtifacts(folder)
    said = None if settings is None else settings.values.storage.artifacts
    if settings is None or said is None:
        return here
    from tradewright.adapters.storage.moved import MovedArtifacts
    from tradewright.adapters.storage.s3.address import S3Address
    from tradewright.adapters.storage.s3.artifacts import S3Artifacts

    return MovedArtifacts(S3Artifacts(S3Address.parse(said), prefix, lambda: _credentials(settings)), here)


def artifacts_line() -> str | None:
    """Where a bucket keeps artifacts, once it was seen to take, give and free one; None where a folder does.

    Raises
    ------
    ConfigError, StorageError, MissingExtraError
        When it cannot be used.
    """
    from tradewright.adapters.storage.s3.address import S3Address
    from tradewright.adapters.storage.s3.artifacts import S3Artifacts

    settings = _settings(None)
    said = None if settings is None else settings.values.storage.artifacts
    if settings is None or said is None:
        return None
    address = S3Address.parse(said)
    probe = S3Artifacts(address, "probe", lambda: _credentials(settings))
    probe.get(probe.put(b"tradewright"))
    probe.retain(())
    return f"{address.shown} takes, gives and frees"


def _settings(folder: str | PathLike[str] | None) -> Settings | None:
    is_own = folder is None or home_of(folder) == storage_folder()
    return said_settings(Path.cwd(), os.environ) if is_own else None


def _name(database: Database) -> str:
    """A file of runs lies beside its artifacts; a server's are named after it."""
    from tradewright.adapters.storage.sql.server import ServerDatabase

    return f"{ARTIFACTS}-{_drawn(database)}" if isinstance(database, ServerDatabase) else ARTIFACTS


def _drawn(database: Database) -> str:
    try:
        return database.installation()
    except StorageError:
        # Nothing was ever kept: the name is drawn with the tables.
        database.upgrade()
        return database.installation()


def _credentials(settings: Settings) -> S3Credentials:
    """Read where they are kept at this moment."""
    from tradewright.adapters.storage.s3.artifacts import S3Credentials

    found = [settings.credentials[ours].find(os.environ) if ours in settings.credentials else None for ours in _OURS]
    key, secret, token = (
        os.environ.get(usual) if each is None else each.reveal() for each, usual in zip(found, _USUAL, strict=True)
    )
    if not key or not secret:
        raise ConfigError(
            f"'{_KEY}' names a bucket, and its credentials are not set.",
            hint="Say where they are kept under credentials.s3_key and credentials.s3_secret, or set AWS_ACCESS_KEY_ID"
            " and AWS_SECRET_ACCESS_KEY.",
        )
    return S3Credentials(key, secret, token or None)
