"""A venue in virtual time that keeps the truth about its orders and can fail in every way a real one was seen to fail.

`truth` is what really happened; `connection` is how one process sees it, as a `tradewright.ports.broker.Broker`, late,
twice, wrong or not at all as its `faults` say. No rule of the order road enters here.
"""

from __future__ import annotations

from .connection import VenueConnection
from .faults import Fault, FaultPlan
from .truth import TruthOrder, VenueTraits, VenueTruth

__all__ = ["Fault", "FaultPlan", "TruthOrder", "VenueConnection", "VenueTraits", "VenueTruth"]
