"""What a Monte Carlo study says of a run."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from tests.builders import Dealt, run_record
from tests.studies import START, bootstrapped, run, shuffled
from tests.unit.reporting.test_html import Page

from tradewright.reporting import formatting
from tradewright.reporting.cost_text import cost_lines
from tradewright.reporting.monte_carlo import findings, page
from tradewright.reporting.monte_carlo.document import SCHEMA_VERSION
from tradewright.reporting.monte_carlo.result import MonteCarloResult
from tradewright.reporting.result import Result
from tradewright.research.monte_carlo import MonteCarlo, Paths, bootstrap_returns


def codes(study: MonteCarloResult) -> list[str]:
    return [warning.code for warning in study.warnings]


def standing_still() -> MonteCarloResult:
    """Returns that do not vary."""
    result = Result(run_record([10.0] * 61))
    study = bootstrap_returns(np.zeros(60), START, rng=np.random.default_rng(1), draws=600, block_length=3.0)
    return MonteCarloResult(study, result, np.full(len(study.marks), START))


def falling(share: float) -> MonteCarloResult:
    """Paths of which a share loses half."""
    count = 1_000
    final = np.where(np.arange(count) < share * count, 0.4 * START, 1.1 * START)
    paths = Paths(final, final.copy(), final / START - 1.5, np.zeros(count))
    observed = Paths(*(np.array([value]) for value in (1.1 * START, START, -0.4, 0.0)))
    marks = np.array([0, 40])
    study = MonteCarlo("resampled trades", START, observed, paths, marks, np.column_stack((final, final)))
    return MonteCarloResult(study, run(), np.array([START, 1.1 * START]))


def test_the_table_holds_the_run_beside_the_quantiles_of_the_paths() -> None:
    study = bootstrapped()
    frame = study.table.set_index("outcome")
    assert list(frame.columns) == ["run", "q05", "q25", "q50", "q75", "q95", "rank"]
    assert frame.loc["final", "run"] == pytest.approx(study.result.metrics["final_equity"])
    assert list(frame.loc["final", ["q05", "q95"]]) == list(study.study.quantiles("final", (0.05, 0.95)))
    assert (frame.loc["drawdown", ["q05", "q95"]] <= 0).all()


def test_the_sharpe_of_returns_is_a_year_and_that_of_trades_a_trade() -> None:
    by_year, by_trade = bootstrapped(), shuffled()
    assert by_year.table["run"][3] == pytest.approx(by_year.result.metrics["sharpe"])
    assert by_year.table["run"][3] == pytest.approx(float(by_year.study.observed.sharpe[0]) * math.sqrt(252))
    assert by_trade.table["run"][3] == float(by_trade.study.observed.sharpe[0])
    assert "Sharpe a trade" in by_trade.summary()


def test_trades_in_another_order_end_alike_whatever_rounding_says() -> None:
    study = shuffled()
    assert study.table["rank"][0] == 0.5
    assert "every path came to" in page.report(study.findings, library="")


def test_the_bands_are_given_at_every_mark_with_the_run_beside_them() -> None:
    study = bootstrapped()
    assert list(study.bands.columns) == ["step", "q05", "q25", "q50", "q75", "q95", "run"]
    assert (study.bands["q05"] <= study.bands["q95"]).all()
    assert study.bands["run"].iloc[0] == START


def test_one_line_says_how_many_lost() -> None:
    study = bootstrapped()
    said = repr(study)
    assert "Of 600 paths of bootstrapped returns" in said
    assert findings.share(study.probability_of_loss) + " ended with a loss" in said


def test_the_limits_of_the_method_are_said_everywhere() -> None:
    study = bootstrapped()
    for text in (study.summary(), page.report(study.findings, library="")):
        assert "None of the paths tells of a market that was not in the data." in text


@pytest.mark.parametrize(
    ("share", "severity"), [(0.0, None), (0.009, None), (0.01, "warn"), (0.049, "warn"), (0.05, "fail")]
)
def test_paths_that_lose_half_are_warned_of(share: float, severity: str | None) -> None:
    found = {warning.code: str(warning.severity) for warning in falling(share).warnings}
    assert found.get("ruin") == severity


@pytest.mark.parametrize(("drawdown", "said"), [(-0.41, False), (-0.39, True)])
def test_a_run_whose_way_was_milder_than_most_is_told_to_expect_worse(drawdown: float, said: bool) -> None:
    made = falling(0.0).study
    observed = made.observed._replace(drawdown=np.array([drawdown]))
    study = MonteCarlo(made.kind, made.start, observed, made.paths, made.marks, made.equity)  # type: ignore[attr-defined]
    assert ("lucky_way" in codes(MonteCarloResult(study, run(), np.array([START, START])))) is said


def test_few_steps_and_few_paths_are_said() -> None:
    assert codes(shuffled(run(200), draws=100))[0] == "few_steps"
    assert codes(shuffled(run(200), draws=100))[-1] == "few_draws"


def test_a_number_that_no_path_has_is_absent_with_its_reason() -> None:
    study = standing_still()
    outcome = study.findings.outcomes[3]
    assert (outcome.observed, outcome.rank) == (None, None)
    assert outcome.reason == "no path has returns that vary"
    assert "no path has returns that vary" in page.report(study.findings, library="")


SHAPES = [bootstrapped, shuffled, standing_still, lambda: falling(0.5)]


@pytest.mark.parametrize("shape", SHAPES, ids=["returns", "trades", "still", "ruin"])
def test_a_document_of_any_shape_fits_the_schema(project: Path, shape: Any) -> None:
    schema = json.loads((project / "docs" / "reference" / "monte-carlo.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["schema_version"] == {"const": SCHEMA_VERSION}
    document = json.loads(shape().to_json(), parse_constant=pytest.fail)
    jsonschema.Draft202012Validator(schema).validate(document)
    with pytest.raises(jsonschema.ValidationError, match="surprise"):
        jsonschema.Draft202012Validator(schema).validate(document | {"surprise": 1})


def test_the_page_of_the_document_names_every_field_and_warning(project: Path) -> None:
    text = (project / "docs" / "reference" / "monte-carlo-json.md").read_text(encoding="utf-8")
    fields, warned = text.split("| warning |")
    assert sorted(re.findall(r"^\| `(\w+)` \|", fields, flags=re.MULTILINE)) == sorted(bootstrapped().to_dict())
    listed = re.findall(r"^\| `(\w+)` \|", warned, flags=re.MULTILINE)
    raised = re.findall(r'ResultWarning\(\s*"(\w+)"', Path(findings.__file__).read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(raised)


@pytest.mark.parametrize("shape", SHAPES, ids=["returns", "trades", "still", "ruin"])
def test_a_page_is_whole_whatever_was_found(shape: Any) -> None:
    found = Page(page.report(shape().findings, library="/* library */"))
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert "tradewright-card" in shape()._repr_html_()


def test_the_run_at_other_costs_stands_in_the_summary_with_its_break_even() -> None:
    study = bootstrapped()
    lines = study.summary().split("At other costs\n")[1].splitlines()
    metrics = study.result.metrics
    assert [line.split()[0] for line in lines[1:7]] == ["0×", "0.5×", "1×", "1.5×", "2×", "3×"]
    assert formatting.returns(metrics["total_return"]) in lines[3]
    assert formatting.bps(metrics["break_even_bps"]) in lines[7]


@pytest.mark.parametrize(("fees", "why"), [((), "nothing was traded"), ((0.0,), "the fills cost nothing")])
def test_without_costs_there_is_nothing_to_multiply(fees: tuple[float, ...], why: str) -> None:
    dealt = [Dealt(1 + place, 10.0, 10.0, fee) for place, fee in enumerate(fees)]
    assert cost_lines(Result(run_record([10.0, 11.0, 12.0], dealt)).findings)[1] == f"  nothing to show: {why}"


def test_the_run_is_drawn_over_its_bands() -> None:
    figure = bootstrapped().plot()
    assert [trace.name for trace in figure.data][-2:] == ["Middle", "The run"]


def test_the_trust_bar_is_that_of_the_run() -> None:
    assert len(bootstrapped().to_dict()["trust"]) == 8
