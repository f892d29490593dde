"""The metrics of a run: a mapping that computes each number when it is first asked for, and knows what it means."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError
from tradewright.reporting.catalog import BY_KEY, MetricInfo
from tradewright.reporting.curves import benchmark_closes
from tradewright.reporting.evidence import NO_EVIDENCE, Evidence
from tradewright.reporting.inputs import Inputs
from tradewright.reporting.measures import measured
from tradewright.reporting.metric_registry import METRICS, added, all_metrics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.domain.bars import Bars
    from tradewright.domain.record import RunRecord
    from tradewright.quant.arrays import FloatArray

__all__ = ["Metrics", "UnknownMetricError"]


class UnknownMetricError(ConfigError, KeyError):
    """A key that names no metric."""


class Metrics(Mapping[str, float | int | None]):
    """Metric keys to numbers; what is undefined is None, and `reason` says why.

    Return series are session closes for timeframes up to a day and the bars themselves for longer ones, the starting
    cash first; drawdowns are of the equity marked at every bar, the starting cash included. Fractions, not percent.

    Parameters
    ----------
    record : RunRecord
    risk_free : float
        Annual risk-free rate as a fraction; it is divided by the return periods of a year.
    benchmark : Bars or (s,) float64, optional
        Prices to compare with, one value for every session close; by default the run's single symbol, held throughout.
    evidence : Evidence
        What is known about the search that the run came from.

    Raises
    ------
    DataError
        When the benchmark does not cover the run.
    """

    def __init__(
        self,
        record: RunRecord,
        *,
        risk_free: float = 0.0,
        benchmark: Bars | FloatArray | None = None,
        evidence: Evidence = NO_EVIDENCE,
    ) -> None:
        self._inputs = Inputs(record, risk_free, benchmark_closes(record, benchmark), evidence)
        self._found: dict[str, tuple[float | int | None, str | None]] = {}

    def __getitem__(self, key: str) -> float | int | None:
        return self._look_up(key)[0]

    def __iter__(self) -> Iterator[str]:
        return (info.key for info in self.infos)

    def __len__(self) -> int:
        return len(self.infos)

    def __contains__(self, key: object) -> bool:
        return key in BY_KEY or key in added()

    @property
    def infos(self) -> tuple[MetricInfo, ...]:
        """What is fixed about every metric, those of users and packages last."""
        return all_metrics()

    @property
    def inputs(self) -> Inputs:
        """The quantities that the metrics are computed from."""
        return self._inputs

    @property
    def benchmark(self) -> FloatArray | None:
        """Benchmark prices at the start and at every session close; None where there is none."""
        return self._inputs.benchmark

    def reason(self, key: str) -> str | None:
        """Why a metric is None, as a clause that reads after "because"; None where it has a value."""
        return self._look_up(key)[1]

    def unit(self, key: str) -> str:
        """What a metric is counted in."""
        return str(self.info(key).unit)

    def convention(self, key: str) -> str:
        """How a metric is computed, in a few words."""
        return self.info(key).convention

    def info(self, key: str) -> MetricInfo:
        """Everything that is fixed about a metric: group, label, unit, convention, source.

        Raises
        ------
        UnknownMetricError
            When there is no such metric; names the nearest one.
        """
        if key in BY_KEY:
            return BY_KEY[key]
        found = added().get(key)
        if found is None:
            raise self._unknown(key)
        return found.info

    def __repr__(self) -> str:
        defined = sum(self[key] is not None for key in self)
        return f"<Metrics: {defined} of {len(self)} defined>"

    def _look_up(self, key: str) -> tuple[float | int | None, str | None]:
        found = self._found.get(key)
        if found is None:
            self.info(key)
            found = self._found[key] = self._compute(key)
        return found

    def _unknown(self, key: str) -> UnknownMetricError:
        near = difflib.get_close_matches(str(key), list(self), n=1)
        return UnknownMetricError(f"There is no metric {key!r}.", hint=f"Did you mean '{near[0]}'?" if near else None)

    def _compute(self, key: str) -> tuple[float | int | None, str | None]:
        if key not in BY_KEY:
            return METRICS.get(key).contained(self._inputs)
        return measured(key, self._inputs)
