"""Strategies by name: from a file, a module, a decorator or an installed package."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint

import pytest
from tests.unit.strategy.market import daily, rising, run

from tradewright.domain.errors import StrategyError
from tradewright.domain.plugins import Registry
from tradewright.strategy import registry
from tradewright.strategy.registry import load_strategy, register, registered

GROUP = "tradewright.strategies"
HEAD = "from tradewright import Strategy\n"
ONE = HEAD + "class One(Strategy):\n    def on_bar(self, ctx):\n        ctx.buy(1)\n"
TWO = ONE + "class Two(Strategy):\n    def on_bar(self, ctx):\n        pass\n"


@pytest.fixture(autouse=True)
def clean_registry(monkeypatch):
    mine = Registry("strategy", GROUP, error=StrategyError, hint=registry.STRATEGIES._hint)
    monkeypatch.setattr(registry, "STRATEGIES", mine)


def written(folder, text, name="mine.py"):
    file = folder / name
    file.write_text(text)
    return str(file)


def test_a_file_with_one_strategy_needs_no_name(tmp_path):
    strategy = load_strategy(written(tmp_path, ONE))
    assert strategy.__name__ == "One"
    assert len(run(strategy, daily(rising(3))).orders) == 3


def test_a_file_with_several_lists_them(tmp_path):
    path = written(tmp_path, TWO)
    with pytest.raises(StrategyError, match=r"holds 2 strategies: One, Two\. Name one, as in .*mine\.py:One"):
        load_strategy(path)
    assert load_strategy(f"{path}:Two").__name__ == "Two"


def test_a_base_in_the_same_file_is_not_a_second_strategy(tmp_path):
    path = written(tmp_path, ONE + "class Two(One):\n    pass\n")
    assert load_strategy(path).__name__ == "Two"


def test_imported_strategies_are_not_those_of_the_file(tmp_path):
    text = "from tests.unit.strategy.test_adapt import Plain\ndef strategy(ctx):\n    return None\n"
    assert load_strategy(written(tmp_path, text)).__name__ == "strategy"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("def strategy(ctx):\n    pass\ndef part(ctx):\n    pass\n", "strategy"),
        ("async def trade(context):\n    pass\n", "trade"),
        ("def trade(ctx, n=3):\n    pass\ndef _part(ctx):\n    pass\ndef other(bar):\n    pass\n", "trade"),
        ("class Bot:\n    def on_bar(self, bar):\n        return []\ndef part(ctx):\n    pass\n", "Bot"),
        ("class Plugin:\n    def generate_signals(self, state):\n        return []\n", "Plugin"),
        ("import tradewright as tw\n@tw.register('mine')\ndef a(ctx):\n    pass\ndef b(ctx):\n    pass\n", "a"),
    ],
)
def test_every_form_is_found_in_a_file(tmp_path, text, name):
    assert load_strategy(written(tmp_path, text)).__name__ == name


def test_a_file_is_executed_once_until_it_changes(tmp_path):
    count = "import builtins\nbuiltins.executed_files = getattr(builtins, 'executed_files', 0) + 1\n"
    path = written(tmp_path, count + ONE)
    import builtins

    before = getattr(builtins, "executed_files", 0)
    first, second = load_strategy(path), load_strategy(f"{path}:One")
    assert first is second
    assert builtins.executed_files == before + 1
    written(tmp_path, count + ONE + "# changed\n")
    assert load_strategy(path) is not first
    assert builtins.executed_files == before + 2
    del builtins.executed_files


def test_a_file_that_changed_keeps_the_names_it_gave(tmp_path):
    text = "import tradewright as tw\n@tw.register('mine')\ndef a(ctx):\n    pass\n"
    older = load_strategy(written(tmp_path, text))
    newer = load_strategy(written(tmp_path, text + "# changed\n"))
    assert newer is not older
    assert load_strategy("mine") is newer


def test_two_files_of_one_name_do_not_meet(tmp_path):
    (tmp_path / "other").mkdir()
    first = load_strategy(written(tmp_path, ONE))
    second = load_strategy(written(tmp_path / "other", ONE))
    assert first is not second
    assert first.__module__ != second.__module__
    assert sys.modules[first.__module__].One is first


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = 1\ndef strategy(ctx)\n    pass\n", r"mine\.py:2 is not Python: .*The line is: def strategy\(ctx\)"),
        (
            "\nimport a_library_that_is_not_there\n",
            r"mine\.py:2 imports 'a_library_that_is_not_there', which is not installed",
        ),
        ("def f():\n    return 1 / 0\nf()\n", r"mine\.py:2 cannot be loaded, ZeroDivisionError"),
        ("from tradewright import Strateggy\n", r"mine\.py:1 cannot be loaded, ImportError"),
        ("x = 1\n", r"There is no strategy in .*mine\.py"),
        (HEAD + "class Empty(Strategy):\n    pass\n", "There is no strategy in"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_named_with_its_line(tmp_path, text, sentence):
    with pytest.raises(StrategyError, match=sentence):
        load_strategy(written(tmp_path, text))


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(StrategyError, match=r"nowhere/mine\.py cannot be read: No such file"):
        load_strategy("nowhere/mine.py:One")


def test_a_name_that_is_not_in_the_file_is_refused_with_those_that_are(tmp_path):
    with pytest.raises(StrategyError, match=r"There is no 'Three' in .* Its strategies: One, Two"):
        load_strategy(written(tmp_path, TWO) + ":Three")


def test_a_module_gives_its_strategy():
    assert load_strategy("tests.unit.strategy.test_adapt:Plain").__name__ == "Plain"


def test_a_module_that_is_not_there_or_broken_is_named(tmp_path, monkeypatch):
    with pytest.raises(StrategyError, match=r"There is no module 'no_such.module'.* read as package\.module:Class"):
        load_strategy("no_such.module:One")
    written(tmp_path, "import a_library_that_is_not_there\n", "needs_more.py")
    written(tmp_path, "1 / 0\n", "breaks.py")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(StrategyError, match="imports 'a_library_that_is_not_there'"):
        load_strategy("needs_more:One")
    with pytest.raises(StrategyError, match="breaks cannot be loaded, ZeroDivisionError"):
        load_strategy("breaks:One")


# Names.


def test_a_decorated_strategy_is_found_by_its_name():
    @register("hold")
    def hold(ctx):
        return None

    assert load_strategy("hold") is hold
    assert registered() == ("hold",)


def test_a_name_is_given_once_and_again_only_to_the_same():
    def first(ctx):
        return None

    def second(ctx):
        return None

    register("mine")(first)
    register("mine")(first)
    with pytest.raises(StrategyError, match="'mine' is already the strategy"):
        register("mine")(second)


def test_an_unknown_name_is_refused_with_the_nearest():
    register("momentum_v1")(lambda ctx: None)
    with pytest.raises(StrategyError, match=r"no strategy 'momentum_v2'\. Did you mean 'momentum_v1'"):
        load_strategy("momentum_v2")
    with pytest.raises(StrategyError, match=r"no strategy 'xyz'. Give path/file\.py:Class"):
        load_strategy("xyz")


def test_an_installed_package_gives_strategies_by_entry_point(monkeypatch):
    points = [
        EntryPoint("packed", "tests.unit.strategy.test_adapt:Plain", GROUP),
        EntryPoint("broken", "no_such_package:Plain", GROUP),
    ]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points if group == GROUP else [])
    assert load_strategy("packed").__name__ == "Plain"
    with pytest.raises(
        StrategyError, match=r"'broken' of an installed package \(no_such_package:Plain\) cannot be loaded"
    ):
        load_strategy("broken")
