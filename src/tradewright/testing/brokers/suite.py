"""The suite for brokers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

from tradewright.testing.conformance import Conformance

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from contextlib import AbstractAsyncContextManager

    from .stage import BrokerStage

__all__ = ["BrokerConformance"]


class BrokerConformance(Conformance):
    """What every adapter to a venue promises.

    Attributes
    ----------
    stage : callable
        ``stage()`` gives an asynchronous context manager, whose value is a `BrokerStage`: a fresh local venue with an
        account in which nothing is held. It is entered inside the loop of the check, so that a venue may live there.
    run : callable
        ``run(coroutine)`` runs a check; `asyncio.run`, or the loop of virtual time.

    Examples
    --------
    A subclass under pytest::

        class TestAlpacaBroker(BrokerConformance):
            stage = staticmethod(alpaca_stage)
    """

    stage: ClassVar[Callable[[], AbstractAsyncContextManager[BrokerStage]]]
    run: ClassVar[Callable[[Coroutine[Any, Any, None]], None]] = staticmethod(asyncio.run)
