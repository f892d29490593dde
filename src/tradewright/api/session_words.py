"""Sessions as documents: how they stand, what they hold, what they decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tradewright.app.desk.picture import position_id
from tradewright.app.session_events.words import sentence_of
from tradewright.bootstrap.session_restarts import account_folder_of
from tradewright.domain.moments import utc
from tradewright.domain.quote import Quote
from tradewright.reporting.exports import plain

from .schemas.base import instant
from .schemas.sessions import Decision, HeldPosition, ListedSession, SessionDetail, WorkingOrder
from .words import decimal_text, finite

if TYPE_CHECKING:
    from decimal import Decimal

    from tradewright.app.desk.picture import Picture
    from tradewright.domain.control.trading import HeldFact, SessionFact
    from tradewright.domain.live.session import Input, Output

    Entry = tuple[int, Input, tuple[Output, ...]]

__all__ = ["decisions_of", "detailed_session", "held_position", "listed_session", "open_orders"]

SILENT_AFTER_S = 15.0
"""A session says how it stands every second."""


def listed_session(name: str, about: Mapping[str, Any], now_ns: int) -> ListedSession:
    """A session as a list shows it."""
    return ListedSession(**_listed(name, about, now_ns))


def detailed_session(name: str, about: Mapping[str, Any], now_ns: int) -> SessionDetail:
    """The whole of a session but its decisions."""
    standing = about.get("standing") or {}
    known = {key: value for key, value in about.items() if key not in {"standing", "recipes"}}
    return SessionDetail(
        **_listed(name, about, now_ns),
        about=plain(known),
        standing=plain(standing) or None,
        latency_ms={key: finite(value) for key, value in (standing.get("latency_ms") or {}).items()},
        why_ended=str(standing.get("why_ended") or ""),
    )


def _listed(name: str, about: Mapping[str, Any], now_ns: int) -> dict[str, Any]:
    standing = about.get("standing") or {}
    feed = standing.get("feed") or {}
    words = ("mode", "fills", "broker", "account", "timeframe")
    return {
        "id": name,
        "state": _state(standing, now_ns),
        "strategies": [str(each["name"]) for each in about.get("strategies", ())],
        "symbols": [str(each["symbol"]) for each in about.get("instruments", ())],
        "currency": _currency(about),
        "is_dry": bool(about.get("is_dry", False)),
        "equity": decimal_text(standing.get("equity")),
        "cash": decimal_text(standing.get("cash")),
        "rows": standing.get("rows"),
        "feed_connected": feed.get("is_connected"),
        "feed_age_s": finite(feed.get("last_bar_age_s")),
        **_measured(standing, now_ns),
        **{word: str(about.get(word) or "") for word in words},
    }


def _state(standing: Mapping[str, Any], now_ns: int) -> str:
    if standing.get("why_ended"):
        return "ended"
    seen = [standing[name] for name in ("measured_ns", "pulse_ns") if standing.get(name) is not None]
    return "running" if seen and (now_ns - max(seen)) / 1e9 <= SILENT_AFTER_S else "silent"


def _measured(standing: Mapping[str, Any], now_ns: int) -> dict[str, Any]:
    seen = [standing[name] for name in ("measured_ns", "pulse_ns") if standing.get(name) is not None]
    at_ns = max(seen, default=None)
    if at_ns is None:
        return {"measured_at": None, "age_s": None}
    return {"measured_at": utc(at_ns), "age_s": max(0.0, (now_ns - at_ns) / 1e9)}


def _currency(about: Mapping[str, Any]) -> str:
    policies = about.get("policies") or {}
    return str(policies.get("currency") or about.get("currency") or "")


def held_position(held: HeldFact, session: SessionFact, now_ns: int) -> HeldPosition:
    """What a session holds of a symbol."""
    quantity, average = held.quantity, held.average_price
    mark, quoted_ns = _marked(held, session.standing or {})
    gain = quantity * (mark - average) if mark is not None and average is not None else None
    return HeldPosition(
        id=position_id(_holder(session.id, session.about), held.symbol),
        session=session.id,
        mode=session.mode,
        account=session.account,
        strategy=held.strategy,
        symbol=held.symbol,
        quantity=decimal_text(quantity) or "0",
        average_price=decimal_text(average),
        mark=decimal_text(mark),
        value=decimal_text(quantity * mark) if mark is not None else None,
        unrealized=decimal_text(gain),
        realized=decimal_text(held.realized),
        currency=session.currency,
        quoted_at=instant(quoted_ns),
        **_measured(session.standing or {}, now_ns),
    )


def _marked(held: HeldFact, standing: Mapping[str, Any]) -> tuple[float | None, int | None]:
    """What a unit is worth: the middle of the session's last quote, and when that was made; else the last close."""
    last = (standing.get("quotes") or {}).get("last") or ()
    quote = next((Quote(**each) for each in last if each["symbol"] == held.symbol), None)
    if quote is None or quote.mid is None or quote.at_ns < (held.mark_ns or 0):
        return held.mark, None
    return quote.mid, quote.at_ns


def _holder(name: str, about: Mapping[str, Any]) -> str:
    """What a position of a session is a position of: an account, or the session itself."""
    place = account_folder_of(about)
    return f"session/{name}" if place is None else f"{about['mode']}/{place.name}"


def open_orders(picture: Picture, sessions: Mapping[str, Mapping[str, Any]], now_ns: int) -> Iterator[WorkingOrder]:
    """The open orders of an account, or of a session on simulated fills.

    Parameters
    ----------
    picture : Picture
    sessions : mapping
        What each session was started with, and how it stands.
    now_ns : int
        UTC nanoseconds.
    """
    for each in picture.orders:
        session, _, number = each.decider.rpartition("/")
        about = sessions.get(session, {})
        yield WorkingOrder(
            **{
                **_whose(session, about, int(number) if number.isdigit() else None),
                "mode": picture.mode,
                "account": str(about.get("account") or picture.name),
            },
            id=each.id,
            symbol=each.symbol,
            side=each.side,
            type=each.type,
            quantity=_text(each.quantity),
            filled=_text(each.filled),
            limit=None if each.limit is None else _text(each.limit),
            stop=None if each.stop is None else _text(each.stop),
            status=each.state,
            cancelling=each.is_cancelling,
            protects=each.protects,
            **_measured(about.get("standing") or {}, now_ns),
        )


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _whose(name: str, about: Mapping[str, Any], strategy: Any) -> dict[str, Any]:
    names = [str(each["name"]) for each in about.get("strategies", ())]
    known = isinstance(strategy, int) and 0 <= strategy < len(names)
    return {
        "session": name,
        "mode": str(about.get("mode") or ""),
        "account": str(about.get("account") or ""),
        "strategy": names[strategy] if known else "",
    }


def decisions_of(entries: Iterator[Entry]) -> list[Decision]:
    """What was decided, in order."""
    return [_decision(number, given, output) for number, given, outputs in entries for output in outputs]


def _decision(number: int, given: Input, output: Output) -> Decision:
    at_ns = given.at_ns
    strategy = getattr(output, "strategy", None)
    values: dict[str, Any] = plain(asdict(output))
    return Decision(
        number=number,
        at=utc(at_ns),
        kind=type(output).__name__,
        strategy=strategy,
        symbol=getattr(output, "symbol", None),
        sentence=sentence_of(output),
        values=values,
    )
