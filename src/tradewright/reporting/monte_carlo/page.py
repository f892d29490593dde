"""A Monte Carlo study as a one-file page that opens offline, and as a card for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.quant.undefined import Undefined
from tradewright.reporting import formatting, wording
from tradewright.reporting.blocks import headline_tiles, missing, number, pane, text_table
from tradewright.reporting.html import spark
from tradewright.reporting.markup import Markup, fill, join, tag
from tradewright.reporting.monte_carlo import figures
from tradewright.reporting.monte_carlo.findings import share
from tradewright.reporting.monte_carlo.summary import LIMITS, cells, head, how
from tradewright.reporting.page import Page, part, render
from tradewright.reporting.sections.costs import other_costs
from tradewright.reporting.sections.head import chip_list, warning_list

if TYPE_CHECKING:
    from tradewright.reporting.monte_carlo.findings import MonteCarloFindings
    from tradewright.reporting.page import Part

__all__ = ["card", "report"]

Tile = tuple[str, Markup, str]


def report(findings: MonteCarloFindings, library: str) -> str:
    """A whole page; `library` is the text of plotly.js, inlined once."""
    record = findings.result.record
    return render(
        Page(
            title=f"{wording.title(record)} · Monte Carlo",
            badge="MONTE CARLO",
            version=record.code_version,
            is_synthetic=record.is_synthetic,
            head=join(tag("h1", wording.title(record)), tag("p", _work(findings), class_="sub")),
            parts=_parts(findings),
            footer=join(f"Tradewright {record.code_version}. {LIMITS} Record ", tag("code", record.hash[:16]), "."),
            printed=f"{wording.title(record)} · {wording.period(record)} · record {record.hash[:16]}",
            scripts=("report.js",),
        ),
        library,
    )


def card(findings: MonteCarloFindings) -> str:
    """A small self-contained card: the outcomes of the paths, and the run."""
    record = findings.result.record
    return fill(
        "card.html",
        title=wording.title(record),
        period=_work(findings),
        tiles=headline_tiles((label, tag("span", text)) for label, text, _ in _tiles(findings)),
        spark=spark(findings.path),
        reliability="n four",
        verdict=tag("p", findings.sentence, class_="saying"),
        chips=chip_list(findings.result.trust),
        warnings=warning_list(findings.warnings) or "",
        identity=f"record {record.hash[:12]}",
    )


def _work(findings: MonteCarloFindings) -> str:
    return f"{wording.period(findings.result.record)} · {how(findings)}"


def _parts(findings: MonteCarloFindings) -> list[Part]:
    found = (
        part("headline", "", lambda: _headline(findings)),
        part("trust", "", lambda: chip_list(findings.result.trust)),
        part("warnings", "", lambda: warning_list(findings.warnings)),
        part("fan", "How else it could have gone", lambda: _fan(findings)),
        part("outcomes", "Outcomes", lambda: _outcomes(findings)),
        part("drawdowns", "Deepest drawdown", lambda: _spread(findings, "drawdown")),
        part("finals", "Final equity", lambda: _spread(findings, "final")),
        part("sharpes", "Sharpe", lambda: _spread(findings, "sharpe")),
        part("other_costs", "At other costs", lambda: _other_costs(findings)),
    )
    return [each for each in found if each is not None]


def _tiles(findings: MonteCarloFindings) -> list[Tile]:
    study, (final, _, depth, _) = findings.study, findings.outcomes
    run = findings.written("drawdown", depth.observed)
    return [
        ("Ended with a loss", number(share(study.probability_of_loss), study.probability_of_loss), "of the paths"),
        ("Middle end", number(findings.written("final", final.quantiles[2])), findings.currency),
        (
            "Drawdown, one in twenty",
            number(findings.written("drawdown", depth.quantiles[0])),
            f"or worse; the run {run}",
        ),
        ("Fell to half", number(share(findings.ruin), findings.ruin), "of the start, at some step"),
    ]


def _headline(findings: MonteCarloFindings) -> Markup:
    shown = [
        tag("div", tag("dt", label), tag("dd", tag("span", text, class_="value"), tag("span", aside, class_="aside")))
        for label, text, aside in _tiles(findings)
    ]
    return join(tag("dl", *shown, class_="headline four"), tag("p", f"{findings.sentence} {LIMITS}", class_="saying"))


def _fan(findings: MonteCarloFindings) -> Markup:
    caption = (
        "At every step the middle nine tenths and the middle half of the paths; none of the edges is a path of its own."
        " Solid: the run."
    )
    return pane("fan", figures.fan_figure(findings), caption)


def _outcomes(findings: MonteCarloFindings) -> Markup:
    rows = []
    for outcome in findings.outcomes:
        shown: list[str] = cells(findings, outcome)
        if outcome.reason is not None:
            shown[2:] = [missing(outcome.reason)] * (len(shown) - 2)
        rows.append(shown)
    names = head()
    note = "Each column: so many of the paths came to less. Drawdowns are negative, so the worst stand on the left."
    return join(
        text_table([(name, place > 0) for place, name in enumerate(names)], rows, "Outcomes of the paths"),
        tag("p", note, class_="note"),
    )


def _other_costs(findings: MonteCarloFindings) -> Markup | None:
    content = other_costs(findings.result.findings)
    return None if content is None else Markup(content)


def _spread(findings: MonteCarloFindings, field: str) -> Markup:
    outcome = next(each for each in findings.outcomes if each.field == field)
    if outcome.reason is not None:
        raise Undefined(outcome.reason)
    if findings.are_alike(field):
        raise Undefined(f"every path came to {findings.written(field, outcome.quantiles[0])}")
    rank = formatting.percent(outcome.rank)
    caption = f"{outcome.label} of the paths; line: the run, above {rank} of them, ties by half."
    return pane(field, figures.spread_figure(findings, field, outcome.label), caption)
