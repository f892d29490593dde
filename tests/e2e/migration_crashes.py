"""Kill a migration at each of its steps and say what it left: `python -m tests.e2e.migration_crashes FOLDER [DSN]`.

Over a file in a folder, or over a database by its connection string, with the tables of bars beside those of the state.
For every start: the migration killed by SIGKILL before each of its statements and around its commit; a look at what is
there; the same migration once more; and two processes that begin it at once. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic.command import downgrade, upgrade
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.pool import NullPool
from tests.stores import content, days, write

from tradewright.adapters.storage.market_data import schema
from tradewright.adapters.storage.market_data.store import DatabaseBarStore
from tradewright.adapters.storage.postgres.driver import connected
from tradewright.adapters.storage.sql import database as module
from tradewright.adapters.storage.sql.database import Database, revision_of
from tradewright.adapters.storage.sql.server import ServerDatabase
from tradewright.adapters.storage.sql.standing import standing

STARTS = {"nothing": None, "the fifth": "0005"}
IN_A_FILE = "SELECT type, name, sql FROM sqlite_master"
ON_A_SERVER = """
    SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'
    UNION SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


class Place:
    """Where tables are brought up."""

    def __init__(self, folder: Path, dsn: str | None) -> None:
        self.path, self.dsn = folder / "runs.db", dsn

    def database(self) -> Database:
        """Opened anew."""
        return Database(self.path) if self.dsn is None else ServerDatabase(self.dsn)

    def begin(self, revision: str | None) -> None:
        """The tables of a revision, and nothing else."""
        if self.dsn is not None:
            with closing(connected(self.dsn, autocommit=True)) as connection:
                connection.execute("DROP SCHEMA public CASCADE")
                connection.execute("CREATE SCHEMA public")
            self._make(revision)
            return
        shutil.rmtree(self.path.parent, ignore_errors=True)
        self.path.parent.mkdir(parents=True)
        kept = self.path.parent.with_name(f"{revision}.db")
        if not kept.exists():
            self._make(revision)
            shutil.copy(self.path, kept)
        shutil.copy(kept, self.path)

    def _make(self, revision: str | None) -> None:
        config, database = module.MIGRATIONS.config(), self.database()
        with database._writer() as connection:
            config.attributes["connection"] = connection
            if revision is not None:
                upgrade(config, revision)
        database.close()

    def work(self) -> None:
        """The migration."""
        self.database().upgrade()

    def look(self) -> dict[str, Any]:
        """What is there: the revision, every column and index, and what was kept."""
        with self.database().as_it_is() as connection:
            if connection is None:
                return {"revision": None, "tables": []}
            revision = revision_of(connection)
        with self.database().as_it_is() as connection:
            assert connection is not None
            said = ON_A_SERVER if self.dsn else IN_A_FILE
            tables = sorted(" ".join(map(str, row)) for row in connection.execute(text(said)))
            kept = connection.execute(text("SELECT id FROM installation")).scalars().all() if revision else []
            return {"revision": revision, "tables": tables, "kept": list(kept)}

    def problems(self) -> list[str]:
        """What a check finds."""
        return [*standing(self.database(), is_thorough=True).problems]


class BarsPlace(Place):
    """The tables of bars, with a series in them."""

    def store(self) -> DatabaseBarStore:
        """Opened anew."""
        assert self.dsn is not None
        return DatabaseBarStore(self.dsn)

    def begin(self, revision: str | None) -> None:
        assert self.dsn is not None
        with closing(connected(self.dsn, autocommit=True)) as connection:
            connection.execute("DROP SCHEMA IF EXISTS market_data CASCADE")
        if revision is not None:
            write(self.store(), days(9))
            engine = create_engine(
                "postgresql+psycopg://", creator=lambda: connected(str(self.dsn)), poolclass=NullPool
            )
            with engine.begin() as connection_:
                config = schema.MIGRATIONS.config()
                config.attributes["connection"] = connection_
                downgrade(config, revision)

    def work(self) -> None:
        schema.bring_up(str(self.dsn))

    def look(self) -> dict[str, Any]:
        found = schema.standing(str(self.dsn))
        with closing(connected(str(self.dsn), autocommit=True)) as connection:
            columns = connection.execute(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'market_data'"
            ).fetchall()
        kept = content(self.store()) if found.revision == schema.HEAD else {}
        return {"revision": found.revision, "tables": sorted(map(list, columns)), "kept": kept}

    def problems(self) -> list[str]:
        return []


def died(work: Callable[[], object], kill: Callable[[], None]) -> int:
    """Do the work in a process of its own that was prepared to die; the signal that ended it, 0 where none did."""
    child = os.fork()
    if child == 0:
        kill()
        work()
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def at_statement(number: int) -> Callable[[], None]:
    """Dies before the so-and-so-manieth statement."""

    def prepare() -> None:
        left = iter(range(number))

        @event.listens_for(Engine, "before_cursor_execute")
        def _count(*_: Any) -> None:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

    return prepare


def at_commit() -> None:
    """Dies when everything is done and nothing is committed."""

    @event.listens_for(Engine, "commit")
    def _die(connection: Any) -> None:
        if connection.info.get("has_made"):
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(Engine, "before_cursor_execute")
    def _note(connection: Any, _: Any, statement: str, *__: Any) -> None:
        if statement.lstrip().upper().startswith(("CREATE", "ALTER")):
            connection.info["has_made"] = True


def statements(place: Place) -> list[str]:
    """What a migration says, from the start at which the place is."""
    said: list[str] = []

    def listen(_: Any, __: Any, statement: str, *___: Any) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    place.work()
    event.remove(Engine, "before_cursor_execute", listen)
    return said


def chosen(said: list[str], most: int) -> list[int]:
    """The places of some of the statements: changes of the revision, and others evenly between."""
    turns = [at for at, each in enumerate(said) if "alembic_version" in each]
    # What follows the last of them comes after the commit.
    whole = range(turns[-1] + 1)
    return sorted({*turns[:: max(1, len(turns) // most)], turns[-1], *whole[:: max(1, len(whole) // most)]})


def after_commit(work: Callable[[], object]) -> Callable[[], object]:
    """The work, dying when it is done."""

    def done() -> None:
        work()
        os.kill(os.getpid(), signal.SIGKILL)

    return done


def crashes(place: Place, revision: str | None, most: int) -> dict[str, Any]:
    """What migrations leave that are killed, from one start."""
    place.begin(revision)
    before = place.look()
    said = statements(place)
    complete = place.look()
    steps = {f"before statement {at}": (place.work, at_statement(at)) for at in chosen(said, most)}
    steps["before the commit"] = place.work, at_commit
    steps["after the commit"] = after_commit(place.work), lambda: None
    told = {}
    for name, (work, kill) in steps.items():
        place.begin(revision)
        own = place.look()
        ended = died(work, kill)
        left, problems = place.look(), place.problems()
        place.work()
        told[name] = {
            "signal": ended, "own": own, "left": left, "problems": problems, "after": place.look(),
            "found": place.problems(),
        }  # fmt: skip
    return {"before": before, "complete": complete, "steps": told, "two": both(place, revision)}


def both(place: Place, revision: str | None) -> dict[str, Any]:
    """What two processes make of it that begin at once."""
    place.begin(revision)
    begun, begin = os.pipe()
    children = []
    for _ in range(2):
        child = os.fork()
        if child == 0:
            os.close(begin)
            os.read(begun, 1)
            place.work()
            os._exit(0)
        children.append(child)
    os.close(begin)
    return {"ended": [os.waitpid(child, 0)[1] for child in children], "after": place.look()}


def main(folder: Path, *servers: str) -> None:
    """All starts; over a server fewer steps, for a kill is the end of a connection there."""
    if not servers:
        told = {name: crashes(Place(folder / "state", None), start, 2) for name, start in STARTS.items()}
    else:
        told = {
            "the fifth": crashes(Place(folder, servers[0]), "0005", 2),
            "no bars": crashes(BarsPlace(folder, servers[0]), None, 2),
            "bars of the first": crashes(BarsPlace(folder, servers[0]), "0001", 2),
        }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
