"""Stored bars as documents: what is there, what was found, how far behind it is, and which runs used it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.app.data_freshness import tail_of
from tradewright.domain.control.paging import Slice
from tradewright.domain.kept_run import RunQuery, short_id
from tradewright.domain.moments import utc
from tradewright.marketdata.freshness import freshness_of

from .schemas.base import instant
from .schemas.data import DataFinding, DataUse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tradewright.app.data_versions import KeptVersion
    from tradewright.app.runs.archive import RunArchive
    from tradewright.domain.freshness import SeriesFreshness
    from tradewright.domain.kept_run import KeptRun
    from tradewright.domain.quality import QualityFinding
    from tradewright.domain.stored import StoredVersion

__all__ = ["finding_documents", "freshness_words", "quality_words", "series_words", "uses_of", "version_words"]

_LOOKED_AT = 200
"""Runs over a symbol among which those that used the store are found, the latest ones."""


def series_words(stored: StoredVersion) -> dict[str, Any]:
    """What a series is, without its bars."""
    quality = stored.quality
    gravity = None if quality is None else quality.gravity
    return {
        "instrument": stored.key.instrument,
        "symbol": stored.key.symbol,
        "timeframe": str(stored.key.timeframe),
        "adjustment": stored.key.adjustment.value,
        "currency": stored.instrument.currency,
        "version": stored.version,
        "rows": stored.rows,
        "first": stored.first,
        "last": stored.last,
        "imported_at": utc(stored.imported_ns),
        "source": _file_name(stored.source),
        "synthetic": stored.synthetic,
        "bytes": stored.bytes,
        "coverage": None if quality is None else quality.coverage,
        "gravity": None if gravity is None else gravity.value,
        "checked": quality is not None,
    }


def quality_words(stored: StoredVersion, now_ns: int) -> dict[str, Any]:
    """What was found in a series, and how far it lies behind."""
    quality = stored.quality
    return {
        "expected_rows": None if quality is None else quality.expected_rows,
        "findings": finding_documents(() if quality is None else quality.findings),
        "first_at": utc(stored.first_ns),
        "last_at": utc(stored.last_ns),
        "calendar": stored.instrument.calendar,
        "behind": freshness_of(tail_of(stored), now_ns).sessions,
    }


def freshness_words(found: SeriesFreshness, versions: int) -> dict[str, Any]:
    """How fresh a series is, and how many versions of it are kept."""
    stored = found.stored
    return {
        **stored.key.to_dict(),
        "symbol": stored.key.symbol,
        "version": stored.version,
        "versions": versions,
        "source": _file_name(stored.source),
        **found.to_dict(),
    }


def version_words(kept: KeptVersion) -> dict[str, Any]:
    """One version of a series, and why it was made."""
    stored = kept.stored
    quality = stored.quality
    return {
        "version": stored.version,
        "at": utc(stored.imported_ns),
        "rows": stored.rows,
        "first": stored.first,
        "last": stored.last,
        "source": _file_name(stored.source),
        "why": kept.why.value,
        "bytes": stored.bytes,
        "synthetic": stored.synthetic,
        "gravity": None if quality is None or quality.gravity is None else quality.gravity.value,
        "current": stored.is_current,
    }


def _file_name(source: str) -> str:
    """A source without the folders of this machine."""
    return source.replace("\\", "/").rpartition("/")[2]


def finding_documents(findings: Iterable[QualityFinding]) -> list[DataFinding]:
    """Findings, as they were written down."""
    return [
        DataFinding(
            problem=each.problem.value,
            gravity=each.gravity.value,
            count=each.count,
            first_at=instant(each.first_ns),
            last_at=instant(each.last_ns),
            line=each.line,
            sentence=each.sentence,
        )
        for each in findings
    ]


def uses_of(archive: RunArchive, instrument: str, most: int) -> list[DataUse]:
    """The latest runs that read an instrument's bars from the store, each with the version it read."""
    symbol = instrument.rpartition(":")[2]
    found = archive.page(RunQuery(symbol=symbol), piece=Slice(_LOOKED_AT)).items
    return [use for run in found for use in _uses(run, instrument)][:most]


def _uses(run: KeptRun, instrument: str) -> Iterator[DataUse]:
    for series in run.recipe.get("series", {}).values():
        origin = series.get("origin") or {}
        if origin.get("kind") == "store" and instrument in (
            origin["instrument"],
            origin["instrument"].partition(":")[2],
        ):
            yield DataUse(
                run_id=run.id,
                short_id=short_id(run.id),
                name=run.label.name,
                strategy=run.strategy,
                created_at=utc(run.label.created_ns),
                timeframe=str(origin["timeframe"]),
                adjustment=origin["adjustment"],
                version=str(origin["version"]),
            )
