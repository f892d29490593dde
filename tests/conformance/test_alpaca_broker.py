"""Alpaca's adapter keeps every promise of brokers, over real HTTP and WebSocket against the sandbox."""

from __future__ import annotations

import pytest
from tests.broker_stages import alpaca_stage

from tradewright.testing import BrokerConformance


class TestAlpaca(BrokerConformance):
    stage = staticmethod(alpaca_stage)

    @pytest.mark.slow
    def test_the_road_notices_a_mute_stream(self) -> None:
        super().test_the_road_notices_a_mute_stream()
