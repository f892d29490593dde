"""Machine code counts as Python does: every operator and function of the subset, over the numbers that are special."""

from __future__ import annotations

import itertools
import math
import re
import struct
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from tests.compiled_worlds import load

import tradewright as tw
from tradewright.engine.compiled import cache
from tradewright.engine.compiled.translate import Translator
from tradewright.engine.compiled.twin import rules_text
from tradewright.engine.plan import RunPlan
from tradewright.engine.staging import stage

pytestmark = pytest.mark.slow

EXACT = 2**53
NUMBERS = (
    0, 1, -1, 3, 7, -7, 40, EXACT - 1, 1 - EXACT, 2.0**53, 0.0, -0.0, 0.5, 1.5, 2.5, -2.5, -0.5, 1e-300, 5e-324, 1e308,
    -1e308, float("nan"), float("inf"), float("-inf"), 709.9, 0.1, 4503599627370497.5,
)  # fmt: skip
OF_TWO = ("a + b", "a - b", "a * b", "a / b", "a // b", "a % b", "min(a, b)", "max(a, b)", "min(b, 2, a)", "a * b + a")
OF_ONE = (
    "-a", "+a", "abs(a)", "int(a)", "float(a)", "round(a)", "math.sqrt(a)", "math.exp(a)", "math.log(a)",
    "math.floor(a)", "math.ceil(a)", "math.trunc(a)", "math.fabs(a)", "a if a else 3.0", "a - 1", "a * a",
)  # fmt: skip
TRUTHS = (
    "a < b",
    "a <= b",
    "a > b",
    "a >= b",
    "a == b",
    "a != b",
    "a < b <= 3",
    "not a",
    "a and b",
    "a or b",
    "bool(a)",
)
HEAD = """import math
from tradewright import Strategy


class Drawn(Strategy):
    def setup(self):
        self.a = self.b = self.r = 0.0

    def on_bar(self, ctx):
        self.a = self.a
        self.b = self.b
"""


def said(folder: Path, number: int, expression: str) -> str:
    """The text of a function that computes an expression, as the translator writes it."""
    text = re.sub(r"\b([ab])\b", r"self.\1", expression)
    file = folder / f"said_{number}.py"
    strategy = load(HEAD + f"        self.r = {text}\n", file)
    plan = RunPlan(strategies=[strategy()], series={"SYN": tw.synthetic_bars(bars=5)})
    staged = stage(plan)
    body = Translator(staged.loop.strategies[0], 1).body
    rows = [f"def f{number}(self_a, self_b):", "    self_r = 0.0", "    while True:"]
    rows += ["        " + row for row in dedent(body).splitlines()]
    return "\n".join(["@njit", *rows, "        break", "    return 1.0 * self_r", "", ""])


def bits(value: float) -> bytes:
    return b"nan" if math.isnan(value) else struct.pack("d", value)


def python(expression: str, a: Any, b: Any) -> float | None:
    """What Python says, None where it raises or where no float is what it says."""
    try:
        found = eval(expression, {"math": math}, {"a": a, "b": b})  # noqa: S307 - an expression of this file
    except (ArithmeticError, ValueError):
        return None
    return None if isinstance(found, int) and abs(found) > EXACT else float(found)


def compiled(function: Any, a: Any, b: Any) -> float | None:
    try:
        return float(function(float(a), float(b)))
    except (ArithmeticError, ValueError):
        return None


def agrees(expression: str, a: Any, b: Any, found: float | None) -> bool:
    """The same bits; a whole zero has no sign; what is beyond the exact whole numbers may be left to Python."""
    wanted = python(expression, a, b)
    if found is None:
        return wanted is None or any(not abs(each) < EXACT for each in (wanted, a, b, float(a) * float(b)))
    if wanted is None:
        return False
    return bits(found) == bits(wanted) or found == wanted == 0.0


def test_every_operator_and_function_gives_the_bits_of_python_or_leaves_the_run_to_it(tmp_path: Path) -> None:
    expressions = (*OF_TWO, *OF_ONE, *(f"1.0 if {truth} else 0.0" for truth in TRUTHS))
    rules = cache.load("rules", rules_text()).__name__
    head = f"from numba import njit\nfrom {rules} import *\n\n\n"
    module = cache.load("numbers", head + "".join(said(tmp_path, *each) for each in enumerate(expressions)))
    for number, expression in enumerate(expressions):
        function = vars(module)[f"f{number}"]
        for a, b in itertools.product(NUMBERS, NUMBERS if "b" in expression.replace("abs", "") else (1,)):
            found = compiled(function, a, b)
            assert agrees(expression, a, b, found), (expression, a, b, found)
