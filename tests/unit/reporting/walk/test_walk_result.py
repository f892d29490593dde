"""What a walk-forward says: above all, what came out of sample."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource
from tests.builders import run_record
from tests.unit.reporting.test_html import Page
from tests.walks import made_fold, made_walk, made_window

from tradewright.domain.search import Objective
from tradewright.domain.walk import WalkRecord
from tradewright.reporting.result import Result
from tradewright.reporting.trust import State
from tradewright.reporting.walk import doubts, page
from tradewright.reporting.walk.document import SCHEMA_VERSION
from tradewright.reporting.walk.numbers import WalkNumbers
from tradewright.reporting.walk.result import WalkForwardResult


def codes(walk: WalkForwardResult) -> list[str]:
    return [warning.code for warning in walk.warnings]


def text_of(walk: WalkForwardResult) -> str:
    return page.report(walk.findings, library="/* library */")


# ---------------------------------------------------------------- folds


def test_the_frame_has_one_row_per_fold_and_its_columns_in_their_order() -> None:
    frame = made_walk().folds
    assert list(frame.columns) == [
        "fold", "train_start", "train_end", "test_start", "test_end", "partial", "fast", "slow", "trials",
        "train_value", "test_value", "efficiency", "test_return", "trades", "reason",
    ]  # fmt: skip
    assert list(frame["fast"]) == [10, 20, 20, 15, 20, 20]
    assert str(frame["test_start"].dtype).startswith("datetime64")


def test_a_fold_that_chose_nothing_has_no_numbers_and_a_reason() -> None:
    row = made_walk((10, None, 20)).folds.iloc[1]
    assert row[["fast", "train_value", "test_value", "efficiency", "test_return"]].isna().all()
    assert (row["trades"], row["reason"]) == (0, "no trial made 5 trades")


def test_the_return_of_a_fold_is_that_of_its_test_run() -> None:
    walk = made_walk()
    run = walk.record.folds[2].test
    assert run is not None
    assert walk.folds["test_return"][2] == pytest.approx(Result(run).metrics["total_return"], rel=1e-12)


# ---------------------------------------------------------------- out of sample


def test_everything_of_a_result_is_there_out_of_sample() -> None:
    walk = made_walk()
    assert walk.metrics["total_return"] == walk.result.metrics["total_return"]
    assert len(walk.trades) == walk.metrics["trades"]
    assert walk.equity.index[0].date().isoformat() == walk.record.folds[0].window.test_start


def test_stability_is_by_parameter_with_the_choice_of_every_fold() -> None:
    steady = made_walk((10, None, 20)).stability["fast"]
    assert tuple(steady.values) == (10, None, 20)


def test_one_line_says_what_came_out_of_sample_and_what_was_left() -> None:
    said = repr(made_walk())
    assert "out of sample: total return" in said
    assert "2 of 6 folds with a gain, efficiency 60.00 %" in said


@pytest.mark.parametrize(
    ("efficiency", "total", "good", "folds", "word"),
    [
        (0.6, 0.2, 4, 6, "holds"),
        (0.6, 0.2, 3, 6, "doubtful"),
        (0.6, 0.2, 4, 4, "doubtful"),
        (0.4, 0.2, 6, 6, "doubtful"),
        (None, 0.2, 6, 6, "doubtful"),
        (-0.1, 0.2, 6, 6, "fails"),
        (0.6, -0.01, 6, 6, "fails"),
        (None, None, 0, 0, "nothing tested"),
    ],
)
def test_the_verdict(
    monkeypatch: pytest.MonkeyPatch, efficiency: float | None, total: float | None, good: int, folds: int, word: str
) -> None:
    monkeypatch.setattr(doubts, "positive_share", lambda record: (good, folds))
    assert doubts.verdict(made_walk().record, WalkNumbers(efficiency), total).word == word


def test_the_warnings_of_the_walk_stand_before_those_of_its_run() -> None:
    walk = made_walk((10, None, 55, 5), efficiency=None)
    own = ["few_folds", "no_efficiency", "folds_without_choice", "restless_parameters"]
    assert codes(walk) == own + [warning.code for warning in walk.result.warnings]


def test_an_efficiency_below_zero_is_a_failure_of_the_walk() -> None:
    severities = {warning.code: warning.severity for warning in made_walk(efficiency=-0.2).warnings}
    assert severities["low_efficiency"] == "fail"


def test_a_steady_walk_with_half_of_its_return_left_warns_of_nothing_of_its_own() -> None:
    walk = made_walk((20,) * 6)
    assert codes(walk) == [warning.code for warning in walk.result.warnings]


@pytest.mark.parametrize(("idle", "severity"), [(0, None), (1, "notice"), (2, "warn")])
def test_folds_that_never_traded_are_counted(idle: int, severity: str | None) -> None:
    walk = made_walk((20,) * 6)
    folds = list(walk.record.folds)
    for place in range(idle):
        object.__setattr__(folds[place], "test", run_record([10.0] * 63))
    record = WalkRecord("SmaCross", walk.record.objectives, tuple(folds), walk.record.stitched, {})
    found = WalkForwardResult(record, walk.result, walk.findings.numbers).warnings
    said = {warning.code: warning for warning in found}
    assert (str(said["idle_folds"].severity) if idle else said.get("idle_folds")) == severity


def test_a_last_test_cut_short_is_said() -> None:
    walk = made_walk((20,) * 6)
    days = [walk.record.folds[0].window.train_start] * 900
    cut = made_fold(made_window(5, days, partial=True), 20)
    record = WalkRecord("SmaCross", walk.record.objectives, (*walk.record.folds[:5], cut), walk.record.stitched, {})
    assert "partial_fold" in codes(WalkForwardResult(record, walk.result, walk.findings.numbers))


def test_the_trust_bar_is_that_of_the_run_out_of_sample() -> None:
    chips = made_walk().trust
    assert len(chips) == 8
    assert next(chip for chip in chips if chip.code == "fill_rule").state is State.OK


# ---------------------------------------------------------------- files and pages


@pytest.fixture(scope="module")
def schemas() -> tuple[dict[str, Any], Registry[Any]]:
    folder = Path(__file__).resolve().parents[4] / "docs" / "reference"
    own, run = (json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8"))
                for name in ("walk-forward", "result"))  # fmt: skip
    return own, Registry().with_resource(run["$id"], Resource.from_contents(run))


SHAPES: list[Callable[[], WalkForwardResult]] = [
    made_walk, lambda: made_walk((10, None, 20), efficiency=None), lambda: made_walk((None,)),
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=["whole", "holes", "nothing"])
def test_a_document_of_any_shape_fits_the_schema(
    schemas: tuple[dict[str, Any], Registry[Any]], shape: Callable[[], WalkForwardResult]
) -> None:
    schema, registry = schemas
    document = json.loads(shape().to_json(), parse_constant=pytest.fail)
    jsonschema.Draft202012Validator(schema, registry=registry).validate(document)
    with pytest.raises(jsonschema.ValidationError, match="surprise"):
        jsonschema.Draft202012Validator(schema, registry=registry).validate(document | {"surprise": 1})


def test_the_schema_and_its_page_name_the_version_and_every_field(
    schemas: tuple[dict[str, Any], Registry[Any]], project: Path
) -> None:
    schema, _ = schemas
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["schema_version"] == {"const": SCHEMA_VERSION}
    text = (project / "docs" / "reference" / "walk-forward-json.md").read_text(encoding="utf-8")
    fields = re.findall(r"^\| `(\w+)` \|", text.partition("## The verdict")[0], flags=re.MULTILINE)
    assert sorted(fields) == sorted(made_walk().to_dict())
    listed = re.findall(r"^\| `(\w+)` \|", text.partition("## Warnings of")[2], flags=re.MULTILINE)
    assert listed == re.findall(r'ResultWarning\(\s*"(\w+)"', Path(doubts.__file__).read_text(encoding="utf-8"))


def test_the_folder_holds_the_folds_beside_the_tables_of_the_run(tmp_path: Path) -> None:
    import pandas as pd

    walk = made_walk((10, None, 20))
    folder = walk.to_csv(tmp_path / "walk")
    folds = pd.read_csv(folder / "folds.csv")
    assert list(folds.columns) == list(walk.folds.columns)
    assert folds["test_start"][0] == walk.record.folds[0].window.test_start
    assert {"trades.csv", "equity.csv", "metrics.csv"} <= {file.name for file in folder.iterdir()}


@pytest.mark.parametrize("shape", SHAPES, ids=["whole", "holes", "nothing"])
def test_a_page_is_whole_whatever_was_found(shape: Callable[[], WalkForwardResult]) -> None:
    text = text_of(shape())
    found = Page(text)
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert all(address.removeprefix("#") in found.ids for address in found.addresses)
    assert shape().summary()
    assert shape()._repr_html_()


def test_the_page_leads_with_the_curve_out_of_sample_and_the_borders_of_its_folds() -> None:
    walk = made_walk()
    text = text_of(walk)
    assert re.findall(r'id="figure-(\w+)"', text)[0] == "equity"
    figure = walk.plot()
    assert [line.x0 for line in figure.layout.shapes] == [fold.window.test_start for fold in walk.record.folds]


def test_a_parameter_of_words_drifts_over_its_words() -> None:
    from tradewright.reporting.walk.figures import drift_figure

    walk = made_walk((20, 20))
    folds = []
    for fold, kind in zip(walk.record.folds, ("sma", "ema"), strict=True):
        changed = made_fold(fold.window, 20)
        object.__setattr__(changed.search, "space", {"kind": {"values": ["sma", "ema", "wma"]}})
        object.__setattr__(changed, "params", {"kind": kind})
        folds.append(changed)
    figure = drift_figure(WalkRecord("X", (Objective("sharpe"),), tuple(folds), walk.record.stitched, {}))
    assert figure is not None
    assert figure["layout"]["yaxis"]["categoryarray"] == ["sma", "ema", "wma"]
    assert figure["data"][0]["y"] == ["sma", "ema"]
