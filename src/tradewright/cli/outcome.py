"""How a command may end: exit codes, the sentence for each failure, and what was kept."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass, field

from tradewright.domain.errors import (
    ApprovalError,
    ConfigError,
    DataQualityError,
    OrderRejectedError,
    RunInterruptedError,
    TradewrightError,
    UnapprovedOrderError,
)

from .channel import channel

__all__ = [
    "BAD_USAGE",
    "FAILED",
    "INTERRUPTED",
    "OK",
    "PIPE_CLOSED",
    "REFUSED",
    "Outcome",
    "as_options",
    "exit_code",
    "sentence",
    "sentence_and_hint",
]

OK, FAILED, BAD_USAGE, REFUSED = 0, 1, 2, 3
INTERRUPTED, PIPE_CLOSED = 130, 141
"""128 + the number of the signal, as shells have it: SIGINT, and SIGPIPE where the reader went away."""

# The first class that fits decides.
_CODES: tuple[tuple[type[Exception], int], ...] = (
    (OrderRejectedError, REFUSED),
    (UnapprovedOrderError, REFUSED),
    (ApprovalError, REFUSED),
    (DataQualityError, REFUSED),
    (ConfigError, BAD_USAGE),
    (RunInterruptedError, INTERRUPTED),
)


_ARGUMENT = re.compile(
    r"\b(bad_rows|suspects|quality|stamp|tz|epoch|calendar|timeframe|volume|adjust|adjustment|actions|sessions|start|end)="
    r"(?:'([^']*)')?"
)
"""Arguments of `read_bars` and `backtest` that are options too."""


@dataclass
class Outcome:
    """What a command did so far, told when it is stopped.

    Parameters
    ----------
    debug : bool
        Whether failures show their traceback.
    kept : list of str
        What is finished and stays, each as a clause.
    code : int
        Exit code of a command that went through.
    """

    debug: bool = False
    kept: list[str] = field(default_factory=list)
    code: int = OK

    @property
    def kept_sentence(self) -> str:
        """What stays, as one sentence."""
        return f"Kept: {', '.join(self.kept)}." if self.kept else "Nothing was written."

    def wanting(self, found: TradewrightError) -> None:
        """The command went through and found something that is not as it should be: exit code 1, and a job fails."""
        self.code = FAILED
        channel().failed(found, *sentence_and_hint(found))


def exit_code(error: Exception) -> int:
    """The exit code for a failure."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), FAILED)


def sentence(error: Exception) -> str:
    """A failure in one sentence, its hint below."""
    said, hint = sentence_and_hint(error)
    return said if hint is None else f"{said}\n  {hint}"


def sentence_and_hint(error: Exception) -> tuple[str, str | None]:
    """A failure in one sentence, and what to do about it where that is known."""
    if isinstance(error, TradewrightError):
        return error.message, None if error.hint is None else as_options(error.hint)
    if isinstance(error, MemoryError):
        return "The memory is full.", "Use fewer symbols, a shorter range or a longer timeframe."
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "The disk is full: the output is not complete.", "Free some space or write elsewhere."
    if isinstance(error, OSError):
        return f"{error.filename or 'The system'}: {error.strerror or error}.", None
    return (
        f"A fault of the program, {type(error).__name__}: {error}",
        "Run it again with --debug and report what it says.",
    )


def as_options(hint: str) -> str:
    """A hint in words of the command line: ``bad_rows='drop'`` is ``--bad-rows drop`` there.

    Examples
    --------
    >>> as_options("Pass stamp='start' or 'end', or tz= if they are midnights.")
    "Pass --stamp start or 'end', or --tz if they are midnights."
    >>> as_options("Name it with columns={'time': ...}.")
    "Rename it in the file, or read it from Python with columns={'time': ...}."
    """
    hint = hint.replace("Name it with columns=", "Rename it in the file, or read it from Python with columns=")
    return _ARGUMENT.sub(lambda found: f"--{found[1].replace('_', '-')} {found[2] or ''}".rstrip(), hint)
