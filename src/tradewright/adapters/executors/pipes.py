"""The pipes to a process, spoken to from an event loop: without a thread, and in one turn where the answer is quick.

A thread that waits at a pipe costs a hop there and one back for each task. Here the frame is written as it is asked
for, and its answer is waited for where one stands, for a time that nothing else in the loop feels; longer ones come
through the loop.
"""

from __future__ import annotations

import asyncio
import os
import select
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

__all__ = ["PATIENCE_S", "Pipes"]

PATIENCE_S = 0.002
"""How long the loop stands still at most."""

_LENGTH = struct.Struct("<Q")
_CHUNK = 1 << 20


class Pipes:
    """Frames to a process and back, one at a time.

    Parameters
    ----------
    process : Popen
        With both pipes, on which nothing waits.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("The process has no pipes.")
        self._out, self._in = process.stdin.fileno(), process.stdout.fileno()
        for handle in (self._out, self._in):
            os.set_blocking(handle, False)
        self._left = memoryview(b"")
        self._came = bytearray()
        self._is_gone = False

    def send(self, content: bytes) -> None:
        """Begin to write a frame; what does not fit into the pipe is written while `answer` waits."""
        self._came.clear()
        self._left = memoryview(_LENGTH.pack(len(content)) + content)
        self._push()

    def is_answered_at_once(self) -> bool:
        """Stand still for an answer; False where there is none in that time."""
        if self._left:
            return False
        poll = select.poll()
        poll.register(self._in, select.POLLIN)
        while not self._is_whole():
            if not poll.poll(PATIENCE_S * 1e3):
                return False
            self._pull()
        return True

    async def answered(self) -> None:
        """Wait for the answer through the loop."""
        loop = asyncio.get_running_loop()
        whole = loop.create_future()

        def moved() -> None:
            self._push()
            self._pull()
            if not self._left:
                loop.remove_writer(self._out)
            if self._is_whole() and not whole.done():
                whole.set_result(None)

        loop.add_reader(self._in, moved)
        if self._left:
            loop.add_writer(self._out, moved)
        try:
            await whole
        finally:
            loop.remove_reader(self._in)
            loop.remove_writer(self._out)

    @property
    def answer(self) -> bytes | None:
        """The frame that came; None where the process is gone."""
        return bytes(self._came[_LENGTH.size :]) if self._has_frame() else None

    def _is_whole(self) -> bool:
        return self._is_gone or self._has_frame()

    def _has_frame(self) -> bool:
        if len(self._came) < _LENGTH.size:
            return False
        (length,) = _LENGTH.unpack_from(self._came)
        return len(self._came) == _LENGTH.size + int(length)

    def _push(self) -> None:
        try:
            while self._left:
                self._left = self._left[os.write(self._out, self._left) :]
        except BlockingIOError:
            return
        except OSError:
            # Whoever reads no more has ended, and its answer does not come: reading says so.
            self._left = memoryview(b"")

    def _pull(self) -> None:
        try:
            while chunk := os.read(self._in, _CHUNK):
                self._came += chunk
        except BlockingIOError:
            return
        except OSError:
            pass
        self._is_gone = True
