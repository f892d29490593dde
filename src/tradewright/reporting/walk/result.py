"""The result of a walk-forward: its out-of-sample run, its folds, efficiency, stability, text, files and pictures."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from tradewright.reporting.published import Published
from tradewright.reporting.walk import folds
from tradewright.reporting.walk.findings import WalkFindings
from tradewright.reporting.walk.numbers import WalkNumbers
from tradewright.reporting.walk.summary import one_line, summary

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from tradewright.domain.walk import WalkRecord
    from tradewright.reporting.metrics import Metrics
    from tradewright.reporting.result import Result
    from tradewright.reporting.trust import Chip
    from tradewright.reporting.verdict import Verdict
    from tradewright.reporting.walk.numbers import Steadiness
    from tradewright.reporting.warnings import ResultWarning

__all__ = ["WalkForwardResult"]

_NO_NUMBERS = WalkNumbers(efficiency_reason="it was not computed")


class WalkForwardResult(Published):
    """What came out of a walk-forward: above all, what came out of sample.

    Parameters
    ----------
    record : WalkRecord
    result : Result
        Of `record.stitched`: the out-of-sample runs as one.
    numbers : WalkNumbers
        Overall efficiency and the stability of the parameters.

    Examples
    --------
    ``walk.metrics["sharpe"]`` is out of sample, ``walk.folds`` has a row per fold, ``print(walk.summary())``.
    """

    def __init__(self, record: WalkRecord, result: Result, numbers: WalkNumbers = _NO_NUMBERS) -> None:
        self.record = record
        self.findings = WalkFindings(record, result, numbers)

    @property
    def result(self) -> Result:
        """The out-of-sample runs as one result, with everything a result has."""
        return self.findings.result

    @property
    def metrics(self) -> Metrics:
        """Metrics of the out-of-sample run."""
        return self.result.metrics

    @property
    def trades(self) -> pd.DataFrame:
        """Closed trades out of sample."""
        return self.result.trades

    @property
    def equity(self) -> pd.DataFrame:
        """Equity and drawdown out of sample."""
        return self.result.equity

    @property
    def efficiency(self) -> float | None:
        """Annualised return out of sample over that in training, over all folds together; None for a reason."""
        return self.findings.numbers.efficiency

    @property
    def stability(self) -> dict[str, Steadiness]:
        """By parameter: its choice in every fold, how often it changed, how far it moved."""
        return {each.name: each for each in self.findings.numbers.stability}

    @cached_property
    def folds(self) -> pd.DataFrame:
        """One row per fold: dates, chosen parameters, value in training and test, efficiency, trades, reason."""
        from tradewright.reporting import frames

        return frames.table(folds.table(self.record))

    @property
    def warnings(self) -> tuple[ResultWarning, ...]:
        """What to know before believing it, in a fixed order: of the walk, then of its out-of-sample run."""
        return self.findings.warnings

    @property
    def trust(self) -> tuple[Chip, ...]:
        """The trust bar of the out-of-sample run: eight states in fixed order."""
        return self.findings.trust

    @property
    def verdict(self) -> Verdict:
        """Whether what was chosen in training held out of sample: a state, a word, a sentence."""
        return self.findings.verdict

    def summary(self) -> str:
        """The walk as an aligned text table: out of sample, folds, parameters, trust, warnings."""
        return summary(self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document as plain values (`docs/reference/walk-forward-json.md`)."""
        from tradewright.reporting.walk import document

        return document.document(self.findings)

    def to_csv(self, folder: str | Path) -> Path:
        """Write the folds, and the tables of the out-of-sample run, as CSV into a folder, all of them or none.

        Raises
        ------
        ResourceError
            When the disk is full.
        ConfigError
            When the folder cannot be written.
        """
        from tradewright.reporting import files

        return files.write_folder(folder, self.csv_writers())

    def csv_writers(self) -> dict[str, Callable[[Path], object]]:
        """What writes each file of `to_csv`, by its name."""
        from tradewright.reporting import exports

        return {**exports.csv_writers(self.result.record, self.metrics), "folds.csv": self._write_folds}

    def plot(self) -> Any:
        """Equity out of sample with the folds as an interactive Plotly figure.

        Raises
        ------
        MissingExtraError
            When Plotly is not installed.
        """
        from tradewright.reporting import plots
        from tradewright.reporting.walk import figures

        return plots.drawn(figures.out_of_sample_figure(self.record, self.metrics.benchmark))

    def page(self, script: str) -> str:
        """The HTML page; see `Published.report`."""
        from tradewright.reporting.walk import page

        return page.report(self.findings, script)

    def _write_folds(self, path: Path) -> None:
        from tradewright.reporting import exports

        columns = folds.table(self.record)
        dated = {name: column.astype(str).astype(object) if name in folds.DATES else column
                 for name, column in columns.items()}  # fmt: skip
        exports.write_columns(path, dated)

    def __repr__(self) -> str:
        return f"<WalkForwardResult {one_line(self.findings)}>"

    def _repr_html_(self) -> str:
        from tradewright.reporting.walk import page

        return page.card(self.findings)
