"""Metrics and sections of users: where they appear, and that their faults stay inside their own line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from typing import Any

import numpy as np
import pytest
from tests.builders import random_walk, round_trips, run_record

import tradewright as tw
from tradewright.domain.errors import ConfigError
from tradewright.quant.undefined import Undefined
from tradewright.reporting.catalog import BY_KEY, CATALOG
from tradewright.reporting.comparison import Comparison
from tradewright.reporting.metric_registry import METRICS
from tradewright.reporting.result import Result
from tradewright.reporting.section_registry import BUILT_IN_NAMES, SECTIONS, ReportSection, arranged
from tradewright.reporting.sections import BUILT_IN


@pytest.fixture
def result() -> Result:
    closes = random_walk(300)
    return Result(run_record(closes, round_trips(closes)))


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Whatever a test registers is gone afterwards."""
    assert BUILT_IN[0].name in SECTIONS
    kept = [(registry, dict(registry._known)) for registry in (METRICS, SECTIONS)]
    yield
    for registry, known in kept:
        registry._known = known
        registry._points = None
        registry._settled = set()


def page(result: Result) -> str:
    from tradewright.reporting import html

    return html.report(result.findings, library="")


def gain_days(run: Any) -> float:
    return float((run.returns > 0).mean())


def add(function: Callable[[Any], Any] = gain_days, key: str = "gain_days", **changes: Any) -> None:
    stated = {"label": "Days with a gain", "unit": "fraction", "group": "Trades", "convention": "share of returns"}
    tw.metric(key, **{**stated, **changes})(function)


def test_a_metric_of_a_user_is_in_metrics_summary_report_and_json(result: Result) -> None:
    add()
    expected = float((result.metrics.inputs.returns > 0).mean())
    assert result.metrics["gain_days"] == expected
    assert list(result.metrics)[-1] == "gain_days"
    assert len(result.metrics) == len(CATALOG) + 1
    assert "Days with a gain" in result.summary()
    assert "Days with a gain" in page(result)
    assert json.loads(result.to_json())["metrics"]["gain_days"] == {"unit": "fraction", "value": expected}


def test_a_comparison_calls_a_metric_by_its_label(result: Result) -> None:
    without = result.to_dict()
    add()
    said = Comparison.of([("a", result.to_dict()), ("b", without)]).text()
    assert any(line.startswith("Days with a gain  ") for line in said.splitlines())


def test_a_metric_of_a_new_group_has_a_card_of_its_own(result: Result) -> None:
    add(group="House rules")
    assert "House rules" in result.summary()
    assert "<h3>House rules</h3>" in page(result)


def test_a_metric_of_the_group_costs_is_shown_too(result: Result) -> None:
    add(group="Costs")
    assert "Days with a gain" in page(result)


def test_a_metric_that_raises_is_undefined_and_names_itself(result: Result) -> None:
    def broken(run: Any) -> float:
        raise ValueError("no such column")

    add(broken, "broken")
    assert result.metrics["broken"] is None
    assert result.metrics.reason("broken") == (
        "the metric 'broken' (tests.unit.reporting.test_registries:test_a_metric_that_raises_is_undefined_and_names"
        "_itself.<locals>.broken) failed with ValueError: no such column"
    )
    assert result.metrics["sharpe"] is not None
    assert "no such column" in page(result)


@pytest.mark.parametrize(("value", "reason"), [
    (float("nan"), "its value is beyond a floating-point number"),
    ("much", "it gave a str and not a number"),
    (None, "it gave a NoneType and not a number"),
])  # fmt: skip
def test_what_is_no_finite_number_is_undefined(result: Result, value: Any, reason: str) -> None:
    add(lambda run: value, "odd")
    assert (result.metrics["odd"], result.metrics.reason("odd")) == (None, reason)


def test_a_number_of_numpy_is_a_plain_number(result: Result) -> None:
    add(lambda run: np.int64(3), "three", unit="count")
    assert type(result.metrics["three"]) is int


def test_a_metric_may_say_why_it_has_no_value(result: Result) -> None:
    def refuse(run: Any) -> float:
        raise Undefined("there is no moon")

    add(refuse, "moon")
    assert result.metrics.reason("moon") == "there is no moon"


def test_a_key_of_the_catalog_is_taken() -> None:
    with pytest.raises(ConfigError, match="'sharpe' is already the metric"):
        add(key="sharpe")


def test_an_unknown_unit_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"There is no unit 'parsec' for a metric\. Use one of 'return', 'fraction'"):
        add(unit="parsec")


def test_every_metric_of_the_catalog_is_registered_like_any_other() -> None:
    assert set(BY_KEY) <= set(METRICS.names())


NOT_THE_TRUST_BAR = ReportSection("trust", "Trust me", None, lambda findings: "fine")


def section(name: str, after: str | None = None) -> ReportSection:
    return ReportSection(name, name, after, lambda findings: name)


def test_a_section_stands_right_behind_the_one_it_names(result: Result) -> None:
    tw.report_section("mine", title="My section", after="monthly")(lambda findings: "5 < 6")
    text = page(result)
    assert text.index("section-monthly") < text.index('id="section-mine"') < text.index('id="section-yearly"')
    assert "<h2>My section</h2><p>5 &lt; 6</p>" in text
    assert '<a href="#section-mine">My section</a>' in text


def test_a_built_in_name_is_refused_before_any_report_was_made() -> None:
    program = """
import tradewright as tw
from tradewright.domain.errors import ConfigError
try:
    tw.report_section("costs", title="Mine")(lambda findings: "mine")
except ConfigError as error:
    print(error)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert "The report section 'costs' is built in, so __main__:<lambda> cannot take the name." in ran.stdout


def test_the_built_in_names_are_those_of_the_built_in_sections() -> None:
    assert {section.name for section in BUILT_IN} == BUILT_IN_NAMES


def test_a_section_without_a_place_comes_last(result: Result) -> None:
    tw.report_section("mine", title="My section")(lambda findings: "text")
    assert page(result).index('id="section-configuration"') < page(result).index('id="section-mine"')


def test_sections_that_name_each_other_or_nobody_are_still_shown() -> None:
    found = arranged([section("a", "b"), section("b", "a"), section("c", "nobody"), section("d")])
    assert sorted(each.name for each in found) == ["a", "b", "c", "d"]


def test_a_section_that_raises_is_one_line_that_names_it(result: Result) -> None:
    def broken(findings: Any) -> str:
        raise KeyError("volume")

    tw.report_section("broken", title="Broken")(broken)
    text = page(result)
    assert "✕ The report section &#x27;broken&#x27; (tests.unit.reporting.test_registries:" in text
    assert "failed with KeyError: &#x27;volume&#x27;." in text
    assert 'id="section-configuration"' in text


def test_a_section_that_gives_no_text_is_named(result: Result) -> None:
    tw.report_section("odd", title="Odd")(lambda findings: 5)
    assert "gave a int." in page(result)


def test_a_section_may_be_left_out_or_say_why_it_is_empty(result: Result) -> None:
    def refuse(findings: Any) -> str:
        raise tw.Undefined("there is no moon")

    tw.report_section("gone", title="Gone")(lambda findings: None)
    tw.report_section("moon", title="Moon")(refuse)
    text = page(result)
    assert "section-gone" not in text
    assert "Nothing to show: there is no moon." in text


def test_a_fault_of_a_built_in_section_is_not_hidden(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(findings: Any) -> str:
        raise KeyError("volume")

    monkeypatch.setattr(SECTIONS.get("equity"), "_function", broken)
    with pytest.raises(KeyError):
        page(result)


def test_a_package_that_takes_a_built_in_name_is_a_fault_and_takes_nothing_away(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    def points(*, group: str) -> list[EntryPoint]:
        return [EntryPoint("trust", f"{__name__}:NOT_THE_TRUST_BAR", group)] if "sections" in group else []

    monkeypatch.setattr(SECTIONS, "_points", None)
    monkeypatch.setattr(SECTIONS, "_settled", set())
    monkeypatch.setattr("importlib.metadata.entry_points", points)
    text = page(result)
    assert text.count('class="chip ') == 8
    assert "Parts that could not be used" in text
    assert "The report section &#x27;trust&#x27; is both" in text


def test_two_sections_cannot_have_one_name() -> None:
    with pytest.raises(ConfigError, match="The report section 'equity' is built in"):
        tw.report_section("equity", title="Mine")(lambda findings: None)


def test_a_registered_section_is_still_a_function_of_findings(result: Result) -> None:
    from tradewright.reporting.sections.head import trust

    assert "chips" in str(trust(result.findings))
