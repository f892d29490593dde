"""Alpaca with short windows, in the place of the real one, for whoever imports this."""

from __future__ import annotations

from dataclasses import replace

from tradewright.adapters.brokers.alpaca import kind
from tradewright.adapters.brokers.alpaca.table import CAPABILITIES, AlpacaTerms
from tradewright.adapters.wire.rate_limiter import Pace
from tradewright.adapters.wire.reading import Patience

SHORT = AlpacaTerms(
    capabilities=replace(CAPABILITIES, accept_delay_s=0.2, index_lag_s=0.2, heartbeat_s=5.0),
    pace=Pace(per_s=1000.0, burst=1000, reserve=10),
    data_pace=Pace(per_s=1000.0, burst=1000),
    patience=Patience(first_s=0.01, within_s=2.0),
    answer_s=2.0,
)

kind.KIND = kind.AlpacaKind(SHORT)
