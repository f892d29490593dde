"""The parts of the HTML report: headline, trust bar, warnings, months, metrics, costs, configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.reporting import curves, formatting, presentation, wording
from tradewright.reporting.catalog import Unit
from tradewright.reporting.formatting import NOT_AVAILABLE
from tradewright.reporting.markup import Markup, join, tag
from tradewright.reporting.trust import State
from tradewright.reporting.warnings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradewright.domain.record import DataKey, RunRecord
    from tradewright.reporting.curves import Year
    from tradewright.reporting.findings import Findings
    from tradewright.reporting.metrics import Metrics
    from tradewright.reporting.warnings import ResultWarning

__all__ = ["changed", "chips", "configuration", "costs", "headline", "metric_cards", "monthly", "table", "warnings"]

_CHIP_ICONS = {
    State.OK: "✓ ok",
    State.NOTICE: "· notice",
    State.WARN: "! warn",
    State.FAIL: "✕ fail",
    State.NOT_COMPUTED: "–",
}
_MARKS = {Severity.NOTICE: "·", Severity.WARN: "!", Severity.FAIL: "✕"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CARDS = ("Return", "Risk-adjusted", "Trades", "Risk", "Activity", "Benchmark")
_FULL_WASH = 0.10
_MOST_SOURCES = 20


def changed(value: float | None, text: str) -> Markup:
    """A change as sign, shape and colour; the full value on hover."""
    if value is None or not text.startswith(("+", "−", "×")):
        return tag("span", text, class_="na" if text == NOT_AVAILABLE else None)
    shape = tag("span", formatting.arrow(value), class_="shape", aria_hidden="true")
    return tag("span", text, shape, class_="gain" if value > 0 else "loss", title=repr(value))


def table(head: Iterable[tuple[str, bool]], rows: Iterable[Markup], caption: str, class_: str | None = None) -> Markup:
    """A table that scrolls inside its own frame; `head` names each column and says whether it holds numbers."""
    cells = [tag("th", name, scope="col", class_="num" if numeric else None) for name, numeric in head]
    inner = tag("table", tag("thead", tag("tr", *cells)), tag("tbody", *rows), class_=class_, aria_label=caption)
    return tag("div", inner, class_="wide", tabindex="0", role="region", aria_label=caption)


def headline(findings: Findings) -> Markup:
    """The numbers a result is introduced with; a failing trust state adds the word."""
    metrics, currency = findings.metrics, findings.record.config.currency
    tiles = [_tile(metrics, key, currency) for key in presentation.HEADLINE]
    verdict = None
    if findings.is_unreliable:
        failing = ", ".join(chip.label.lower() for chip in findings.trust if chip.state is State.FAIL)
        verdict = tag("p", f"✕ unreliable: {failing}", class_="verdict")
    return tag("section", tag("dl", *tiles, class_=_headline_class(findings)), verdict, aria_label="Headline")


def _headline_class(findings: Findings) -> str:
    return "headline unreliable" if findings.is_unreliable else "headline"


def _tile(metrics: Metrics, key: str, currency: str) -> Markup:
    info, value = metrics.info(key), metrics[key]
    text = presentation.metric_text(metrics, key, currency)
    is_change = info.unit in presentation.CHANGES
    number = changed(value, text) if is_change else tag("span", text, title=None if value is None else repr(value))
    aside = _aside(metrics, key)
    return tag(
        "div",
        tag("dt", info.label),
        tag("dd", tag("span", number, class_="value"), tag("span", aside, class_="aside") if aside else None),
    )


def _aside(metrics: Metrics, key: str) -> str | None:
    """What stands small below a headline number."""
    reason = metrics.reason(key)
    if reason:
        return reason
    if key == "max_drawdown":
        longest = metrics["max_drawdown_duration"]
        return f"longest {formatting.duration(None if longest is None else longest * 86_400)}"
    if key == "trades":
        return f"win rate {formatting.percent(metrics['win_rate'])}" if metrics["win_rate"] is not None else None
    if key == "sharpe":
        return f"PSR {formatting.probability(metrics['psr'])}" if metrics["psr"] is not None else None
    return "buy and hold" if key == "benchmark_return" else None


def chips(findings: Findings) -> Markup:
    """The trust bar."""
    items = [
        tag(
            "li",
            tag("div", tag("span", chip.label), tag("span", _CHIP_ICONS[chip.state], class_="word"), class_="ask"),
            tag("div", chip.value, class_="answer"),
            class_=f"chip {'none' if chip.state is State.NOT_COMPUTED else chip.state}",
            title=chip.sentence,
        )
        for chip in findings.trust
    ]
    return tag("ul", *items, class_="chips", aria_label="Trust")


def warnings(found: tuple[ResultWarning, ...]) -> Markup | None:
    """Each warning with its mark; nothing where there is none."""
    if not found:
        return None
    items = [
        tag("li", tag("span", _MARKS[warning.severity], class_="mark"), warning.sentence, class_=str(warning.severity))
        for warning in found
    ]
    return tag("ul", *items, class_="warnings", aria_label="Warnings")


def monthly(record: RunRecord) -> Markup:
    """Returns by month and year, newest year first."""
    years = curves.months(record)
    head = [("Year", False), *((month, True) for month in _MONTHS), ("Total", True)]
    rows = [_year(year) for year in reversed(years)]
    return join(
        tag("h2", "Monthly returns"),
        table(head, rows, "Monthly returns", "months"),
        tag(
            "p", "In percent, from session close to session close; the first month starts from the cash.", class_="note"
        ),
    )


def _year(year: Year) -> Markup:
    cells = [_month(value) for value in year.months]
    total = tag("td", _bare_percent(year.total), class_=f"num total {_tone(year.total)}")
    return tag("tr", tag("th", str(year.year), scope="row"), *cells, total)


def _month(value: float | None) -> Markup:
    if value is None:
        return tag("td", "", class_="num")
    tint = "--gain-wash" if value >= 0 else "--loss-tint"
    strength = min(abs(value) / _FULL_WASH, 1.0) * 0.30
    style = f"background: rgba(var({tint}), {strength:.2f})"
    return tag("td", _bare_percent(value), class_="num", style=style, title=repr(value))


def _bare_percent(value: float) -> str:
    return formatting.percent(value, sign=True).removesuffix(" %")


def _tone(value: float) -> str:
    return "gain" if value > 0 else "loss" if value < 0 else ""


def metric_cards(findings: Findings) -> Markup:
    """Every metric in its group; conventions on hover, reasons in words."""
    metrics, currency = findings.metrics, findings.record.config.currency
    groups = dict(presentation.groups())
    cards = [
        tag("div", tag("h3", name), tag("table", *(_metric_row(metrics, info.key, currency) for info in groups[name])),
            class_="card")
        for name in _CARDS
    ]  # fmt: skip
    return join(tag("h2", "Metrics"), tag("div", *cards, class_="cards"))


def _metric_row(metrics: Metrics, key: str, currency: str, *, class_: str | None = None) -> Markup:
    info, value = metrics.info(key), metrics[key]
    text = presentation.metric_text(metrics, key, currency)
    unit = presentation.unit_text(info, currency)
    number = changed(value, text) if info.unit in presentation.CHANGES else tag("span", text, title=_full(value))
    shown = join(number, tag("span", unit, class_="unit") if unit and value is not None else None)
    reason = metrics.reason(key)
    why = tag("span", reason, class_="why") if reason else None
    return tag("tr", tag("th", info.label, scope="row", title=info.convention), tag("td", shown, why, class_="num"),
               class_=class_)  # fmt: skip


def _full(value: float | None) -> str | None:
    return None if value is None else repr(value)


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
    sums = _metric_row(metrics, "final_equity", config.currency, class_="sum")
    ledger = tag("div", tag("h3", f"From cash to equity, {config.currency}"), tag("table", *rows, sums), class_="card")
    keys = ("total_costs", "slippage", "cost_share", "break_even_bps", "traded_value", "turnover")
    spent = tag("table", *(_metric_row(metrics, key, config.currency) for key in keys))
    said = tag("p", f"Charged: {wording.costs(config)}.", class_="note")
    paid = tag("div", tag("h3", "What trading cost"), spent, said, class_="card")
    return join(tag("h2", "Costs"), tag("div", ledger, paid, class_="two"))


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


def configuration(record: RunRecord) -> Markup:
    """Every choice of the run and every hash needed to run it again."""
    config = record.config
    facts: list[tuple[str, str]] = [
        *((strategy.name, wording.parameters(strategy.params) or "no parameters") for strategy in record.strategies),
        *((f"{key.symbol} {key.timeframe}", _source(key)) for key in record.data[:_MOST_SOURCES]),
        ("Cash", f"{formatting.money(config.cash, config.currency)} {config.currency}"),
        ("Costs", wording.costs(config)),
        ("Fills", wording.fill_rule(config)),
        ("Sizing", wording.sizing(config)),
        ("Limits", wording.limits(config)),
        ("Open at the end", "closed at the last close" if config.finalize else "left open and marked"),
        ("Warm-up", f"{record.timeline.first_row:,} bars; metrics from {config.metrics_from}"),
        ("Seed", str(config.seed)),
        ("Code version", record.code_version),
    ]  # fmt: skip
    hashes = [("Configuration hash", record.config_hash), ("Record hash", record.hash)]
    hashes += [(f"Data {key.symbol} {key.timeframe}", key.fingerprint) for key in record.data[:_MOST_SOURCES]]
    rows = [_fact(name, text) for name, text in facts]
    rows += [_fact(name, tag("code", text)) for name, text in hashes]
    return join(tag("h2", "Configuration"), tag("table", *rows, class_="facts"))


def _source(key: DataKey) -> str:
    return f"{key.rows:,} rows, {key.first} … {key.last}, {key.adjustment}, {key.source}"


def _fact(name: str, text: str) -> Markup:
    return tag("tr", tag("th", name, scope="row"), tag("td", text))
