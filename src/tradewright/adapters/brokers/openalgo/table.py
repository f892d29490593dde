"""What OpenAlgo offers, what the order protocol leans on there, and its pace: values only."""

from __future__ import annotations

from dataclasses import dataclass, field

from tradewright.adapters.wire.rate_limiter import Pace
from tradewright.adapters.wire.reading import Patience
from tradewright.domain.live.offer import TRAILING_NOT_YET, Feature, Offer, Support
from tradewright.domain.live.venue import BracketKind, Capabilities, DedupeClass, ReplaceKind
from tradewright.domain.order import OrderType, TimeInForce

__all__ = ["CAPABILITIES", "OFFER", "OpenAlgoTerms"]

YES, NOT_YET, NEVER = Support.YES, Support.NOT_YET, Support.NEVER

CAPABILITIES = Capabilities(
    dedupe=DedupeClass.NONE,
    lookup_by_cid=False,
    has_cids=False,
    has_execution_ids=False,
    replace=ReplaceKind.IN_PLACE,
    bracket=BracketKind.NONE,
    reduce_only=False,
    accept_delay_s=30.0,
    index_lag_s=30.0,
    heartbeat_s=15.0,
)
"""Nothing bounds how late a broker behind it may take an order; the windows are ours and generous."""

OFFER = Offer(
    order_types={
        OrderType.MARKET: YES,
        OrderType.LIMIT: YES,
        OrderType.STOP: YES,
        OrderType.STOP_LIMIT: YES,
        OrderType.TRAILING_STOP: NOT_YET,
    },
    times_in_force={TimeInForce.DAY: YES},
    features={
        Feature.SHORT: YES,
        Feature.REPLACE: YES,
        Feature.BRACKET: NOT_YET,
        Feature.HISTORY: YES,
        Feature.LIVE_BARS: NOT_YET,
        Feature.LIVE_QUOTES: NOT_YET,
        Feature.PAPER_ACCOUNT: NOT_YET,
    },
    notes={
        OrderType.TRAILING_STOP.value: TRAILING_NOT_YET,
        TimeInForce.GTC.value: "Orders live for the day; the broker squares off MIS positions before its close.",
        Feature.SHORT.value: "With the products MIS and NRML.",
        Feature.CLIENT_IDS.value: "The server keeps no id of ours: orders are recognised by what they are and when.",
        Feature.EXECUTION_IDS.value: "The trade book has no ids: fills are what the filled quantity rises by.",
        Feature.LIVE_BARS.value: "The server sends last prices, from which bars are not built yet.",
        Feature.PAPER_ACCOUNT.value: "Its analyser is a switch of the server that anybody may turn while an order is "
        "on its way; mode paper reaches the sandbox of Tradewright only.",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlgoTerms:
    """How one opened OpenAlgo behaves; the defaults are for the real one.

    Parameters
    ----------
    capabilities : Capabilities
    pace : Pace
        Ten requests a second, as the server counts them.
    patience : Patience
        Of questions.
    answer_s : float
        Deadline of one request that changes something; shorter than the road's.
    poll_s : float
        Between two looks at the order book.
    """

    capabilities: Capabilities = CAPABILITIES
    pace: Pace = field(default_factory=lambda: Pace(per_s=8.0, burst=10, reserve=3))
    patience: Patience = field(default_factory=Patience)
    answer_s: float = 4.0
    poll_s: float = 1.0
