"""What an account may risk at most: on this host, and on every host that trades over one database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewright.bootstrap.accounts import account_places
from tradewright.bootstrap.ceilings import Ceiling, ceiling_of, require_below_ceiling, set_ceiling
from tradewright.domain.errors import ApprovalError, ConfigError, StorageError
from tradewright.domain.live.modes import Mode

CAUTIOUS = Ceiling("cautious", "ann", "A bad week.", 1)
CANARY = "canary-7f3a"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is set where the work is done."""
    monkeypatch.chdir(tmp_path)


def folder(host: Path, account: str = "alpaca-desk", mode: Mode = Mode.LIVE, *, made: bool = False) -> Path:
    """Where a host keeps what belongs to an account."""
    found = account_places(account, mode, host).folder
    if made:
        found.mkdir(parents=True)
    return found


def test_what_was_said_is_refused_above_and_allowed_up_to(tmp_path: Path) -> None:
    here = folder(tmp_path, made=True)
    require_below_ceiling(here, "bold")
    set_ceiling(here, CAUTIOUS)
    assert ceiling_of(here) == CAUTIOUS
    require_below_ceiling(here, "cautious")
    with pytest.raises(ApprovalError, match=r"account live/alpaca-desk is traded with the limits 'cautious' at most"):
        require_below_ceiling(here, "standard")


@pytest.mark.parametrize("text", ["{", "[]", '{"limits": "none", "who": "a", "reason": "b", "at_ns": 1}', "\xff"])
def test_what_cannot_be_read_allows_nothing(tmp_path: Path, text: str) -> None:
    here = folder(tmp_path, made=True)
    (here / "ceiling.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(StorageError, match=r"cannot be read"):
        require_below_ceiling(here, "cautious")


def test_it_is_said_by_somebody_with_a_reason() -> None:
    with pytest.raises(ConfigError):
        Ceiling("cautious", "ann", " ", 1)


def test_hosts_that_trade_over_one_database_are_held_to_one_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_dsn: str
) -> None:
    monkeypatch.setenv("TRADEWRIGHT_LIVE__JOURNAL", postgres_dsn)
    one, other = folder(tmp_path / "one", "a desk/é"), folder(tmp_path / "other", "a desk/é")
    assert ceiling_of(one) is None
    set_ceiling(one, CAUTIOUS)
    assert ceiling_of(other) == CAUTIOUS
    with pytest.raises(ApprovalError, match=r"'cautious' at most, not 'bold': ann said so"):
        require_below_ceiling(other, "bold")
    set_ceiling(other, Ceiling("bold", "bob", "It went well.", 2))
    require_below_ceiling(one, "bold")
    assert ceiling_of(folder(tmp_path / "one", "a desk/é", Mode.PAPER)) is None
    assert ceiling_of(folder(tmp_path / "one")) is None


def test_what_was_said_over_files_holds_on_its_host_until_something_is_said_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_dsn: str
) -> None:
    here = folder(tmp_path / "one", made=True)
    set_ceiling(here, CAUTIOUS)
    monkeypatch.setenv("TRADEWRIGHT_LIVE__JOURNAL", postgres_dsn)
    assert ceiling_of(here) == CAUTIOUS
    set_ceiling(folder(tmp_path / "other"), Ceiling("standard", "bob", "It went well.", 2))
    require_below_ceiling(here, "standard")


def test_while_the_database_is_away_nothing_is_known_to_be_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADEWRIGHT_LIVE__JOURNAL", f"postgresql://me:{CANARY}@127.0.0.1:1/live")
    with pytest.raises(StorageError, match=r"The database 'live' on 127.0.0.1 cannot be used") as caught:
        require_below_ceiling(folder(tmp_path), "cautious")
    assert CANARY not in str(caught.value)
