"""What is measured of the running house: every metric by name, with its kind, its labels and what it means.

Prometheus reads them at ``GET /metrics``. A unit stands at the end of a name; shares are fractions; what is counted
ends in ``_total``. A label has few values: kinds, states, modes and sessions, never an id of an order or a request.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["ACCOUNT_GAUGES", "FEED_GAUGES", "Gauge", "GaugeKind", "all_gauges"]


class GaugeKind(StrEnum):
    """How a metric moves."""

    COUNTER = "counter"
    """Only up, from the start of its process."""
    GAUGE = "gauge"
    """Up and down: how it stands now."""
    HISTOGRAM = "histogram"
    """Many values, counted in buckets."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """One metric.

    Parameters
    ----------
    name : str
        Without the prefix ``tradewright_``.
    kind : GaugeKind
    meaning : str
        One sentence.
    labels : tuple of str
        Each must be given with every value.
    buckets : tuple of float
        Upper bounds of a histogram's buckets, ascending.
    """

    name: str
    kind: GaugeKind
    meaning: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_LONG_SECONDS = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0)
_OF_SESSION = ("session", "mode")


def _gauge(name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(name, GaugeKind.GAUGE, meaning, labels)


def _counter(name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(name, GaugeKind.COUNTER, meaning, labels)


API_SECONDS = Gauge(
    "api_request_seconds", GaugeKind.HISTOGRAM, "How long requests took.", ("method", "route"), _SECONDS
)
API_REQUESTS = _counter("api_requests_total", "Requests by the class of their status: 2xx, 4xx, 5xx.", "method",
                        "route", "status")  # fmt: skip
API_ERRORS = _counter("api_errors_total", "Requests that failed here: status 500 and above.", "route")
API_READERS = _gauge("api_stream_readers", "WebSocket connections that are open.")

JOBS = _gauge("jobs", "Jobs by kind and state.", "kind", "state")
JOB_SECONDS = Gauge(
    "job_seconds", GaugeKind.HISTOGRAM, "How long jobs ran, by how they ended.", ("kind", "state"), _LONG_SECONDS
)
JOBS_ENDED = _counter("jobs_ended_total", "Jobs that ended.", "kind", "state")
WORKERS_BUSY = _gauge("workers_busy", "Workers that work on a job and gave a sign of life lately.")

PNL = _gauge("session_pnl", "Equity less what the session began with, in its currency.", *_OF_SESSION)
EQUITY = _gauge("session_equity", "What the session's account is worth, in its currency.", *_OF_SESSION)
DRAWDOWN = _gauge("session_drawdown", "How far equity lies below its peak since it is watched, a fraction.",
                  *_OF_SESSION)  # fmt: skip
MAX_DRAWDOWN = _gauge("session_max_drawdown", "The largest such distance, a fraction.", *_OF_SESSION)
SHARPE = _gauge("session_sharpe", "Of the session's daily returns, annualised; after two days.", *_OF_SESSION)
SORTINO = _gauge("session_sortino", "The same over what fell below zero alone.", *_OF_SESSION)
WIN_RATE = _gauge("session_win_rate", "Trades closed with a gain among all that were closed, a fraction.", *_OF_SESSION)
TURNOVER = _gauge("session_turnover", "Value traded over the equity that it began with.", *_OF_SESSION)
FILL_RATE = _gauge("session_fill_rate", "Orders filled among those that ended, a fraction.", *_OF_SESSION)
ORDER_LATENCY = _gauge("session_order_latency_seconds", "From a row's arrival to its decisions carried out.",
                       *_OF_SESSION, "quantile")  # fmt: skip
OPEN_ORDERS = _gauge("session_open_orders", "Orders that work.", *_OF_SESSION)
UNKNOWN_ORDERS = _gauge("session_unknown_orders", "Orders of which the venue has not yet said what became.",
                        *_OF_SESSION)  # fmt: skip
LATCHED = _gauge("session_latched", "1 while the kill switch is set.", *_OF_SESSION)
PAUSED = _gauge("session_paused", "1 while the loss of the day pauses entries.", *_OF_SESSION)
HALTED = _gauge("session_halted", "1 while drawdown has halted the account.", *_OF_SESSION)
MEASURED_AGE = _gauge("session_measured_age_seconds", "Since the session was last measured.", *_OF_SESSION)

FEED_CONNECTED = _gauge("feed_connected", "1 while a stream is open and not mute.", *_OF_SESSION)
FEED_AGE = _gauge("feed_age_seconds", "Since the close of the last row.", *_OF_SESSION)
FEED_BEHIND = _gauge("feed_behind", "1 while a row is overdue.", *_OF_SESSION)
FEED_RECONNECTS = _gauge("feed_reconnects", "Streams opened after the first.", *_OF_SESSION)
FEED_AVAILABILITY = _gauge("feed_availability", "Share of market hours in which the feed could be acted on.",
                           *_OF_SESSION)  # fmt: skip

ALERTS_OPEN = _gauge("alerts_open", "Alerts that are not resolved, by severity.", "severity")
DELIVERIES = _counter("alert_deliveries_total", "Messages to channels, by what became of them.", "channel", "outcome")
DISK_FREE = _gauge("disk_free_bytes", "Free on the disk of the stores.")
LOG_LINES = _counter("log_lines_total", "Lines logged, by level: the errors among them are the error rate.", "level")

ACCOUNT_GAUGES = (PNL, EQUITY, DRAWDOWN, MAX_DRAWDOWN, SHARPE, SORTINO, WIN_RATE, TURNOVER, FILL_RATE, ORDER_LATENCY,
                  OPEN_ORDERS, UNKNOWN_ORDERS, LATCHED, PAUSED, HALTED, MEASURED_AGE)  # fmt: skip
"""What is read from how a session stands."""

FEED_GAUGES = (FEED_CONNECTED, FEED_AGE, FEED_BEHIND, FEED_RECONNECTS, FEED_AVAILABILITY)
"""What is read from how its feed stands."""


def all_gauges() -> tuple[Gauge, ...]:
    """Every metric, in order of name."""
    found = [each for each in globals().values() if isinstance(each, Gauge)]
    return tuple(sorted(found, key=lambda each: each.name))
