"""Who made the result and how trades ended: symbols, strategies, ways out, tags, refused orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.events import Reason
from tradewright.domain.order import OrderStatus
from tradewright.quant.undefined import Undefined
from tradewright.reporting import formatting, shares, wording
from tradewright.reporting.blocks import changed, text_table
from tradewright.reporting.markup import Markup, join, tag
from tradewright.reporting.section_registry import report_section
from tradewright.reporting.times import Times
from tradewright.reporting.warnings import refusals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.record import RunRecord
    from tradewright.reporting.findings import Findings
    from tradewright.reporting.shares import Share

__all__ = ["contributions", "exits", "refused"]

_MOST_GROUPS = 60
_REFUSED = tuple(OrderStatus).index(OrderStatus.REJECTED)


@report_section("contributions", title="Contributions", after="metrics")
def contributions(findings: Findings) -> Markup | None:
    """What each symbol and each strategy brought; left out where there is one of each."""
    record = findings.record
    parts: list[Markup | None] = []
    if len(record.strategies) > 1:
        parts += [
            tag("h3", "By strategy", class_="apart"),
            _contributed(findings, shares.by_strategy(record), "Strategy"),
        ]
    if len(record.symbols) > 1:
        parts += [tag("h3", "By symbol", class_="apart"), _contributed(findings, shares.by_symbol(record), "Symbol")]
    return join(*parts) if parts else None


@report_section("exits", title="How trades ended", after="contributions")
def exits(findings: Findings) -> Markup:
    """Trades by the way they ended and by their tags."""
    record = findings.record
    if not len(record.trades["net"]):
        raise Undefined("there are no closed trades")
    parts: list[Markup | None] = [_ended(record, shares.by_exit(record), "Ended by")]
    if record.tags:
        for leg in ("entry", "exit"):
            parts += [tag("h3", f"By {leg} tag", class_="apart"), _ended(record, shares.by_tag(record, leg), "Tag")]
    return join(*parts)


@report_section("refused", title="Refused orders", after="exits")
def refused(findings: Findings) -> Markup:
    """Why orders were refused, how often, and the first and last of each."""
    record = findings.record
    found = refusals(record)
    if not found:
        raise Undefined(f"none of {wording.plural(len(record.orders['id']), 'order')} was refused")
    head = [("Reason", False), ("Orders", True), ("First", False), ("Last", False)]
    return text_table(head, [_refusal(record, sentence, count) for sentence, count in found], "Refused orders")


def _contributed(findings: Findings, found: Sequence[Share], what: str) -> Markup:
    currency = findings.record.config.currency
    net_profit = findings.metrics["net_profit"] or 0.0
    shown, rest = found[:_MOST_GROUPS], found[_MOST_GROUPS:]
    head = [(what, False), (f"Contribution, {currency}", True), ("Closed", True), ("Open", True), ("Costs", True),
            ("Trades", True), ("Win rate", True), ("Mean return", True)]  # fmt: skip
    rows = [_contribution(share, currency) for share in shown]
    if rest:
        rows.append(_contribution(_summed(f"{len(rest):,} more", rest), currency))
    other = net_profit - sum(share.total for share in found)
    if abs(other) > 0.005:
        paid = changed(other, formatting.money(other, currency, sign=True))
        rows.append(("costs of what is open, and account events", paid, *[""] * 6))
    total = changed(net_profit, formatting.money(net_profit, currency, sign=True))
    rows.append((tag("strong", "Net profit"), tag("strong", total), *[""] * 6))
    return text_table(head, rows, f"Contributions by {what.lower()}")


def _summed(name: str, found: Sequence[Share]) -> Share:
    return shares.Share(
        name, sum(share.trades for share in found), sum(share.wins for share in found),
        sum(share.net for share in found), sum(share.costs for share in found), None, None,
        sum(share.unrealized for share in found),
    )  # fmt: skip


def _contribution(share: Share, currency: str) -> tuple[str, ...]:
    return (
        share.name,
        changed(share.total, formatting.money(share.total, currency, sign=True)),
        formatting.money(share.net, currency, sign=True),
        formatting.money(share.unrealized, currency, sign=True),
        formatting.money(share.costs, currency),
        formatting.count(share.trades),
        formatting.percent(share.win_rate),
        formatting.returns(share.mean_return),
    )


def _ended(record: RunRecord, found: Sequence[Share], what: str) -> Markup:
    currency = record.config.currency
    head = [(what, False), ("Trades", True), ("Win rate", True), ("Mean return", True), (f"Net, {currency}", True)]
    shown, rest = found[:_MOST_GROUPS], found[_MOST_GROUPS:]
    rows = [_end(share, currency) for share in (*shown, *([_summed(f"{len(rest):,} more", rest)] if rest else []))]
    return text_table(head, rows, f"Trades, {what.lower()}", "narrow")


def _end(share: Share, currency: str) -> tuple[str, ...]:
    return (
        share.name,
        formatting.count(share.trades),
        formatting.percent(share.win_rate),
        changed(share.mean_return, formatting.returns(share.mean_return)),
        changed(share.net, formatting.money(share.net, currency, sign=True)),
    )


def _refusal(record: RunRecord, sentence: str, count: int) -> tuple[str, ...]:
    orders, times = record.orders, Times(record)
    numbers = [int(reason) for reason in Reason if (reason.sentence or "No reason was recorded.") == sentence]
    chosen = np.flatnonzero((orders["status"] == _REFUSED) & np.isin(orders["reason"], numbers))
    ends = [_order(record, times, int(row)) for row in (chosen[0], chosen[-1])]
    return (sentence, formatting.count(count), ends[0], ends[1] if count > 1 else "–")


def _order(record: RunRecord, times: Times, row: int) -> str:
    order = {name: column[row] for name, column in record.orders.items()}
    number = int(order["book"]) % len(record.instruments)
    quantity = formatting.price(float(order["quantity"]), record.instruments[number].lot)
    when = times.full(int(record.timeline.close_time[int(order["row"])]), int(order["row"]))
    return f"{'buy' if order['side'] > 0 else 'sell'} {quantity} {record.symbols[number]}, {when}"
