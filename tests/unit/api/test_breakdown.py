"""A run taken apart over HTTP, and the curves of runs side by side."""

from __future__ import annotations

import pytest
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import Kept

from tradewright.reporting import derived


def test_months_years_and_drawdowns_are_those_of_the_report(viewer: AsgiClient, kept: Kept) -> None:
    said = viewer.get(f"/v1/runs/{kept.first}/breakdown").json()
    months = derived.monthly(kept.result.record)
    assert [each["value"] for each in said["months"]] == months["return"].tolist()
    assert [each["month"] for each in said["months"]] == months["month"].tolist()
    years = derived.yearly(kept.result.record, kept.result.metrics)
    assert [each["strategy"] for each in said["years"]] == years["strategy"].tolist()
    assert [each["depth"] for each in said["drawdowns"]] == derived.drawdown_table(kept.result.record)["depth"].tolist()
    assert said["drawdowns"][0]["depth"] == kept.result.metrics["max_drawdown"]
    assert all((each["recovery_at"] is None) == (each["days_to_recover"] is None) for each in said["drawdowns"])


def test_the_run_as_it_was_stands_among_the_other_costs(viewer: AsgiClient, kept: Kept) -> None:
    costs = viewer.get(f"/v1/runs/{kept.first}/breakdown").json()["costs"]
    assert [each["multiple"] for each in costs] == [0.0, 0.5, 1.0, 1.5, 2.0, 3.0]
    as_it_was = costs[2]
    assert as_it_was["total_return"] == pytest.approx(kept.result.metrics["total_return"])
    assert as_it_was["sharpe"] == pytest.approx(kept.result.metrics["sharpe"])
    assert float(as_it_was["final_equity"]) == pytest.approx(kept.result.metrics["final_equity"])


def test_compared_curves_begin_together_and_tell_the_difference(viewer: AsgiClient, kept: Kept) -> None:
    ids = f"{kept.first},{kept.second}"
    said = viewer.get("/v1/runs/compare/series", params={"ids": ids}).json()
    base, other, apart = (said["lines"][name]["last"] for name in ("0", "1", "difference_1"))
    assert base[0] == other[0] == 100.0
    assert apart == [pytest.approx(two - one) for one, two in zip(base, other, strict=True)]
    assert len(said["t"]) == len(base)


def test_compared_curves_take_two_to_eight_runs(viewer: AsgiClient, kept: Kept) -> None:
    answer = viewer.get("/v1/runs/compare/series", params={"ids": kept.first})
    assert (answer.status_code, answer.json()["detail"]) == (422, "A comparison takes 2 to 8 runs, not 1.")


def test_a_run_names_the_clock_of_its_exchange(viewer: AsgiClient, kept: Kept) -> None:
    assert viewer.get(f"/v1/runs/{kept.first}").json()["zone"] == "America/New_York"
