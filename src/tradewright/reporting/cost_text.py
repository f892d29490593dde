"""The run at other costs as lines of text, beside the figure of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.reporting import cost_scenarios, formatting
from tradewright.reporting.summary import aligned

if TYPE_CHECKING:
    from tradewright.reporting.cost_scenarios import Scenario
    from tradewright.reporting.findings import Findings

__all__ = ["cost_lines"]


def cost_lines(findings: Findings) -> list[str]:
    """A heading, a line for each multiple of the costs that were paid, and the break-even cost.

    Decisions and quantities are kept as they were, so it is an approximation (`cost_scenarios`).
    """
    metrics, currency = findings.metrics, findings.record.config.currency
    if not metrics["fills"] or not metrics.inputs.dealing.trading_costs:
        why = "the fills cost nothing" if metrics["fills"] else "nothing was traded"
        return ["At other costs", f"  nothing to show: {why}"]
    head = ["costs", f"paid, {currency}", "total return", "Sharpe", "maximum drawdown"]
    rows = [_cells(each, currency) for each in cost_scenarios.scenarios(metrics.inputs)]
    even = f"  break-even at {formatting.bps(metrics['break_even_bps'])} of the value traded"
    return ["At other costs", *aligned([head, *rows]), even]


def _cells(each: Scenario, currency: str) -> list[str]:
    return [
        f"{each.multiple:g}×",
        formatting.money(each.costs, currency),
        formatting.returns(each.total_return),
        formatting.ratio(each.sharpe),
        formatting.percent(each.max_drawdown),
    ]
