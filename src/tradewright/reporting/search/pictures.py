"""The figures of a search with the sentence that says what each shows."""

from __future__ import annotations

import math
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.quant.undefined import Undefined
from tradewright.reporting import formatting, wording
from tradewright.reporting.blocks import pane, picker
from tradewright.reporting.figures.equity import equity_figure
from tradewright.reporting.markup import Markup, join
from tradewright.reporting.search import texts
from tradewright.reporting.search.doubts import surroundings
from tradewright.reporting.search.figures.chance import degradation_figure, logit_figure, sharpe_figure
from tradewright.reporting.search.figures.heat_map import MOST_MARKED, heat_map
from tradewright.reporting.search.figures.objectives import pareto_figure, profile_figure
from tradewright.reporting.search.figures.parallel import parallel_figure
from tradewright.reporting.search.grid import Grid, default_axes, lay_out
from tradewright.reporting.search.lines import drawn_sentence
from tradewright.reporting.search.meanings import in_a_row
from tradewright.reporting.search.space import dimensions, number_text
from tradewright.reporting.search.trials import ranked

if TYPE_CHECKING:
    from tradewright.domain.search import SearchRecord
    from tradewright.reporting.search.findings import SearchFindings

    Figure = dict[str, Any]

__all__ = ["best_over_time", "every_trial", "grid_figure", "maps", "objectives", "sharpe_ratios", "splits"]

MOST_MAPS = 6
"""Pairs of parameters drawn; the first ones."""


def maps(findings: SearchFindings) -> Markup:
    """A heat map for each pair of parameters, of one parameter a profile."""
    record = findings.record
    if findings.best is None:
        raise Undefined("no trial has a value")
    varied = [name for name, dimension in dimensions(record).items() if dimension.size != 1]
    label = texts.objective_label(record.objectives[0])
    if len(varied) < 2:
        caption = f"{label} of every trial, in sample; ring: the best."
        return pane("profile", profile_figure(record, (varied or list(record.space))[0]), caption)
    pairs = list(islice(combinations(varied, 2), MOST_MAPS))
    grids = [lay_out(record, x, y, record.objectives[0].name) for x, y in pairs]
    figures = [
        (f"{grid.x.name} × {grid.y.name}", grid_figure(findings, grid, record.objectives[0].name)) for grid in grids
    ]
    return picker("map", "Parameters", figures, _map_caption(findings, grids[0], several=len(varied) > 2))


def overview(findings: SearchFindings) -> Figure:
    """The picture of a search where there is room for one."""
    varied = [name for name, dimension in dimensions(findings.record).items() if dimension.size != 1]
    if len(varied) > 1:
        return chosen_map(findings, varied[0], varied[1], None)
    return profile_figure(findings.record, (varied or list(findings.record.space))[0])


def chosen_map(findings: SearchFindings, x: str | None, y: str | None, value: str | None) -> Figure:
    """The heat map of a value over two parameters, the first two that vary where none are named."""
    record = findings.record
    if x is None or y is None:
        free = [name for name in default_axes(record) if name not in (x, y)]
        x = x or free.pop(0)
        y = y or free.pop(0)
    value = value or record.objectives[0].name
    return grid_figure(findings, lay_out(record, x, y, value), value)


def parallel(findings: SearchFindings) -> Figure:
    """The parallel coordinates.

    Raises
    ------
    ConfigError
        When no trial has a value.
    """
    figure = parallel_figure(findings.record)
    if figure is None:
        raise ConfigError("No trial of the search has a value, so there is nothing to draw.", hint="See .trials.")
    return figure


def grid_figure(findings: SearchFindings, grid: Grid, value: str) -> Figure:
    """A heat map of a value of the trials, with the best marked."""
    record = findings.record
    place = next((at for at, objective in enumerate(record.objectives) if objective.name == value), None)
    maximize = True if place is None else record.objectives[place].maximize
    info = texts.info_of(value)
    title = info.label if info is not None else value
    best = grid.place_of(findings.best) if findings.best is not None else None
    return heat_map(grid, f"{title}, in sample", texts.writer(value, record.config.currency), best, maximize=maximize)


def sharpe_ratios(findings: SearchFindings) -> Markup:
    """All trials' Sharpe ratios with the best, and what luck would be expected to show."""
    ratios = trial_ratios(findings.record)
    if not len(ratios):
        raise Undefined("no trial has a Sharpe ratio")
    honesty = findings.honesty
    luck = formatting.ratio(honesty.expected_best_sharpe)
    said = (
        f"; dashed: {luck}, what the best of {wording.plural(honesty.trials, 'trial')} without skill would be expected"
        " to show"
        if honesty.expected_best_sharpe is not None
        else ""
    )
    best = formatting.ratio(honesty.best_sharpe)
    caption = (
        f"Sharpe ratios of {wording.plural(len(ratios), 'trial')}, median {formatting.ratio(float(np.median(ratios)))}."
        f" Solid: the best, {best}{said}. {', '.join(in_a_row(honesty))}."
    )
    return pane("sharpe", sharpe_figure(ratios, honesty.best_sharpe, honesty.expected_best_sharpe), caption)


def trial_ratios(record: SearchRecord) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Annualised Sharpe ratios of the trials that have one."""
    year = math.sqrt(record.periods_per_year)
    return np.array([trial.sharpe * year for trial in record.trials if trial.sharpe is not None], np.float64)


def splits(findings: SearchFindings) -> Markup | None:
    """The splits of the overfitting test: what the winner of one half did in the other."""
    found = findings.splits
    if found is None:
        if findings.honesty.pbo is None:
            raise Undefined(f"there is no PBO: {findings.honesty.reasons.get('pbo', 'not computed')}")
        return None
    outside = np.asarray(found.out_of_sample)
    below = float(np.mean(np.asarray(found.logits) <= 0))
    year = math.sqrt(findings.record.periods_per_year)
    chosen = (
        f"The time was cut in halves in {wording.plural(len(outside), 'way')}. Each dot: the trial that was best in one"
        f" half. Their median Sharpe in the other half was {formatting.ratio(float(np.median(outside)) * year)}, and"
        f" {formatting.percent(float(np.mean(outside < 0)))} of them lost there."
    )
    ranked = (
        f"Where the winner ranked in the other half: hatched, at or below the median of all trials, in"
        f" {formatting.percent(below)} of the ways. That share is the PBO."
    )
    return join(pane("splits", degradation_figure(found, year), chosen), pane("logits", logit_figure(found), ranked))


def every_trial(findings: SearchFindings) -> Markup:
    """Parallel coordinates."""
    figure = parallel_figure(findings.record)
    if figure is None:
        raise Undefined("no trial has a value")
    caption = (
        "Each line is a trial, each row a parameter or an outcome from its lowest to its highest value. Blue: the best"
        f" tenth; orange: the best. {drawn_sentence(len(ranked(findings.record)))} Where the blue lines spread over a"
        " whole row, that parameter matters little."
    )
    return pane("parallel", figure, caption)


def objectives(findings: SearchFindings) -> Markup | None:
    """The first objective against the second; nothing where there is one."""
    record = findings.record
    if len(record.objectives) < 2:
        return None
    if not findings.pareto:
        raise Undefined("no trial has a value of every objective")
    caption = (
        f"Each dot is a trial. Filled: the {len(findings.pareto):,} that no other beats in every one of"
        f" {len(record.objectives)} objectives; which of them is best is a matter of taste, not of data."
    )
    return pane("pareto", pareto_figure(record), caption)


def best_over_time(findings: SearchFindings) -> Markup:
    """Equity of the best's run."""
    result = findings.best_result
    if result is None:
        raise Undefined(findings.why_no_run.rstrip("."))
    caption = (
        f"The best of the search, in sample: it was chosen because it looks like this."
        f" {', '.join(in_a_row(findings.honesty))}."
    )
    return pane("equity", equity_figure(result.record, result.metrics.benchmark), caption, scales=True)


def _map_caption(findings: SearchFindings, grid: Grid, *, several: bool) -> str:
    best = findings.best
    others = "the best of the trials that share it, over the other parameters" if several else "a trial"
    if max(grid.x.per_cell, grid.y.per_cell) > 1 or grid.x.edges or grid.y.edges:
        others = "the best of the trials that fall into it"
    around = surroundings(findings.honesty, findings.written)
    found = [around.sentence, f"Each cell is {others}; light is better."]
    if best is not None:
        params = ", ".join(f"{name} = {number_text(best.params[name])}" for name in (grid.x.name, grid.y.name))
        found.append(f"Outlined: the best, at {params}.")
    if (grid.counts == 0).any():
        found.append("Hatched: not tried.")
    if grid.failed.any():
        found.append("Orange: tried, and without a value.")
    if grid.few_trades.any() and grid.values.size <= MOST_MARKED:
        found.append("With a star or a stroke: fewer than 30 closed trades.")
    return " ".join(found)
