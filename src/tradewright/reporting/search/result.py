"""The result of a search: its trials, its best with how likely it is luck, text, files and pictures."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError, TradewrightError
from tradewright.reporting.published import Published
from tradewright.reporting.search import trials
from tradewright.reporting.search.findings import SearchFindings, Sources
from tradewright.reporting.search.summary import one_line, summary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from tradewright.domain.honesty import SearchHonesty
    from tradewright.domain.search import SearchRecord, Trial
    from tradewright.reporting.result import Result
    from tradewright.reporting.search.findings import Splits
    from tradewright.reporting.trust import Chip
    from tradewright.reporting.verdict import Verdict
    from tradewright.reporting.warnings import ResultWarning

__all__ = ["SearchResult"]


class SearchResult(Published):
    """What came out of a search.

    Nothing is computed before it is asked for: honesty and the run of the best on first access, frames and pictures
    only when used. Wherever the best is shown, the number of trials, its deflated Sharpe ratio (DSR) and the
    probability of overfitting (PBO) stand beside it.

    Parameters
    ----------
    record : SearchRecord
    honesty : callable
        Gives the numbers about luck; called at most once.
    run : callable
        Gives the plain backtest of parameters of the space, with everything else as in the search.
    splits : callable, optional
        Gives what the splits of the overfitting test showed (``logits``, ``in_sample``, ``out_of_sample``, one value a
        split), for the picture; called at most once.

    Examples
    --------
    ``search.best_params``, ``search.best_result.metrics["deflated_sharpe"]``, ``print(search.summary())``.
    """

    def __init__(
        self,
        record: SearchRecord,
        honesty: Callable[[], SearchHonesty],
        run: Callable[[Mapping[str, Any]], Result],
        *,
        splits: Callable[[], Splits | None] | None = None,
    ) -> None:
        self.record = record
        self.findings = SearchFindings(record, Sources(honesty, run, splits))

    @property
    def best(self) -> Trial | None:
        """The trial with the best first objective, in sample; the earlier of equals. None where none has a value."""
        return self.findings.best

    @property
    def start(self) -> str | None:
        """The first date that is scored, the same for all trials: ``tw.backtest(…, start=search.start)`` is a trial."""
        return self.record.config.start

    @property
    def best_params(self) -> dict[str, Any] | None:
        """Parameters of the best trial; None where there is none."""
        return None if self.best is None else dict(self.best.params)

    @property
    def best_result(self) -> Result:
        """The plain backtest of the best parameters, which shows its DSR and PBO; it is run when first asked for.

        Raises
        ------
        TradewrightError
            When no trial has a value, or the run fails.
        """
        found = self.findings.best_run
        if isinstance(found, TradewrightError):
            raise found
        return found

    @property
    def honesty(self) -> SearchHonesty:
        """How likely the best is luck; what is None has its reason in `honesty.reasons`."""
        return self.findings.honesty

    @property
    def pareto(self) -> tuple[Trial, ...]:
        """With several objectives the trials that no other beats in all of them; with one, its best trials."""
        return self.findings.pareto

    @property
    def warnings(self) -> tuple[ResultWarning, ...]:
        """What to know before believing the best, in a fixed order: of the search, then of the best's run."""
        return self.findings.warnings

    @property
    def trust(self) -> tuple[Chip, ...]:
        """The trust bar of a run, said of the best: eight states in fixed order."""
        return self.findings.trust

    @property
    def verdict(self) -> Verdict:
        """Whether the best reads as luck: a state, a word, a sentence."""
        return self.findings.verdict

    @cached_property
    def trials(self) -> pd.DataFrame:
        """One row per trial: number, parameters, objectives, return, Sharpe, drawdown, trades, state, reason."""
        from tradewright.reporting import frames

        return frames.table(trials.table(self.record))

    def backtest(self, trial: int | Mapping[str, Any]) -> Result:
        """The plain backtest of a trial by its number, or of parameters; it knows of how many trials it is one.

        Raises
        ------
        ConfigError
            When there is no trial of that number.
        """
        if not isinstance(trial, int):
            return self.findings.run(trial)
        for each in self.record.trials:
            if each.number == trial:
                return self.findings.run(each.params)
        count = len(self.record.trials)
        raise ConfigError(f"The search has no trial {trial}.", hint=f"Its {count:,} trials are listed in .trials.")

    def summary(self) -> str:
        """The search as an aligned text table: the best, what DSR and PBO mean, trust, the best few, warnings."""
        return summary(self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document as plain values (`docs/reference/search-json.md`)."""
        from tradewright.reporting.search import document

        return document.document(self.findings)

    def to_csv(self, path: str | Path) -> Path:
        """Write the trials as one CSV file with the columns of `trials`; appears whole or not at all.

        Raises
        ------
        ResourceError
            When the disk is full.
        ConfigError
            When the path cannot be written.
        """
        from tradewright.reporting import exports, files

        return files.write_file(path, exports.csv_text(trials.table(self.record)))

    def plot(self) -> Any:
        """The trials as an interactive Plotly figure: a heat map, of one parameter a profile.

        Raises
        ------
        MissingExtraError
            When Plotly is not installed.
        """
        from tradewright.reporting import plots
        from tradewright.reporting.search import pictures

        return plots.drawn(pictures.overview(self.findings))

    def heatmap(self, x: str | None = None, y: str | None = None, value: str | None = None) -> Any:
        """A value of the trials over two parameters, of each cell the best trial over the others.

        Cells that were not tried are hatched, those that failed a flat colour, the best is outlined.

        Parameters
        ----------
        x, y : str, optional
            Parameters; the first two that vary.
        value : str, optional
            An objective or a metric of the trials; the first objective.

        Raises
        ------
        ConfigError
            When the search knows no such parameter or value, or varied fewer than two parameters.
        MissingExtraError
            When Plotly is not installed.
        """
        from tradewright.reporting import plots
        from tradewright.reporting.search import pictures

        return plots.drawn(pictures.chosen_map(self.findings, x, y, value))

    def parallel(self) -> Any:
        """Every trial as a line through its parameters and outcomes, the best tenth over the others.

        Raises
        ------
        ConfigError
            When no trial has a value.
        MissingExtraError
            When Plotly is not installed.
        """
        from tradewright.reporting import plots
        from tradewright.reporting.search import pictures

        return plots.drawn(pictures.parallel(self.findings))

    def page(self, script: str) -> str:
        """The HTML page; see `Published.report`."""
        from tradewright.reporting.search import page

        return page.report(self.findings, script)

    def _repr_html_(self) -> str:
        from tradewright.reporting.search import page

        return page.card(self.findings)

    def __repr__(self) -> str:
        return f"<SearchResult {one_line(self.findings)}>"
