"""Users are made with passwords that are used once; changing them closes what they had open, and all of it is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.access import GOOD, AccessStage

from tradewright.domain.control.access import Actor
from tradewright.domain.control.users import Role, Scope
from tradewright.domain.errors import ConfigError, ConflictError, NotFoundError, SignInError

BY = Actor("terminal")


def test_the_first_admin_gets_a_password_that_must_be_changed(stage: AccessStage) -> None:
    made = stage.desks.users.first_admin()
    assert made is not None
    user, password = made
    assert (user.name, user.role, user.must_change, user.is_active) == ("admin", Role.ADMIN, True, True)
    assert stage.desks.sign_ins.sign_in("admin", password, stage.by).user.must_change
    assert stage.entries("user.create")[0].details == {"role": "admin", "first": True}


def test_there_is_no_first_admin_where_there_is_a_user(stage: AccessStage) -> None:
    stage.person()
    assert stage.desks.users.first_admin() is None
    assert [user.name for user in stage.desks.users.users.all()] == ["ada"]


def test_a_drawn_password_is_80_bits_in_four_groups(stage: AccessStage) -> None:
    _, first = stage.desks.users.create("bob", Role.VIEWER, BY)
    _, second = stage.desks.users.create("eve", Role.VIEWER, BY)
    assert first != second
    assert [len(part) for part in first.split("-")] == [4, 4, 4, 4]


def test_a_name_is_kept_in_small_letters_and_found_in_any(stage: AccessStage) -> None:
    user, password = stage.desks.users.create(" Bob@Example.org ", Role.VIEWER, BY)
    assert user.name == "bob@example.org"
    assert stage.desks.users.named("BOB@example.ORG") == user
    assert stage.desks.sign_ins.sign_in("Bob@Example.Org", password, stage.by).user == user
    with pytest.raises(ConflictError, match=r"already a user 'bob@example\.org'"):
        stage.desks.users.create("BOB@EXAMPLE.ORG", Role.ADMIN, BY)


@pytest.mark.parametrize("name", ["", " ", "a b", "<script>", "é", "x" * 65, "-bob", "a\nb", "Ａda"])
def test_what_is_no_name_is_refused(stage: AccessStage, name: str) -> None:
    with pytest.raises(ConfigError, match="is no name of a user"):
        stage.desks.users.create(name, Role.VIEWER, BY)


def test_a_role_is_changed_and_kept_with_who_did_it(stage: AccessStage) -> None:
    stage.person()
    stage.person("bob", Role.VIEWER)
    assert stage.desks.users.set_role("bob", Role.TRADER, stage.by).role is Role.TRADER
    entry = stage.entries("user.role")[0]
    assert (entry.who, entry.subject, entry.outcome, entry.details) == ("ada", "bob", "done", {"role": "trader"})
    assert (entry.address, entry.request_id) == ("192.0.2.7", "r-1")


def test_what_is_refused_is_kept_as_well(stage: AccessStage) -> None:
    stage.person()
    with pytest.raises(ConflictError, match="last active admin"):
        stage.desks.users.set_role("ada", Role.VIEWER, stage.by)
    entry = stage.entries("user.role")[0]
    assert (entry.outcome, entry.details["role"]) == ("refused", "viewer")
    assert "last active admin" in entry.details["why"]
    with pytest.raises(NotFoundError, match="no user 'nobody'"):
        stage.desks.users.disable("nobody", stage.by)
    assert stage.entries("user.disable")[0].outcome == "refused"


def test_who_is_disabled_is_out_at_once_and_stays_out(stage: AccessStage) -> None:
    stage.person()
    bob = stage.person("bob", Role.TRADER)
    given = stage.desks.sign_ins.sign_in("bob", GOOD, stage.by)
    token = stage.desks.tokens.issue(bob, "nightly", {Scope.READ}, None, BY)
    assert stage.desks.sign_ins.caller(given.access_token) is not None
    stage.desks.users.disable("bob", stage.by)
    assert stage.desks.sign_ins.caller(given.access_token) is None
    assert stage.desks.sign_ins.caller(token.secret) is None
    with pytest.raises(SignInError):
        stage.desks.sign_ins.sign_in("bob", GOOD, stage.by)
    with pytest.raises(SignInError):
        stage.desks.sign_ins.refresh(given.refresh_token, stage.by)
    stage.desks.users.enable("bob", stage.by)
    assert stage.desks.sign_ins.caller(given.access_token) is None
    assert stage.desks.sign_ins.caller(token.secret) is None
    assert stage.desks.sign_ins.sign_in("bob", GOOD, stage.by).user.name == "bob"


def test_a_password_that_is_reset_is_used_once_and_ends_what_was_open(stage: AccessStage) -> None:
    stage.person()
    given = stage.desks.sign_ins.sign_in("ada", GOOD, stage.by)
    user, password = stage.desks.users.reset_password("ada", BY)
    assert user.must_change
    assert stage.desks.sign_ins.caller(given.access_token) is None
    with pytest.raises(SignInError):
        stage.desks.sign_ins.sign_in("ada", GOOD, stage.by)
    assert stage.desks.sign_ins.sign_in("ada", password, stage.by).user.must_change


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "12 to 256 characters"),
        ("x" * 257, "12 to 256 characters"),
        ("abababababab", "5 different characters"),
        ("my name is Ada ok", "does not contain the name"),
    ],
)
def test_a_password_that_is_guessed_easily_is_refused_and_not_quoted(
    stage: AccessStage, password: str, said: str
) -> None:
    stage.person()
    with pytest.raises(ConfigError, match=said) as caught:
        stage.desks.users.set_password("ada", password, BY)
    assert password not in str(caught.value)
    assert stage.desks.sign_ins.sign_in("ada", GOOD, stage.by).user.name == "ada"


def test_no_password_and_no_token_is_kept_anywhere(stage: AccessStage, tmp_path) -> None:
    ada = stage.person()
    given = stage.desks.sign_ins.sign_in("ada", GOOD, stage.by)
    token = stage.desks.tokens.issue(ada, "nightly", {Scope.READ}, None, BY)
    _, one_time = stage.desks.users.create("bob", Role.VIEWER, BY)
    with pytest.raises(SignInError):
        stage.desks.sign_ins.sign_in("ada", "wrong but secret", stage.by)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"nightly" in kept
    for secret in (GOOD, one_time, given.refresh_token, given.access_token, token.secret, "wrong but secret"):
        assert secret.encode() not in kept
    shown = repr((given, token))
    assert not any(secret in shown for secret in (given.refresh_token, given.access_token, token.secret))


def test_who_is_disabled_is_out_whatever_of_theirs_is_still_good(stage: AccessStage) -> None:
    stage.person()
    bob = stage.person("bob", Role.TRADER)
    given = stage.desks.sign_ins.sign_in("bob", GOOD, stage.by)
    token = stage.desks.tokens.issue(bob, "nightly", {Scope.READ}, None, BY)
    stage.desks.users.users.change(bob.id, lambda user: replace(user, is_active=False))
    assert stage.desks.sign_ins.caller(given.access_token) is None
    assert stage.desks.sign_ins.caller(token.secret) is None
    with pytest.raises(SignInError):
        stage.desks.sign_ins.refresh(given.refresh_token, stage.by)
