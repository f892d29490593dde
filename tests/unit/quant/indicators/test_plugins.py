"""Indicators of one's own stand beside the others."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import numpy as np
import pytest

from tradewright.domain.errors import ConfigError
from tradewright.quant import indicators as ta


@ta.indicator("close", warmup=lambda period: period)
def gap_from(close, period: int = 3):
    values = np.full(len(close), np.nan)
    values[period:] = close[period:] - close[:-period]
    return values


@pytest.fixture(autouse=True)
def own_indicators(monkeypatch):
    monkeypatch.setattr(ta.INDICATORS, "_known", dict(ta.INDICATORS._known))


def test_a_registered_indicator_is_found_beside_the_others():
    with pytest.raises(AttributeError, match=r"There is no indicator 'my_gap'\."):
        _ = ta.my_gap
    assert ta.register("my_gap")(gap_from) is gap_from
    assert ta.my_gap is gap_from
    assert "my_gap" in dir(ta)
    assert ta.my_gap([1.0, 2.0, 3.0, 5.0])[-1] == 4.0


def test_an_installed_package_gives_one(monkeypatch):
    points = [EntryPoint("packed_gap", f"{__name__}:gap_from", "tradewright.indicators")]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points)
    monkeypatch.setattr(ta.INDICATORS, "_points", None)
    assert ta.packed_gap is gap_from
    monkeypatch.setattr(ta.INDICATORS, "_points", None)


def test_a_broken_package_is_named_and_the_others_stand(monkeypatch):
    points = [EntryPoint("broken_gap", "no_such_package:gap", "tradewright.indicators")]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points)
    monkeypatch.setattr(ta.INDICATORS, "_points", None)
    with pytest.raises(ConfigError, match=r"'broken_gap' of an installed package .* cannot be loaded"):
        _ = ta.broken_gap
    assert ta.sma is ta.INDICATORS.get("sma")
    monkeypatch.setattr(ta.INDICATORS, "_points", None)


def test_a_name_that_is_near_is_said():
    with pytest.raises(AttributeError, match=r"There is no indicator 'smaa'\. Did you mean 'sma'\?"):
        _ = ta.smaa


def test_the_name_of_another_and_a_plain_function_are_refused():
    with pytest.raises(ConfigError, match="'sma' is already the indicator"):
        ta.register("sma")(gap_from)
    with pytest.raises(ConfigError, match="it was not made by the decorator 'indicator'"):
        ta.register("plain")(np.diff)
