"""How long bars are kept, in words."""

from __future__ import annotations

import pytest

from tradewright.domain.errors import ConfigError
from tradewright.domain.retention import Retention, age_days
from tradewright.domain.timeframe import Timeframe

MINUTE, DAY = Timeframe.parse("1m"), Timeframe.parse("1d")


@pytest.mark.parametrize(("text", "days"), [("90d", 90), ("8w", 56), ("2y", 730), ("0d", 0)])
def test_ages_are_days_weeks_and_years_of_365_days(text: str, days: int) -> None:
    assert age_days(text) == days


@pytest.mark.parametrize("text", ["", "2", "y", "2 y", "-1d", "1.5y", "2Y", "forever", "123456d"])
def test_what_is_no_age_is_said(text: str) -> None:
    with pytest.raises(ConfigError, match="is no age"):
        age_days(text)


def test_what_is_kept_forever_or_not_named_is_never_too_old() -> None:
    kept = Retention.parse("1m: 30d, 1d: forever, 5m:1w")
    assert kept.before(1000) == {MINUTE: 970, Timeframe.parse("5m"): 993}
    assert kept.before(1000, [MINUTE, DAY]) == {MINUTE: 970}
    assert Retention.parse("").before(1000) == {}


@pytest.mark.parametrize("text", ["1m", "1m:", "1x: 2y", "2y", "1m: 2y, 1m: 3y", "1m: never"])
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        Retention.parse(text)
