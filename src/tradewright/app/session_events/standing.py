"""How a session stands, as one state for readers, and the facts that two looks at it differ by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.decimal_words import decimal_text
from tradewright.domain.moments import instant_text

from .facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["changes_of", "is_stale", "measure_of", "state_words"]

_ACCOUNT = {
    "is_latched": ("latched", "The kill switch of its account is set: no order goes out.", "It is armed again."),
    "is_paused": ("paused", "The loss of the day pauses its account.", "Its account may enter again."),
    "is_halted": ("halted", "The drawdown has halted its account.", "Its account is halted no more."),
}  # fmt: skip


def state_words(standing: Mapping[str, Any] | None) -> str:
    """``starting``, ``running``, ``ended`` or ``failed``."""
    return str((standing or {}).get("state") or "starting")


def measure_of(standing: Mapping[str, Any]) -> dict[str, Any]:
    """What is shown of how a session stands: states, of which the latest counts."""
    feed, account = standing.get("feed") or {}, standing.get("account") or {}
    return {
        "state": state_words(standing),
        "equity": decimal_text(standing.get("equity")),
        "cash": decimal_text(standing.get("cash")),
        "rows": standing.get("rows"),
        "row_at": _instant(standing.get("at_ns")),
        "measured_at": _instant(standing.get("measured_ns")),
        "feed_connected": feed.get("is_connected"),
        "feed_stale": is_stale(feed),
        "feed_age_s": feed.get("last_bar_age_s"),
        "positions": [_position(each) for each in standing.get("positions", ()) if each["quantity"]],
        "open_orders": account.get("open_orders", len(standing.get("orders", ()))),
        "unknown_orders": account.get("unknown_orders", 0),
        **{what: bool(account.get(name)) for name, (what, _, _) in _ACCOUNT.items()},
    }


def _instant(at_ns: int | None) -> str | None:
    return None if at_ns is None else instant_text(at_ns)


def _position(plain: Mapping[str, Any]) -> dict[str, Any]:
    names = ("quantity", "average_price", "mark")
    words = {name: decimal_text(plain.get(name)) for name in names}
    return {"strategy": plain.get("strategy"), "symbol": plain.get("symbol"), **words}


def is_stale(feed: Mapping[str, Any]) -> bool | None:
    """Whether bars are missing while the market is open; None where nothing is said of the feed."""
    if not feed:
        return None
    return bool(feed.get("is_market_open")) and not (feed.get("is_connected") and not feed.get("is_behind"))


def changes_of(
    before: Mapping[str, Any], after: Mapping[str, Any], at_ns: int
) -> Iterator[tuple[Fact, dict[str, Any]]]:
    """What became otherwise between two measures: state, feed, and what keeps the account from trading.

    Parameters
    ----------
    before : mapping
        What was remembered: ``state``, ``stale`` and the flags of the account.
    after : mapping
        How the session stands now.
    at_ns : int

    Yields
    ------
    tuple
        What is to be told, and what is to be remembered once it was.
    """
    state = state_words(after)
    if state != before.get("state"):
        yield Fact("state", at_ns, {"state": state, "why": str(after.get("why_ended") or "")}), {"state": state}
    stale = is_stale(after.get("feed") or {})
    if stale is not None and bool(before.get("stale")) != stale:
        sentence = "Bars are overdue, or the feed is not connected." if stale else "The feed has recovered."
        words = {"state": "stale" if stale else "recovered", "sentence": sentence}
        yield Fact("feed", at_ns, words), {"stale": stale}
    account = after.get("account") or {}
    for name, (what, begins, ends) in _ACCOUNT.items():
        is_on = bool(account.get(name))
        if is_on != bool(before.get(name)):
            yield (
                Fact("halt", at_ns, {"what": what, "is_on": is_on, "sentence": begins if is_on else ends}),
                {name: is_on},
            )
