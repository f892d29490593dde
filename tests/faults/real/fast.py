"""A real event loop on which a second of the script takes a fraction of one, in every process of a run alike."""

from __future__ import annotations

import asyncio
import selectors
import time

SPEED = 15.0
"""Seconds of the script in one of the world."""


class _Hasty:
    """A selector that waits by the world's clock for what the loop asks by the script's."""

    def __init__(self, selector):
        self._selector = selector

    def select(self, timeout=None):
        return self._selector.select(timeout if timeout is None else timeout / SPEED)

    def __getattr__(self, name):
        return getattr(self._selector, name)


class FastLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock runs ahead."""

    def __init__(self):
        super().__init__(_Hasty(selectors.DefaultSelector()))

    def time(self):
        return time.monotonic() * SPEED


class RunTime:
    """The loop as a run sees it: its time begins with the run."""

    def __init__(self, loop, began):
        self.loop = loop
        self.began = began
        self.errors = []

    def time(self):
        return self.loop.time() - self.began

    def call_later(self, delay, act, context=None):
        return self.loop.call_later(delay, act, context=context)
