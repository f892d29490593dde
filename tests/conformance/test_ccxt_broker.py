"""The adapter over ccxt keeps every promise of brokers, over real HTTP and WebSocket against the sandbox as Binance."""

from __future__ import annotations

import pytest
from tests.ccxt_stage import ccxt_stage

from tradewright.testing import BrokerConformance


class TestCcxt(BrokerConformance):
    stage = staticmethod(ccxt_stage)

    @pytest.mark.slow
    def test_the_road_notices_a_mute_stream(self) -> None:
        super().test_the_road_notices_a_mute_stream()
