"""The reference pages list exactly what the code offers."""

import importlib
import inspect

from tradewright.quant import indicators as ta

METRIC_MODULES = (
    "returns",
    "drawdown",
    "ratios",
    "tails",
    "relative",
    "trade_statistics",
    "activity",
    "significance",
    "statistics",
)


def table_rows(page):
    """Cells of every table row whose first cell is code."""
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


def code(names):
    return ", ".join(f"`{name}`" for name in names) or "–"


def offered_indicators():
    for name in ta.__all__:
        indicator = getattr(ta, name)
        if not hasattr(indicator, "first_valid"):
            continue
        parameters = [f"{key}={value!r}" for key, value in indicator.parameters.items()]
        optional = [f"{key}=None" for key in indicator.optional_inputs]
        outputs = indicator.outputs if indicator.outputs != ("value",) else ()
        yield (
            f"`{name}`",
            code(indicator.inputs),
            code(parameters + optional),
            code(outputs),
            str(indicator.first_valid()),
            indicator.source,
        )


def offered_metrics():
    for module_name in METRIC_MODULES:
        module = importlib.import_module(f"tradewright.quant.{module_name}")
        for name in module.__all__:
            if inspect.isfunction(getattr(module, name)):
                yield f"`{module_name}.{name}`"


def test_the_indicator_table_is_what_the_code_offers(project):
    assert table_rows(project / "docs" / "reference" / "indicators.md") == list(offered_indicators())


def test_the_metric_tables_name_every_metric_once(project):
    named = [row[0] for row in table_rows(project / "docs" / "reference" / "metrics-formulas.md")]
    assert sorted(named) == sorted(offered_metrics())


def test_every_metric_states_formula_convention_and_source(project):
    for row in table_rows(project / "docs" / "reference" / "metrics-formulas.md"):
        assert len(row) == 4
        assert all(row), row[0]
