"""Every metric and every section keeps what the suites promise, and the suites catch one that does not."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tradewright.quant.undefined import Undefined
from tradewright.reporting.metric_registry import METRICS, metric
from tradewright.reporting.section_registry import SECTIONS, report_section
from tradewright.testing import HOSTILE, MetricConformance, ReportSectionConformance


@pytest.fixture(autouse=True)
def own_parts(monkeypatch):
    for registry in (METRICS, SECTIONS):
        monkeypatch.setattr(registry, "_known", dict(registry._known))


@pytest.mark.parametrize("key", METRICS.names())
def test_every_metric_here_conforms(key):
    MetricConformance.of(metric=METRICS.get(key)).check()


@pytest.mark.parametrize("name", SECTIONS.names())
def test_every_section_here_conforms(name):
    ReportSectionConformance.of(section=SECTIONS.get(name)).check()


# Planted metrics.


def planted(function):
    return MetricConformance.of(metric=metric("planted", label="Planted")(function))


def test_a_metric_that_is_undefined_for_a_reason_conforms():
    def share_of_gains(run):
        if not len(run.nets):
            raise Undefined("no trade was closed")
        return float((run.nets > 0).mean())

    planted(share_of_gains).check()


def test_a_metric_that_fails_is_caught():
    with pytest.raises(AssertionError, match=r"of a run that is 'idle' fails: .*IndexError"):
        planted(lambda run: float(run.nets[0])).check("test_is_a_finite_number_or_says_why_not")


def test_a_metric_without_a_reason_is_caught():
    def silent(run):
        raise Undefined("")

    with pytest.raises(AssertionError, match="is undefined and does not say why"):
        planted(silent).check("test_is_a_finite_number_or_says_why_not")


def test_a_metric_that_is_no_number_is_caught():
    with pytest.raises(AssertionError, match="is no number: it gave a str"):
        planted(lambda run: "many").check("test_is_a_finite_number_or_says_why_not")


def test_a_metric_that_counts_its_calls_is_caught():
    numbers = itertools.count()
    with pytest.raises(AssertionError, match="is another number the second time"):
        planted(lambda run: next(numbers)).check("test_is_the_same_every_time")


def test_a_metric_that_changes_the_record_is_caught():
    def spoiling(run):
        column = run.record.events["price"]
        column.flags.writeable = True
        column += 1.0
        column -= 0.5
        return 0.0

    kept = {}
    from tradewright.testing import SAMPLE_RUNS

    record = SAMPLE_RUNS["ordinary"]().record
    kept["price"] = record.events["price"].copy()
    try:
        with pytest.raises(AssertionError, match="changes the record"):
            planted(spoiling).check("test_leaves_the_run_alone")
    finally:
        record.events["price"][:] = kept["price"]


def test_a_metric_that_is_not_registered_is_caught():
    found = metric("planted", label="Planted")(lambda run: 0.0)
    metric("planted", label="Planted")(lambda run: 0.0)
    with pytest.raises(AssertionError, match="is not registered under its key"):
        MetricConformance.of(metric=found).check("test_is_known_by_its_key")


# Planted sections.


def shows(function):
    return ReportSectionConformance.of(section=report_section("planted", title="Planted")(function))


def test_a_section_of_plain_text_conforms():
    shows(
        lambda findings: f"{findings.record.strategies[0].name} made {len(findings.record.trades['net'])} trades."
    ).check()


def test_a_section_that_fails_is_caught():
    with pytest.raises(AssertionError, match=r"of a run that is 'idle' fails: .*IndexError"):
        shows(lambda findings: str(findings.record.trades["net"][0])).check("test_nothing_is_raised")


def test_a_section_that_takes_names_for_markup_is_caught():
    from tradewright.reporting.markup import Markup

    def naive(findings):
        return Markup(f"<p>{findings.record.strategies[0].name}</p>")

    with pytest.raises(AssertionError, match="takes a name for markup"):
        shows(naive).check("test_escapes_what_it_is_given")


@pytest.mark.parametrize(
    ("text", "promise", "sentence"),
    [
        ("<p><b>bold</p>", "is_whole_markup", "leaves tags unbalanced"),
        ("<div><p>open</p>", "is_whole_markup", "leaves tags unbalanced"),
        ("<img src='https://example.org/a.png'>", "asks_nothing_of_the_network", "loads something from elsewhere"),
        ("<style>@import '//example.org/a.css';</style>", "asks_nothing_of_the_network", "from elsewhere"),
    ],
)
def test_markup_that_breaks_a_page_is_caught(text, promise, sentence):
    from tradewright.reporting.markup import Markup

    with pytest.raises(AssertionError, match=sentence):
        shows(lambda findings: Markup(text)).check(f"test_{promise}")


def test_a_section_that_counts_its_calls_is_caught():
    numbers = itertools.count()
    with pytest.raises(AssertionError, match="gives other bytes the second time"):
        shows(lambda findings: str(next(numbers))).check("test_gives_the_same_bytes_every_time")


def test_a_section_that_changes_the_record_is_caught():
    from tradewright.testing import SAMPLE_RUNS

    record = SAMPLE_RUNS["ordinary"]().record
    kept = record.equity.copy()

    def spoiling(findings):
        findings.record.equity.flags.writeable = True
        findings.record.equity[0] = 0.0 if findings.record.equity[0] else 1.0
        return "done"

    try:
        with pytest.raises(AssertionError, match="changes the record"):
            shows(spoiling).check("test_leaves_the_run_alone")
    finally:
        record.equity[:] = kept


def test_a_section_that_is_not_registered_is_caught():
    found = report_section("planted", title="Planted")(lambda findings: "one")
    report_section("planted", title="Planted")(lambda findings: "two")
    with pytest.raises(AssertionError, match="is not registered under its name"):
        ReportSectionConformance.of(section=found).check("test_is_known_by_its_name")


def test_the_hostile_text_would_be_markup():
    assert "<script>" in HOSTILE
    assert np.char.count(HOSTILE, '"') == 2
