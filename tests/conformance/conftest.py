"""The database of state, as a file and on a server: what holds of one holds of the other."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from tradewright.adapters.storage.sql.control_tables import installation
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.schema import METADATA
from tradewright.adapters.storage.sql.server import ServerDatabase


def _made(database):
    with database.writing():
        return database


@pytest.fixture(scope="session")
def _state_file(tmp_path_factory):
    return _made(Database(tmp_path_factory.mktemp("state") / "runs.db"))


@pytest.fixture(scope="session")
def _state_server(postgres):
    with postgres.fresh() as dsn:
        yield _made(ServerDatabase(dsn))


@pytest.fixture(params=["file", "server"])
def state(request):
    """A database of this version with nothing in it."""
    database = request.getfixturevalue(f"_state_{request.param}")
    with database.writing() as connection:
        for table in reversed(METADATA.sorted_tables):
            if table is not installation:
                connection.execute(delete(table))
    return database
