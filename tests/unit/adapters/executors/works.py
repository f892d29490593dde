"""Work that worker processes import by name."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import warnings
from pathlib import Path

import numpy as np


def environment(given, arrays):
    """Says what the worker's surroundings are."""
    told = {
        "path": lambda: list(sys.path),
        "variable": lambda: os.environ.get("OWN_VARIABLE"),
        "hash": lambda: hash("text"),
        "errors": np.geterr,
        "main": lambda: sorted(vars(sys.modules["__main__"])),
        "order": lambda: {name: array.flags.f_contiguous for name, array in arrays.items()},
        "input": sys.stdin.read,
        "warning": lambda: warnings.warn("own", UserWarning, stacklevel=1),
    }
    return lambda task: told[task]()


def talking(given, arrays):
    """Prints a lot."""

    def evaluate(task):
        sys.stdout.write("printed by the task\n")
        os.write(1, b"written by the task\n")
        return task

    return evaluate


def dying(given, arrays):
    """Dies in the manner of the task."""
    ways = {
        "segfault": lambda: ctypes.string_at(0),
        "exit": lambda: os._exit(3),
        "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "abort": os.abort,
    }
    return lambda task: ways[task]()


def waiting(given, arrays):
    """Writes who it is and works until it is stopped."""

    def evaluate(task):
        (Path(given) / str(os.getpid())).touch()
        while task:
            pass
        return os.getpid()

    return evaluate


def echo(given, arrays):
    """Gives the task back; one that is a text is an expression."""
    return lambda task: eval(task) if isinstance(task, str) else task  # noqa: S307 - our own


def stillborn(given, arrays):
    """Dies before it is ready."""
    os._exit(7)


def choosy(given, arrays):
    """Raises an error of the house."""
    from tradewright.domain.errors import ConfigError

    raise ConfigError("The length of 'fast' is no number.", hint="Give one.")
