"""Virtual time: an event loop that never waits, and processes inside it that can be stopped and killed.

Everything runs in one thread, in an order that depends on nothing but the program. Time jumps to the next thing that
is due. A handle belongs to the process in whose context it was made: a paused process keeps its handles for later, as a
stopped one does, and those of a killed process never run again, not even to clean up.
"""

from __future__ import annotations

import asyncio
import contextvars
import heapq
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

__all__ = ["VirtualClock", "VirtualProcess", "VirtualProcessKilled", "VirtualTimeLoop"]

T = TypeVar("T")
_PROCESS: contextvars.ContextVar[VirtualProcess | None] = contextvars.ContextVar("process", default=None)


class VirtualProcessKilled(BaseException):
    """Raised where a process dies in the middle of its own step; nothing may catch it."""


class VirtualProcess:
    """A process of the simulated world.

    Parameters
    ----------
    loop : VirtualTimeLoop
    name : str
    """

    def __init__(self, loop: VirtualTimeLoop, name: str) -> None:
        self.loop = loop
        self.name = name
        self.is_alive = True
        self.is_paused = False
        self.parked: list[_Handle] = []
        self.tasks: list[asyncio.Task[Any]] = []

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run a coroutine as this process."""
        context = contextvars.copy_context()
        context.run(_PROCESS.set, self)
        task = self.loop.create_task(work, context=context)
        self.tasks.append(task)
        return task

    def kill(self) -> None:
        """End it between two instructions: nothing of it runs any more."""
        self.is_alive = False
        self.parked.clear()

    def bury(self) -> None:
        """Close what it left behind, once the world has come to its end."""
        for task in self.tasks:
            if not task.done():
                task.get_coro().close()

    def pause(self, seconds: float) -> None:
        """Stop it for a while; its timers run out meanwhile, and come due when it goes on."""
        self.is_paused = True
        self.loop.call_at(self.loop.time() + seconds, self._go_on, context=contextvars.Context())

    def _go_on(self) -> None:
        self.is_paused = False
        for handle in self.parked:
            self.loop.ready.append(handle)
        self.parked.clear()


class _Handle(asyncio.TimerHandle):
    """A call that knows whose it is."""

    __slots__ = ("process",)

    def __init__(
        self, when: float, callback: Callable[..., object], args: tuple[Any, ...], loop: VirtualTimeLoop,
        context: contextvars.Context,
    ) -> None:  # fmt: skip
        super().__init__(when, callback, args, loop, context)
        self.process = context.get(_PROCESS)

    def run(self) -> None:
        """Make the call, if its process can."""
        process = self.process
        if process is not None and not process.is_alive:
            return
        if process is not None and process.is_paused:
            process.parked.append(self)
        elif not self.cancelled():
            self._run()


class VirtualTimeLoop(asyncio.AbstractEventLoop):
    """An event loop in virtual time.

    Parameters
    ----------
    most_steps : int
        Calls after which a run is given up as endless.

    Examples
    --------
    >>> import asyncio
    >>> loop = VirtualTimeLoop()
    >>> async def nap():
    ...     await asyncio.sleep(3600.0)
    >>> loop.run(nap())
    >>> loop.time()
    3600.0
    """

    def __init__(self, most_steps: int = 1_000_000) -> None:
        self.most_steps = most_steps
        self.ready: deque[_Handle] = deque()
        self.errors: list[dict[str, Any]] = []
        self._due: list[tuple[float, int, _Handle]] = []
        self._now = 0.0
        self._number = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run until a coroutine has its result.

        Raises
        ------
        RuntimeError
            When nothing is due any more and there is no result, or there is no end to it.
        """
        asyncio._set_running_loop(self)  # noqa: SLF001 - how every event loop says that it is running
        try:
            task = self.create_task(work)
            while not task.done():
                self._step()
                self.most_steps -= 1
                if self.most_steps < 0:
                    raise RuntimeError("The run has no end.")
            result: T = task.result()
            return result
        finally:
            asyncio._set_running_loop(None)  # noqa: SLF001 - as above

    def _step(self) -> None:
        if not self.ready:
            if not self._due:
                raise RuntimeError("Nothing is due any more.")
            when, _, handle = heapq.heappop(self._due)
            if handle.cancelled():
                return
            self._now = max(self._now, when)
            self.ready.append(handle)
        self.ready.popleft().run()

    # What asyncio asks of a loop.

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._now

    def call_soon(  # type: ignore[override]  # any arguments, as everywhere
        self, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> _Handle:
        """Call after what is ready now."""
        handle = _Handle(self._now, callback, args, self, contextvars.copy_context() if context is None else context)
        self.ready.append(handle)
        return handle

    def call_at(  # type: ignore[override]  # as above
        self, when: float, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> _Handle:
        """Call at an instant of virtual time."""
        handle = _Handle(when, callback, args, self, contextvars.copy_context() if context is None else context)
        self._number += 1
        heapq.heappush(self._due, (when, self._number, handle))
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """A cancelled handle is passed over when its time comes."""

    def call_later(  # type: ignore[override]  # as above
        self, delay: float, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> _Handle:
        """Call after so many virtual seconds."""
        return self.call_at(self._now + delay, callback, *args, context=context)

    def create_future(self) -> asyncio.Future[Any]:
        """A future of this loop."""
        return asyncio.Future(loop=self)

    def create_task(
        self, coro: Any, *, name: str | None = None, context: contextvars.Context | None = None
    ) -> asyncio.Task[Any]:
        """A task of this loop, in the process of whoever makes it; kept, so that a killed one is never cleaned up."""
        task = asyncio.Task(coro, loop=self, name=name, context=context)
        process = _PROCESS.get()
        if process is not None:
            process.tasks.append(task)
        return task

    def run_in_executor(  # type: ignore[override]  # any arguments, as everywhere
        self,
        executor: Any,  # noqa: ARG002 - there are no threads
        func: Callable[..., T],
        *args: Any,
    ) -> asyncio.Future[T]:
        """Work for a thread is done at once, in no virtual time."""
        done: asyncio.Future[T] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - it is raised where the work is awaited
            done.set_exception(error)
        return done

    def get_debug(self) -> bool:
        """No debugging."""
        return False

    def is_running(self) -> bool:
        """While it is used at all."""
        return True

    def is_closed(self) -> bool:
        """It holds nothing to be closed."""
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Keep what no one waited for; `errors` is read by tests. Tasks of killed processes end in silence."""
        if isinstance(context.get("exception"), Exception):
            self.errors.append(context)


class VirtualClock:
    """The clock of a process in virtual time; `jump_ns` sets its wall clock wrong.

    Parameters
    ----------
    loop : VirtualTimeLoop
    start_ns : int
        UTC nanoseconds at which the loop began.
    """

    def __init__(self, loop: VirtualTimeLoop, start_ns: int = 1_800_000_000_000_000_000) -> None:
        self.loop = loop
        self.start_ns = start_ns
        self.jump_ns = 0

    def now_ns(self) -> int:
        """UTC nanoseconds."""
        return self.start_ns + self.monotonic_ns() + self.jump_ns

    def monotonic_ns(self) -> int:
        """Nanoseconds since the loop began."""
        return round(self.loop.time() * 1e9)
