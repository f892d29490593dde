"""What Interactive Brokers offers, what the order protocol leans on there, its codes and its pace: values only."""

from __future__ import annotations

from dataclasses import dataclass, field

from tradewright.adapters.wire.rate_limiter import Pace
from tradewright.domain.live.feed import FeedKind
from tradewright.domain.live.offer import TRAILING_NOT_YET, Feature, Offer, Support
from tradewright.domain.live.venue import AnswerKind, BracketKind, Capabilities, DedupeClass, ReplaceKind
from tradewright.domain.order import OrderType, TimeInForce

__all__ = ["CANCEL_CODES", "CAPABILITIES", "FEED", "LIVE_PORTS", "OFFER", "ORDER_CODES", "PAPER_PORTS", "IbTerms"]

YES, NOT_YET, NEVER = Support.YES, Support.NOT_YET, Support.NEVER

FEED = FeedKind("trades")
"""Trades of the account's market-data subscriptions."""

PAPER_PORTS, LIVE_PORTS = (7497, 4002), (7496, 4001)
"""Of TWS and of the gateway, as they are installed."""

PAPER_ACCOUNTS = ("DU", "DF")
"""How the names of paper accounts begin."""

CAPABILITIES = Capabilities(
    dedupe=DedupeClass.NONE,
    lookup_by_cid=True,
    has_cids=True,
    has_execution_ids=True,
    replace=ReplaceKind.IN_PLACE,
    bracket=BracketKind.NONE,
    reduce_only=False,
    accept_delay_s=15.0,
    index_lag_s=15.0,
    heartbeat_s=15.0,
)
"""A number is refused as used only while the gateway remembers it; the windows are ours, counted from the last End."""

OFFER = Offer(
    order_types={
        OrderType.MARKET: YES,
        OrderType.LIMIT: YES,
        OrderType.STOP: YES,
        OrderType.STOP_LIMIT: YES,
        OrderType.MARKET_ON_CLOSE: NOT_YET,
        OrderType.TRAILING_STOP: NOT_YET,
    },
    times_in_force={
        TimeInForce.GTC: YES,
        TimeInForce.DAY: YES,
        TimeInForce.IOC: YES,
        TimeInForce.GTD: YES,
        TimeInForce.FOK: NOT_YET,
    },
    features={
        Feature.FRACTIONAL: NEVER,
        Feature.SHORT: YES,
        Feature.EXTENDED_HOURS: NOT_YET,
        Feature.REPLACE: YES,
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
        OrderType.MARKET_ON_CLOSE.value: "Use a market order in the last bar.",
        TimeInForce.FOK.value: "Use ioc.",
        Feature.FRACTIONAL.value: "Its interface for programs takes whole shares.",
        Feature.REPLACE.value: "Prices and quantity, in place, of orders that this connection has reported open.",
        Feature.BRACKET.value: "Brackets are kept by the road.",
    },
)

ORDER_CODES = {
    103: AnswerKind.DUPLICATE_ID,
    104: AnswerKind.TOO_LATE,
    **dict.fromkeys(
        (105, 107, 109, 110, 111, 113, 117, 133, 134, 163, 200, 201, 203, 320, 321, 325, 329, 355, 382, 383, 387, 388,
         391, 392, 412, 434, 435, 436, 478, 10052, 10243, 10268, 10269, 10289, 10318),
        AnswerKind.REFUSED,
    ),
}  # fmt: skip
"""What an error under the number of an order proves of its submit or change; what is not here proves nothing."""

CANCEL_CODES = {
    202: AnswerKind.ACCEPTED,
    104: AnswerKind.TOO_LATE,
    136: AnswerKind.TOO_LATE,
    161: AnswerKind.TOO_LATE,
    10148: AnswerKind.TOO_LATE,
    135: AnswerKind.UNKNOWN_ORDER,
    10147: AnswerKind.UNKNOWN_ORDER,
}
"""What an error under the number of an order proves of its cancel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IbTerms:
    """How one opened connection behaves; the defaults are for the real TWS.

    Parameters
    ----------
    capabilities : Capabilities
    pace, history_pace : Pace
        Of all messages, and of requests for history: 50 a second, and 60 in ten minutes.
    answer_s : float
        Deadline of one request that changes something; shorter than the road's.
    question_s : float
        Deadline of a question.
    attempts : int
        How often a page of history is asked for.
    currency : str
        Of shares whose symbol names none.
    """

    capabilities: Capabilities = CAPABILITIES
    pace: Pace = field(default_factory=lambda: Pace(per_s=20.0, burst=25.0, reserve=10.0))
    history_pace: Pace = field(default_factory=lambda: Pace(per_s=0.05, burst=30.0))
    answer_s: float = 4.0
    question_s: float = 10.0
    attempts: int = 3
    currency: str = "USD"
