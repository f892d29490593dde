"""From one input of a session and what was answered to it to the events that tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.decimal_words import decimal_text
from tradewright.domain.live.session import (
    CancelAsked,
    Command,
    Ended,
    Happened,
    Logged,
    Placed,
    Replaced,
    Standing,
    StrategyFailed,
    Tripped,
)

from .words import sentence_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tradewright.domain.live.session import Input, Output

__all__ = ["OF_ALL", "Fact", "facts_of"]

OF_ALL = frozenset({"began", "state", "order", "fill", "halt", "feed", "strategy_failed", "measure"})
"""Kinds that are told to who follows all sessions, too."""

_OUTCOMES = {"cancelled", "expired", "rejected", "replaced"}
_STANDINGS = {"submitted": "acknowledged", "unknown": "unknown"}
_UNKNOWN = "The venue has not said what became of order {}: it is asked about, and never sent again."


class Fact(NamedTuple):
    """An event that is to be told.

    Parameters
    ----------
    kind : str
    at_ns : int
        When it happened, by the session.
    body : dict
        Plain values.
    """

    kind: str
    at_ns: int
    body: dict[str, Any]


def facts_of(given: Input, outputs: Sequence[Output], *, sends: bool) -> Iterator[Fact]:
    """What an input and its outputs tell, in the order in which it happened.

    Parameters
    ----------
    given : Input
    outputs : sequence of Output
    sends : bool
        Whether orders leave for a venue: then one that was decided has been sent.
    """
    at_ns = given.at_ns
    if isinstance(given, Standing | Ended):
        yield Fact("order", at_ns, _from_venue(given))
    elif isinstance(given, Command):
        body = {"what": given.what, "who": given.who, "reason": given.reason, "strategy": given.strategy}
        yield Fact("command", at_ns, body)
    for output in outputs:
        yield from (Fact(kind, at_ns, body) for kind, body in _said(output, given, sends=sends))


def _from_venue(given: Standing | Ended) -> dict[str, Any]:
    if isinstance(given, Ended):
        leg = f" ({given.leg})" if given.leg else ""
        sentence = f"Order {given.order_id}{leg}: {given.status}. {given.reason}".rstrip()
        return {"order_id": given.order_id, "leg": given.leg, "state": given.status, "sentence": sentence}
    state = _STANDINGS.get(given.status, given.status)
    sentence = _UNKNOWN.format(given.order_id) if state == "unknown" else f"Order {given.order_id}: {state}."
    return {"order_id": given.order_id, "leg": "", "state": state, "sentence": sentence}


def _said(output: Output, given: Input, *, sends: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(output, Placed | Replaced | CancelAsked):
        yield "decision", _decision(output)
        if not isinstance(output, CancelAsked):
            yield "order", _placed(output, sends=sends)
    elif isinstance(output, Happened):
        yield from _happened(output, given)
    elif isinstance(output, Tripped):
        body = {"what": output.limit, "is_on": True, "equity": decimal_text(output.equity)}
        yield "halt", {**body, "sentence": sentence_of(output)}
    elif isinstance(output, StrategyFailed):
        yield "strategy_failed", {"strategy": output.strategy, "sentence": output.sentence}
    elif isinstance(output, Logged):
        yield "log", {"strategy": output.strategy, "sentence": output.message}


def _decision(output: Placed | Replaced | CancelAsked) -> dict[str, Any]:
    placed = output.order if isinstance(output, Replaced) else output
    symbol = placed.symbol if isinstance(placed, Placed) else None
    what = type(output).__name__
    return {"what": what, "order_id": placed.order_id, "strategy": placed.strategy, "symbol": symbol,
            "sentence": sentence_of(output)}  # fmt: skip


def _placed(output: Placed | Replaced, *, sends: bool) -> dict[str, Any]:
    order = output.order if isinstance(output, Replaced) else output
    return {
        "order_id": order.order_id, "leg": "", "state": "sent" if sends else "decided", "symbol": order.symbol,
        "side": "buy" if order.side > 0 else "sell", "quantity": decimal_text(order.quantity),
        "type": order.order_type, "strategy": order.strategy, "sentence": sentence_of(output),
    }  # fmt: skip


def _happened(output: Happened, given: Input) -> Iterator[tuple[str, dict[str, Any]]]:
    words = {"order_id": output.order_id, "strategy": output.strategy, "symbol": output.symbol,
             "sentence": sentence_of(output)}  # fmt: skip
    if output.event == "fill":
        numbers = {name: decimal_text(getattr(output, name)) for name in ("quantity", "price", "fee")}
        yield "fill", {**words, **numbers}
    elif output.event in _OUTCOMES and not isinstance(given, Ended):
        # What the venue ended was told with the venue's own words.
        yield "order", {**words, "leg": "", "state": output.event}
