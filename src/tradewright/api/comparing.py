"""Runs side by side, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.kept_run import short_id
from tradewright.reporting import presentation
from tradewright.reporting.catalog import BY_KEY
from tradewright.reporting.comparison import Comparison as SideBySide
from tradewright.reporting.comparison_curves import rebased
from tradewright.reporting.comparison_views import ABSENT
from tradewright.reporting.series import Window, drawn_days

from .schemas.runs import CompareChoice, CompareMetric, ComparePeriod, CompareRun, Comparison
from .series_words import series_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tradewright.domain.kept_run import KeptRun
    from tradewright.reporting.comparison import ChoiceRow, MetricRow, Period

    from .schemas.series import SeriesDocument

__all__ = ["compared", "compared_series"]


def compared(runs: Sequence[tuple[KeptRun, Mapping[str, Any]]], *, everything: bool) -> Comparison:
    """Kept runs with their JSON documents; the first is the base."""
    found = SideBySide.of([(short_id(run.id), document) for run, document in runs])
    return Comparison(
        runs=[_run(run, document) for run, document in runs],
        same=found.is_same,
        config=_choices(found.choices, everything=everything),
        data=_choices(found.data, everything=everything),
        metrics=[_metric(row, found.currencies) for row in found.metrics if everything or row.differs],
        period=None if found.period is None else _period(found.period),
    )


def compared_series(runs: Sequence[tuple[KeptRun, Mapping[str, Any]]], most: int) -> SeriesDocument:
    """Their equity over common sessions, each begun at 100, and what each is above or below the first."""
    days, curves = rebased(SideBySide.of([(short_id(run.id), document) for run, document in runs]))
    return series_document(drawn_days(days, curves, Window(most)), "", [])


def _run(run: KeptRun, document: Mapping[str, Any]) -> CompareRun:
    return CompareRun(
        id=run.id,
        short_id=short_id(run.id),
        name=run.label.name,
        strategy=run.strategy,
        currency=document["config"].get("currency", ""),
        first=run.first,
        last=run.last,
        hash=run.record_hash,
    )


def _choices(rows: Iterable[ChoiceRow], *, everything: bool) -> list[CompareChoice]:
    return [
        CompareChoice(
            path=row.path,
            values=[None if value is ABSENT else value for value in row.values],
            differs=row.differs,
        )
        for row in rows
        if everything or row.differs
    ]


def _metric(row: MetricRow, currencies: Sequence[str]) -> CompareMetric:
    label = BY_KEY[row.key].label if row.key in BY_KEY else row.key
    parts = zip(row.values, currencies, row.own_errors, strict=True)
    changes = zip(row.differences, currencies, row.errors, strict=True)
    return CompareMetric(
        key=row.key,
        label=label,
        unit=row.unit,
        values=list(row.values),
        texts=[presentation.value_text(value, row.unit, currency, error) for value, currency, error in parts],
        differences=list(row.differences),
        difference_texts=[
            None if change is None else presentation.difference_text(change, row.unit, currency, error)
            for change, currency, error in changes
        ],
        standard_errors=list(row.errors),
        differs=row.differs,
    )


def _period(period: Period) -> ComparePeriod:
    return ComparePeriod(
        first=period.first,
        last=period.last,
        sessions=period.sessions,
        returns=list(period.returns),
        drawdowns=list(period.drawdowns),
    )
