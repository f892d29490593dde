"""The reference page lists exactly what the statistics of a search offer."""

import importlib
import inspect

MODULES = (
    "overfitting",
    "selection",
    "trial_returns",
    "reality_check",
    "resampling",
    "monte_carlo",
    "synthetic_paths",
    "stability",
    "samplers",
    "windows",
)


def offered():
    for module_name in MODULES:
        module = importlib.import_module(f"tradewright.research.{module_name}")
        for name in module.__all__:
            part = getattr(module, name)
            if getattr(part, "__module__", "") == module.__name__ and (
                inspect.isfunction(part) or inspect.isclass(part)
            ):
                yield f"`{module_name}.{name}`"


def test_the_page_names_every_function_and_value_once(project):
    page = (project / "docs" / "reference" / "search-statistics.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    assert sorted(row[0] for row in rows) == sorted(offered())
