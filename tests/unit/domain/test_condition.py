"""Conditions between parameters: what they may say, and that they are not Python that runs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.domain.condition import Condition
from tradewright.domain.errors import ConfigError

PARAMS = {"fast": 10, "slow": 30, "kind": "sma", "on": True}


@pytest.mark.parametrize(
    "text",
    [
        "fast < slow", "fast * 3 <= slow", "5 < fast < slow < 100", "fast != slow", "slow - fast == 20", "-fast < 0",
        "slow // fast == 3 and slow % fast == 0", "fast > 90 or slow > 20", "not fast > slow", "kind == 'sma'",
        "on", "slow / fast > 2.5", "on == True and (fast > 9 or kind == 'ema')",
    ],
)  # fmt: skip
def test_what_holds(text: str) -> None:
    assert Condition(text, PARAMS)(PARAMS) is True


@pytest.mark.parametrize("text", ["slow < fast", "fast < slow < 20", "not on", "kind == 'ema' or fast == 11"])
def test_what_does_not(text: str) -> None:
    assert Condition(text, PARAMS)(PARAMS) is False


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("__import__('os').system('true')", "__import__('os').system('true')"), ("fast.real > 1", "fast.real"),
        ("[fast][0] < slow", "[fast][0]"), ("fast ** 9 < slow", "pow"), ("(lambda: 1)() < slow", "lambda"),
        ("fast in (1, 2)", "in"), ("fast is slow", "is"), ("(x := fast) < slow", "(x := fast)"), ("f'{fast}'", "fast"),
        ("fast if on else slow", "fast if on else slow"), ("fast << 9", "lshift"), ("b'x' == kind", "b'x'"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_the_part(text: str, part: str) -> None:
    with pytest.raises(ConfigError, match="which no condition may") as refused:
        Condition(text, PARAMS)
    assert part in str(refused.value)


@pytest.mark.parametrize("text", ["", "fast <", "fast < slow; True", "import os", "fast = 3", "\0"])
def test_what_is_no_expression_cannot_be_read(text: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        Condition(text)


def test_a_parameter_that_is_not_there_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"speaks of 'fats'.*Did you mean 'fast'"):
        Condition("fats < slow", PARAMS)


def test_parameters_that_are_fixed_may_be_spoken_of() -> None:
    condition = Condition("fast < slow", ["fast"], fixed={"slow": 20})
    assert [condition({"fast": fast}) for fast in (10, 20)] == [True, False]
    assert repr(condition) == "Condition('fast < slow', fixed={'slow': 20})"


@pytest.mark.parametrize("text", ["kind < fast", "slow % (fast - 10) == 1", "kind * 9 == kind"])
def test_values_that_do_not_go_together_are_said(text: str) -> None:
    with pytest.raises(ConfigError, match="cannot be answered for"):
        Condition(text)({**PARAMS, "fast": 10})


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(ConfigError, match="has 5,000 characters"):
        Condition("-" * 5_000)


@given(st.text(max_size=60))
def test_no_text_does_more_than_answer_or_be_refused(text: str) -> None:
    try:
        assert Condition(text)(PARAMS) in {True, False}
    except ConfigError:
        return


@given(st.integers(-99, 99), st.integers(-99, 99), st.integers(1, 9))
def test_numbers_are_reckoned_as_python_reckons(a: int, b: int, c: int) -> None:
    text = "a + b * c < b // c - a % c"
    assert Condition(text)({"a": a, "b": b, "c": c}) == (a + b * c < b // c - a % c)
