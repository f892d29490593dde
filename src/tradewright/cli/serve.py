"""`tradewright serve`: the interface, the dashboard and one worker, in one command."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import click

from .lazy import Command

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from tradewright.bootstrap.control_room import ControlRoom

__all__ = ["serve"]

PORT = 8000
_PROGRAM = (sys.executable, "-c", "from tradewright.cli import main; raise SystemExit(main())")
_PATIENCE_S = 10.0


@click.command(cls=Command, epilog="Example: serve --open")
@click.option("--host", default="127.0.0.1", metavar="NAME", help="Where it listens. [127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, help=f"The same; 0 takes a free one. [{PORT}]")
@click.option("--name", "names", multiple=True, metavar="NAME", help="Another name under which it may be asked.")
@click.option("--origin", "origins", multiple=True, metavar="URL", help="Another place whose pages may ask it.")
@click.option("--worker/--no-worker", default=True, help="Start a worker, which runs what is asked for. [yes]")
@click.option("--open", "opens", is_flag=True, help="Open the dashboard in the browser.")
@click.option("--json", "as_json", is_flag=True, help="Print where it listens as JSON.")
def serve(*, host: str, port: int, worker: bool, opens: bool, as_json: bool, **said: tuple[str, ...]) -> None:
    """Serve the dashboard and the HTTP interface, work jobs off and begin what is scheduled, until Ctrl-C.

    The first start makes the user 'admin' and prints a password that is good until it is changed at the first sign-in.
    """
    from tradewright.api.serving import bind, require_libraries
    from tradewright.bootstrap.alerts import alerts_watched
    from tradewright.bootstrap.declared import declared_wishes, schedules_begun
    from tradewright.bootstrap.logs import begin_logs

    require_libraries()
    wishes = declared_wishes()
    # Before the stores are opened: a port that is taken should cost nothing.
    listener = bind(host, port)
    with contextlib.closing(listener), _interruptible():
        room = _room()
        begin_logs("serve", room.metrics)
        first = room.access.users.first_admin()
        address = _address(host, listener)
        _tell(address, first, as_json=as_json)
        with _worker() if worker else contextlib.nullcontext(), alerts_watched(room.metrics), schedules_begun(wishes):
            if opens:
                click.launch(address)
            _run(room, listener, host, said)


def _room() -> ControlRoom:
    from tradewright.bootstrap.control_room import control_room
    from tradewright.face.bars_again import OriginReader
    from tradewright.face.version import __version__

    return control_room(__version__, OriginReader)


def _run(room: ControlRoom, listener: socket.socket, host: str, said: dict[str, tuple[str, ...]]) -> None:
    from tradewright.api.application import DoorOptions, create_app
    from tradewright.api.pages import built_dashboard
    from tradewright.api.serving import hosts_of, make_server
    from tradewright.bootstrap.door import door_settings, origins_of

    settings = door_settings()
    options = DoorOptions(
        origins=settings.origins | origins_of(said["origins"], "--origin"),
        hosts=hosts_of(host, said["names"]),
        dashboard=built_dashboard(),
        is_https=settings.is_https,
    )
    with contextlib.suppress(KeyboardInterrupt):
        make_server(create_app(room, options)).run(sockets=[listener])


def _address(host: str, listener: socket.socket) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listener.getsockname()[1]}"


def _tell(address: str, first: tuple[Any, str] | None, *, as_json: bool) -> None:
    name, password = (None, None) if first is None else (first[0].name, first[1])
    if as_json:
        click.echo(json.dumps({"address": address, "user": name, "password": password}))
    else:
        click.echo(f"Serving at {address}; Ctrl-C ends it.")
        if name is not None:
            click.echo(f"First start: sign in as '{name}' with the one-time password {password}")
    sys.stdout.flush()


@contextlib.contextmanager
def _worker() -> Iterator[None]:
    """A worker for as long as the block lasts; it ends with this process, whatever becomes of it."""
    # In a session of its own: Ctrl-C at the terminal ends the server first, and the server ends the worker.
    process = subprocess.Popen([*_PROGRAM, "worker", "--attached", "--now"], start_new_session=True)  # noqa: S603 - this very program
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Being told to end is as Ctrl-C: what was begun is put away."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("The server has ended.", err=True)
    finally:
        signal.signal(signal.SIGTERM, before)
