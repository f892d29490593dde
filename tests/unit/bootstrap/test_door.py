"""From which places pages may ask, as the settings and the command line say it."""

from __future__ import annotations

import pytest

from tradewright.bootstrap.door import door_settings, origins_of
from tradewright.domain.errors import ConfigError


def test_without_a_setting_only_the_servers_own_pages_ask() -> None:
    assert door_settings() == (frozenset(), False)


def test_places_are_named_as_browsers_name_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEWRIGHT_SERVER__ORIGINS", "https://Desk.example:443/, http://localhost:5173,")
    monkeypatch.setenv("TRADEWRIGHT_SERVER__HTTPS", "true")
    assert door_settings() == (frozenset({"https://desk.example", "http://localhost:5173"}), True)


@pytest.mark.parametrize(
    "said", ["*", "https://*.example.com", "desk.example.com", "ftp://desk", "https://desk/page", "https://", "null",
             "https://desk:port", "https://ada@desk", "https://desk?x"],
)  # fmt: skip
def test_what_is_no_place_is_refused(said: str) -> None:
    with pytest.raises(ConfigError, match="is no place of pages"):
        origins_of([said], "--origin")
