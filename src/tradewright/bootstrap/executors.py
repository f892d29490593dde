"""Who carries out many evaluations, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.plugins import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.ports.executor import Executor

__all__ = ["EXECUTORS", "executor_for"]

_AUTO = "auto"

EXECUTORS: Registry[Callable[[int | None], Executor]] = Registry(
    "executor",
    "tradewright.executors",
    flaw=lambda value: None if callable(value) else "it cannot be called with a number of workers",
    hint="Use 'auto', 'threads', 'processes' or 'ray'.",
)
"""Executors by name; each is called with the number of workers, or None for as many as there are processors."""


@EXECUTORS.register("threads")
def _threads(workers: int | None) -> Executor:
    from tradewright.adapters.executors.threads import ThreadExecutor

    return ThreadExecutor(workers)


@EXECUTORS.register("processes")
def _processes(workers: int | None) -> Executor:
    from tradewright.adapters.executors.processes import ProcessExecutor

    return ProcessExecutor(workers)


@EXECUTORS.register("ray")
def _ray(workers: int | None) -> Executor:
    from tradewright.adapters.executors.ray import RayExecutor

    return RayExecutor(workers)


def executor_for(name: str = _AUTO, workers: int | None = None) -> Executor:
    """The executor of that name; ``"auto"`` is threads, whose work shares the machine code of this process.

    Parameters
    ----------
    name : str
        ``"auto"``, ``"threads"``, ``"processes"``, ``"ray"``, or what a package adds.
    workers : int, optional
        By default one for each processor that this process may use.

    Raises
    ------
    ConfigError
        When there is none of that name, with the nearest; when fewer than one worker is asked for.
    MissingExtraError
        When the library it needs is not installed.
    """
    return EXECUTORS.get("threads" if name == _AUTO else name)(workers)
