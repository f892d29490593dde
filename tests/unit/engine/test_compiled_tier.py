"""The compiled tier: what it takes, what it refuses with file and line, and that nobody sees which tier ran."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.compiled_worlds import load

import tradewright as tw
from tradewright.domain.events import EventKind
from tradewright.engine import tiers
from tradewright.engine.compiled import compiles, twin
from tradewright.engine.plan import RunPlan
from tradewright.engine.run import run

START = """from tradewright import Param, Strategy
from tradewright import indicators as ta

LEVEL = 100.0


class Drawn(Strategy):
    length = Param(5)

    def setup(self):
        self.line = self.use(ta.sma, "close", self.length)
        self.bands = self.use(ta.bollinger, "close", 10, 2.0)
        self.held = 0
        self.note = "text"

"""
ON_BAR = "    def on_bar(self, ctx):\n"


def strategy(folder: Path, body: str, *, before: str = ON_BAR) -> Any:
    rows = "".join(f"        {row}\n" for row in body.splitlines())
    return load(START + before + rows, folder / f"own_{abs(hash(body + before))}.py")


def both(strategy: Any, bars: Any, **options: Any) -> tuple[Any, Any]:
    series = {bars.symbol: bars} if isinstance(bars, tw.Bars) else bars
    plans = [
        RunPlan(strategies=[strategy()], series=series, engine=engine, **options) for engine in ("python", "compiled")
    ]
    return run(plans[0]), run(plans[1])


TAKEN = {
    "an average crossed": "if self.line.crossed_above(LEVEL):\n    ctx.target_percent(0.9)\n"
    "elif self.line.crossed_below(LEVEL):\n    ctx.close_position()",
    "lines of a group, state, a tag": "if ctx.has_position():\n    self.held += 1\n"
    "    if ctx.close() > self.bands.middle.value or self.held >= 7:\n        ctx.close_position(tag='out')\n"
    "elif ctx.close() < self.bands.lower.value:\n    self.held = 0\n    ctx.target_percent(0.5, tag='in')",
    "a bracket": "if not ctx.has_position():\n    price = ctx.close()\n"
    "    ctx.buy(min(10, 900 // price), stop_loss=price * 0.97, take_profit=price * 1.05)",
    "a loop with a return inside": "for step in range(1, 4):\n    if self.held % 4 == step:\n        self.held += 2\n"
    "        ctx.buy(step)\n        return\n    self.held += 1\nctx.close_position()",
    "names joined after branches": "if ctx.close() > self.line.value:\n    size = 3\nelse:\n    size = 4.5\n"
    "a, b = size, size * 2\nctx.target_quantity(b - a)",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", TAKEN)
def test_a_strategy_of_the_subset_compiles_to_the_same_record(tmp_path: Path, name: str) -> None:
    interpreted, compiled = both(strategy(tmp_path, TAKEN[name]), tw.synthetic_bars(bars=600, seed=5))
    assert compiled.meta["engine"] == "compiled"
    assert compiled.hash == interpreted.hash
    assert dict(compiled.tags) == dict(interpreted.tags)
    assert len(compiled.events["kind"]) > 8


@pytest.mark.slow
def test_the_strategy_of_the_guide_compiles(tmp_path: Path, project: Path) -> None:
    page = (project / "docs" / "guides" / "compiled-strategies.md").read_text(encoding="utf-8")
    text = page.split("```python\n")[1].split("```")[0].replace("class Cross", "class Drawn")
    interpreted, compiled = both(load(text, tmp_path / "guide.py"), tw.synthetic_bars(bars=900, seed=2))
    assert (compiled.meta["engine"], compiled.hash) == ("compiled", interpreted.hash)


TAKEN |= {
    "numbers from outside, signs, no numbers": "level = LEVEL - -1\ntop = min(level, 500)\npass\n"
    "if not self.held and ctx.close() > top and True:\n    self.held = 1\n    ctx.buy(+2)\n"
    "elif self.held:\n    self.held = 0\n    ctx.sell(1)",
    "an alias, a chain, a conditional": "line = self.line\nup = 1 if 0 < line.value < line[-2] else 2\n"
    "if ctx.low() < line.ago(1) <= ctx.high():\n    ctx.target_quantity(up * max(1, 3))",
    "a loop left and gone on with": "done: float = 0\nfor step in range(self.length):\n"
    "    if step == 1:\n        continue\n"
    "    if step > 3:\n        break\n    done += step\nif done > 4 and ctx.new_session:\n    ctx.buy(done)\n"
    "if ctx.volume() % 2 == 1:\n    ctx.close_position()",
    "the words of an order by name": "dip = ctx.open() * 0.995\n"
    "ctx.buy(quantity=3, limit_price=dip, time_in_force='DAY', tag='dip')\n"
    "if ctx.quantity() > 20:\n    ctx.target_percent(weight=0.0)",
}

REFUSED = {
    "x = self.line[0]": "line 18: a line is indexed by something else than a negative constant",
    "x = self.held[0]": "line 18: only lines are indexed in compiled strategies",
    "x = self.line + 1": "line 18: a line stands where a number is needed",
    "if self.line:\n    pass": "line 18: a line stands where a truth is needed",
    "x = self.line.name": "line 18: the attribute 'name' is not compiled",
    "x = self.nothing_of_the_kind": "line 18: self.nothing_of_the_kind is neither a line nor a number",
    "x = 1e17": "line 18: the constant 1e+17 is not compiled",
    "x = abs(ctx.close(), key=1)": "line 18: the function abs is not compiled",
    "x = ctx.close() is ctx.open()": "line 18: this comparison is not compiled",
    "x = ~self.held": "line 18: this operator is not compiled",
    "x = (lambda: 1)()": "line 18: such a call is not compiled",
    "x = self.line.ago(self.length)": "line 18: the call of 'ago' is not compiled",
    "x = 1 in ctx.symbols": "line 18: only symbols are looked for, in a ranking",
    "for k in range(ctx.quantity()):\n    pass": "line 18: 'ctx.quantity()' is not a whole number that is declared",
    "for k in (1, 2):\n    pass": "line 18: the expression '(1, 2)' is not compiled",
    "for k, j in ctx.symbols:\n    pass": "line 18: such a loop is not compiled",
    "for k in self.line:\n    pass": "line 18: only ranges and symbols are looped over",
    "a = b = 1": "line 18: an assignment to several names is not compiled",
    "ctx.x = 1": "line 18: an attribute of something else is assigned",
    "a, b = self.line, 1": "line 18: a line is not a number",
    "ctx.buy(1, tag=str(1))": "line 18: a tag is not a constant text",
    "ctx.buy(1, None, 3)": "line 18: an order call takes 2 arguments without a name at most",
    "ctx.close_position(tag='x', now=1)": "line 18: the order option now is not compiled",
    "x = ctx.close('SYN', 1)": "line 18: ctx.close is called in an unknown way",
    "x = ctx.rank(lines=self.line)": "line 18: ctx.rank is called in an unknown way",
    "x = ctx.rank(self.line, ascending=self.held > 1)": "line 18: ctx.rank is called in an unknown way",
    "k = 1\nfor k in ctx.symbols:\n    pass": "line 19: 'k' stands for a number and for a symbol",
    "x = ctx.timestamp.day": "line 18: this part of ctx.timestamp is not compiled",
    "x = round(ctx.close(), 2)": "line 18: the function round is not compiled",
    "x = pow(ctx.close(), 2)": "line 18: the function pow is not compiled",
    "x = LEVEL.real": "line 18: the attribute 'real' is not compiled",
    "line = self.line\nline = self.bands.upper": "line 18: "
    "a line is kept elsewhere than under a name that is given once",
    "if LEVEL > 1:\n    line = self.line\nx = line.value": "line 20: "
    "'line' is not a number that is known before it is read",
    "ctx.buy(1, time_in_force='gtd')": "line 18: only the times in force gtc, day, ioc and fok are compiled",
    "ctx.buy(1, limit_price=2, order_type='stop')": "line 18: "
    "the prices of an order and its type do not go together, or its type is not a constant",
    "ctx.order()": "line 18: ctx.order without a quantity is not compiled",
    "ctx.close_position('OTHER')": "line 18: 'OTHER' is no symbol of the run",
    "ctx.target_percent(0.1, ctx.symbols)": "line 18: a symbol is named by something else than its name",
    "ctx.position().side": "line 18: a call whose result is not used, other than an order, is not compiled",
    "x = ctx.position().side": "line 18: ctx.position().side is not compiled",
    "x = ctx.account.margin_used": "line 18: ctx.account.margin_used is not compiled",
    "x = ctx.open_orders()": "line 18: a count is kept under a name",
    "x = len(self.line)": "line 18: len of a line is not compiled",
    "x = ctx.history(20)": "line 18: ctx.history is not compiled",
    "x = self.note": "line 18: self.note is neither a line nor a number",
    "x = ctx.close() ** 2": "line 18: the operator in 'ctx.close() ** 2' is not compiled",
    "x = [1, 2]": "line 18: the expression '[1, 2]' is not compiled",
    "while True:\n    break": "line 18: the statement 'while' is not compiled",
    "try:\n    pass\nfinally:\n    pass": "line 18: the statement 'try' is not compiled",
    "if ctx.close() > 1:\n    x = 1\nctx.buy(x)": "line 20: 'x' is not a number that is known before it is read",
    "ref = ctx.buy(1)": "line 18: ctx.buy is not compiled",
    "return ctx.buy(1)": "line 18: on_bar returns something",
    "ctx.log('x')": "line 18: a call whose result is not used, other than an order, is not compiled",
    "self.note = 1": "line 18: self.note does not begin as a number",
    "print(ctx.close())": "line 18: a call whose result is not used, other than an order, is not compiled",
}


@pytest.mark.parametrize("body", REFUSED)
def test_what_is_outside_runs_interpreted_and_says_why_with_file_and_line(tmp_path: Path, body: str) -> None:
    # What stands after a return is translated and never carried out, so that what no tier can do may stand there too.
    interpreted, other = both(strategy(tmp_path, f"return\n{body}"), tw.synthetic_bars(bars=60, seed=1))
    assert other.meta["engine"] == "python"
    file, _, reason = other.meta["not_compiled"].partition(", ")
    assert file.startswith("own_")
    assert reason == REFUSED[body]
    assert other.hash == interpreted.hash


def test_hooks_and_other_accounts_run_interpreted(tmp_path: Path) -> None:
    bars = tw.synthetic_bars(bars=60, seed=1)
    hooked = strategy(tmp_path, "pass\n", before="    def on_fill(self, ctx, fill):\n        pass\n\n" + ON_BAR)
    assert both(hooked, bars)[1].meta["not_compiled"] == "the strategy has on_fill"
    plain = strategy(tmp_path, "ctx.buy(1)")
    assert "deciding close" in both(plain, bars, fill_at="close")[1].meta["not_compiled"]
    assert both(plain, bars, currency="EUR", fx={"USD": 0.9})[1].meta["not_compiled"] == "there are several currencies"
    assert both(plain, bars, raise_on_reject=True)[1].meta["not_compiled"] == "refused orders are raised"


LIMITS = tw.Limits("small", risk_per_trade=0.5, deployed=1.99, day_loss=0.004, drawdown=0.2)


@pytest.mark.slow
def test_limits_and_margin_calls_run_compiled_to_the_same_record(tmp_path: Path) -> None:
    turns = strategy(tmp_path, "ctx.target_percent(1.8 if ctx.close() > self.line.value else -1.8)")
    bars = tw.synthetic_bars(bars=1500, seed=5, timeframe="15m", volatility=3)
    on_margin = {"margin": tw.Margin(initial=0.5, maintenance=0.49), "costs": tw.Costs(borrow_rate=0.1)}
    for options, kind in (({"limits": LIMITS}, EventKind.LIMIT_PAUSE), (on_margin, EventKind.MARGIN_CALL)):
        interpreted, compiled = both(turns, bars, **options)
        assert (compiled.meta["engine"], compiled.hash) == ("compiled", interpreted.hash)
        assert (compiled.events["kind"] == float(kind)).any()


@pytest.mark.slow
def test_what_a_strategy_raises_is_told_by_the_interpreted_run(tmp_path: Path) -> None:
    divides = strategy(tmp_path, "self.held += 1\nctx.target_percent(1 / (5 - self.held))")
    options = {"strategies": [divides()], "series": {"SYN": tw.synthetic_bars(bars=60, seed=1)}, "engine": "compiled"}
    with pytest.raises(tw.TradewrightError, match="division by zero"):
        run(RunPlan(**options))


def test_a_text_that_was_edited_after_it_was_loaded_is_not_compiled(tmp_path: Path) -> None:
    loaded = strategy(tmp_path, "ctx.buy(1)")
    file = next(tmp_path.glob("own_*.py"))
    file.write_text(file.read_text(encoding="utf-8").replace("ctx.buy(1)", "ctx.buy(2)"), encoding="utf-8")
    interpreted, other = both(loaded, tw.synthetic_bars(bars=60, seed=1))
    assert other.meta["not_compiled"] == "the text of on_bar has changed since it was loaded"
    assert other.hash == interpreted.hash


def test_a_cache_that_cannot_be_written_leaves_the_run_interpreted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    monkeypatch.setenv("TRADEWRIGHT_CACHE", str(tmp_path / "taken"))
    interpreted, other = both(strategy(tmp_path, "ctx.buy(3)"), tw.synthetic_bars(bars=60, seed=1))
    assert other.meta["not_compiled"].startswith(f"machine code cannot be kept in {tmp_path / 'taken'}: ")
    assert other.hash == interpreted.hash


@pytest.mark.slow
def test_own_numbers_end_as_they_would_interpreted(tmp_path: Path) -> None:
    fraction = strategy(tmp_path, "self.held += 0.5\nctx.target_quantity(self.held)")
    ended = []
    for engine in ("python", "compiled"):
        own = fraction()
        run(RunPlan(strategies=[own], series={"SYN": tw.synthetic_bars(bars=60, seed=1)}, engine=engine))
        ended.append(own.held)
    assert ended[0] == ended[1]
    assert ended[0] != int(ended[0])


@pytest.mark.slow
def test_a_book_that_is_full_is_carried_on_interpreted(tmp_path: Path) -> None:
    many = strategy(tmp_path, "ctx.buy(1, limit_price=ctx.close() * 0.5)")
    interpreted, other = both(many, tw.synthetic_bars(bars=200, seed=1))
    assert other.meta == {"engine": "python", "not_compiled": "something was raised, which the interpreted run tells"}
    assert other.hash == interpreted.hash


@pytest.mark.slow
def test_open_positions_are_closed_at_the_end_alike(tmp_path: Path) -> None:
    holds = strategy(tmp_path, "if not ctx.has_position():\n    ctx.buy(5, take_profit=ctx.close() * 1.2)")
    for finalize in (False, True):
        interpreted, compiled = both(holds, tw.synthetic_bars(bars=90, seed=4), finalize=finalize)
        assert (compiled.meta["engine"], compiled.hash) == ("compiled", interpreted.hash)
        assert compiled.open_positions == interpreted.open_positions


def test_a_changed_rule_or_constant_gets_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    before = twin.text_hash(twin.rules_text())
    source = twin._source
    for old, new in (("SLIP_BPS: Final = 1", "SLIP_BPS: Final = 7"), ("book.lot * 0.5", "book.lot * 0.25")):
        twin.rules_text.cache_clear()
        monkeypatch.setattr(twin, "_source", lambda room, name, old=old, new=new: source(room, name).replace(old, new))
        assert twin.text_hash(twin.rules_text()) != before
    monkeypatch.undo()
    twin.rules_text.cache_clear()


def test_auto_compiles_long_runs_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bars = {"SYN": tw.synthetic_bars(bars=60, seed=1)}
    plain = strategy(tmp_path, "ctx.buy(2)")
    assert run(RunPlan(strategies=[plain()], series=bars, engine="auto")).meta == {"engine": "python"}
    monkeypatch.setattr(tiers, "PAYS_WHEN_CACHED", 10)
    waits = run(RunPlan(strategies=[plain()], series=bars, engine="auto"))
    assert waits.meta["not_compiled"] == "it is not compiled yet, and compiling takes longer than the run"
    monkeypatch.setattr(tiers, "PAYS_WHEN_NEW", 20)
    with monkeypatch.context() as patch:
        patch.setenv("TRADEWRIGHT_CACHE", str(tmp_path / "empty"))
        cold = run(RunPlan(strategies=[plain()], series=bars, engine="auto"))
    assert cold.meta["not_compiled"] == waits.meta["not_compiled"]
    monkeypatch.setattr(tiers, "PAYS_WHEN_COLD", 20)
    assert run(RunPlan(strategies=[plain()], series=bars, engine="auto")).meta == {"engine": "compiled"}
    monkeypatch.setattr(tiers, "PAYS_WHEN_NEW", 10**9)
    assert run(RunPlan(strategies=[plain()], series=bars, engine="auto")).meta == {"engine": "compiled"}


@pytest.mark.slow
def test_making_machine_code_is_announced_and_timed_once(tmp_path: Path) -> None:
    plain, announced, seconds = strategy(tmp_path, "ctx.buy(7)"), [], iter(range(99))
    options = {"series": {"SYN": tw.synthetic_bars(bars=60, seed=1)}, "engine": "compiled"}
    told = {"announce": announced.append, "clock": lambda: float(next(seconds))}
    first, second = (run(RunPlan(strategies=[plain()], **options, **told)) for _ in range(2))
    assert first.meta == {"engine": "compiled", "compiled_in": 1.0}
    assert second.meta == {"engine": "compiled"}
    assert [each.partition(",")[0].partition(" the ")[0] for each in announced] == ["compiling"]


def test_whether_a_strategy_compiles_is_known_before_it_runs(tmp_path: Path) -> None:
    bars = tw.synthetic_bars(bars=60, seed=1)
    assert compiles(strategy(tmp_path, "ctx.buy(1)"), bars) is None
    assert compiles(strategy(tmp_path, "ctx.log('x')"), {"SYN": bars}).endswith(
        "line 17: a call whose result is not used, other than an order, is not compiled"
    )


def test_a_small_run_never_imports_numba() -> None:
    trade = "tw.backtest(lambda ctx: ctx.buy(1), tw.synthetic_bars(bars=50))"
    text = f"import sys, tradewright as tw\n{trade}\nprint('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
