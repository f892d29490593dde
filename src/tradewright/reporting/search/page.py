"""A search as a one-file page that opens offline, and as a card for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.reporting import formatting, wording
from tradewright.reporting.blocks import data_script, headline_tiles
from tradewright.reporting.html import spark
from tradewright.reporting.markup import Markup, fill, join, tag
from tradewright.reporting.page import Page, part, render
from tradewright.reporting.search import pictures, texts
from tradewright.reporting.search.head import headline, honesty_table, tiles, written
from tradewright.reporting.search.meanings import in_a_row
from tradewright.reporting.search.space import dimension_text
from tradewright.reporting.search.trials import ranked, table
from tradewright.reporting.sections.costs import other_costs
from tradewright.reporting.sections.head import chip_list, warning_list
from tradewright.reporting.verdict import saying

if TYPE_CHECKING:
    import numpy as np

    from tradewright.domain.search import SearchRecord
    from tradewright.reporting.page import Part
    from tradewright.reporting.search.findings import SearchFindings

__all__ = ["MOST_LISTED", "card", "report"]

MOST_LISTED = 10_000
"""Trials in the page, the best ones; `to_csv` writes all."""

_TEXT_COLUMNS = frozenset({"state", "reason"})


def report(findings: SearchFindings, library: str) -> str:
    """A whole page; `library` is the text of plotly.js, inlined once."""
    record = findings.record
    named = f"{texts.title(record)} · {texts.period(record)}"
    return render(
        Page(
            title=f"{texts.title(record)} · search",
            badge="SEARCH",
            version=record.code_version,
            is_synthetic=any(key.synthetic for key in record.data),
            head=join(tag("h1", texts.title(record)), tag("p", _work(record), class_="sub")),
            parts=_parts(findings),
            footer=_footer(record),
            printed=f"{named} · search {record.header.id[:16]} · {', '.join(in_a_row(findings.honesty))}",
            scripts=("report.js", "list.js"),
        ),
        library,
    )


def card(findings: SearchFindings) -> str:
    """A small self-contained card: the best with its trials, DSR and PBO, the verdict, the warnings."""
    record = findings.record
    result = findings.best_result
    curve = None if result is None else result.record.equity[result.record.timeline.first_row :]
    best = f"best {texts.parameters(findings.best)}" if findings.best is not None else "nothing found"
    return fill(
        "card.html",
        title=texts.title(record),
        period=f"{_work(record)} · costs {wording.costs(record.config)} · {best}",
        tiles=headline_tiles((tile.label, tag("span", written(tile))) for tile in tiles(findings)),
        spark="" if curve is None else spark(curve),
        reliability="n four unreliable" if findings.is_unreliable else "n four",
        verdict=saying(findings.verdict, findings.trust),
        chips=chip_list(findings.trust),
        warnings=warning_list(findings.warnings) or "",
        identity=f"search {record.header.id[:12]}",
    )


def _parts(findings: SearchFindings) -> list[Part]:
    several = len(findings.record.space) > 1
    found = (
        part("headline", "", lambda: headline(findings)),
        part("trust", "", lambda: chip_list(findings.trust)),
        part("warnings", "", lambda: warning_list(findings.warnings)),
        part("luck", "Luck or not", lambda: honesty_table(findings)),
        part("map", "A plateau or a peak" if several else "Over the parameter", lambda: pictures.maps(findings)),
        part("sharpe", "Sharpe of all trials", lambda: pictures.sharpe_ratios(findings)),
        part("splits", "Chosen in one half, tried in the other", lambda: pictures.splits(findings)),
        part("parallel", "Every trial", lambda: pictures.every_trial(findings)),
        part("pareto", "Objectives against each other", lambda: pictures.objectives(findings)),
        part("equity", "The best over time", lambda: pictures.best_over_time(findings)),
        part("other_costs", "The best at other costs", lambda: _other_costs(findings)),
        part("trials", "Trials", lambda: _trials(findings)),
        part("configuration", "Configuration", lambda: _configuration(findings.record)),
    )
    return [each for each in found if each is not None]


def _other_costs(findings: SearchFindings) -> Markup | None:
    result = findings.best_result
    return None if result is None else Markup(other_costs(result.findings))


def _work(record: SearchRecord) -> str:
    looked_for = ", ".join(map(texts.objective_label, record.objectives))
    return f"{texts.period(record)} · {texts.work(record)} · for {looked_for}"


def _trials(findings: SearchFindings) -> Markup:
    record = findings.record
    beside = " · ".join(in_a_row(findings.honesty))
    count = len(record.trials)
    rest = (
        f" The first {MOST_LISTED:,} of {count:,} are here; search.to_csv() writes all." if count > MOST_LISTED else ""
    )
    said = f"Best first, in sample. {beside}.{rest} Type fast=20 to find a value of a column."
    without = tag("noscript", tag("p", "The list needs scripts; search.to_csv() writes it as a file.", class_="note"))
    return join(
        tag("p", said, class_="note"),
        data_script("trial-data", _listed(record)),
        tag("div", without, class_="trade-list", data_list="trial-data"),
    )


def _listed(record: SearchRecord) -> dict[str, Any]:
    """The table of trials as text with the values to sort by, best first, those without a value last."""
    ranks = {trial.number: rank for rank, trial in enumerate(ranked(record))}
    order = sorted(range(len(record.trials)), key=lambda row: ranks.get(record.trials[row].number, len(ranks) + row))
    columns = [_column(record, name, values[order[:MOST_LISTED]]) for name, values in table(record).items()]
    if all(reason is None for reason in table(record)["reason"]):
        columns = [column for column in columns if column["label"] != "reason"]
    return {"columns": columns, "noun": "trials", "label": "Trials", "hint": "value, state, reason"}


def _column(record: SearchRecord, name: str, values: np.ndarray[Any, Any]) -> dict[str, Any]:
    is_number = values.dtype.kind in "if"
    known = [None if each is None or each != each else each for each in values.tolist()]  # noqa: PLR0124 - NaN alone
    info = texts.info_of(name) if name not in record.space and name not in _TEXT_COLUMNS else None
    write = _plain if info is None else texts.writer(name, record.config.currency)
    label = name if info is None else info.label
    cells = ["" if each is None and not is_number else write(each) for each in known]
    return {"label": label, "number": is_number, "cells": cells, **({"values": known} if is_number else {})}


def _plain(value: Any) -> str:
    if value is None:
        return formatting.NOT_AVAILABLE
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _configuration(record: SearchRecord) -> Markup:
    config = record.config
    facts = [
        *((name, dimension_text(described)) for name, described in record.space.items()),
        ("Other parameters", wording.parameters(record.defaults) or "none"),
        ("Method", f"{texts.work(record)}, seed {record.seed}"),
        ("Cash", f"{formatting.money(config.cash, config.currency)} {config.currency}"),
        ("Costs", wording.costs(config)),
        ("Fills", wording.fill_rule(config)),
        ("Sizing", wording.sizing(config)),
        ("Limits", wording.limits(config)),
        ("Warm-up", f"{record.warmup_bars:,} bars, the largest of the space: all trials are scored from the same date"),
        ("Code version", record.code_version),
        ("Search", record.header.id),
        *((f"Data {key.symbol} {key.timeframe}", key.fingerprint) for key in record.data[:5]),
    ]
    rows = [tag("tr", tag("th", name, scope="row"), tag("td", text)) for name, text in facts]
    return tag("table", *rows, class_="facts")


def _footer(record: SearchRecord) -> Markup:
    return join(
        f"Tradewright {record.code_version}. The same code, data, space, sampler and seed give the same trials.",
        " Search ",
        tag("code", record.header.id[:16]),
        ".",
    )
