"""Which bus wakes the readers of events: none, or the one that the settings name, whose address no sentence says."""

from __future__ import annotations

import pytest

from tradewright.adapters.events.redis import RedisBus
from tradewright.adapters.events.told import ToldEvents
from tradewright.adapters.storage.sql.events import SqlEvents
from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.events import event_bus, event_log
from tradewright.domain.errors import ConfigError

SECRET = "redis://user:the-secret@127.0.0.1:1/0"  # noqa: S105 - of no server


def test_without_a_setting_the_log_stands_alone() -> None:
    assert event_bus() is None
    assert isinstance(event_log(state_database()), SqlEvents)


def test_one_bus_serves_the_whole_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEWRIGHT_EVENTS__BUS", SECRET)
    assert isinstance(event_bus(), RedisBus)
    assert event_bus() is event_bus()
    assert isinstance(event_log(state_database()), ToldEvents)


def test_the_file_names_the_place_of_the_address(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tradewright.yaml").write_text("events:\n  bus: ${REDIS_URL}\n")
    monkeypatch.setenv("REDIS_URL", SECRET)
    assert isinstance(event_bus(), RedisBus)


@pytest.mark.parametrize("said", ["http://user:the-secret@host", "redis://user:the-secret@host:many/0"])
def test_what_cannot_be_read_is_refused_without_being_quoted(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEWRIGHT_EVENTS__BUS", said)
    with pytest.raises(ConfigError) as refused:
        event_bus()
    assert "the-secret" not in f"{refused.value}{refused.value.hint}"


def test_an_address_in_the_file_itself_is_refused_and_not_quoted(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tradewright.yaml").write_text(f"events:\n  bus: {SECRET}\n")
    with pytest.raises(ConfigError, match=r"'events\.bus' does not say where the address is kept") as refused:
        event_bus()
    assert "the-secret" not in str(refused.value)
