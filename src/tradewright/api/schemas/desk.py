"""Acts on sessions, accounts, orders and positions: what each would do, and what came of it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from tradewright.app.desk.preview import Action

from .base import Instant, Request, Schema
from .problem import Problem

__all__ = [
    "AccountLimits",
    "ActResult",
    "Counts",
    "FlattenRequest",
    "LimitsRequest",
    "MovedProblem",
    "OrderCancel",
    "OrderResult",
    "PositionClose",
    "Preview",
    "PreviewRequest",
    "RearmRequest",
    "SessionRequest",
    "TransitionRequest",
]

LimitsName = Literal["cautious", "standard", "bold"]


class SessionRequest(Request):
    """A session that is to begin. A field that is null is as the command line has it."""

    mode: Literal["paper", "live"]
    strategy: str = Field(
        max_length=500, description="A name of the catalogue, or a file of the project: path/file.py[:Class].",
        examples=["sma_cross"],
    )  # fmt: skip
    symbols: list[str] = Field(
        min_length=1, max_length=5000, examples=[["AAPL"]], description="As the broker has them."
    )
    timeframe: str | None = Field(default=None, max_length=20, examples=["1m"])
    broker: str | None = Field(
        default=None, max_length=64, examples=["alpaca"],
        description="Whose bars and account; null where the account says it, or the settings have one broker alone.",
    )  # fmt: skip
    account: str | None = Field(default=None, max_length=200, description="The account, or its broker.")
    feed: str | None = Field(
        default=None, max_length=64, description="The broker whose bars are taken while the first has none."
    )
    fills: Literal["simulated", "venue"] | None = Field(
        default=None, description="Who fills on paper: the simulated exchange, or the venue's paper account."
    )
    params: dict[str, Any] | None = Field(default=None, examples=[{"fast": 10}])
    limits: LimitsName | None = Field(default=None, description="Of the account; needed where the venue fills.")
    cash: str | None = Field(default=None, max_length=40, examples=["100000"])
    costs: Literal["none", "default"] | dict[str, str | float | None] | None = None
    shorts: bool | None = None
    fractional: bool | None = None
    extended_hours: bool | None = None
    warmup: int | None = Field(default=None, ge=1, le=1_000_000)
    deadline: float | None = Field(default=None, gt=0, le=3600)
    seed: int | None = Field(default=None, ge=0, lt=1 << 63)
    dry_run: bool = Field(default=False, description="Decide and gate, and send nothing.")
    restarts: int | None = Field(
        default=None, ge=0, le=1000, description="How often it is begun again where its process died."
    )
    name: str | None = Field(
        default=None, max_length=128, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        description="To keep it under; one that has a record goes on where it ended.",
    )  # fmt: skip
    typed: str | None = Field(default=None, max_length=200, description="Live: what the preview wants typed.")
    digest: str | None = Field(default=None, max_length=64, description="Live: of the preview.")


class PreviewRequest(Request):
    """What somebody is about to do."""

    action: Action
    account: str | None = Field(default=None, max_length=200, examples=["live/U-7431"])
    session_id: str | None = Field(default=None, max_length=128)
    order_id: str | None = Field(default=None, max_length=200)
    position_id: str | None = Field(default=None, max_length=64)
    to: Literal["paper", "live"] | None = Field(default=None, description="Of a mode transition.")
    limits: LimitsName | None = Field(default=None, description="Of re-arming, a transition, raising limits.")
    start: SessionRequest | None = Field(default=None, description="Of start_live: the session.")


class Counts(Schema):
    """How much an act touches."""

    positions: int
    orders: int


class Preview(Schema):
    """What an act would do at this moment. Its digest goes with the act, which is refused where this has moved."""

    action: Action
    account: str = Field(description="mode/name; session/name where fills are simulated.", examples=["live/U-7431"])
    mode: str
    at: Instant
    sentence: str
    will: list[str]
    will_not: list[str]
    counts: Counts
    notional: str | None = Field(description="Gross value of the positions at the last prices; null where unknown.")
    typed: str = Field(description="What a person types to confirm it.")
    button: str = Field(examples=["Close 4 positions in U-7431"])
    digest: str
    blocked: str | None = Field(description="Why it cannot be done now; null where it can.")


class MovedProblem(Problem):
    """It stands otherwise than it was shown: here is the preview as it is now."""

    preview: Preview | None = Field(default=None, description="Of the problem 'moved'.")


class _Confirmed(Request):
    typed: str = Field(max_length=200, description="What the preview wants typed.")
    digest: str = Field(max_length=64, description="Of the preview.")


class _Reasoned(_Confirmed):
    reason: str = Field(min_length=1, max_length=500, examples=["End of the day"])


class FlattenRequest(_Reasoned):
    """Close all that is ours, and send nothing new."""

    account: str | None = Field(default=None, max_length=200, description="As mode/name.")
    session_id: str | None = Field(default=None, max_length=128, description="Of a session on simulated fills.")


class RearmRequest(_Reasoned):
    """Take the latch away."""

    account: str | None = Field(default=None, max_length=200, description="As mode/name.")
    session_id: str | None = Field(default=None, max_length=128, description="Of a session on simulated fills.")
    limits: LimitsName | None = Field(default=None, description="From now on; null for those it had.")


class PositionClose(_Reasoned):
    """Close one position."""


class OrderCancel(Request):
    """End one order. One that protects nothing takes no typing; the digest is looked at where it is said."""

    reason: str = Field(default="asked for in the control room", min_length=1, max_length=500)
    typed: str | None = Field(default=None, max_length=200)
    digest: str | None = Field(default=None, max_length=64)


class LimitsRequest(Request):
    """The loosest limits with which an account is traded: tightening takes a reason, raising an admin, too."""

    account: str = Field(max_length=200, description="As mode/name.")
    limits: LimitsName
    reason: str = Field(min_length=1, max_length=500)
    typed: str | None = Field(default=None, max_length=200, description="Raising: what the preview wants typed.")
    digest: str | None = Field(default=None, max_length=64, description="Raising: of the preview.")


class AccountLimits(Schema):
    """What an account may risk."""

    account: str = Field(examples=["live/U-7431"])
    mode: str
    in_force: str | None = Field(description="The limits that a session named last; null where none did.")
    most: str | None = Field(description="The loosest that may be named; null where nobody said.")
    who: str
    reason: str
    at: Instant | None


class TransitionRequest(_Confirmed):
    """Stop a session, and begin the same one in another mode."""

    session_id: str = Field(max_length=128)
    to: Literal["paper", "live"]
    limits: LimitsName | None = Field(default=None, description="Null for those of the session.")
    reason: str = Field(default="mode transition", min_length=1, max_length=500)


class OrderResult(Schema):
    """What became of one order."""

    order_id: str
    symbol: str
    state: str = Field(
        description="decided, sent, working, unknown, filled, cancelled, expired, rejected or replaced.",
        examples=["filled"],
    )
    sentence: str


class ActResult(Schema):
    """What is known now of an act that was carried out."""

    action: Action
    account: str
    done: bool = Field(description="Everything has come to its end; else it goes on, and events tell.")
    sentence: str
    results: list[OrderResult]
    left: list[str] = Field(description="What should be gone and is not.")
    notes: list[str]
    seq: int = Field(description="Number of the last event of controls that the answer contains.")
