"""What trading cost, and what would be left had it cost more or less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.quant.undefined import Undefined
from tradewright.reporting import cost_scenarios, formatting, wording
from tradewright.reporting.blocks import changed, missing, pane, text_table
from tradewright.reporting.catalog import Unit
from tradewright.reporting.figures.series import cost_figure
from tradewright.reporting.markup import Markup, join, tag
from tradewright.reporting.section_registry import report_section
from tradewright.reporting.sections.statistics import metric_row

if TYPE_CHECKING:
    from tradewright.reporting.cost_scenarios import Scenario
    from tradewright.reporting.findings import Findings
    from tradewright.reporting.metrics import Metrics

__all__ = ["costs", "other_costs"]


@report_section("costs", title="Costs", after="activity")
def costs(findings: Findings) -> Markup:
    """From the starting cash to the final equity in labelled numbers that add up, and what trading cost."""
    metrics, config = findings.metrics, findings.record.config
    other = _remainder(metrics, config.cash)
    lines: list[tuple[str, Any, Unit]] = [
        ("Starting cash", config.cash, Unit.MONEY),
        ("Realised, before costs", metrics["realized"], Unit.PROFIT),
        ("Unrealised", metrics["unrealized"], Unit.PROFIT),
        ("Commission", _negative(metrics["commission"]), Unit.PROFIT),
        ("Tax and charges", _negative(metrics["tax"]), Unit.PROFIT),
        ("Financing", _negative(metrics["financing"]), Unit.PROFIT),
        *([("Other events", other, Unit.PROFIT)] if other else []),
    ]
    rows = [tag("tr", tag("th", name, scope="row"), tag("td", _money(value, config.currency, unit), class_="num"))
            for name, value, unit in lines]  # fmt: skip
    sums = metric_row(metrics, "final_equity", config.currency, class_="sum")
    ledger = tag("div", tag("h3", f"From cash to equity, {config.currency}"), tag("table", *rows, sums), class_="card")
    keys = ("total_costs", "slippage", "cost_share", "break_even_bps", "traded_value", "turnover")
    spent = tag("table", *(metric_row(metrics, key, config.currency) for key in keys))
    said = tag("p", f"Charged: {wording.costs(config)}.", class_="note")
    paid = tag("div", tag("h3", "What trading cost"), spent, said, class_="card")
    return tag("div", ledger, paid, class_="two")


@report_section("other_costs", title="Had trading cost more or less", after="costs")
def other_costs(findings: Findings) -> Markup:
    """The recorded fills with none to three times their costs: equity, return, Sharpe, drawdown for each."""
    record, metrics = findings.record, findings.metrics
    if not metrics["fills"]:
        raise Undefined("nothing was traded")
    if not metrics.inputs.dealing.trading_costs:
        raise Undefined("the fills cost nothing, and a multiple of nothing is nothing; run it again with costs")
    found = cost_scenarios.scenarios(metrics.inputs)
    even = metrics["break_even_bps"]
    caption = (
        f"Break-even at {formatting.bps(even)} of the value traded. An approximation: decisions and quantities are kept"
        " as they were, and each fill is charged a multiple of its own commission, tax and slippage"
        " (net = gross − multiple × costs); financing stays."
    )
    head = [("Costs", False), (f"Paid, {record.config.currency}", True), ("Total return", True), ("Sharpe", True),
            ("Maximum drawdown", True)]  # fmt: skip
    rows = [_scenario(each, record.config.currency) for each in found]
    figure = pane("costs", cost_figure(record, found), caption)
    return join(text_table(head, rows, "The run at other costs", "narrow"), figure)


def _scenario(each: Scenario, currency: str) -> tuple[str, ...]:
    return (
        f"{each.multiple:g}×" + (", as it was" if each.multiple == 1 else ", ruined" if each.is_ruined else ""),
        formatting.money(each.costs, currency),
        changed(each.total_return, formatting.returns(each.total_return)),
        missing(each.sharpe_reason) if each.sharpe_reason else formatting.ratio(each.sharpe),
        changed(each.max_drawdown, formatting.percent(each.max_drawdown)),
    )


def _remainder(metrics: Metrics, cash: float) -> float:
    """What the named parts leave open, such as cash paid for fractions of shares; 0 within rounding."""
    named = sum(metrics[key] or 0.0 for key in ("realized", "unrealized")) - (metrics["total_costs"] or 0.0)
    rest = (metrics["net_profit"] or 0.0) - named
    return rest if abs(rest) > 1e-6 * max(1.0, cash) else 0.0


def _negative(value: float | None) -> float | None:
    return None if value is None else 0.0 - value


def _money(value: float | None, currency: str, unit: Unit) -> Markup:
    text = formatting.money(value, currency, sign=unit is Unit.PROFIT)
    return changed(value, text) if unit is Unit.PROFIT else tag("span", text)
