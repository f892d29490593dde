"""What a strategy's text computed before any run is computed again on other bars, where that text can be run again."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tradewright as tw
from tradewright.app.checks.origin import made_again
from tradewright.app.checks.text_slice import statements_for

BARS = tw.synthetic_bars("AAA", bars=160, seed=5)
OTHER = tw.synthetic_bars("AAA", bars=160, seed=6)


def below_the_mean(bars: tw.Bars) -> type[tw.Strategy]:
    level = bars.close.mean() * 1.001

    class Below(tw.Strategy):
        LEVEL = level

        def on_bar(self, ctx: tw.Context) -> None:
            ctx.target_percent(0.9 if ctx.close() < level else 0.0)

    return Below


def with_units(bars: tw.Bars, units: int) -> type[tw.Strategy]:
    class Units(tw.Strategy):
        LEVEL = bars.close[-1] * units

    return Units


def writing(bars: tw.Bars, path: str = "left_behind.txt") -> type[tw.Strategy]:
    Path(path).write_text(str(bars.close[-1]))

    class Written(tw.Strategy):
        pass

    return Written


def statements(text: str, name: str, given: set[str] | None = None, before: int | None = None) -> list[str]:
    return [ast.unparse(each) for each in statements_for(ast.parse(text).body, name, given or set(), before)]


def test_only_what_a_name_depends_on_is_run() -> None:
    assert statements("a = 1\nb = 2\nprint(b)\nc = a", "c") == ["a = 1", "c = a"]


def test_what_fills_a_value_belongs_to_it() -> None:
    text = "t = []\nfor x in (1, 2):\n    t.append(x)\nd = {}\nd['x'] = 1"
    assert len(statements(text, "t")) == 2
    assert len(statements(text, "d")) == 2


def test_a_function_that_is_called_for_what_it_fills_belongs_to_it() -> None:
    text = "import os\nt = {}\ndef fill():\n    t['x'] = 1\ndef say():\n    os.y()\nfill()\nsay()\n"
    assert statements(text, "t")[-1] == "fill()"


def test_what_is_given_is_not_computed() -> None:
    assert statements("a = 1\nb = a", "b", {"a"}) == ["b = a"]


def test_the_statement_that_runs_and_those_after_it_are_left_out() -> None:
    assert statements("if x:\n    a = 1\n    check(a)\na = 2", "a", before=3) == ["a = 1"]


def test_what_runs_only_as_a_script_is_left_out() -> None:
    assert statements("a = 1\nif __name__ == '__main__':\n    a = 2", "a") == ["a = 1"]


def test_a_function_of_bars_is_called_with_others() -> None:
    made = made_again(below_the_mean(BARS), BARS, OTHER)
    assert OTHER.close.mean() * 1.001 == made.LEVEL


def test_a_function_that_needs_more_than_bars_is_not_called() -> None:
    assert made_again(with_units(BARS, 2), BARS, OTHER) is None


def test_a_function_that_writes_files_is_not_called_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written = writing(BARS)
    assert made_again(written, BARS, OTHER) is None
    assert Path("left_behind.txt").read_text() == str(BARS.close[-1])


def test_a_class_in_a_function_that_runs_is_made_by_the_lines_before() -> None:
    bars = tw.synthetic_bars("AAA", bars=160, seed=5)
    highest = bars.high.max() * 0.97
    calls = []
    calls.append("once")

    class Inside(tw.Strategy):
        LEVEL = highest

    assert OTHER.high.max() * 0.97 == made_again(Inside, bars, OTHER).LEVEL


def imported(path: Path, text: str) -> Any:
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


FITTED = """
import tradewright as tw
BARS = tw.synthetic_bars("AAA", bars=160, seed=5)
LOW = BARS.close.min() * 1.03


class Fitted(tw.Strategy):
    def on_bar(self, ctx):
        if ctx.close() < LOW:
            ctx.target_percent(0.9)
        else:
            ctx.close_position()
"""


def test_a_fit_in_a_module_is_made_on_what_its_readers_give(tmp_path: Path) -> None:
    module = imported(tmp_path / "fitted_on_all.py", FITTED)
    finding = tw.check(module.Fitted, BARS, cuts=16).findings[0]
    assert finding.kind == "look-ahead"
    assert finding.line == 9
    assert None not in (finding.symbol, finding.bar, finding.before, finding.after)


READ_BY_HAND = """
import csv, os
import numpy as np
import tradewright as tw


def read():
    with open(os.path.join(os.path.dirname(__file__), "closes.csv")) as file:
        return np.array([float(row["close"]) for row in csv.DictReader(file)])


LEVEL = read().mean()


class Fitted(tw.Strategy):
    def on_bar(self, ctx):
        ctx.target_percent(0.9 if ctx.close() < LEVEL else 0.0)
"""


def test_a_fit_on_a_file_that_is_opened_by_hand_is_found(tmp_path: Path) -> None:
    days = (str(np.datetime64(int(label), "D")) for label in BARS.sessions.labels)
    rows = [f"{day},{close}" for day, close in zip(days, BARS.close.tolist(), strict=True)]
    (tmp_path / "closes.csv").write_text("\n".join(["date,close", *rows]))
    module = imported(tmp_path / "read_by_hand.py", READ_BY_HAND)
    findings = tw.check(module.Fitted, BARS, cuts=8).findings
    assert [each.line for each in findings if each.compared == "orders"] == [17]


def test_a_module_that_reads_no_bars_is_not_run_again(tmp_path: Path) -> None:
    module = imported(tmp_path / "plain.py", "import tradewright as tw\nclass Plain(tw.Strategy):\n    pass\n")
    assert made_again(module.Plain, BARS, OTHER) is None


def test_a_fit_around_a_strategy_is_found_with_both_decisions() -> None:
    finding = tw.check(below_the_mean(BARS), BARS, cuts=16).findings[0]
    assert finding.symbol == "AAA"
    assert "level" in (finding.spot.code if finding.spot else "")
    assert finding.before != finding.after


def test_held_data_that_foretells_names_symbol_bar_and_both_values() -> None:
    ahead = np.append(BARS.close[1:], BARS.close[-1])

    def strategy(ctx: tw.Context, table: Any = None, row: list[int] = [0]) -> None:  # noqa: B006 - a place to count
        row[0] += 1
        ctx.target_percent(0.9 if ahead[row[0] - 1] > ctx.close() else 0.0)

    finding = next(each for each in tw.check(strategy, BARS, cuts=8).findings if "ahead" in each.compared)
    assert finding.symbol == "AAA"
    assert None not in (finding.bar, finding.before, finding.after)
