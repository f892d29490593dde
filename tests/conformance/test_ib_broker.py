"""Interactive Brokers' adapter keeps every promise of brokers, over a real socket against the local gateway."""

from __future__ import annotations

import pytest
from tests.ib_stages import ib_stage

from tradewright.testing import BrokerConformance


class TestInteractiveBrokers(BrokerConformance):
    stage = staticmethod(ib_stage)

    @pytest.mark.slow
    def test_the_road_notices_a_mute_stream(self) -> None:
        super().test_the_road_notices_a_mute_stream()
