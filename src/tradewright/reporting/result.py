"""The result of a run: metrics, warnings, frames, text, files and pictures, all read from one record."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tradewright.reporting.evidence import NO_EVIDENCE, Evidence
from tradewright.reporting.findings import Findings, examine
from tradewright.reporting.published import Published
from tradewright.reporting.summary import one_line, summary

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from tradewright.domain.bars import Bars
    from tradewright.domain.recipe import Recipe
    from tradewright.domain.record import LogLine, OpenPosition, RunConfig, RunRecord
    from tradewright.quant.arrays import FloatArray
    from tradewright.reporting.metrics import Metrics
    from tradewright.reporting.trust import Chip
    from tradewright.reporting.warnings import ResultWarning

__all__ = ["Result"]


class Result(Published):
    """What came out of a run.

    Nothing is computed before it is asked for: metrics and warnings on first access, frames and pictures (and with them
    pandas and Plotly) only when used. The record is never changed.

    Parameters
    ----------
    record : RunRecord
    risk_free : float
        Annual risk-free rate as a fraction, for the risk-adjusted metrics.
    benchmark : Bars or (s,) float64, optional
        What to compare with, one price for every session close; by default the run's single symbol, held throughout.
    evidence : Evidence
        What is known from outside the record: the search, the data check, the look-ahead check.
    recipe : Recipe, optional
        How to run it again; known to what ran it.

    Examples
    --------
    ``result.metrics["sharpe"]``, ``result.trades``, ``print(result.summary())``, ``result.report("out.html")``.
    """

    def __init__(
        self,
        record: RunRecord,
        *,
        risk_free: float = 0.0,
        benchmark: Bars | FloatArray | None = None,
        evidence: Evidence = NO_EVIDENCE,
        recipe: Recipe | None = None,
    ) -> None:
        self.record = record
        self.recipe = recipe
        self._risk_free = risk_free
        self._benchmark = benchmark
        self._evidence = evidence

    @property
    def risk_free(self) -> float:
        """The annual risk-free rate that the metrics were asked for, a fraction."""
        return self._risk_free

    @property
    def evidence(self) -> Evidence:
        """What is known from outside the record."""
        return self._evidence

    def with_evidence(self, **known: Any) -> Result:
        """The same result with more known from outside the record; names as of `Evidence`."""
        return Result(
            self.record,
            risk_free=self._risk_free,
            benchmark=self._benchmark,
            evidence=replace(self._evidence, **known),
            recipe=self.recipe,
        )

    @cached_property
    def findings(self) -> Findings:
        """Metrics, warnings and trust states, computed once.

        Raises
        ------
        DataError
            When the benchmark does not cover the run.
        """
        return examine(self.record, risk_free=self._risk_free, benchmark=self._benchmark, evidence=self._evidence)

    @property
    def metrics(self) -> Metrics:
        """Metric keys to numbers; `metrics.reason(key)` says why one is None."""
        return self.findings.metrics

    @property
    def warnings(self) -> tuple[ResultWarning, ...]:
        """What to know before believing the numbers, in a fixed order."""
        return self.findings.warnings

    @property
    def trust(self) -> tuple[Chip, ...]:
        """The trust bar: eight states in fixed order."""
        return self.findings.trust

    @cached_property
    def trades(self) -> pd.DataFrame:
        """Closed trades by exit: symbol, strategy, side, quantity, times (aware UTC), prices, money, MAE, MFE, tags."""
        from tradewright.reporting import frames

        return frames.trades(self.record)

    @cached_property
    def fills(self) -> pd.DataFrame:
        """Executions in order; `time` is the bar's open for fills at the open, else its close."""
        from tradewright.reporting import frames

        return frames.fills(self.record)

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Orders by number, with their end and the reason for it as a sentence."""
        from tradewright.reporting import frames

        return frames.orders(self.record)

    @cached_property
    def equity(self) -> pd.DataFrame:
        """Equity and drawdown at every close, by session label (daily and longer) or the bar's open (intraday)."""
        from tradewright.reporting import frames

        return frames.equity(self.record)

    @cached_property
    def events(self) -> pd.DataFrame:
        """Everything that happened to orders and money, in order."""
        from tradewright.reporting import frames

        return frames.events(self.record)

    @property
    def hash(self) -> str:
        """Hash of the record: equal runs, equal hash."""
        return self.record.hash

    @property
    def meta(self) -> dict[str, Any]:
        """How the run was carried out; not part of the hash."""
        return self.record.meta

    @property
    def config(self) -> RunConfig:
        """The choices of the run."""
        return self.record.config

    @property
    def open_positions(self) -> tuple[OpenPosition, ...]:
        """What was still open at the end, marked at the last close."""
        return self.record.open_positions

    @property
    def logs(self) -> tuple[LogLine, ...]:
        """What the strategies logged, at simulated time."""
        return self.record.logs

    def summary(self) -> str:
        """The result as an aligned text table: choices, metrics with units, warnings."""
        return summary(self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document as plain values (`docs/reference/result-json.md`)."""
        from tradewright.reporting import exports

        return exports.document(self.findings)

    def to_csv(self, folder: str | Path) -> Path:
        """Write trades, fills, orders, equity and metrics as CSV into a folder, all of them or none.

        Raises
        ------
        ResourceError
            When the disk is full.
        ConfigError
            When the folder cannot be written.
        """
        from tradewright.reporting import exports, files

        return files.write_folder(folder, exports.csv_writers(self.record, self.metrics))

    def plot(self) -> Any:
        """Equity, benchmark and drawdown as an interactive Plotly figure.

        Raises
        ------
        MissingExtraError
            When Plotly is not installed.
        """
        from tradewright.reporting import plots

        return plots.plot(self.record, self.metrics.benchmark)

    def page(self, script: str) -> str:
        """The HTML page; see `Published.report`."""
        from tradewright.reporting import html

        return html.report(self.findings, script)

    def __repr__(self) -> str:
        return f"<Result {one_line(self.findings)}>"

    def _repr_html_(self) -> str:
        from tradewright.reporting import html

        return html.card(self.findings)
