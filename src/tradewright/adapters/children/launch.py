"""The first steps of a job's process: a wall around its memory, an end with its parent, then the command itself.

Run as a script by an interpreter without site packages, so that it costs milliseconds:
``launch.py MEMORY_MB PARENT_PID WORDS…``, with 0 for no wall.
"""

from __future__ import annotations

import os
import signal
import sys

__all__ = ["main"]

_PARENT_GONE, _NOT_RUN = 113, 127
_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Become the command."""
    memory_mb, parent, *words = arguments
    _wall(int(memory_mb))
    _end_with(int(parent))
    # A parent that was started in the background passes on that interrupts are ignored.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        os.execvp(words[0], words)  # noqa: S606 - a command line that was checked word by word, and no shell
    except OSError as error:
        sys.stderr.write(f"{words[0]} cannot be run: {error.strerror}.\n")
        sys.exit(_NOT_RUN)


def _wall(memory_mb: int) -> None:
    """What lies beyond is refused to whoever asks for memory, which Python says as a MemoryError."""
    if memory_mb <= 0:
        return
    import resource

    size = memory_mb * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    size = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def _end_with(parent: int) -> None:
    """Let Linux end this process when its parent ends, whatever ended that."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # It was gone before that could be asked for.
        os._exit(_PARENT_GONE)


if __name__ == "__main__":
    main(sys.argv[1:])
