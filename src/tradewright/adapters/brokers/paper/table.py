"""What the paper exchange offers, and what the order protocol leans on there: values only."""

from __future__ import annotations

from tradewright.domain.live.offer import Feature, Offer, Support
from tradewright.domain.live.venue import BracketKind, Capabilities, DedupeClass, ReplaceKind
from tradewright.domain.order import OrderType, TimeInForce

__all__ = ["CAPABILITIES", "OFFER"]

_NO_BARS = "It trades on the bars it is given, those of another broker or of a file."

CAPABILITIES = Capabilities(
    dedupe=DedupeClass.FOR_EVER,
    replace=ReplaceKind.NATIVE_NET,
    bracket=BracketKind.NONE,
    reduce_only=True,
    accept_delay_s=0.05,
    index_lag_s=0.05,
)
"""Nothing travels: what is taken is taken at once."""

OFFER = Offer(
    order_types={
        OrderType.MARKET: Support.YES,
        OrderType.LIMIT: Support.YES,
        OrderType.STOP: Support.YES,
        OrderType.STOP_LIMIT: Support.YES,
        OrderType.MARKET_ON_CLOSE: Support.NOT_YET,
    },
    times_in_force=dict.fromkeys(TimeInForce, Support.YES),
    features={
        Feature.FRACTIONAL: Support.YES,
        Feature.SHORT: Support.NOT_YET,
        Feature.REPLACE: Support.YES,
        Feature.REDUCE_ONLY: Support.YES,
        Feature.CLIENT_IDS: Support.YES,
        Feature.EXECUTION_IDS: Support.YES,
        Feature.PAPER_ACCOUNT: Support.YES,
    },
    notes={
        Feature.FRACTIONAL.value: "With the option `lot` below 1.",
        Feature.HISTORY.value: _NO_BARS,
        Feature.LIVE_BARS.value: _NO_BARS,
        OrderType.MARKET_ON_CLOSE.value: "It does not know which bar is the last of a session.",
    },
)
