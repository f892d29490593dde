"""The published schema of result.json holds for documents of every shape, and leaves nothing unsaid."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.builders import Dealt, Refused, daily_timeline, minute_timeline, random_walk, round_trips, run_record

import tradewright as tw
from tradewright.domain.events import Reason
from tradewright.domain.quality import Gravity, Problem, QualityFinding, QualityReport
from tradewright.reporting.evidence import Evidence
from tradewright.reporting.exports import SCHEMA_VERSION
from tradewright.reporting.result import Result

FOUND = QualityFinding(Problem.GAP, Gravity.FAIL, 3, 0, None, None, "3 sessions are missing.")
CHECKED = QualityReport("XNYS:ACME", "1d", "raw", "ACME.csv", 600, None, 0, 9, (FOUND,))


def plain() -> Result:
    closes = random_walk(300)
    return Result(run_record(closes, round_trips(closes), tags={1: "in", 2: "out"}))


def several() -> Result:
    closes = random_walk(300)
    pair = run_record({"ACME": closes, "ZETA": closes[::-1]}, round_trips(closes), strategies=("One", "Two"))
    return Result(pair, evidence=Evidence(trials=40, trials_variance=0.01, pbo=0.3, leaks=1, quality=lambda: [CHECKED]))


def intraday() -> Result:
    closes = random_walk(3 * 390, spread=0.001)
    refused = [Refused(3, 1, Reason.SHORTS_OFF)]
    return Result(run_record(closes, round_trips(closes), timeline=minute_timeline(3), timeframe="1m", refused=refused))


def ruined() -> Result:
    return Result(run_record([10.0] * 4, [Dealt(1, 1, 10.0)], equity=[100.0, -20.0, -10.0, -10.0], cash=100.0))


def nothing() -> Result:
    return Result(run_record([10.0] * 30))


def only_warmed_up() -> Result:
    return Result(run_record([10.0, 11.0], timeline=daily_timeline(2, first_row=2)))


def really_run() -> Result:
    return tw.backtest(lambda ctx: ctx.buy(1), tw.synthetic_bars(bars=60, seed=1), shorts=True, limits="cautious")


SHAPES: list[Callable[[], Result]] = [plain, several, intraday, ruined, nothing, only_warmed_up, really_run]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    path = Path(__file__).resolve().parents[3] / "docs" / "reference" / "result.schema.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_document_of_any_shape_fits_the_schema(schema: dict[str, Any], shape: Callable[[], Result]) -> None:
    document = json.loads(shape().to_json(), parse_constant=pytest.fail)
    jsonschema.Draft202012Validator(schema).validate(document)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_the_columns_of_a_table_are_equally_long(shape: Callable[[], Result]) -> None:
    document = shape().to_dict()
    for name in ("equity", "monthly", "yearly", "drawdowns", "cost_scenarios", "contributions", "trades"):
        assert len({len(column) for column in document[name].values()}) == 1


def test_the_schema_is_valid_names_its_version_and_no_host(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["schema_version"] == {"const": SCHEMA_VERSION}
    assert schema["$id"] == f"urn:tradewright:schema:result:{SCHEMA_VERSION}"


def test_an_unknown_field_does_not_fit(schema: dict[str, Any]) -> None:
    document = nothing().to_dict() | {"surprise": 1}
    with pytest.raises(jsonschema.ValidationError, match="surprise"):
        jsonschema.Draft202012Validator(schema).validate(document)
