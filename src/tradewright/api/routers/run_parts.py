"""The tables, curves and files of a run."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from tradewright.domain.kept_run import KeptRun, short_id
from tradewright.reporting import exports, plots
from tradewright.reporting.result import Result
from tradewright.reporting.series import drawn_series

from ..breaking_down import broken_down
from ..dependencies import LoadedRun, NamedRun, Room
from ..run_tables import chosen_table, fills_page, logs_page, orders_page, trades_page
from ..schemas.base import Following, Page, Paging
from ..schemas.breakdown import RunBreakdown
from ..schemas.runs import ExportFilter, FillRow, LogEntry, OrderRow, TableFilter, TradeFilter, TradeRow
from ..schemas.series import SeriesDocument, SeriesQuery
from ..schemas.walks import FoldRow, WalkView
from ..series_words import gaps_of, series_document, window_of
from ..study_words import folds_page, walk_view

__all__ = ["router"]

router = APIRouter(prefix="/v1/runs/{run_id}", tags=["runs"])

_REPORT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)
"""A report holds its own scripts: it runs apart from the server it came from."""


@router.get("/trades")
def list_trades(result: LoadedRun, asked: Annotated[TradeFilter, Query()]) -> Page[TradeRow]:
    """Closed trades, by exit unless sorted otherwise; the range is that of their exits."""
    return trades_page(result.record, asked)


@router.get("/orders")
def list_run_orders(result: LoadedRun, asked: Annotated[TableFilter, Query()]) -> Page[OrderRow]:
    """Orders with what became of them, by number unless sorted otherwise."""
    return orders_page(result.record, asked)


@router.get("/fills")
def list_fills(result: LoadedRun, asked: Annotated[TableFilter, Query()]) -> Page[FillRow]:
    """Executions, in the order in which they happened unless sorted otherwise."""
    return fills_page(result.record, asked)


@router.get("/logs")
def list_logs(result: LoadedRun, asked: Annotated[Following, Query()]) -> Page[LogEntry]:
    """What the strategies logged, at simulated time."""
    items, total = logs_page(result.record, asked.offset, asked.per_page), len(result.record.logs)
    return Page(
        items=items, page=asked.page, per_page=asked.per_page, total=total, cursor=asked.behind(total)
    )  # fmt: skip


@router.get("/walk")
def get_walk(room: Room, run: NamedRun) -> WalkView:
    """The head of the walk-forward that the run is stitched from."""
    return walk_view(room.studies, run)


@router.get("/folds")
def list_folds(room: Room, run: NamedRun, asked: Annotated[Paging, Query()]) -> Page[FoldRow]:
    """The folds of the walk-forward that the run is stitched from."""
    return folds_page(room.studies, run, asked)


@router.get("/series")
def get_series(result: LoadedRun, asked: Annotated[SeriesQuery, Query()]) -> SeriesDocument:
    """Curves on one time axis: rows where they fit, else buckets of a fixed grid that keep every extreme."""
    names = [name.strip() for name in asked.names.split(",") if name.strip()]
    drawn = drawn_series(result.findings, names, window_of(asked), asked.symbol)
    return series_document(drawn, result.config.currency, gaps_of(result.findings.quality))


@router.get("/breakdown")
def get_breakdown(result: LoadedRun) -> RunBreakdown:
    """The result by months and years, its deepest drawdowns, and what other trading costs would have left."""
    return broken_down(result)


@router.get("/report", response_class=HTMLResponse)
def get_report(result: LoadedRun, response: Response) -> HTMLResponse:
    """The report as one page that opens offline."""
    page = result.page(plots.library_script())
    return HTMLResponse(page, headers={**dict(response.headers), "Content-Security-Policy": _REPORT_POLICY})


@router.get("/export.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def export_table(run: NamedRun, result: LoadedRun, asked: Annotated[ExportFilter, Query()]) -> Response:
    """A table as a CSV file, the same that the command line writes; or the rows of it that a filter means."""
    content = _whole_table(result, asked.table) if asked.is_whole else chosen_table(result.record, asked).encode()
    return Response(content, media_type="text/csv", headers=_named(run, f"{asked.table}.csv"))


@router.get("/result.json", response_class=Response, responses={200: {"content": {"application/json": {}}}})
def get_result(run: NamedRun, result: LoadedRun, response: Response) -> Response:
    """The canonical JSON document of the result (docs/reference/result-json.md)."""
    return Response(
        result.to_json(),
        media_type="application/json",
        headers={**dict(response.headers), **_named(run, "result.json")},
    )


def _whole_table(result: Result, table: str) -> bytes:
    writer = exports.csv_writers(result.record, result.metrics)[f"{table}.csv"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        writer(path)
        return path.read_bytes()


def _named(run: KeptRun, name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{short_id(run.id)}-{name}"'}
