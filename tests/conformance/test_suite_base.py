"""What every suite shares, and that the kit needs no test framework."""

from __future__ import annotations

import subprocess
import sys

import pytest

import tradewright.testing as kit
from tradewright.testing import Conformance, require


class Even(Conformance):
    """A small suite."""

    def test_is_a_number(self):
        require(callable(self.subject("number")), "It is no function.")

    def test_is_even(self):
        require(self.subject("number")() % 2 == 0, "It is odd.")


def four():
    return 4


def test_a_function_is_a_subject_and_not_a_method():
    Even.of(number=four).check()
    Even.of(number=staticmethod(four)).check()


def test_checks_are_named_in_order_and_may_be_made_singly():
    assert Even.checks() == ("test_is_a_number", "test_is_even")
    Even.of(number=lambda: 3).check("test_is_a_number")


def test_the_first_promise_that_is_not_kept_is_said():
    with pytest.raises(AssertionError, match=r"^It is odd\.$"):
        Even.of(number=lambda: 3).check()


def test_a_suite_without_its_subject_says_what_it_needs():
    with pytest.raises(AssertionError, match="Even needs 'number = …' in its body"):
        Even.check()


@pytest.mark.parametrize("name", kit.__all__)
def test_every_name_of_the_kit_is_there(name):
    assert getattr(kit, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = kit.nothing


def test_the_kit_loads_no_test_framework():
    names = list(kit.__all__)
    code = f"import sys, tradewright.testing as kit\nfor name in {names}: getattr(kit, name)\n"
    code += "print(sorted({'pytest', '_pytest', 'hypothesis', 'unittest'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() in ("[]", "['unittest']")
