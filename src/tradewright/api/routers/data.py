"""Stored bars: which there are, how good they are, and how they look."""

from __future__ import annotations

import os
from typing import Annotated

from fastapi import APIRouter, Query

from tradewright.app.data_freshness import freshness_of_series
from tradewright.app.data_versions import kept_versions
from tradewright.bootstrap.control_room import ControlRoom
from tradewright.bootstrap.provider_report import provider_rows
from tradewright.bootstrap.settings import load_settings
from tradewright.domain.errors import ConfigError, SymbolNotFoundError
from tradewright.domain.stored import StoredVersion
from tradewright.domain.timeframe import Timeframe
from tradewright.reporting.series import drawn_bars

from ..data_words import freshness_words, quality_words, series_words, uses_of, version_words
from ..dependencies import Room
from ..schemas.base import Page
from ..schemas.data import (
    BarsDocument,
    BarsQuery,
    DataProvider,
    DataUse,
    SeriesFilter,
    SeriesFreshness,
    SeriesQuality,
    SeriesVersion,
    StoredSeries,
    UsesQuery,
    VersionsQuery,
)
from ..series_words import gaps_of, series_document, window_of

__all__ = ["router"]

router = APIRouter(prefix="/v1/data", tags=["data"])


@router.get("/symbols")
def list_series(room: Room, asked: Annotated[SeriesFilter, Query()]) -> Page[StoredSeries]:
    """The stored series, in the order of instrument, timeframe and adjustment."""
    found = _meant(room, asked)
    items = [StoredSeries(**series_words(each)) for each in asked.cut(found)]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=len(found))


@router.get("/quality")
def list_quality(room: Room, asked: Annotated[SeriesFilter, Query()]) -> Page[SeriesQuality]:
    """What was found in each series when it was written, and how far it lies behind its market."""
    found = _meant(room, asked)
    now_ns = room.now_ns()
    items = [SeriesQuality(**series_words(each), **quality_words(each, now_ns)) for each in asked.cut(found)]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=len(found))


@router.get("/freshness")
def list_freshness(room: Room, asked: Annotated[SeriesFilter, Query()]) -> Page[SeriesFreshness]:
    """How far each series lies behind its market, by its calendar and by what its source was asked for."""
    found = _meant(room, asked)
    fresh = freshness_of_series(asked.cut(found), room.coverage, room.now_ns())
    items = [SeriesFreshness(**freshness_words(each, len(room.bars.versions(each.stored.key)))) for each in fresh]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=len(found))


@router.get("/series/versions")
def list_versions(room: Room, asked: Annotated[VersionsQuery, Query()]) -> Page[SeriesVersion]:
    """The versions of one series, the current one first, then the latest first."""
    found = kept_versions(room.bars, room.coverage, _one(room, asked).key)
    items = [SeriesVersion(**version_words(each)) for each in asked.cut(found)]
    return Page(items=items, page=asked.page, per_page=asked.per_page, total=len(found))


@router.get("/bars")
def get_bars(room: Room, asked: Annotated[BarsQuery, Query()]) -> BarsDocument:
    """Bars for drawing: as they are where they fit, else buckets of a fixed grid that keep every extreme."""
    stored = _one(room, asked)
    bars = room.bars.read(stored.key)
    gaps = gaps_of(None if stored.quality is None else [stored.quality])
    document = series_document(drawn_bars(bars, window_of(asked)), stored.instrument.currency, gaps)
    return BarsDocument(
        **document.model_dump(),
        instrument=stored.key.instrument,
        timeframe=str(stored.key.timeframe),
        version=stored.version,
    )


@router.get("/uses")
def list_uses(room: Room, asked: Annotated[UsesQuery, Query()]) -> list[DataUse]:
    """The latest runs that read an instrument's bars from the store."""
    return uses_of(room.archive, asked.symbol, asked.most)


@router.get("/providers")
def list_providers(room: Room) -> list[DataProvider]:
    """Where bars can be fetched from, by name; no secret and no place of one is told."""
    rows = provider_rows(load_settings(room.project, os.environ), os.environ)
    return [
        DataProvider(
            name=row.name,
            kind=row.kind,
            configured=row.is_configured,
            named=row.is_named,
            synthetic=row.is_synthetic,
            live_bars="bars" in row.live,
            live_quotes="quotes" in row.live,
        )
        for row in rows
    ]


def _meant(room: ControlRoom, asked: SeriesFilter) -> list[StoredVersion]:
    wanted = None if asked.timeframe is None else Timeframe.parse(asked.timeframe)
    return [each for each in room.bars.series(asked.symbol) if wanted in (None, each.key.timeframe)]


def _one(room: ControlRoom, asked: BarsQuery | VersionsQuery) -> StoredVersion:
    timeframe = Timeframe.parse(asked.timeframe)
    named = [each for each in room.bars.series(asked.symbol) if each.key.timeframe == timeframe]
    found = [each for each in named if asked.adjustment in (None, each.key.adjustment.value)]
    if not found:
        raise SymbolNotFoundError(f"There are no {timeframe} bars of '{asked.symbol}' in the store.")
    if len(found) > 1:
        names = ", ".join(str(each.key) for each in found[:6])
        raise ConfigError(f"'{asked.symbol}' means several series: {names}.", hint="Give exchange and adjustment.")
    return found[0]
