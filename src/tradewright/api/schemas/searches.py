"""Searches as they are looked at: what stands at their head, their trials over parameters, and as lines."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .base import Paging, Request, Schema
from .runs import RunWarning, TrustState

__all__ = [
    "LineAxis",
    "LuckRow",
    "MapAxis",
    "MapCells",
    "MapPlace",
    "MapQuery",
    "SearchBest",
    "SearchLines",
    "SearchMap",
    "SearchMapSoFar",
    "SearchNeighbours",
    "SearchObjective",
    "SearchParameter",
    "SearchSoFar",
    "SearchTile",
    "SearchValue",
    "SearchVerdict",
    "SearchView",
    "TrialFilter",
    "TrialRow",
]

Range = Annotated[str, Field(max_length=300, pattern=r"^[^:]+:[^:]+:[^:]+$")]


class SearchTile(Schema):
    """One number of the row that a search is introduced with."""

    key: str = Field(examples=["deflated_sharpe"])
    label: str = Field(examples=["Deflated Sharpe"])
    text: str = Field(examples=["0.38"])
    value: float | None
    aside: str | None = Field(description="Small print.", examples=["DSR; 0.95 is asked for"])
    reason: str | None = Field(description="Why there is no value, as a clause that reads after 'because'.")
    state: TrustState | None = Field(description="Of a number that passes or fails; null of one that only tells.")


class SearchObjective(Schema):
    """What was looked for first."""

    name: str
    label: str
    maximize: bool


class SearchBest(Schema):
    """The best trial, in sample."""

    number: int
    params: dict[str, Any]
    text: str = Field(description="Its parameters as in a call.", examples=["fast=20, slow=120"])


class SearchVerdict(Schema):
    """Whether the best reads as luck."""

    state: TrustState
    word: str = Field(examples=["luck"])
    sentence: str


class SearchNeighbours(Schema):
    """Whether the best is a peak or a plateau."""

    state: TrustState
    text: str
    sentence: str = Field(examples=["Neighbours 0.7: a peak, not a plateau."])


class LuckRow(Schema):
    """A number about luck, and what it means."""

    key: str
    label: str
    text: str
    value: float | None
    meaning: str
    reason: str | None


class SearchParameter(Schema):
    """A parameter of the space."""

    name: str
    text: str = Field(description="Its values in a line.", examples=["5 … 60 by 5 (12 values)"])
    is_varied: bool
    values: list[str] | None = Field(description="To hold it at one; null where there are too many.")


class SearchValue(Schema):
    """A number that every trial has."""

    key: str
    label: str


class SearchView(Schema):
    """What stands at the head of a search, ended or under way."""

    title: str
    work: str = Field(examples=["grid, 200 of 588 combinations, 3 failed"])
    is_over: bool
    trials: int = Field(description="Trials of this search so far.")
    total: int | None = Field(description="How many there will be; null where that is not known.")
    objective: SearchObjective
    tiles: list[SearchTile] = Field(description="The best, its trials, DSR, PBO and what it is worth out of sample.")
    best: SearchBest | None
    verdict: SearchVerdict | None = Field(description="Null while it is under way.")
    neighbours: SearchNeighbours | None = Field(description="Null while it is under way.")
    luck: list[LuckRow]
    warnings: list[RunWarning]
    params: list[SearchParameter]
    values: list[SearchValue]


class SearchSoFar(SearchView):
    """What stands at the head of a search under way."""

    seq: int = Field(description="Number of the last event of `jobs/{id}` that it contains.")


class MapQuery(Request):
    """Which parameters lie along the axes, what is shown, and what becomes of the others."""

    x: str | None = Field(default=None, max_length=100, description="The first two that vary by default.")
    y: str | None = Field(default=None, max_length=100)
    value: str | None = Field(default=None, max_length=100, description="What was looked for by default.")
    cells: Literal["median", "best"] = Field(
        default="median", description="Of the trials that share a cell: their median, or the value of the best."
    )
    hold: list[Annotated[str, Field(max_length=300, pattern=r"^[^:]+:.+$")]] = Field(
        default=[], max_length=20, description="Other parameters at a value, as name:value."
    )


class MapAxis(Schema):
    """A parameter as an axis of cells."""

    name: str
    labels: list[str]


class MapCells(Schema):
    """The cells that were tried, as columns of equal length."""

    x: list[int] = Field(description="Place among the labels.")
    y: list[int]
    value: list[float | None] = Field(description="Null where no trial has a value.")
    text: list[str]
    trials: list[int] = Field(description="How many trials share the cell.")
    few_trades: list[bool] = Field(description="Fewer than 30 closed trades.")
    best: list[int | None] = Field(description="Number of the best trial in it.")


class MapPlace(Schema):
    """A cell."""

    x: int
    y: int


class SearchMap(Schema):
    """Trials over two parameters, in at most 100 × 100 cells."""

    x: MapAxis
    y: MapAxis
    value: SearchValue
    maximize: bool = Field(description="Whether more is better.")
    cells: MapCells
    best: MapPlace | None = Field(description="Where the best trial lies; null where it is not shown.")
    sentence: str = Field(description="What a cell is.")


class SearchMapSoFar(SearchMap):
    """Trials of a search under way over two parameters."""

    seq: int = Field(description="Number of the last event of `jobs/{id}` that it contains.")
    trials: int = Field(description="Trials of this search so far.")


class LineAxis(Schema):
    """An axis of the lines."""

    name: str
    label: str
    is_outcome: bool
    is_log: bool
    categories: list[str] | None = Field(description="Texts of values that are no numbers; lines give their places.")


class SearchLines(Schema):
    """Trials as lines over their parameters and outcomes, best first; at most 2,000."""

    axes: list[LineAxis]
    trials: list[int] = Field(description="Number of the trial of each line.")
    rows: list[list[float | None]] = Field(description="One line: a place on each axis.")
    sentence: str = Field(description="Which trials are drawn.")


class TrialFilter(Paging):
    """Which trials, and in which order."""

    sort: str | None = Field(default=None, max_length=100, description="A column; by number by default.")
    order: Literal["asc", "desc"] = Field(default="asc", description="What has no value stands last in both.")
    within: list[Range] = Field(default=[], max_length=30, description="Ranges, both ends included, as name:low:high.")


class TrialRow(Schema):
    """One trial of a search."""

    number: int = Field(description="Counted from 1, in the order of the document.")
    values: dict[str, Any] = Field(description="As docs/reference/search-json.md names them.")
    texts: dict[str, str] = Field(description="How its parameters, objectives and metrics are written, by name.")
