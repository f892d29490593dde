"""An event bus over Redis: one channel on which the names of topics are called out."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tradewright.domain.control.events import BusStanding
from tradewright.domain.errors import ConfigError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["RedisBus", "require_sound_address"]

_CHANNEL = "tradewright:events"
_PATIENCE_S = 0.5
"""How long one word to the server may take: whoever keeps an event waits for it."""
_SPARED_S = 2.0
"""How long a server that did not answer is left alone."""
_LOOK_S = 0.25
_SILENT_S = 5.0
"""After how long without a sign the server is asked for one."""


class RedisBus:
    """Calls topics out over Redis and hears them; see `tradewright.ports.events.EventBus`.

    Nothing here raises for a server that is away: who listens is called as soon as it is back, for something may have
    happened meanwhile, and until then readers find by looking what the log has.

    Parameters
    ----------
    address : str
        ``redis://…`` or ``rediss://…``; what it keeps secret is in no sentence.

    Raises
    ------
    ConfigError
        When that is no address of Redis.
    MissingExtraError
        When the library is not installed.
    """

    def __init__(self, address: str) -> None:
        self._client = _client(address)
        self._place = _place(self._client)
        self._spared_until = 0.0
        self._trouble: str | None = None

    def tell(self, topic: str) -> None:
        """Call a topic out; where the server is away, nothing happens and the next calls do not wait for it."""
        if time.monotonic() < self._spared_until:
            return
        try:
            self._client.publish(_CHANNEL, topic)
        except _faults() as error:
            self._spared_until = time.monotonic() + _SPARED_S
            self._trouble = _word(error)
        else:
            self._trouble = None

    @contextmanager
    def heard(self, call: Callable[[str | None], None]) -> Iterator[None]:
        """Listen in a thread beside, for as long as the block lasts."""
        ends = threading.Event()
        thread = threading.Thread(target=self._listen, args=(call, ends), name="event bus", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ends.set()
            thread.join(_LOOK_S + _PATIENCE_S)

    def standing(self) -> BusStanding:
        """Whether the server answers at this moment."""
        try:
            self._client.ping()
        except _faults() as error:
            self._trouble = _word(error)
            sentence = f"{self._place}: {self._trouble}. Readers look into the log every now and then instead."
            return BusStanding(is_up=False, sentence=sentence)
        return BusStanding(is_up=True, sentence=f"Readers on all hosts are woken through {self._place}.")

    def _listen(self, call: Callable[[str | None], None], ends: threading.Event) -> None:
        while not ends.is_set():
            ear = self._client.pubsub(ignore_subscribe_messages=True)
            try:
                ear.subscribe(_CHANNEL)
                # What was called out while nobody listened is lost: everybody looks once.
                call(None)
                _follow(ear, call, ends)
            except _faults() as error:
                self._trouble = _word(error)
                ends.wait(_PATIENCE_S)
            finally:
                ear.close()


def _follow(ear: Any, call: Callable[[str | None], None], ends: threading.Event) -> None:
    while not ends.is_set():
        said = ear.get_message(timeout=_LOOK_S)
        if said is not None and said["type"] == "message":
            call(said["data"])


def require_sound_address(address: str, key: str) -> None:
    """Refuse what is no address of Redis.

    Raises
    ------
    ConfigError
        It names the key and does not quote the value.
    """
    if not address.startswith(("redis://", "rediss://", "unix://")):
        raise ConfigError(
            f"What '{key}' names is no address of Redis.", hint="Write redis://user:password@host:6379/0, or rediss://."
        )


def _library() -> Any:
    try:
        import redis
    except ImportError as error:
        raise MissingExtraError(
            "The event bus needs the library redis.", hint="Install it with: pip install 'tradewright[redis]'"
        ) from error
    return redis


def _client(address: str) -> Any:
    library = _library()
    waits = {"socket_timeout": _PATIENCE_S, "socket_connect_timeout": _PATIENCE_S}
    try:
        return library.Redis.from_url(
            address, decode_responses=True, retry=None, health_check_interval=_SILENT_S, **waits
        )
    except (ValueError, TypeError):
        raise ConfigError("The address of the event bus cannot be read.", hint="Write redis://host:6379/0.") from None


def _faults() -> tuple[type[Exception], ...]:
    return (_library().RedisError, OSError)


def _place(client: Any) -> str:
    said = client.connection_pool.connection_kwargs
    where = said.get("path") or f"{said.get('host', 'localhost')}:{said.get('port', 6379)}"
    return f"Redis at {where}"


def _word(error: Exception) -> str:
    """What went wrong, in our words: the library's may quote the address."""
    names = {each.__name__ for each in type(error).__mro__}
    if names & {"AuthenticationError", "AuthorizationError", "NoPermissionError"}:
        return "it refuses the user"
    return "it is silent" if "TimeoutError" in names else "it cannot be reached"
