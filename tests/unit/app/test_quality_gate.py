"""Before a run: bars as they are, or none that are doubtful; and what the result then says of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.price_series import changed, scaled, walk, without

import tradewright as tw
from tradewright.app.backtest import quality_of
from tradewright.domain.bars import Bars
from tradewright.domain.errors import ConfigError, DataError, DataQualityError
from tradewright.domain.quality import Gravity, Problem, QualityFinding, QualityReport
from tradewright.engine.plan import RunPlan
from tradewright.marketdata import quality


class Idle(tw.Strategy):
    """Does nothing."""

    def on_bar(self, ctx: tw.Context) -> None:
        """Nothing."""


SPLIT = scaled(walk(1), 200, 2)
"""The split is on 2000-10-17."""


def run(bars: Bars | list[Bars], **said: object) -> tw.Result:
    return tw.backtest(Idle, bars, **said)


def data_chip(result: tw.Result) -> tuple[str, str]:
    chip = next(chip for chip in result.trust if chip.code == "data")
    return str(chip.state), chip.value


def test_clean_bars_pass_and_the_result_says_so() -> None:
    assert data_chip(run(walk(1), quality="refuse")) == ("ok", "no problems")


def test_doubtful_bars_run_by_default_and_the_result_says_so() -> None:
    result = run(SPLIT)
    assert data_chip(result) == ("fail", "1 split suspect")
    assert any("as after a split of 2:1" in warning.sentence for warning in result.warnings)


def test_doubtful_bars_are_refused_when_asked_in_one_sentence() -> None:
    with pytest.raises(DataQualityError) as refused:
        run(SPLIT, quality="refuse")
    assert refused.value.message.startswith("The run is refused for the quality of its data: XNYS:ACME: Between 2000-")
    assert refused.value.hint == (
        "Mend the data, say what they are (adjustment=, actions=, calendar=), or pass quality='keep'."
    )
    assert isinstance(refused.value, DataError)


def test_a_refusal_tells_the_first_three_findings_and_counts_the_others() -> None:
    with pytest.raises(DataQualityError, match=r"split of 2:1.*; XNYS:ACME: 1 session .*; XNYS:ACME: 1 .*; and 2 more"):
        run(without(SPLIT, 30, 60, 90, 120), quality="refuse")


def test_a_notice_does_not_refuse() -> None:
    bars = walk(1)
    quiet = changed(bars, 100, volume=0.0)
    assert data_chip(run(quiet, quality="refuse")) == ("notice", "1 bar without volume")


@pytest.mark.parametrize(("start", "end"), [("2000-11-01", None), (None, "2000-10-01"), ("2001-01-01", "2001-06-01")])
def test_what_lies_outside_the_dates_of_a_run_does_not_concern_it(start: str | None, end: str | None) -> None:
    result = run(SPLIT, start=start, end=end, quality="refuse")
    assert data_chip(result) == ("ok", "no problems")


def test_every_symbol_of_a_run_is_looked_at() -> None:
    other = walk(2).with_instrument(tw.Equity("OTHER", "XNYS"))
    with pytest.raises(DataQualityError, match=r"XNYS:ACME"):
        run([other, SPLIT], quality="refuse")


def test_rows_that_a_reader_left_out_concern_the_run() -> None:
    bars = walk(1)
    row = QualityFinding(Problem.IMPOSSIBLE, Gravity.WARN, 1, int(bars.labels()[9]), int(bars.labels()[9]), 11, "Gone.")
    read = replace(bars, quality=quality.examine(bars, noted=[row]))
    with pytest.raises(DataQualityError, match="Gone"):
        run(read, quality="refuse")
    assert data_chip(run(read))[1] == "1 impossible row"


def test_another_word_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"quality='strict' is not a choice. Use 'keep' or 'refuse'"):
        run(SPLIT, quality="strict")


def test_a_metric_costs_no_quality_check(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Bars] = []

    def spy(bars: Bars, first: int, stop: int) -> QualityReport:
        asked.append(bars)
        return quality.report_on(bars, first, stop)

    monkeypatch.setattr("tradewright.app.backtest.report_on", spy)
    result = run(SPLIT)
    assert result.metrics["trades"] == 0
    assert asked == []
    assert data_chip(result)[0] == "fail"
    assert "split of 2:1" in result.summary()
    assert len(asked) == 1


def test_a_symbol_that_ends_before_the_run_begins_has_no_report() -> None:
    early = walk(2).rows(0, 50).with_instrument(tw.Equity("EARLY", "XNYS"))
    plan = RunPlan([Idle()], {"ACME": walk(1), "EARLY": early}, start="2001-01-02")
    assert [report.instrument for report in quality_of(plan)] == ["XNYS:ACME"]
