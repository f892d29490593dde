"""The server behind a port of this machine."""

from __future__ import annotations

import errno
import socket
from importlib.util import find_spec
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError, MissingExtraError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from uvicorn import Server

__all__ = ["bind", "hosts_of", "is_local", "make_server", "require_libraries"]

_LIBRARIES = ("argon2", "fastapi", "jwt", "multipart", "prometheus_client", "pwdlib", "uvicorn", "websockets")
_LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - named to be recognised
_MOST_SAID = 64 * 1024
_PATIENCE_S = 3


def require_libraries() -> None:
    """Say which extra is missing, where it is.

    Raises
    ------
    MissingExtraError
        Without the libraries of the server.
    """
    missing = [name for name in _LIBRARIES if find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"The server needs libraries that are not installed: {', '.join(missing)}.",
            hint="pip install 'tradewright[server]'",
        )


def bind(host: str, port: int) -> socket.socket:
    """A listening address; port 0 takes a free one.

    Raises
    ------
    ConfigError
        When it is taken or not to be had.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except (OSError, OverflowError) as error:
        listener.close()
        raise _not_bound(host, port, error) from None
    return listener


def _not_bound(host: str, port: int, error: Exception) -> ConfigError:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return ConfigError(f"Port {port} of {host} is taken by another program.", hint="Name another one with --port.")
    if number == errno.EACCES:
        return ConfigError(f"Port {port} may not be opened by this user.", hint="Name one above 1023 with --port.")
    return ConfigError(f"The server cannot listen on {host}:{port}: {error}.", hint="Look at --host and --port.")


def is_local(host: str) -> bool:
    """Whether only this machine can reach an address."""
    return host in _LOCAL or host == "::1" or host.startswith("127.")


def hosts_of(host: str, names: tuple[str, ...]) -> frozenset[str]:
    """The names under which a server is asked that listens there; empty where it may be any."""
    said = frozenset(name.lower() for name in names)
    if host in _EVERYWHERE:
        return said | _LOCAL if said else said
    return said | _LOCAL | {f"[{host}]" if ":" in host else host.lower()}


def make_server(app: FastAPI) -> Server:
    """A server that waits to be run."""
    import uvicorn

    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=_MOST_SAID,
        log_level="warning",
        access_log=False,
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE_S,
    )
    return uvicorn.Server(config)
