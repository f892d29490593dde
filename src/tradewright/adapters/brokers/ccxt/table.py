"""What an exchange over ccxt offers, what the order protocol leans on there, and its pace: values only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tradewright.adapters.wire.rate_limiter import Pace
from tradewright.adapters.wire.reading import Patience
from tradewright.domain.live.feed import FeedKind
from tradewright.domain.live.offer import TRAILING_NOT_YET, Feature, Offer, Support
from tradewright.domain.live.venue import Capabilities, DedupeClass
from tradewright.domain.order import OrderType, TimeInForce

__all__ = ["CAPABILITIES", "FEED", "MEASURED", "OFFER", "UNMEASURED", "CcxtTerms"]

YES, NOT_YET, NEVER = Support.YES, Support.NOT_YET, Support.NEVER

FEED = FeedKind("exchange")
"""The exchange's own klines; its volumes are those of this exchange, which is the market that is traded on."""

CAPABILITIES = Capabilities(
    dedupe=DedupeClass.OPEN_ONLY,
    lookup_by_cid=True,
    has_cids=True,
    has_execution_ids=True,
    reduce_only=False,
    accept_delay_s=60.0,
    index_lag_s=75.0,
    request_expiry_s=5.0,
    matching_timeout_s=10.0,
    heartbeat_s=20.0,
)
"""Of Binance: a request is dropped after 5 s, its engine gives up after 10 s, lists were seen 40 s old; W is 90 s."""

UNMEASURED = replace(CAPABILITIES, dedupe=DedupeClass.NONE, lookup_by_cid=False, request_expiry_s=None)
"""Of exchanges that nobody has measured: ids prove nothing, orders are found in lists, requests last; W is 135 s."""

MEASURED = ("binance",)
"""Exchanges whose column of capabilities was checked."""

OFFER = Offer(
    order_types={
        OrderType.MARKET: YES,
        OrderType.LIMIT: YES,
        OrderType.STOP: YES,
        OrderType.STOP_LIMIT: YES,
        OrderType.TRAILING_STOP: NOT_YET,
        OrderType.MARKET_ON_CLOSE: NEVER,
    },
    times_in_force={
        TimeInForce.GTC: YES,
        TimeInForce.IOC: YES,
        TimeInForce.FOK: YES,
        TimeInForce.DAY: NEVER,
        TimeInForce.GTD: NEVER,
    },
    features={
        Feature.FRACTIONAL: YES,
        Feature.SHORT: NEVER,
        Feature.EXTENDED_HOURS: NEVER,
        Feature.REPLACE: NEVER,
        Feature.BRACKET: NOT_YET,
        Feature.REDUCE_ONLY: NEVER,
        Feature.CLIENT_IDS: YES,
        Feature.EXECUTION_IDS: YES,
        Feature.HISTORY: YES,
        Feature.LIVE_BARS: YES,
        Feature.LIVE_QUOTES: YES,
        Feature.PAPER_ACCOUNT: YES,
    },
    feeds=(FEED.name,),
    notes={
        OrderType.TRAILING_STOP.value: TRAILING_NOT_YET,
        OrderType.MARKET_ON_CLOSE.value: "The market never closes.",
        TimeInForce.DAY.value: "The market never closes: use gtc and cancel.",
        TimeInForce.GTD.value: "Spot markets know no date of expiry: use gtc and cancel.",
        Feature.SHORT.value: "Spot only: what is sold must be held.",
        Feature.REPLACE.value: "cancelReplace counts no earlier fills and can half fail; the road cancels first.",
        Feature.BRACKET.value: "Order lists are not sent; brackets are kept by the road.",
        Feature.REDUCE_ONLY.value: "A sale cannot exceed what is held, so on spot it reduces by itself.",
        Feature.PAPER_ACCOUNT.value: "The exchange's own sandbox, where it has one.",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CcxtTerms:
    """How one opened exchange behaves; the defaults are for the real Binance.

    Parameters
    ----------
    capabilities : Capabilities
        `request_expiry_s` goes out with every request as its ``recvWindow``.
    pace : Pace
        Of requests of all kinds.
    patience : Patience
        Of questions.
    answer_s : float
        Deadline of one request that changes something; shorter than the road's.
    page : int
        Rows of one page.
    most_pages : int
        Of one list; a longer one counts as unanswered.
    """

    capabilities: Capabilities = CAPABILITIES
    pace: Pace = field(default_factory=lambda: Pace(per_s=5.0, burst=40, reserve=10))
    patience: Patience = field(default_factory=Patience)
    answer_s: float = 4.0
    page: int = 1000
    most_pages: int = 200
