"""The result of a Monte Carlo study: outcomes of the paths beside the run, text, file and pictures."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.reporting.monte_carlo.findings import LEVELS, MonteCarloFindings
from tradewright.reporting.monte_carlo.summary import one_line, summary
from tradewright.reporting.published import Published

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from tradewright.reporting.monte_carlo.findings import Study
    from tradewright.reporting.result import Result
    from tradewright.reporting.warnings import ResultWarning

__all__ = ["MonteCarloResult"]


class MonteCarloResult(Published):
    """How else a run could have gone.

    Parameters
    ----------
    study : Study
        The paths, with their quantiles and shares.
    result : Result
        Of the run that the paths were drawn from.
    path : (m,) float64
        Equity of the run at ``study.marks``, as the steps make it.

    Examples
    --------
    ``study.probability_of_loss``, ``study.table``, ``print(study.summary())``, ``study.report("paths.html")``.
    """

    def __init__(self, study: Study, result: Result, path: NDArray[np.float64]) -> None:
        self.study = study
        self.findings = MonteCarloFindings(study, result, path)

    @property
    def result(self) -> Result:
        """The run that the paths were drawn from."""
        return self.findings.result

    @property
    def probability_of_loss(self) -> float:
        """Share of paths that ended below where they began."""
        return self.study.probability_of_loss

    @property
    def probability_of_ruin(self) -> float:
        """Share of paths that fell to half of the start or below."""
        return self.findings.ruin

    @property
    def warnings(self) -> tuple[ResultWarning, ...]:
        """What to know before believing it, in a fixed order."""
        return self.findings.warnings

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per outcome: the run's own number, the quantiles over the paths, the run's rank among them."""
        from tradewright.reporting import frames

        outcomes = self.findings.outcomes
        columns = {
            "outcome": np.array([each.field for each in outcomes], object),
            "run": _numbers([each.observed for each in outcomes]),
            **{f"q{round(100 * level):02d}": _numbers([each.quantiles[place] for each in outcomes])
               for place, level in enumerate(LEVELS)},
            "rank": _numbers([each.rank for each in outcomes]),
        }  # fmt: skip
        return frames.table(columns)

    @cached_property
    def bands(self) -> pd.DataFrame:
        """Quantiles of the equity at each mark, and the run's own."""
        from tradewright.reporting import frames

        found = self.study.bands(LEVELS)
        named = {f"q{round(100 * level):02d}": row for level, row in zip(LEVELS, found, strict=True)}
        return frames.table({"step": self.study.marks, **named, "run": self.findings.path})

    def summary(self) -> str:
        """The study as an aligned text table: how it was drawn, outcomes, trust of the run, warnings."""
        return summary(self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The JSON document as plain values (`docs/reference/monte-carlo-json.md`)."""
        from tradewright.reporting.monte_carlo import document

        return document.document(self.findings)

    def plot(self) -> Any:
        """The fan of equity as an interactive Plotly figure.

        Raises
        ------
        MissingExtraError
            When Plotly is not installed.
        """
        from tradewright.reporting import plots
        from tradewright.reporting.monte_carlo import figures

        return plots.drawn(figures.fan_figure(self.findings))

    def page(self, script: str) -> str:
        """The HTML page; see `Published.report`."""
        from tradewright.reporting.monte_carlo import page

        return page.report(self.findings, script)

    def __repr__(self) -> str:
        return f"<MonteCarloResult {one_line(self.findings)}>"

    def _repr_html_(self) -> str:
        from tradewright.reporting.monte_carlo import page

        return page.card(self.findings)


def _numbers(values: list[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], np.float64)
