"""Paper and live sessions, what they hold, and the accounts they trade."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from .base import Instant, Paging, Request, Schema

__all__ = [
    "AccountControl",
    "Asked",
    "Decision",
    "HeldPosition",
    "KillRequest",
    "ListedSession",
    "OrderFilter",
    "PositionFilter",
    "SessionDetail",
    "SessionFilter",
    "SessionStop",
    "WorkingOrder",
]

SessionState = Literal["running", "silent", "ended"]


class ListedSession(Schema):
    """A session as a list shows it."""

    id: str
    mode: str = Field(examples=["paper"])
    state: SessionState = Field(description="silent: it has not said how it stands for a while.")
    fills: str = Field(description="simulated or venue.")
    broker: str
    account: str
    strategies: list[str]
    symbols: list[str]
    timeframe: str
    currency: str
    is_dry: bool
    equity: str | None
    cash: str | None
    rows: int | None = Field(description="Rows of bars it has worked.")
    feed_connected: bool | None
    feed_age_s: float | None = Field(description="Seconds between the close of its last row and its last measure.")
    measured_at: Instant | None = Field(description="When it last said how it stands.")
    age_s: float | None = Field(description="Seconds since then.")


class SessionDetail(ListedSession):
    """The whole of a session but its decisions."""

    about: dict[str, Any] = Field(description="What it was started with.")
    standing: dict[str, Any] | None = Field(description="How it stood when it last said so.")
    latency_ms: dict[str, float | None]
    why_ended: str
    job_id: str | None = Field(default=None, description="The job that runs or ran it; null of one at a terminal.")
    seq: int = Field(default=0, description="Number of the last event of sessions/{id} that the answer contains.")


class SessionFilter(Paging):
    """Which sessions."""

    mode: Literal["paper", "live"] | None = None
    state: SessionState | None = None
    strategy_id: str | None = Field(default=None, max_length=200, description="With a strategy of that name.")


class PositionFilter(Paging):
    """Which positions."""

    mode: Literal["paper", "live"] | None = None
    strategy_id: str | None = Field(default=None, max_length=200)
    symbol: str | None = Field(default=None, max_length=64)
    session: str | None = Field(default=None, max_length=128)


OrderState = Literal[
    "open", "all", "decided", "sent", "working", "unknown", "filled", "cancelled", "rejected", "expired"
]


class OrderFilter(Paging):
    """Which orders."""

    status: OrderState = Field(
        default="open",
        description="open: what may fill at this moment, by the accounts' journals. Others are of all sessions that "
        "ever were, by their records.",
    )
    mode: Literal["paper", "live"] | None = None
    strategy_id: str | None = Field(default=None, max_length=200)
    symbol: str | None = Field(default=None, max_length=64)
    session: str | None = Field(default=None, max_length=128)
    from_date: str | None = Field(default=None, max_length=40, description="Decided at that instant or later.")
    to_date: str | None = Field(default=None, max_length=40, description="Decided before.")
    cursor: str | None = Field(default=None, max_length=400, description="Of the answer before; page does not count.")


class Decision(Schema):
    """One thing that a session's engine decided or was told."""

    number: int = Field(description="Of the input that it answers.")
    at: Instant
    kind: str = Field(examples=["placed"])
    strategy: int | None
    symbol: str | None
    sentence: str
    values: dict[str, Any]


class SessionStop(Request):
    """Why a session is to end."""

    reason: str = Field(min_length=1, max_length=500, examples=["End of the day"])


class Asked(Schema):
    """Something was asked of a session or an account."""

    id: str
    sentence: str


class HeldPosition(Schema):
    """A position of a session, as it last said."""

    id: str = Field(description="By which it is closed; the same for all that holds one symbol in one account.")
    session: str
    mode: str
    account: str
    strategy: str
    symbol: str
    quantity: str
    average_price: str | None
    mark: str | None
    value: str | None
    unrealized: str | None
    realized: str | None
    currency: str
    quoted_at: Instant | None = Field(description="When the quote was made whose middle the mark is; null for a close.")
    measured_at: Instant | None
    age_s: float | None


class WorkingOrder(Schema):
    """An order."""

    session: str
    mode: str
    account: str
    strategy: str
    id: str = Field(description="By which it is cancelled while it is open; else session:number.")
    symbol: str
    side: str
    type: str
    quantity: str
    filled: str
    limit: str | None
    stop: str | None
    status: str = Field(
        description="decided, sent, working or unknown; filled, cancelled, rejected or expired.", examples=["working"]
    )
    cancelling: bool = Field(description="Its end was asked for.")
    protects: bool = Field(description="It protects a position.")
    measured_at: Instant | None
    age_s: float | None
    placed_at: Instant | None = Field(default=None, description="When it was decided.")
    ended_at: Instant | None = None
    average_price: str | None = Field(default=None, description="Of its fills.")
    fees: str | None = None
    reason: str = Field(default="", description="Why it ended without filling.")
    tag: str | None = None


class AccountControl(Schema):
    """How the kill switch of an account stands."""

    account: str = Field(examples=["paper/DU123"])
    mode: str
    latched: bool = Field(description="Nothing new is sent.")
    acknowledged: bool = Field(description="The process that trades it has heard.")
    worked: bool = Field(description="What it was told to end has ended.")
    halted: bool = Field(description="Its drawdown limit halts it.")
    paused: bool = Field(description="The loss of the day pauses it.")
    reason: str
    who: str
    flatten: bool
    process: int | None
    problem: str | None


class KillRequest(Request):
    """Stop trading: nothing new is sent from the moment at which this is answered."""

    reason: str = Field(min_length=1, max_length=500)
    account: str | None = Field(
        default=None, max_length=200, description="One account, as mode/name; all of them by default."
    )
