"""The suite for brokers: every promise of an adapter, each checked on a local venue of its own."""

from __future__ import annotations

from .offers import BarChecks, OfferChecks
from .requests import RequestChecks
from .road import RoadChecks
from .views import FaultChecks, StreamChecks, ViewChecks

__all__ = ["BrokerConformance"]


class BrokerConformance(RequestChecks, ViewChecks, StreamChecks, FaultChecks, OfferChecks, BarChecks, RoadChecks):
    """What every adapter to a venue promises.

    What the capabilities of an adapter, its table of what it offers, or the terms of its stage say not to be there, is
    not asked for: a check of it passes without having looked.

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

        class TestMyBroker(BrokerConformance):
            stage = staticmethod(my_stage)
    """
