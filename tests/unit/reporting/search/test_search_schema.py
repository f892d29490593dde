"""The published schema of a search's document holds for searches of every shape, and its page names every field."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.searches import data_key, grid_trials, made_search, made_trial, search_record

from tradewright.domain.honesty import SearchHonesty
from tradewright.domain.search import Objective, TrialState
from tradewright.domain.space import Range
from tradewright.reporting.search import doubts
from tradewright.reporting.search.document import SCHEMA_VERSION
from tradewright.reporting.search.result import SearchResult


def plain() -> SearchResult:
    return made_search()


def several_objectives() -> SearchResult:
    objectives = (Objective("sharpe"), Objective("mine", maximize=False, is_metric=False))
    trials = [made_trial(n, {"fast": n, "kind": "ema"}, 1.0, values=(1.0 + n, float(n))) for n in range(3)]
    return made_search(search_record(trials, {"fast": range(3), "kind": ["sma", "ema"]}, objectives=objectives))


def nothing_found() -> SearchResult:
    trials = [
        made_trial(0, {"fast": 0.3}, None, state=TrialState.FAILED, reason="It divided by zero."),
        made_trial(1, {"fast": 0.4}, None, state=TrialState.PRUNED, reason="It was among the worse."),
        made_trial(2, {"fast": 0.5}, None, reason="there are no trades"),
    ]
    space = {"fast": Range(0.1, 0.9, log=True)}
    return made_search(search_record(trials, space, method="tpe", data=(data_key(synthetic=True),)), SearchHonesty(3))


def infinite() -> SearchResult:
    return made_search(search_record([made_trial(0, {"fast": float("inf")}, 1.0)], {"fast": [1.0, float("inf")]}))


SHAPES: list[Callable[[], SearchResult]] = [plain, several_objectives, nothing_found, infinite]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    path = Path(__file__).resolve().parents[4] / "docs" / "reference" / "search.schema.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_document_of_any_shape_fits_the_schema(schema: dict[str, Any], shape: Callable[[], SearchResult]) -> None:
    document = json.loads(shape().to_json(), parse_constant=pytest.fail)
    jsonschema.Draft202012Validator(schema).validate(document)


def test_the_same_search_gives_the_same_bytes_whenever_it_was_carried_out() -> None:
    record = search_record(grid_trials([5, 10], [20, 40]), {"fast": [5, 10], "slow": [20, 40]}, meta={"seconds": 99.0})
    again = search_record(grid_trials([5, 10], [20, 40]), {"fast": [5, 10], "slow": [20, 40]})
    assert made_search(record).to_json() == made_search(again).to_json()


def test_the_columns_of_the_trials_are_equally_long() -> None:
    trials = plain().to_dict()["trials"]
    columns = [trials[name] for name in ("number", "state", "reason", "sharpe_per_period")]
    columns += [column for name in ("params", "values", "metrics") for column in trials[name].values()]
    assert {len(column) for column in columns} == {120}


def test_the_schema_is_valid_and_names_its_version(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["schema_version"] == {"const": SCHEMA_VERSION}
    assert schema["$id"] == f"urn:tradewright:schema:search:{SCHEMA_VERSION}"


def test_an_unknown_field_does_not_fit(schema: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError, match="surprise"):
        jsonschema.Draft202012Validator(schema).validate(plain().to_dict() | {"surprise": 1})


def test_the_page_lists_exactly_the_fields_and_every_warning(project: Path) -> None:
    page = (project / "docs" / "reference" / "search-json.md").read_text(encoding="utf-8")
    fields = re.findall(r"^\| `(\w+)` \|", page.partition("## The numbers about luck")[0], flags=re.MULTILINE)
    assert sorted(fields) == sorted(plain().to_dict())
    codes = re.findall(r'ResultWarning\(\s*"(\w+)"', Path(doubts.__file__).read_text(encoding="utf-8"))
    listed = re.findall(r"^\| `(\w+)` \|", page.partition("## Warnings of a search")[2], flags=re.MULTILINE)
    assert codes == listed
