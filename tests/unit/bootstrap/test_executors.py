"""Executors by name."""

from __future__ import annotations

import pytest

from tradewright.bootstrap.executors import EXECUTORS, executor_for
from tradewright.domain.errors import ConfigError


@pytest.mark.parametrize(
    ("name", "found"), [("auto", "threads"), ("threads", "threads"), ("processes", "processes"), ("ray", "ray")]
)
def test_an_executor_is_found_by_name(name, found):
    executor = executor_for(name, 3)
    assert (executor.name, executor.workers) == (found, 3)


def test_a_name_that_nobody_has_is_answered_with_the_nearest():
    with pytest.raises(ConfigError, match=r"There is no executor 'proceses'. Did you mean 'processes'\?"):
        executor_for("proceses")


def test_a_package_may_add_one(monkeypatch):
    monkeypatch.setattr(EXECUTORS, "_known", dict(EXECUTORS._known))
    EXECUTORS.add("own", lambda workers: ("own", workers))
    assert executor_for("own", 2) == ("own", 2)
