"""Passwords through Argon2id: what is kept, what is taken for right, and what it costs."""

from __future__ import annotations

import sys

import pytest

from tradewright.adapters.access.passwords import Argon2Passwords
from tradewright.domain.errors import MissingExtraError

CHEAP = Argon2Passwords(time_cost=1, memory_kib=8, parallelism=1)


def test_what_is_kept_is_argon2id_and_another_every_time() -> None:
    first, second = CHEAP.hash("a password é"), CHEAP.hash("a password é")
    assert first.startswith("$argon2id$v=19$")
    assert first != second
    assert CHEAP.verify("a password é", first)
    assert not CHEAP.verify("a password e", first)


@pytest.mark.parametrize("kept", ["", "plain", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$x$y", "$2b$12$abc"])
def test_what_is_no_hash_opens_nothing(kept: str) -> None:
    assert not CHEAP.verify("a password", kept)


def test_the_settings_of_today_are_those_of_the_standard() -> None:
    assert "$m=65536,t=3,p=4$" in Argon2Passwords().decoy


def test_a_hash_with_other_settings_is_outdated() -> None:
    kept = CHEAP.hash("a password")
    assert not CHEAP.is_outdated(kept)
    assert Argon2Passwords(time_cost=2, memory_kib=8, parallelism=1).is_outdated(kept)


def test_the_decoy_is_a_hash_like_any_other_and_stays_the_same() -> None:
    assert CHEAP.decoy == CHEAP.decoy
    assert not CHEAP.is_outdated(CHEAP.decoy)


def test_a_library_that_is_not_installed_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pwdlib.hashers.argon2", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'tradewright\[server\]'"):
        Argon2Passwords()
