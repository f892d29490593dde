"""What the rules say of sessions: whether they are there, and how feed, orders and account stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.timeframe import NS_PER_SECOND

from .rules import Finding, Over

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tradewright.domain.control.readings import SessionReading

    from .lasting import Since
    from .rules import RuleInForce

__all__ = ["judge_session"]

_REARM = "Look at the account, then re-arm it: tradewright rearm."
_AT_ONCE = {
    "latch_tripped": ("is_latched", "The kill switch of {subject} is set: no order goes out.", _REARM),
    "day_loss_pause": ("is_paused", "The loss of the day pauses {subject}: no entries until the next session.", None),
    "drawdown_halt": ("is_halted", "The drawdown has halted {subject}.", _REARM),
}


def judge_session(
    session: SessionReading, rules: Mapping[str, RuleInForce], since: Since, now_ns: int
) -> Iterator[Finding | Over]:
    """Everything the rules find, or find no longer, of one session."""
    yield from _end(session)
    if session.state != "running" or session.is_alive is False:
        # Of one that is gone nobody knows how its feed is; what its account held, it may hold still.
        yield from (Over(rule, session.name) for rule in ("session_silent", "feed_stale"))
        return
    yield from _silence(session, rules, now_ns)
    yield from _feed(session, rules, since, now_ns)
    account = (session.standing or {}).get("account")
    if account is not None:
        yield from _account(session.name, account, rules, since, now_ns)


def _end(session: SessionReading) -> Iterator[Finding]:
    name, source = session.name, f"{session.name}@{session.seen_ns}"
    if session.state == "failed":
        why = (session.standing or {}).get("why_ended") or "It says no reason."
        hint = f"Look at it: tradewright sessions show {name}"
        yield Finding("session_stopped", name, f"The session '{name}' ended with an error: {why}", hint, source)
    if session.state == "running" and session.is_alive is False:
        sentence = f"The process of the session '{name}' is gone, and it did not end."
        hint = "Begin it again under the same name: it goes on where its record ends."
        yield Finding("session_crashed", name, sentence, hint, source)


def _silence(session: SessionReading, rules: Mapping[str, RuleInForce], now_ns: int) -> Iterator[Finding | Over]:
    rule = rules.get("session_silent")
    if rule is None or session.seen_ns is None:
        return
    age_s = (now_ns - session.seen_ns) / NS_PER_SECOND
    if age_s < rule.thresholds["after_s"]:
        yield Over("session_silent", session.name)
        return
    sentence = f"The session '{session.name}' has not said for {age_s:,.0f} s how it stands."
    yield Finding("session_silent", session.name, sentence, "Its process may hang, or its disk be full.")


def _feed(
    session: SessionReading, rules: Mapping[str, RuleInForce], since: Since, now_ns: int
) -> Iterator[Finding | Over]:
    rule, feed = rules.get("feed_stale"), (session.standing or {}).get("feed")
    if rule is None or feed is None:
        return
    is_stale = feed["is_market_open"] and (not feed["is_connected"] or feed["is_behind"])
    holds = since.holds(
        "feed_stale", session.name, is_so=is_stale, after_s=rule.thresholds["after_s"], now_ns=now_ns
    )  # fmt: skip
    if holds:
        what = "a row is overdue" if feed["is_connected"] else "it is not connected"
        sentence = f"The feed of the session '{session.name}' is stale: the market is open, and {what}."
        yield Finding("feed_stale", session.name, sentence, "Look at the venue and the network.")
    elif not is_stale:
        yield Over("feed_stale", session.name)


def _account(
    name: str, account: Mapping[str, Any], rules: Mapping[str, RuleInForce], since: Since, now_ns: int
) -> Iterator[Finding | Over]:
    subject = f"the account of '{name}'"
    for rule, (field, sentence, hint) in _AT_ONCE.items():
        found = Finding(rule, name, sentence.format(subject=subject), hint)
        yield found if account[field] else Over(rule, name)
    frozen = account["frozen"]
    if frozen:
        words = "; ".join(f"{symbol}: {why}" for symbol, why in sorted(frozen.items()))
        sentence = f"What {subject} holds is not what it should: {words}"
        yield Finding("reconcile_break", name, sentence, "Look at it: tradewright reconcile.")
    else:
        yield Over("reconcile_break", name)
    yield from _unknown(name, int(account["unknown_orders"]), rules, since, now_ns)


def _unknown(
    name: str, orders: int, rules: Mapping[str, RuleInForce], since: Since, now_ns: int
) -> Iterator[Finding | Over]:
    rule = rules.get("order_unknown")
    if rule is None:
        return
    after_s = rule.thresholds["after_s"]
    if since.holds("order_unknown", name, is_so=orders > 0, after_s=after_s, now_ns=now_ns):
        many = "one order" if orders == 1 else f"{orders} orders"
        sentence = f"The venue has not said for {after_s:g} s what became of {many} of the session '{name}'."
        yield Finding("order_unknown", name, sentence, "Look at the orders at the venue; none is sent again by itself.")
    elif orders == 0:
        yield Over("order_unknown", name)
