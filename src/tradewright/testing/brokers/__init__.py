"""The promises of brokers, as one suite that every adapter passes against a venue that runs beside it.

A subclass names its stage, an asynchronous context manager that runs a local venue for the length of one check; what a
stage gives is written in `tradewright.testing.brokers.stage`. The suite is in `tradewright.testing.brokers.suite`.
"""

from __future__ import annotations

from .stage import BrokerStage, StageFault, StageTerms
from .suite import BrokerConformance

__all__ = ["BrokerConformance", "BrokerStage", "StageFault", "StageTerms"]
