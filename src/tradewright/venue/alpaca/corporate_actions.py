"""Alpaca's corporate actions: what the replayed bars carry, as far as it could be known by now."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from tradewright.domain.actions import ActionKind, CorporateAction, in_force, statements_of
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.venue.fields import text, whole
from tradewright.venue.refusals import Refusal, Why

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .trading import Answer, Call

__all__ = ["ACTIONS"]

_FAR = 3_000_000
"""Days: beyond every date that Python knows."""


def corporate_actions(call: Call) -> Answer:
    """Actions of one or several symbols that are processed between two dates, page by page, in the order of dates."""
    limit = whole(call.query, "limit", 100, most=1000)
    first = _page(call.query)
    span = _day(call.query, "start", -_FAR), _day(call.query, "end", _FAR)
    types = {word for word in (text(call.query, "types", most=400) or "").split(",") if word}
    symbols = (text(call.query, "symbols", most=4000) or "").split(",")
    rows = [
        (kind, row)
        for day, kind, row in sorted(_of_symbols(call, symbols), key=lambda each: each[:2])
        if span[0] <= day <= span[1] and (not types or kind.removesuffix("s") in types)
    ]
    found: dict[str, list[Any]] = {}
    for kind, row in rows[first : first + limit]:
        found.setdefault(kind, []).append(row)
    token = str(first + limit) if len(rows) > first + limit else None
    return 200, {"corporate_actions": found, "next_page_token": token}


def _of_symbols(call: Call, asked: list[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    tape = call.account.tape
    today = tape.now_ns // NS_PER_DAY
    for track in tape.market.tracks:
        bars = track.bars
        for each in in_force(statements_of(bars.actions, bars.symbol, bars.source), tape.now_ns, today):
            is_about = each.symbol in asked or each.to in asked
            if is_about and each.kind is not ActionKind.OTHER:
                yield each.day, *_worded(each)


def _worded(action: CorporateAction) -> tuple[str, dict[str, Any]]:
    """The list it stands in, and its fields there."""
    date = (dt.date(1970, 1, 1) + dt.timedelta(action.day)).isoformat()
    name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{action.symbol} {action.kind} {date}"))
    known = {"id": name, "cusip": "", "process_date": date}
    dated = {**known, "symbol": action.symbol, "ex_date": date, "record_date": date, "payable_date": date}
    if action.kind is ActionKind.SPLIT:
        rates = {**dated, "new_rate": action.ratio, "old_rate": 1}
        is_forward = (action.ratio or 1.0) >= 1
        return (
            ("forward_splits", rates) if is_forward else ("reverse_splits", rates | {"old_cusip": "", "new_cusip": ""})
        )
    if action.kind is ActionKind.DIVIDEND:
        return "cash_dividends", {**dated, "rate": action.cash, "special": False, "foreign": False}
    if action.kind is ActionKind.RENAME:
        names = {"old_symbol": action.symbol, "new_symbol": action.to, "old_cusip": "", "new_cusip": ""}
        return "name_changes", {"id": name, "process_date": date, **names}
    if action.kind is ActionKind.SPINOFF:
        shares = {"source_rate": 1, "source_cusip": "", "new_cusip": "", "new_rate": action.ratio}
        return "spin_offs", {**dated, "source_symbol": action.symbol, "new_symbol": action.to, **shares}
    last = (dt.date(1970, 1, 1) + dt.timedelta(action.day - 1)).isoformat()
    if action.terms:
        return _merger(action, {"id": name, "process_date": last, "effective_date": last})
    return "worthless_removals", {**known, "symbol": action.symbol, "process_date": last}


def _merger(action: CorporateAction, known: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The list of a merger by its terms, and its fields there."""
    sides = {**known, "acquiree_symbol": action.symbol, "acquiree_cusip": ""}
    if action.to is None:
        return "cash_mergers", {**sides, "rate": action.cash}
    shares = {"acquirer_symbol": action.to, "acquirer_cusip": "", "acquirer_rate": action.ratio, "acquiree_rate": 1}
    if action.cash is None:
        return "stock_mergers", {**sides, **shares}
    return "stock_and_cash_mergers", {**sides, **shares, "cash_rate": action.cash}


def _day(query: Any, name: str, otherwise: int) -> int:
    said = text(query, name)
    if not said:
        return otherwise
    try:
        return (dt.date.fromisoformat(said) - dt.date(1970, 1, 1)).days
    except ValueError:
        raise Refusal(Why.BAD_FIELD, f"invalid {name}: {said}") from None


def _page(query: Any) -> int:
    token = text(query, "page_token") or "0"
    if not (token.isascii() and token.isdigit() and len(token) < 12):
        raise Refusal(Why.BAD_FIELD, "invalid page_token")
    return int(token)


ACTIONS = {("GET", "/v1/corporate-actions"): corporate_actions}
"""What answers which method and path."""
