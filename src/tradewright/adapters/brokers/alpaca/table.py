"""What Alpaca offers, what the order protocol leans on there, and its pace: values only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tradewright.adapters.brokers.windows import WINDOWS, seconds_of
from tradewright.adapters.wire.rate_limiter import Pace
from tradewright.adapters.wire.reading import Patience
from tradewright.domain.live.feed import FeedKind
from tradewright.domain.live.offer import TRAILING_NOT_YET, Feature, Offer, Support
from tradewright.domain.live.venue import BracketKind, Capabilities, DedupeClass, ReplaceKind
from tradewright.domain.order import OrderType, TimeInForce

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CAPABILITIES", "FEEDS", "OFFER", "AlpacaTerms", "terms_with"]

YES, NOT_YET, NEVER = Support.YES, Support.NOT_YET, Support.NEVER

FEEDS = {
    "iex": FeedKind("iex", is_whole_market=False),
    "sip": FeedKind("sip"),
    "delayed_sip": FeedKind("delayed_sip", delay_s=900.0),
}
"""Feeds of bars, the default first: one exchange for everybody, the whole market by subscription or late."""

CAPABILITIES = Capabilities(
    dedupe=DedupeClass.FOR_EVER,
    lookup_by_cid=True,
    has_cids=True,
    has_execution_ids=True,
    replace=ReplaceKind.NATIVE_GROSS,
    bracket=BracketKind.FULL_FILL_ONLY,
    reduce_only=False,
    accept_delay_s=30.0,
    index_lag_s=30.0,
    heartbeat_s=15.0,
)
"""As the documentation and reported incidents have it; the windows are ours and generous."""

OFFER = Offer(
    order_types={
        OrderType.MARKET: YES,
        OrderType.LIMIT: YES,
        OrderType.STOP: YES,
        OrderType.STOP_LIMIT: YES,
        OrderType.MARKET_ON_CLOSE: YES,
        OrderType.TRAILING_STOP: NOT_YET,
    },
    times_in_force={
        TimeInForce.GTC: YES,
        TimeInForce.DAY: YES,
        TimeInForce.IOC: YES,
        TimeInForce.FOK: YES,
        TimeInForce.GTD: NEVER,
    },
    features={
        Feature.FRACTIONAL: YES,
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
    feeds=tuple(FEEDS),
    notes={
        OrderType.TRAILING_STOP.value: TRAILING_NOT_YET,
        OrderType.MARKET_ON_CLOSE.value: "Sent for the closing auction; its time in force must be day.",
        TimeInForce.GTD.value: "Alpaca knows no date of expiry: use gtc and cancel, or day.",
        Feature.FRACTIONAL.value: "Alpaca takes fractions of a share in day orders only.",
        Feature.REPLACE.value: "The venue counts the new quantity on top of what was filled; the road cancels first.",
        Feature.BRACKET.value: "The venue's legs protect full fills only; brackets are kept by the road.",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlpacaTerms:
    """How one opened Alpaca behaves; the defaults are for the real one.

    Parameters
    ----------
    capabilities : Capabilities
    pace, data_pace : Pace
        Of the trading and of the market-data interface: 200 requests in any minute.
    patience : Patience
        Of questions.
    answer_s : float
        Deadline of one request that changes something; shorter than the road's.
    connect_s : float
        Deadline for opening a stream.
    orders_page, fills_page, bars_page : int
        Rows of one page.
    """

    capabilities: Capabilities = CAPABILITIES
    pace: Pace = field(default_factory=lambda: Pace(per_s=2.5, burst=50, reserve=15))
    data_pace: Pace = field(default_factory=lambda: Pace(per_s=2.5, burst=50))
    patience: Patience = field(default_factory=Patience)
    answer_s: float = 4.0
    connect_s: float = 10.0
    orders_page: int = 500
    fills_page: int = 100
    bars_page: int = 10_000


def terms_with(terms: AlpacaTerms, options: Mapping[str, str]) -> AlpacaTerms:
    """The terms with the windows that the settings name under ``options``: ``accept_delay_s``, ``index_lag_s``, ….

    Raises
    ------
    ConfigError
        When a window is no positive number.
    """
    said: dict[str, Any] = {name: seconds_of(name, options[name]) for name in WINDOWS if name in options}
    return replace(terms, capabilities=replace(terms.capabilities, **said)) if said else terms
