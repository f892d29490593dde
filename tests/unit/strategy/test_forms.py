"""Forms of strategies: recognised in a defined order, added by anyone, told apart by name."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest
from tests.unit.strategy.market import daily, rising, run
from tests.unit.strategy.test_adapt import Plain, Returns, Signals, Submits

from tradewright.domain.errors import StrategyError
from tradewright.strategy.adapt import as_strategy, can_trade
from tradewright.strategy.forms import FORMS, StrategyForm, form_of, strategy_form
from tradewright.strategy.function import FunctionStrategy
from tradewright.strategy.registry import load_strategy


@pytest.fixture(autouse=True)
def own_forms(monkeypatch):
    monkeypatch.setattr(FORMS, "_known", dict(FORMS._known))


class Weights:
    """A form of one's own: it says what share to hold."""

    def weight(self, close):
        return 0.5


class WeightForm(StrategyForm):
    def recognise(self, source):
        return isinstance(source, type) and callable(getattr(source, "weight", None))

    def adapt(self, source, params):
        made = source(**params)

        def follow(ctx):
            ctx.target_percent(made.weight(ctx.close()))

        return FunctionStrategy(follow)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (Plain, "strategy"),
        (Signals, "signals"),
        (Submits, "context-bot"),
        (Returns, "bar-bot"),
        (lambda ctx: None, "function"),
        (int, None),
        ("text", None),
        (Returns(), None),
    ],
)
def test_forms_known_here_have_names(source, name):
    assert form_of(source) == name


def test_an_added_form_runs():
    with pytest.raises(StrategyError, match="Weights has no on_bar"):
        as_strategy(Weights)
    strategy_form("weights")(WeightForm)
    assert form_of(Weights) == "weights"
    assert len(run(Weights, daily(rising(5))).orders) > 0


def test_an_added_form_stands_before_the_shapes_and_behind_strategy():
    FORMS.add("weights", WeightForm)

    class Both(Returns, Weights):
        pass

    class Own(Plain, Weights):
        pass

    assert form_of(Both) == "weights"
    assert isinstance(as_strategy(Own), Plain)


def test_an_added_form_is_found_in_a_file(tmp_path):
    class FormulaForm(StrategyForm):
        def recognise(self, source):
            return getattr(source, "is_formula", False)

        def adapt(self, source, params):
            return FunctionStrategy(lambda ctx: ctx.buy(source(ctx.close())))

    file = tmp_path / "mine.py"
    file.write_text("def formula(close):\n    return 1\nformula.is_formula = True\ndef part(close):\n    pass\n")
    with pytest.raises(StrategyError, match="There is no strategy in"):
        load_strategy(str(file))
    FORMS.add("formula", FormulaForm)
    assert load_strategy(str(file)).__name__ == "formula"


def test_two_forms_of_one_order_that_claim_a_source_are_refused_naming_both():
    class Again(WeightForm):
        pass

    class Later(WeightForm):
        order = 55

    FORMS.add("weights", WeightForm)
    FORMS.add("later", Later)
    assert form_of(Weights) == "weights"
    FORMS.add("again", Again)
    with pytest.raises(StrategyError, match=r":Weights is claimed by two strategy forms, 'again' \(.*\) and 'weights'"):
        form_of(Weights)


def test_a_form_that_fails_to_look_is_named():
    class Careless(WeightForm):
        def recognise(self, source):
            return source.weight > 0

    FORMS.add("careless", Careless)
    with pytest.raises(StrategyError, match=r"The strategy form 'careless' \(.*Careless\) fails on .*AttributeError"):
        as_strategy(Returns)
    assert can_trade(Plain)


def test_a_form_that_makes_no_strategy_is_named():
    class Wrong(WeightForm):
        def adapt(self, source, params):
            return source

    FORMS.add("wrong", Wrong)
    with pytest.raises(StrategyError, match=r"The strategy form 'wrong' .* which is no Strategy"):
        as_strategy(Weights)


def test_what_is_no_form_cannot_be_registered():
    class Half(StrategyForm):
        def recognise(self, source):
            return False

    with pytest.raises(StrategyError, match="it has no 'adapt'"):
        strategy_form("half")(Half)
    with pytest.raises(StrategyError, match="it is no subclass of StrategyForm"):
        strategy_form("plain")(Plain)


def test_a_package_that_claims_a_form_of_the_house_does_not_take_it_away(monkeypatch):
    points = [EntryPoint(name, "no_such_package:Form", FORMS.group) for name in ("function", "strategy")]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points if group == FORMS.group else [])
    monkeypatch.setattr(FORMS, "_points", None)
    monkeypatch.setattr(FORMS, "_settled", set())
    assert as_strategy(lambda ctx: None).style == "function"
    assert as_strategy(Plain).name == "Plain"
    assert len(FORMS.faults()) == 2


def test_where_nothing_recognises_a_source_a_broken_package_is_named(monkeypatch):
    monkeypatch.setattr(FORMS, "faults", lambda: ("The strategy form 'x' of an installed package cannot be loaded.",))
    with pytest.raises(StrategyError, match=r"5 is not a strategy\. The strategy form 'x' of an installed package"):
        as_strategy(5)
