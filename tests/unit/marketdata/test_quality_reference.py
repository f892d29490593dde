"""The page about data quality, held to the code: problems, gravities, ratios, thresholds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tradewright.adapters.data import left_out
from tradewright.domain.quality import Gravity, Problem
from tradewright.marketdata import coverage, jumps, prints, quality

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "data-quality.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())


def test_every_problem_has_its_row_with_its_gravity() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (\w+|–)", PAGE, flags=re.MULTILINE))
    assert [Problem(name) for name in rows] == sorted(Problem, key=list(rows).index)
    assert set(rows.values()) == {*map(str, Gravity), "–"}


def test_the_ratios_are_those_of_the_code() -> None:
    named = re.search(r"RATIOS: ([\d:, ]+)\.", TEXT)
    assert named
    assert [tuple(map(int, each.split(":"))) for each in named[1].split(", ")] == list(jumps.RATIOS)


@pytest.mark.parametrize(
    "said",
    [
        f"within {jumps._TOLERANCE:.1%}".replace("%", " %"),
        f"less than {jumps._TIMES_RANGE:g} times the usual range of a session (median of {jumps._WINDOW} sessions",
        f"more than {jumps._CALM:g} times the usual one, or its turnover more than {jumps._BUSY:g} times",
        f"less than {jumps._FEWEST_TICKS} ticks",
        f"by {prints._SIGMAS:g} local deviations",
        f"stands {prints._WICK_SIGMAS:g} beyond",
        f"and {prints._SMALLEST_MOVE:.1%} and {prints._FEWEST_TICKS} ticks".replace("%", " %"),
        f"in {prints._REPEATS[False]} bars of a day or longer, in {prints._REPEATS[True]} shorter ones",
        f"one single price for {prints._FLAT_MINUTES} minutes",
        f"The {prints._QUANTILE:.0%} quantile".replace("%", " %"),
        f"blocks of {prints._BLOCK} bars, divided by {prints._SIGMAS_AT_QUANTILE}",
        f"at most {coverage._COMPLETE:.0%} of the bars".replace("%", " %"),
        f"ln(n / {coverage._CHANCE})",
        f"1 + {coverage._PATIENCE:g} ·",
        f"in {left_out._ODD_SHARE:.0%} of the rows, and {left_out._FEWEST_ODD} at least".replace("%", " %"),
        f"the {prints._NAMED_RUNS} longest, of gaps the {quality._NAMED_GAPS} longest",
    ],
)
def test_thresholds_are_those_of_the_code(said: str) -> None:
    assert said in TEXT
