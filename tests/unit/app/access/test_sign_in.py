"""Signing in: what gets in, what does not and says nothing, how long it holds, and what ends it."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from tests.access import GOOD, START, AccessStage, QuickPasswords

from tradewright.app.access.sign_in import ACCESS_NS, RACE_NS, REFRESH_NS
from tradewright.domain.control.access import Actor
from tradewright.domain.control.users import Role, Scope
from tradewright.domain.errors import ConfigError, ConflictError, SignInError, ThrottledError

WRONG = "not the password"


@pytest.fixture
def ada(stage: AccessStage) -> AccessStage:
    stage.person()
    return stage


def signed_in(stage: AccessStage):
    return stage.desks.sign_ins.sign_in("ada", GOOD, stage.by)


def fail(stage: AccessStage, name: str = "ada", address: str | None = "192.0.2.7") -> SignInError:
    with pytest.raises(SignInError) as caught:
        stage.desks.sign_ins.sign_in(name, WRONG, Actor(address=address))
    return caught.value


# ---------------------------------------------------------------- getting in


def test_name_and_password_give_two_tokens(ada: AccessStage) -> None:
    given = signed_in(ada)
    assert (given.user.name, given.access_expires_ns) == ("ada", START + ACCESS_NS)
    assert given.refresh_expires_ns == START + REFRESH_NS
    caller = ada.desks.sign_ins.caller(given.access_token)
    assert caller is not None
    assert (caller.user.name, caller.scopes, caller.token_id) == ("ada", None, None)
    assert (ada.entries("sign_in")[0].who, ada.entries("sign_in")[0].outcome) == ("ada", "done")


def test_nobody_learns_what_was_wrong(ada: AccessStage) -> None:
    ada.person("bob", Role.VIEWER)
    ada.desks.users.disable("bob", ada.by)
    said = {str(fail(ada, name)) for name in ("ada", "nobody")}
    with pytest.raises(SignInError) as caught:
        ada.desks.sign_ins.sign_in("bob", GOOD, ada.by)
    assert said | {str(caught.value)} == {"Name or password are not right."}
    assert {entry.outcome for entry in ada.entries("sign_in")} == {"failed"}


def test_a_name_that_nobody_has_costs_as_much(ada: AccessStage) -> None:
    fail(ada)
    fail(ada, "nobody")
    assert len(ada.hasher.verified) == 2
    assert ada.hasher.verified[1] == ada.hasher.decoy


def test_the_password_of_the_decoy_opens_nothing(ada: AccessStage) -> None:
    ada.hasher.decoy = ada.hasher.hash(GOOD)
    with pytest.raises(SignInError):
        ada.desks.sign_ins.sign_in("nobody", GOOD, ada.by)


def test_letters_that_look_the_same_are_the_same(stage: AccessStage) -> None:
    stage.person("ada", Role.ADMIN, "caf\u00e9 au lait, s'il")
    assert stage.desks.sign_ins.sign_in("ada", "cafe\u0301 au lait, s'il", stage.by)


def test_a_hash_of_yesterday_is_made_anew_when_its_password_is_shown(ada: AccessStage) -> None:
    ada.hasher = QuickPasswords(version=2)
    ada.desks = ada.opened()
    given = signed_in(ada)
    assert given.user.password_hash.startswith("quick:2:")
    assert ada.desks.users.named("ada") == given.user


# ---------------------------------------------------------------- too many attempts


def test_after_five_failures_a_name_waits_and_nothing_is_looked_at(ada: AccessStage) -> None:
    for _ in range(5):
        fail(ada)
    looked_at = len(ada.hasher.verified)
    with pytest.raises(ThrottledError, match="too many attempts") as caught:
        signed_in(ada)
    assert caught.value.retry_after_s == 1
    assert len(ada.hasher.verified) == looked_at
    ada.wait(1)
    assert signed_in(ada).user.name == "ada"


def test_each_failure_makes_the_wait_longer_up_to_a_minute(ada: AccessStage) -> None:
    waits = []
    for _ in range(14):
        error = fail(ada, address=None)
        while isinstance(error, ThrottledError):
            waits.append(error.retry_after_s)
            ada.wait(error.retry_after_s)
            error = fail(ada, address=None)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_getting_in_clears_the_name(ada: AccessStage) -> None:
    for _ in range(3):
        for _ in range(4):
            fail(ada)
        signed_in(ada)


def test_an_address_that_tries_many_names_waits_for_all_of_them(ada: AccessStage) -> None:
    for number in range(20):
        fail(ada, f"user{number}")
    with pytest.raises(ThrottledError):
        signed_in(ada)
    other = replace(ada.by, address="192.0.2.8")
    assert ada.desks.sign_ins.sign_in("ada", GOOD, other).user.name == "ada"


def test_who_has_an_account_cannot_clear_their_address_with_it(ada: AccessStage) -> None:
    for number in range(19):
        fail(ada, f"user{number}")
        signed_in(ada)
    fail(ada, "user19")
    with pytest.raises(ThrottledError):
        signed_in(ada)


def test_one_subscriber_of_ipv6_is_one_address(ada: AccessStage) -> None:
    for number in range(20):
        fail(ada, f"user{number}", f"2001:db8::{number:x}:1")
    assert isinstance(fail(ada, "other", "2001:db8::ffff"), ThrottledError)
    assert not isinstance(fail(ada, "other", "2001:db8:0:1::1"), ThrottledError)


def test_many_attempts_at_once_are_no_way_around(ada: AccessStage) -> None:
    def attempt(_: int) -> type:
        try:
            ada.desks.sign_ins.sign_in("ada", WRONG, Actor())
        except SignInError as error:
            return type(error)
        raise AssertionError("A wrong password got in.")

    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(attempt, range(16)))
    assert said.count(SignInError) == 5


def test_a_restart_does_not_begin_anew(ada: AccessStage) -> None:
    for _ in range(5):
        fail(ada)
    ada.desks = ada.opened()
    assert isinstance(fail(ada), ThrottledError)


def test_after_an_hour_nothing_is_held_against_anybody(ada: AccessStage) -> None:
    for _ in range(12):
        error = fail(ada)
        if isinstance(error, ThrottledError):
            ada.wait(error.retry_after_s)
    ada.wait(3600)
    assert signed_in(ada).user.name == "ada"


def test_a_clock_that_is_set_back_makes_nobody_wait_longer(ada: AccessStage) -> None:
    for _ in range(5):
        fail(ada)
    ada.wait(-86_400)
    error = fail(ada)
    assert isinstance(error, ThrottledError)
    assert error.retry_after_s == 1


# ---------------------------------------------------------------- access tokens


def test_an_access_token_runs_out_after_fifteen_minutes(ada: AccessStage) -> None:
    token = signed_in(ada).access_token
    ada.wait(899)
    assert ada.desks.sign_ins.caller(token) is not None
    ada.wait(1)
    assert ada.desks.sign_ins.caller(token) is None


def test_an_access_token_says_who_and_nothing_else(ada: AccessStage) -> None:
    _, said, _ = signed_in(ada).access_token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(said + "=="))
    assert set(claims) == {"sub", "sid", "iat", "exp", "iss", "aud"}


def test_a_role_holds_from_the_next_request_on(ada: AccessStage) -> None:
    ada.person("bob", Role.ADMIN)
    token = ada.desks.sign_ins.sign_in("bob", GOOD, ada.by).access_token
    ada.desks.users.set_role("bob", Role.VIEWER, ada.by)
    caller = ada.desks.sign_ins.caller(token)
    assert caller is not None
    assert caller.user.role is Role.VIEWER


@pytest.mark.parametrize("bearer", ["", "tw_", "a.b.c", "tw_" + "A" * 43, "é", "....", "Bearer x"])
def test_what_is_no_token_is_nobody(ada: AccessStage, bearer: str) -> None:
    assert ada.desks.sign_ins.caller(bearer) is None


def test_a_refresh_token_opens_nothing_else(ada: AccessStage) -> None:
    assert ada.desks.sign_ins.caller(signed_in(ada).refresh_token) is None


# ---------------------------------------------------------------- going on


def test_a_refresh_token_is_good_once_and_gives_the_next(ada: AccessStage) -> None:
    first = signed_in(ada)
    ada.wait(3600)
    second = ada.desks.sign_ins.refresh(first.refresh_token, ada.by)
    assert second.refresh_token != first.refresh_token
    assert second.refresh_expires_ns == ada.now + REFRESH_NS
    assert ada.desks.sign_ins.caller(second.access_token) is not None
    third = ada.desks.sign_ins.refresh(second.refresh_token, ada.by)
    assert ada.desks.sign_ins.caller(third.access_token) is not None


def test_a_copy_that_is_used_later_ends_everything_that_came_of_the_log_in(ada: AccessStage) -> None:
    first, other = signed_in(ada), signed_in(ada)
    second = ada.desks.sign_ins.refresh(first.refresh_token, ada.by)
    ada.wait(RACE_NS / 1e9)
    with pytest.raises(SignInError):
        ada.desks.sign_ins.refresh(first.refresh_token, Actor(address="198.51.100.1"))
    assert ada.desks.sign_ins.caller(second.access_token) is None
    with pytest.raises(SignInError):
        ada.desks.sign_ins.refresh(second.refresh_token, ada.by)
    assert ada.desks.sign_ins.refresh(other.refresh_token, ada.by)
    [entry] = ada.entries("sign_in.reuse")
    assert (entry.subject, entry.outcome, entry.address) == ("ada", "refused", "198.51.100.1")


def test_two_windows_of_one_browser_do_not_sign_each_other_out(ada: AccessStage) -> None:
    first = signed_in(ada)
    second = ada.desks.sign_ins.refresh(first.refresh_token, ada.by)
    ada.wait(RACE_NS / 1e9 - 1)
    with pytest.raises(SignInError):
        ada.desks.sign_ins.refresh(first.refresh_token, ada.by)
    assert ada.desks.sign_ins.refresh(second.refresh_token, ada.by)


def test_of_several_uses_at_once_one_counts(ada: AccessStage) -> None:
    token = signed_in(ada).refresh_token

    def refresh(_: int) -> bool:
        try:
            ada.desks.sign_ins.refresh(token, ada.by)
        except SignInError:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(refresh, range(6))) == 1


def test_a_refresh_token_that_waited_too_long_is_worth_nothing(ada: AccessStage) -> None:
    token = signed_in(ada).refresh_token
    ada.wait(REFRESH_NS / 1e9)
    with pytest.raises(SignInError, match="no longer good"):
        ada.desks.sign_ins.refresh(token, ada.by)


def test_signing_out_ends_the_access_token_too(ada: AccessStage) -> None:
    given, other = signed_in(ada), signed_in(ada)
    ada.desks.sign_ins.sign_out(given.refresh_token, ada.by)
    assert ada.desks.sign_ins.caller(given.access_token) is None
    assert ada.desks.sign_ins.caller(other.access_token) is not None
    with pytest.raises(SignInError):
        ada.desks.sign_ins.refresh(given.refresh_token, ada.by)
    ada.desks.sign_ins.sign_out("no such token", ada.by)
    assert [entry.subject for entry in ada.entries("sign_out")] == ["ada"]


# ---------------------------------------------------------------- a new password


def test_a_new_password_ends_every_other_sign_in(ada: AccessStage) -> None:
    user, password = ada.desks.users.create("bob", Role.VIEWER, ada.by)
    here, there = (ada.desks.sign_ins.sign_in("bob", password, ada.by) for _ in range(2))
    given = ada.desks.sign_ins.change_password(here.user, password, GOOD, replace(ada.by, name="bob"))
    assert not given.user.must_change
    assert ada.desks.sign_ins.caller(given.access_token) is not None
    assert ada.desks.sign_ins.caller(here.access_token) is None
    assert ada.desks.sign_ins.caller(there.access_token) is None
    assert ada.desks.sign_ins.sign_in("bob", GOOD, ada.by).user.id == user.id
    with pytest.raises(SignInError):
        ada.desks.sign_ins.sign_in("bob", password, ada.by)


def test_a_new_password_takes_the_old_one(ada: AccessStage) -> None:
    user = signed_in(ada).user
    for _ in range(5):
        with pytest.raises(SignInError):
            ada.desks.sign_ins.change_password(user, WRONG, "quite another one", ada.by)
    with pytest.raises(ThrottledError):
        ada.desks.sign_ins.change_password(user, GOOD, "quite another one", ada.by)


@pytest.mark.parametrize(
    ("new", "said"), [(GOOD, "is the old one"), ("short", "12 to 256"), ("xx ADA xx 12345", "name")]
)
def test_a_new_password_is_new_and_strong(ada: AccessStage, new: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        ada.desks.sign_ins.change_password(signed_in(ada).user, GOOD, new, ada.by)
    assert ada.entries("password.change")[0].outcome == "refused"


def test_a_password_that_was_reset_meanwhile_is_not_overwritten(ada: AccessStage, monkeypatch) -> None:
    user = signed_in(ada).user
    right = ada.hasher.verify

    def verify(password: str, kept: str) -> bool:
        answer = right(password, kept)
        monkeypatch.undo()
        ada.desks.users.reset_password("ada", Actor("terminal"))
        return answer

    monkeypatch.setattr(ada.hasher, "verify", verify)
    with pytest.raises(ConflictError, match="changed meanwhile"):
        ada.desks.sign_ins.change_password(user, GOOD, "quite another one", ada.by)
    assert ada.desks.users.named("ada").must_change


# ---------------------------------------------------------------- tokens of programs


def test_a_token_is_good_for_its_user_and_scopes(ada: AccessStage) -> None:
    user = ada.desks.users.named("ada")
    issued = ada.desks.tokens.issue(user, " nightly ", {Scope.READ, Scope.PAPER}, 30, ada.by)
    assert issued.secret.startswith("tw_")
    assert issued.token.name == "nightly"
    caller = ada.desks.sign_ins.caller(issued.secret)
    assert caller is not None
    assert (caller.user, caller.scopes, caller.token_id) == (user, {Scope.READ, Scope.PAPER}, issued.token.id)
    ada.wait(30 * 86_400)
    assert ada.desks.sign_ins.caller(issued.secret) is None
    entry = ada.entries("token.create")[0]
    assert (entry.subject, entry.details) == ("ada/nightly", {"scopes": ["paper", "read"], "days": 30})


def test_a_revoked_token_is_worth_nothing(ada: AccessStage) -> None:
    issued = ada.desks.tokens.issue(ada.desks.users.named("ada"), "nightly", {Scope.READ}, None, ada.by)
    ada.desks.tokens.revoke(issued.token.id[:6], ada.by)
    ada.desks.tokens.revoke(issued.token.id, ada.by)
    assert ada.desks.sign_ins.caller(issued.secret) is None
    assert len(ada.entries("token.revoke")) == 1


def test_the_last_use_is_kept_to_the_minute(ada: AccessStage) -> None:
    issued = ada.desks.tokens.issue(ada.desks.users.named("ada"), "nightly", {Scope.READ}, None, ada.by)
    for seconds, seen in ((0, START), (59, START), (1, START + 60 * 10**9)):
        ada.wait(seconds)
        ada.desks.sign_ins.caller(issued.secret)
        assert ada.desks.tokens.tokens.get(issued.token.id).used_ns == seen


@pytest.mark.parametrize(
    ("name", "scopes", "days", "said"),
    [(" ", {Scope.READ}, None, "1 to 100"), ("x" * 101, {Scope.READ}, None, "1 to 100"), ("x", (), None, "scope"),
     ("x", {Scope.READ}, 0, "a day or longer")],
)  # fmt: skip
def test_a_token_has_name_scope_and_time(ada: AccessStage, name, scopes, days, said) -> None:
    with pytest.raises(ConfigError, match=said):
        ada.desks.tokens.issue(ada.desks.users.named("ada"), name, scopes, days, ada.by)


def test_nobody_who_is_disabled_gets_a_token(ada: AccessStage) -> None:
    ada.person("bob", Role.VIEWER)
    bob = ada.desks.users.disable("bob", ada.by)
    with pytest.raises(ConflictError, match="'bob' is disabled"):
        ada.desks.tokens.issue(bob, "nightly", {Scope.READ}, None, ada.by)
