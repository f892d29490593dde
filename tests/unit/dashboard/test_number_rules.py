"""The dashboard writes numbers as the command line does: both are held to one list of cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tradewright.reporting import formatting, presentation
from tradewright.reporting.catalog import Unit

CASES = Path(__file__).parents[3] / "dashboard" / "src" / "format" / "agreed.json"

RULES: dict[str, Callable[..., str]] = {
    "percent": formatting.percent,
    "returns": formatting.returns,
    "ratio": formatting.ratio,
    "probability": formatting.probability,
    "bps": formatting.bps,
    "duration": formatting.duration,
    "signed": partial(formatting.number, sign=True),
    "points": lambda value: presentation.difference_text(value, Unit.RETURN, "USD"),
    "money": lambda value, currency: formatting.money(float(value), currency),
    "price": lambda value, step: formatting.price(float(value), float(step)),
}


def test_every_agreed_case_is_what_the_command_line_writes() -> None:
    cases: list[tuple[str, list[Any], str]] = json.loads(CASES.read_text(encoding="utf-8"))
    assert {name for name, _, _ in cases} == set(RULES)
    assert [(name, given, RULES[name](*given)) for name, given, _ in cases] == [tuple(case) for case in cases]
