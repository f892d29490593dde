"""Pages follow only topics that the server tells: one that it does not know would silence the others."""

from __future__ import annotations

import re
from pathlib import Path

from tradewright.api.stream.wire import Subscription

SOURCES = Path(__file__).parents[3] / "dashboard" / "src"
_FOLLOWED = re.compile(r"useTopic\(\s*[\"`]([^\"`]+)[\"`]")


def test_every_topic_that_a_page_follows_can_be_subscribed() -> None:
    named = {found for file in SOURCES.rglob("*.tsx") for found in _FOLLOWED.findall(file.read_text(encoding="utf-8"))}
    assert "schedules" in named
    for topic in named:
        assert Subscription(topic=re.sub(r"\$\{[^}]+\}", "a1", topic)).topic
