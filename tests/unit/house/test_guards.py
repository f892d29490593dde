"""The register of guards speaks of lines that stand, and of tests that are there."""

from pathlib import Path

import pytest
from tests.guards.register import GUARDS

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("guard", GUARDS, ids=lambda each: each.name)
def test_a_guard_stands_once_where_it_is_said_to_stand(guard):
    assert (ROOT / "src" / "tradewright" / guard.file).read_text().count(guard.text) == 1
    assert guard.text != guard.without


@pytest.mark.parametrize("guard", GUARDS, ids=lambda each: each.name)
def test_the_tests_that_miss_a_guard_are_there(guard):
    for test in guard.tests:
        place, _, name = test.partition("::")
        assert (ROOT / place).exists()
        assert not name or f"\ndef {name}(" in (ROOT / place).read_text()
