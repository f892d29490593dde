"""A walk-forward as a one-file page that opens offline, and as a card for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.quant.undefined import Undefined
from tradewright.reporting import formatting, presentation, wording
from tradewright.reporting.blocks import changed, headline_tiles, missing, number, pane, text_table
from tradewright.reporting.html import spark
from tradewright.reporting.markup import Markup, fill, join, tag
from tradewright.reporting.page import Page, part, render
from tradewright.reporting.sections import costs, performance, statistics, trade_list
from tradewright.reporting.sections.head import chip_list, warning_list
from tradewright.reporting.verdict import saying
from tradewright.reporting.walk import figures
from tradewright.reporting.walk.folds import fold_return, idle, parameter_names, positive_share
from tradewright.reporting.walk.summary import cells, efficiency_text, fold_head, settings_text, stability_rows

if TYPE_CHECKING:
    from tradewright.domain.walk import Fold
    from tradewright.reporting.page import Part
    from tradewright.reporting.walk.findings import WalkFindings

__all__ = ["card", "report"]

_METRICS = ("total_return", "sharpe", "max_drawdown", "trades", "benchmark_return")

Tile = tuple[str, Markup, str | None]


def report(findings: WalkFindings, library: str) -> str:
    """A whole page; `library` is the text of plotly.js, inlined once."""
    record = findings.result.record
    named = f"{wording.title(record)} · {wording.period(record)} out of sample"
    return render(
        Page(
            title=f"{wording.title(record)} · walk-forward",
            badge="WALK-FORWARD",
            version=record.code_version,
            is_synthetic=record.is_synthetic,
            head=join(tag("h1", wording.title(record)), tag("p", _work(findings), class_="sub")),
            parts=_parts(findings),
            footer=_footer(findings),
            printed=f"{named} · record {record.hash[:16]}",
            scripts=("report.js", "trades.js"),
        ),
        library,
    )


def card(findings: WalkFindings) -> str:
    """A small self-contained card: what came out of sample, the verdict, the warnings."""
    record = findings.result.record
    return fill(
        "card.html",
        title=wording.title(record),
        period=f"{_work(findings)} · costs {wording.costs(record.config)}",
        tiles=headline_tiles((label, tag("span", text)) for label, text, _ in _tiles(findings)),
        spark=spark(record.equity[record.timeline.first_row :]),
        reliability="n four unreliable" if findings.is_unreliable else "n four",
        verdict=saying(findings.verdict, findings.trust),
        chips=chip_list(findings.trust),
        warnings=warning_list(findings.warnings) or "",
        identity=f"record {record.hash[:12]}",
    )


def _parts(findings: WalkFindings) -> list[Part]:
    run = findings.result.findings
    found = (
        part("headline", "", lambda: _headline(findings)),
        part("trust", "", lambda: chip_list(findings.trust)),
        part("warnings", "", lambda: warning_list(findings.warnings)),
        part("equity", "Out of sample", lambda: _curve(findings)),
        part("values", "Training and what came of it", lambda: _values(findings)),
        part("folds", "Folds", lambda: _folds(findings)),
        part("drift", "Parameters over the folds", lambda: _drift(findings)),
        part("windows", "Windows", lambda: _windows(findings)),
        part("monthly", "Monthly returns, out of sample", lambda: _markup(performance.monthly(run))),
        part("other_costs", "At other costs", lambda: _markup(costs.other_costs(run))),
        part("metrics", "Metrics, out of sample", lambda: _markup(statistics.metric_cards(run))),
        part("trades", "Trades, out of sample", lambda: _markup(trade_list.trade_list(run))),
        part("configuration", "Configuration", lambda: _configuration(findings)),
    )
    return [each for each in found if each is not None]


def _markup(content: str | None) -> Markup | None:
    return None if content is None else Markup(content)


def _work(findings: WalkFindings) -> str:
    period = wording.period(findings.result.record)
    folds = wording.plural(len(findings.record.folds), "fold")
    return f"{period} out of sample · {folds}, {settings_text(findings)} · chosen by {findings.objective}"


def _tiles(findings: WalkFindings) -> list[Tile]:
    metrics = findings.result.metrics
    good, folds = positive_share(findings.record)
    found = [_metric(findings, key) for key in _METRICS if metrics[key] is not None]
    numbers = findings.numbers
    kept = (
        missing(numbers.efficiency_reason or "not computed")
        if numbers.efficiency is None
        else number(efficiency_text(findings), numbers.efficiency)
    )
    aside = "annual return out of sample ÷ in training"
    found.insert(2, ("Efficiency", kept, aside if numbers.efficiency is not None else numbers.efficiency_reason))
    waiting = sum(map(idle, findings.record.folds))
    found.insert(3, ("Folds with a gain", number(f"{good} of {folds}"), f"{waiting} never traded" if waiting else None))
    return found


def _metric(findings: WalkFindings, key: str) -> Tile:
    metrics = findings.result.metrics
    info, text = metrics.info(key), presentation.metric_text(metrics, key, findings.currency)
    shown = changed(metrics[key], text) if info.unit in presentation.CHANGES else number(text, metrics[key])
    return info.label, shown, "buy and hold" if key == "benchmark_return" else "out of sample"


def _headline(findings: WalkFindings) -> Markup:
    shown = [
        tag("div", tag("dt", label),
            tag("dd", tag("span", text, class_="value"), tag("span", aside, class_="aside") if aside else None))
        for label, text, aside in _tiles(findings)
    ]  # fmt: skip
    class_ = "headline four unreliable" if findings.is_unreliable else "headline four"
    return join(tag("dl", *shown, class_=class_), saying(findings.verdict, findings.trust))


def _curve(findings: WalkFindings) -> Markup:
    result = findings.result
    if len(result.record.timeline) <= result.record.timeline.first_row:
        raise Undefined("no bar was traded on")
    caption = (
        "Only what was traded on parameters chosen before: the test parts of all folds, one after another. Dashed:"
        " where a fold begins with parameters chosen anew."
    )
    figure = figures.out_of_sample_figure(findings.record, result.metrics.benchmark)
    return pane("equity", figure, caption, scales=True)


def _values(findings: WalkFindings) -> Markup:
    record = findings.record
    if all(fold.train_value is None and fold.test_value is None for fold in record.folds):
        raise Undefined("no fold has a value")
    caption = (
        f"{findings.objective} of every fold. Open: of the best in training, chosen because it was high; filled:"
        " of the same parameters in the test part that followed."
    )
    return pane("values", figures.value_figure(record), caption)


def _folds(findings: WalkFindings) -> Markup:
    head = fold_head(findings)
    texts = {"Fold", "Train", "Test"}
    rows = [_fold_row(findings, fold) for fold in findings.record.folds]
    reasons = [tag("li", f"Fold {fold.window.number}: {fold.reason}") for fold in findings.record.folds if fold.reason]
    said = "Values in training are the best of so many trials; those in test are of the parameters they chose."
    return join(
        text_table([(name, name not in texts) for name in head], rows, "Folds"),
        tag("p", said, class_="note"),
        tag("ul", *reasons, class_="note") if reasons else None,
    )


def _fold_row(findings: WalkFindings, fold: Fold) -> list[str]:
    """The cells of a fold, its return as a change, what is absent with its reason."""
    row: list[str] = cells(findings, fold)
    place = 4 + len(parameter_names(findings.record))
    values = (fold.train_value, fold.test_value, fold.efficiency, fold_return(fold))
    untraded = "nothing was traded" if idle(fold) else "not computed"
    reasons = ("not computed", untraded, "the return in training is not above zero", untraded)
    for offset, (value, reason) in enumerate(zip(values, reasons, strict=True)):
        text = row[place + offset]
        row[place + offset] = missing(fold.reason or reason) if value is None else number(text, value)
    if values[-1] is not None:
        row[place + 3] = changed(values[-1], formatting.returns(values[-1]))
    return row


def _drift(findings: WalkFindings) -> Markup:
    figure = figures.drift_figure(findings.record)
    if figure is None:
        raise Undefined("nothing was chosen in any fold")
    caption = (
        "What was chosen in each fold, over the whole range that was searched. A level line is a parameter that means"
        " something; one that jumps says that its best value was noise."
    )
    drawn = pane("drift", figure, caption)
    rows = stability_rows(findings)
    if not rows:
        return drawn
    head = [("Parameter", False), ("Usual choice", True), ("Changed", True), ("Dispersion", True), ("", False)]
    note = "Dispersion: 0 never moved, 0.29 is what chance would do, 0.5 jumps between the ends of the range."
    return join(drawn, text_table(head, rows, "Stability", "narrow"), tag("p", note, class_="note"))


def _windows(findings: WalkFindings) -> Markup:
    caption = "Grey: where the parameters were chosen; blue: where they were traded, which no choice had seen."
    return pane("windows", figures.window_figure(findings.record), caption)


def _configuration(findings: WalkFindings) -> Markup:
    record = findings.result.record
    config = record.config
    facts = [
        *((name, wording.described(value)) for name, value in findings.record.settings.items()),
        ("Chosen by", findings.objective),
        ("Cash", f"{formatting.money(config.cash, config.currency)} {config.currency}"),
        ("Costs", wording.costs(config)),
        ("Fills", wording.fill_rule(config)),
        ("Sizing", wording.sizing(config)),
        ("Limits", wording.limits(config)),
        ("Seed", str(config.seed)),
        ("Code version", record.code_version),
        ("Record hash", record.hash),
        *((f"Data {key.symbol} {key.timeframe}", key.fingerprint) for key in record.data[:5]),
    ]
    rows = [tag("tr", tag("th", name, scope="row"), tag("td", text)) for name, text in facts]
    return tag("table", *rows, class_="facts")


def _footer(findings: WalkFindings) -> Markup:
    record = findings.result.record
    return join(
        f"Tradewright {record.code_version}. The same code, data, space, windows and seed give the same folds. Record ",
        tag("code", record.hash[:16]),
        ".",
    )
