"""Runs side by side: what differs, by how much, and over which time."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
from tests.builders import random_walk, round_trips, run_record

from tradewright.domain.errors import ConfigError
from tradewright.reporting.comparison import Comparison
from tradewright.reporting.comparison_views import ABSENT
from tradewright.reporting.presentation import difference_text, metric_text, unit_text
from tradewright.reporting.result import Result

CLOSES = random_walk(120)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return Result(run_record(CLOSES, round_trips(CLOSES))).to_dict()


def changed(document: dict[str, Any], **config: Any) -> dict[str, Any]:
    other = copy.deepcopy(document)
    other["config"] |= config
    other["hash"] = "0" * 64
    return other


def of(*documents: dict[str, Any]) -> Comparison:
    return Comparison.of([(name, each) for name, each in zip("abc", documents, strict=False)])


def test_choices_are_told_by_their_dotted_paths(document: dict[str, Any]) -> None:
    other = changed(document, seed=8, costs={**document["config"]["costs"], "slippage": {"model": "Bps", "bps": 3.0}})
    found = of(document, other)
    assert {row.path: row.values for row in found.choices if row.differs} == {
        "seed": (7, 8), "costs.slippage.bps": (10.0, 3.0),
    }  # fmt: skip


def test_a_choice_that_one_run_does_not_have_is_absent(document: dict[str, Any]) -> None:
    other = changed(document, costs={**document["config"]["costs"], "slippage": {"model": "Spread", "spread": 0.1}})
    rows = {row.path: row.values for row in of(document, other).choices if row.differs}
    assert rows["costs.slippage.spread"] == (ABSENT, 0.1)
    assert rows["costs.slippage.bps"] == (10.0, ABSENT)


def test_several_strategies_are_told_apart_by_number(document: dict[str, Any]) -> None:
    two = changed(document)
    two["strategies"] = [*two["strategies"], {**two["strategies"][0], "params": {"fast": 3}}]
    assert "strategies.1.params.fast" in {row.path for row in of(two, two).choices}


def test_a_whole_number_and_the_same_fraction_differ(document: dict[str, Any]) -> None:
    assert [row.path for row in of(document, changed(document, seed=7.0)).choices if row.differs] == ["seed"]


def test_metrics_are_beside_the_first_with_what_is_uncertain(document: dict[str, Any]) -> None:
    other = changed(document)
    other["metrics"]["sharpe"] = {"value": 2.0, "unit": "ratio"}
    other["metrics"]["sharpe_se"] = {"value": 0.5, "unit": "ratio"}
    rows = {row.key: row for row in of(document, other).metrics}
    first, error = (document["metrics"][key]["value"] for key in ("sharpe", "sharpe_se"))
    assert rows["sharpe"].differences == (None, 2.0 - first)
    assert rows["sharpe"].errors[1] == pytest.approx(math.sqrt(0.25 + error**2))
    assert rows["calmar"].errors == (None, None)
    assert "sharpe_se" not in rows


def test_an_undefined_metric_has_no_difference(document: dict[str, Any]) -> None:
    other = changed(document)
    other["metrics"]["sharpe"] = {"value": None, "unit": "ratio", "reason": "no"}
    row = next(row for row in of(document, other).metrics if row.key == "sharpe")
    assert (row.values[1], row.differences[1], row.errors[1]) == (None, None, None)
    assert "n/a" in of(document, other).text()


def test_money_of_two_currencies_is_named_and_not_subtracted(document: dict[str, Any]) -> None:
    found = of(document, changed(document, currency="EUR"))
    rows = {row.key: row for row in found.metrics}
    assert rows["net_profit"].differences == rows["traded_value"].differences == (None, None)
    assert rows["total_return"].differences == (None, 0.0)
    (profit,) = (line for line in found.text(everything=True).splitlines() if line.startswith("Net profit"))
    assert profit.split()[-1] == ABSENT
    assert (profit.count("USD"), profit.count("EUR")) == (1, 1)


def test_money_of_one_currency_names_it_once(document: dict[str, Any]) -> None:
    other = changed(document)
    other["metrics"]["net_profit"] = {"value": 0.0, "unit": "account currency, a change"}
    (line,) = (line for line in of(document, other).text().splitlines() if line.startswith("Net profit"))
    assert line.startswith("Net profit, USD  ")
    assert line.count("USD") == 1


def test_the_same_run_differs_from_itself_by_nothing_for_certain(document: dict[str, Any]) -> None:
    row = next(row for row in of(document, document, changed(document)).metrics if row.key == "sharpe")
    assert row.differences == (None, 0.0, 0.0)
    assert row.errors[1] is None
    assert row.errors[2] is not None


def test_a_number_reads_as_it_does_in_the_summary(document: dict[str, Any]) -> None:
    result = Result(run_record(CLOSES, round_trips(CLOSES)))
    said = of(document, document).text(everything=True)
    for key in ("sharpe", "psr", "max_drawdown_duration", "turnover", "avg_bars_held", "skewness", "break_even_bps"):
        info = result.metrics.info(key)
        (line,) = (line for line in said.splitlines() if line.startswith(info.label + "  "))
        shown = f"{metric_text(result.metrics, key, 'USD')} {unit_text(info, 'USD')}".rstrip()
        assert line.count(shown) >= 2, line


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        ("days of 24 h", -450.0, "−1 y 85 d"),
        ("days of 24 h", 26.5, "+26 d 12 h"),
        ("probability", -0.0143, "−0.01"),
        ("probability", 0.0001, "0.00"),
        ("fraction", 0.124, "+12.40 pp"),
        ("count", 3.0, "+3"),
        ("ratio", -0.4046, "−0.40"),
        ("account currency, a change", -1500.4, "−1,500.40"),
        ("account currency", 12.0, "+12.00"),
        ("basis points", 31.31, "+31.3 bps"),
        ("ratio", 0.0, "0.00"),
    ],
)
def test_differences_follow_the_rule_of_their_unit(unit: str, value: float, said: str) -> None:
    assert difference_text(value, unit, "USD") == said


def test_equity_is_compared_over_the_sessions_that_all_have(document: dict[str, Any]) -> None:
    other = changed(document)
    other["equity"] = {name: column[20:] for name, column in document["equity"].items()}
    found = of(document, other).period
    assert found is not None
    equity = document["equity"]["equity"][20:]
    assert (found.first, found.sessions) == (document["equity"]["session"][20], len(equity))
    assert found.returns == pytest.approx((equity[-1] / equity[0] - 1,) * 2)
    assert found.drawdowns[0] == pytest.approx(min(np.array(equity) / np.maximum.accumulate(equity) - 1))


@pytest.mark.parametrize("rows", [0, 1])
def test_runs_that_share_no_time_have_no_common_equity(document: dict[str, Any], rows: int) -> None:
    other = changed(document)
    other["equity"] = {name: column[:rows] for name, column in document["equity"].items()}
    assert of(document, other).period is None


def test_the_same_time_needs_no_common_period(document: dict[str, Any]) -> None:
    assert of(document, changed(document)).period is None


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"seed": 8}, "2 runs; they differ in choices."),
        ({}, "2 runs with the same choices and data, and different results."),
    ],
)
def test_it_says_first_what_it_is_about(document: dict[str, Any], config: dict[str, Any], said: str) -> None:
    assert of(document, changed(document, **config)).text().splitlines()[0] == said


def test_the_same_run_is_called_so(document: dict[str, Any]) -> None:
    assert of(document, document).is_same
    assert of(document, document, document).text().startswith("a and b and c are the same run: hash ")


def test_everything_is_shown_when_asked_for(document: dict[str, Any]) -> None:
    found = of(document, document)
    assert len(found.text(everything=True).splitlines()) > 60 > len(found.text().splitlines())
    assert found.to_dict(everything=True)["metrics"].keys() > found.to_dict()["metrics"].keys()


def test_three_runs_have_two_columns_of_differences(document: dict[str, Any]) -> None:
    other = changed(document, seed=8)
    other["metrics"]["trades"] = {"value": 1, "unit": "count"}
    said = of(document, other, document).text()
    assert "b − a" in said
    assert "c − a" in said


def test_a_page_shows_no_text_as_markup(document: dict[str, Any]) -> None:
    assert "&lt;b&gt;" in of(document, changed(document, start="<b>"))._repr_html_()


@pytest.mark.parametrize("key", ["hash", "metrics", "equity"])
def test_what_is_no_document_is_refused_by_name(document: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigError, match=f"a is not the result of a run: it has no '{key}'"):
        of({name: value for name, value in document.items() if name != key})


@pytest.mark.parametrize("key", ["hash", "data", "metrics"])
def test_a_document_of_another_kind_is_refused_by_name(document: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigError, match=f"b is not the result of a run: its '{key}' is of another kind"):
        of(document, {**document, key: 3})
