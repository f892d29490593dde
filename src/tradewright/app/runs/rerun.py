"""Running a kept run again, and saying whether the same came out."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from tradewright.app.backtest import backtest
from tradewright.app.recipes import bars_again, plan_again
from tradewright.domain.kept_run import short_id
from tradewright.reporting import html

if TYPE_CHECKING:
    from tradewright.app.recipes import BarsAgain
    from tradewright.domain.kept_run import KeptRun
    from tradewright.reporting.result import Result

    from .archive import RunArchive

__all__ = ["Rerun", "rerun"]


@dataclass(frozen=True)
class Rerun:
    """A second run beside the first.

    Parameters
    ----------
    kept : Result
        As it was kept.
    again : Result
        As it came out now.
    differences : tuple of str
        One sentence for each thing that is not the same to the byte; empty where all is.
    """

    kept: Result
    again: Result
    differences: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether record, JSON document and report are the same bytes."""
        return not self.differences


def rerun(archive: RunArchive, run: KeptRun, load_bars: BarsAgain, code_version: str) -> Rerun:
    """Run a kept run again from its recipe.

    Raises
    ------
    ConfigError, DataError, StrategyError
        When it cannot be run again, with the reason.
    """
    kept = archive.load(run, load_bars)
    recipe = archive.recipe(run)
    plan = plan_again(recipe, kept.config, load_bars, code_version)
    benchmark = None if recipe.benchmark is None else bars_again("the benchmark", recipe.benchmark, load_bars)
    again = _as_known_then(kept, backtest(plan, risk_free=recipe.risk_free, benchmark=benchmark))
    return Rerun(kept, again, tuple(_differences(run, kept, again)))


def _as_known_then(kept: Result, again: Result) -> Result:
    """With what was known from outside the record when the run was kept: trials made since are not of that run."""
    known = {each.name: getattr(kept.evidence, each.name) for each in fields(kept.evidence) if each.name != "quality"}
    return again.with_evidence(**known)


def _differences(run: KeptRun, kept: Result, again: Result) -> list[str]:
    found = []
    if kept.record.code_version != again.record.code_version:
        found.append(f"The run is of version {kept.record.code_version}, this is {again.record.code_version}.")
    if kept.hash != again.hash:
        found.append(f"The record of {short_id(run.id)} has hash {kept.hash[:12]}, the new one {again.hash[:12]}.")
    if kept.to_json() != again.to_json():
        found.append("The JSON documents differ.")
    if html.report(kept.findings, "") != html.report(again.findings, ""):
        found.append("The reports differ.")
    return found + _metrics_since(run, again)


def _metrics_since(run: KeptRun, again: Result) -> list[str]:
    """What the kept numbers say otherwise: the document of a kept run is computed by the program of today."""
    now = {key: again.metrics[key] for key in again.metrics}
    changed = [key for key, (value, _) in run.metrics.items() if key in now and now[key] != value]
    lost = [key for key in run.metrics if key not in now]
    return [
        *(f"The metric '{key}' was {run.metrics[key][0]} when the run was kept and is {now[key]}." for key in changed),
        *(f"The metric '{key}' was kept and is not known any more." for key in lost),
    ]
