"""One rule of the compiled tier changed a little: the comparison of the tiers notices, whichever rule it is.

The compiled text is carried out by Python, so that a changed rule costs no compilation; it is the same comparison.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from tests import twin_interpreted
from tests.compiled_worlds import Author, load, outcome, world

import tradewright as tw
from tradewright.engine.compiled import twin

pytestmark = pytest.mark.slow

SEEDS = tuple(range(200, 290))
MOST_WORLDS = 12
NOT_REACHED = {
    "pay_dividend", "split_position", "split_orders", "shown_after", "settle_expiry", "pair", "size_at_fill",
    "expire_timed",
}  # fmt: skip
"""Rules for what is left to the interpreted tier: actions, expiries, pairs, sizes at the fill, dated orders."""

_OTHER = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


def changed(function: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    """The function with one sign, comparison, number or call changed, in as many ways as it has any."""
    tests = {id(inner) for node in ast.walk(function) if isinstance(node, ast.While) for inner in ast.walk(node.test)}
    for place, node in enumerate(ast.walk(function)):
        if id(node) in tests:
            continue
        copy = ast.parse(ast.unparse(function)).body[0]
        assert isinstance(copy, ast.FunctionDef)
        if _change(list(ast.walk(copy))[place], copy):
            yield copy


def _change(node: ast.AST, within: ast.FunctionDef) -> bool:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _OTHER:
        node.ops[0] = _OTHER[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in _OTHER:
        node.op = _OTHER[type(node.op)]()
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.Name | ast.Attribute):
        if isinstance(node.targets[0], ast.Name):
            return False
        node.value = ast.Constant(3)
    elif isinstance(node, ast.Return) and node.value is not None:
        node.value = ast.BinOp(node.value, ast.Add(), ast.Constant(1))
    elif isinstance(node, ast.Call) and any(isinstance(each, ast.Name) and each.id.isupper() for each in node.args):
        node.args = [
            ast.Constant(1) if isinstance(each, ast.Name) and each.id.isupper() else each for each in node.args
        ]
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        node.value = ast.Constant(0)
    else:
        return False
    return within.name != ""


def compiled_in(module: ModuleType, function: ast.FunctionDef) -> Callable[..., Any]:
    """A changed rule among the rules of a module."""
    text = ast.unparse(ast.fix_missing_locations(function)).replace(f"def {function.name}(", "def _changed(", 1)
    names = vars(module)
    exec(compile(twin_interpreted.counted(ast.parse(text)), "changed", "exec"), names)  # noqa: S102 - the program's own text
    found: Callable[..., Any] = names.pop("_changed")
    return found


def rules() -> dict[str, ast.FunctionDef]:
    """Every rule of a bar by name; what pairs trades after the run is not in the loop."""
    found = {}
    for room, name in twin._RULES:
        if name not in twin._ADAPTERS and name != "pairing":
            for node in ast.parse(twin._source(room, name)).body:
                if isinstance(node, ast.FunctionDef):
                    found[node.name] = ast.parse(twin._compiled(node).partition("\n")[2]).body[0]
    return found  # type: ignore[return-value]


class World(NamedTuple):
    """A strategy in a world, its record, and the rules that its compiled text calls there."""

    strategy: Any
    options: dict[str, Any]
    record: str
    called: frozenset[str]


def test_a_changed_rule_is_noticed_whichever_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    twin_interpreted.use(monkeypatch)
    every, worlds = rules(), list(drawn(tmp_path, frozenset(rules())))
    modules = [module for name, module in sys.modules.items() if name.startswith("interpreted_")]
    home = next(module for module in modules if "work_alone" in vars(module) and "run" not in vars(module))
    missed = [name for name, rule in every.items() if not noticed(name, rule, (home, *modules), worlds)]
    assert sorted(missed) == sorted(NOT_REACHED)


HEAD = "def Drawn(ctx):\n    "
SHORT = HEAD + "ctx.target_percent(-1.9 if ctx.timestamp.weekday() % 2 else 1.7)\n"
ALWAYS_IN = HEAD + "ctx.cancel_all()\n    ctx.target_percent(0.98)\n    ctx.buy(1, limit_price=ctx.close() * 0.9)\n"
RISING = (
    HEAD
    + """if ctx.has_position():
        if not ctx.open_orders():
            ctx.sell(5, trail_percent=1.5)
    else:
        ctx.cancel_all()
        ctx.buy(5, stop_price=ctx.close() * 1.002, limit_price=ctx.close() * 1.001)
"""
)


def written() -> Iterator[tuple[str, dict[str, Any]]]:
    """Worlds for the rules that chance reaches seldom, then those of chance."""
    bars = tw.synthetic_bars(["A"], bars=250, seed=8, timeframe="1h", volatility=4)
    costs = tw.Costs(borrow_rate=0.2, interest_rate=0.3)
    yield SHORT, {"series": dict(bars), "margin": tw.Margin(initial=0.5, maintenance=0.47), "costs": costs}
    yield RISING, {"series": dict(bars)}
    yield ALWAYS_IN, {"series": dict(bars), "limits": tw.Limits("day", day_loss=0.004)}
    for seed in SEEDS:
        several = seed % 3 == 0
        yield Author(seed, several=several).text(), world(seed, several=several, longest=150)


def drawn(folder: Path, names: frozenset[str]) -> Iterator[World]:
    """Worlds whose strategies compile."""
    for number, (text, options) in enumerate(written()):
        strategy = load(text, folder / f"planted_{number}.py")
        interpreted, _ = outcome(strategy, options, "python")
        called: set[str] = set()

        def note(frame: Any, event: str, _: Any, called: set[str] = called) -> None:
            if event == "call":
                called.add(frame.f_code.co_name)

        before = sys.getprofile()
        sys.setprofile(note)
        try:
            _, meta = outcome(strategy, options, "compiled")
        finally:
            sys.setprofile(before)
        if meta.get("engine") == "compiled":
            yield World(strategy, options, interpreted, names & called)


def noticed(name: str, rule: ast.FunctionDef, modules: tuple[ModuleType, ...], worlds: list[World]) -> bool:
    """Whether some change of a rule makes some record another."""
    where = [each for each in worlds if name in each.called][:MOST_WORLDS]
    return any(differs(name, compiled_in(modules[0], each), modules, where) for each in changed(rule) if where)


def differs(name: str, rule: Callable[..., Any], modules: tuple[ModuleType, ...], where: list[World]) -> bool:
    """Whether a record is another one with a changed rule."""
    with pytest.MonkeyPatch.context() as patch:
        for module in modules:
            if name in vars(module):
                patch.setitem(vars(module), name, rule)
        return any(differs_in(each) for each in where)


def differs_in(one: World) -> bool:
    """Whether the compiled text runs to its end and to another record, or to none."""
    try:
        said, meta = outcome(one.strategy, one.options, "compiled")
    except (TypeError, AttributeError):
        return False
    except (twin_interpreted.EndlessError, IndexError, ValueError):
        return True
    return meta.get("engine") == "compiled" and said != one.record
