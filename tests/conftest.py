"""What every test may ask for, and the rule about skipping.

Real market data is not part of the project. Tests that read it ask for `shared_data`; where the folder is absent they
skip with one sentence. Where `TRADEWRIGHT_SHARED_DATA` names it nothing may skip at all, and under `CI` nothing else.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Generator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

PROJECT = Path(__file__).resolve().parents[1]
VARIABLE = "TRADEWRIGHT_SHARED_DATA"
ABSENT = f"real market data is not beside the project; {VARIABLE} names its folder"

# How long an example takes is the machine's, and no test judges by it. A developer's run draws new examples every time;
# the same commit is judged by the same examples everywhere.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("any machine"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "any machine")


def pytest_configure() -> None:
    """Refuse to start when the variable names a folder that is not there."""
    named = os.environ.get(VARIABLE)
    if named and not Path(named).is_dir():
        raise pytest.UsageError(f"{VARIABLE} names '{named}', which is not a folder")


@pytest.fixture(scope="session")
def project() -> Path:
    """The top folder of the checkout."""
    return PROJECT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real market data, else the test skips."""
    folder = Path(os.environ.get(VARIABLE) or PROJECT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(ABSENT)
    return folder


@pytest.fixture(autouse=True)
def storage(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Generator[Path, None, None]:
    """A folder of its own for the stores of every test, instead of the user's, and none of the user's settings."""
    for name in [name for name in os.environ if name.startswith("TRADEWRIGHT_") and "__" in name]:
        monkeypatch.delenv(name)
    folder = tmp_path_factory.getbasetemp() / "storage" / uuid.uuid4().hex
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def machine_code(tmp_path_factory: pytest.TempPathFactory) -> Generator[Path, None, None]:
    """A cache of machine code that all workers of one run share, instead of the user's."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "machine_code"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADEWRIGHT_CACHE", str(folder))
        yield folder


@pytest.fixture(autouse=True, scope="session")
def new_tables_at_once() -> Generator[None, None, None]:
    """Stores of a new folder or database are there without the whole way through the migrations."""
    from tests import tables_at_once

    with pytest.MonkeyPatch.context() as patch:
        tables_at_once.use(patch)
        yield


@pytest.fixture
def migrations_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every new database goes the whole way."""
    from tests import tables_at_once

    tables_at_once.leave(monkeypatch)


@pytest.fixture(scope="session")
def postgres() -> Generator[Any, None, None]:
    """A real PostgreSQL (`tests.postgres_server.Postgres`), else the test skips."""
    from tests.postgres_server import NoPostgresError, a_server

    with ExitStack() as stack:
        try:
            server = stack.enter_context(a_server())
        except NoPostgresError as error:
            pytest.skip(str(error))
        yield server


@pytest.fixture
def postgres_dsn(postgres: Any) -> Generator[str, None, None]:
    """The connection string of a database of a real PostgreSQL in which there is nothing yet."""
    with postgres.fresh() as dsn:
        yield dsn


@pytest.fixture(scope="session")
def bars_dsn(postgres: Any) -> Generator[str, None, None]:
    """A database of a real PostgreSQL for stores of bars; `tests.stores.emptied` empties it."""
    with postgres.fresh() as dsn:
        yield dsn


@pytest.fixture(params=["files", "database"])
def new_bar_store(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Any]:
    """Makes stores of bars on the same empty ground, of each kind in turn; options are those of the kind's class."""
    if request.param == "files":
        from tradewright.adapters.storage.parquet.store import ParquetBarStore

        return partial(ParquetBarStore, tmp_path / "bars")
    from tests.stores import emptied

    from tradewright.adapters.storage.market_data.store import DatabaseBarStore

    return partial(DatabaseBarStore, emptied(request.getfixturevalue("bars_dsn")))


@pytest.fixture(scope="session")
def own_postgres() -> Generator[Any, None, None]:
    """A server (`tests.postgres_server.OwnPostgres`) that a test may stop; it starts it again. Else the test skips."""
    from tests.postgres_server import NoPostgresError, own_server

    try:
        server = own_server()
    except NoPostgresError as error:
        pytest.skip(str(error))
    yield server
    server.close()


def _may_skip(reason: str) -> bool:
    if os.environ.get(VARIABLE):
        return False
    return os.environ.get("CI", "").lower() not in {"1", "true"} or ABSENT in reason


def _skip_becomes_failure(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
    if not _may_skip(reason):
        report.outcome = "failed"
        report.longrepr = f"Nothing may skip here, but this did: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that skips where nothing may skip has failed."""
    report = yield
    _skip_becomes_failure(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole module that skips while it is collected."""
    report = yield
    _skip_becomes_failure(report)
    return report
