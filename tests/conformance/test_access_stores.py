"""Users, what they hold and what they did: the same promises in a file and on a server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from tradewright.adapters.storage.sql.attempts import SqlAttempts
from tradewright.adapters.storage.sql.audit import SqlAudit
from tradewright.adapters.storage.sql.keyed_requests import SqlKeyedRequests
from tradewright.adapters.storage.sql.sign_ins import SqlSignIns
from tradewright.adapters.storage.sql.tokens import SqlTokens
from tradewright.adapters.storage.sql.users import SqlUsers
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.requests import KeyedRequest
from tradewright.domain.control.users import ApiToken, AuditEntry, AuditQuery, Role, Scope, SignIn, User
from tradewright.domain.errors import ConflictError, NotFoundError, StorageError

NOW = 1_763_700_000_123_456_789
ADA = User("u1", "ada", Role.ADMIN, "$argon2id$secret", must_change=True, is_active=True, created_ns=NOW)
BOB = replace(ADA, id="u2", name="bob", role=Role.VIEWER, must_change=False)


def at_once(work, count=8):
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(work, range(count)))


# ---------------------------------------------------------------- users


def test_users_come_back_as_they_were(state):
    users = SqlUsers(state)
    users.add(BOB)
    users.add(ADA)
    assert users.get("u1") == users.by_name("ada") == ADA
    assert users.all() == [ADA, BOB]
    assert users.get("nobody") is None
    assert users.by_name("Ada") is None


def test_a_password_hash_does_not_show_itself(state):
    SqlUsers(state).add(ADA)
    assert "secret" not in repr(SqlUsers(state).get("u1"))


def test_a_name_belongs_to_one(state):
    users = SqlUsers(state)
    users.add(ADA)
    users.add(BOB)
    with pytest.raises(ConflictError, match="already a user 'ada'"):
        users.add(replace(ADA, id="u3"))
    with pytest.raises(ConflictError, match="already a user 'ada'"):
        users.change("u2", lambda user: replace(user, name="ada"))
    assert users.all() == [ADA, BOB]


def test_of_several_first_users_one_is_kept(state):
    users = SqlUsers(state)
    added = at_once(lambda number: users.add_first(replace(ADA, id=f"u{number}", name=f"n{number}")))
    assert sorted(added) == [False] * 7 + [True]
    assert len(users.all()) == 1


def test_a_user_is_changed(state):
    users = SqlUsers(state)
    users.add(ADA)
    users.add(BOB)
    changed = replace(BOB, role=Role.TRADER, must_change=True, is_active=False)
    assert (
        users.change("u2", lambda user: replace(user, role=Role.TRADER, must_change=True, is_active=False)) == changed
    )
    assert users.get("u2") == changed
    with pytest.raises(NotFoundError, match="'u9'"):
        users.change("u9", lambda user: user)


def test_a_change_starts_from_what_the_change_before_it_left(state):
    users = SqlUsers(state)
    users.add(replace(ADA, created_ns=0))
    at_once(lambda _: users.change("u1", lambda user: replace(user, created_ns=user.created_ns + 1)))
    assert users.get("u1").created_ns == 8


@pytest.mark.parametrize("loss", [{"role": Role.TRADER}, {"is_active": False}])
def test_the_last_admin_stays_one(state, loss):
    users = SqlUsers(state)
    users.add(ADA)
    users.add(BOB)
    with pytest.raises(ConflictError, match="'ada' is the last active admin"):
        users.change("u1", lambda user: replace(user, **loss))
    assert users.get("u1") == ADA
    users.change("u2", lambda user: replace(user, role=Role.ADMIN))
    users.change("u1", lambda user: replace(user, **loss))


def test_two_admins_cannot_dismiss_each_other_at_once(state):
    users = SqlUsers(state)
    admins = [replace(ADA, id=f"u{number}", name=f"n{number}") for number in range(4)]
    for admin in admins:
        users.add(admin)

    def dismiss(number):
        try:
            users.change(f"u{number}", lambda user: replace(user, is_active=False))
        except ConflictError:
            return False
        return True

    assert sorted(at_once(dismiss, 4)) == [False, True, True, True]


def test_a_role_of_a_newer_version_is_a_sentence(state):
    SqlUsers(state).add(ADA)
    with state.writing() as connection:
        connection.execute(text("UPDATE users SET role = 'emperor'"))
    with pytest.raises(StorageError, match="'ada' has a role that this version does not know: emperor"):
        SqlUsers(state).all()


# ---------------------------------------------------------------- refresh tokens


def sign_in(number, family="f1", user="u1"):
    return SignIn(f"s{number}", family, user, f"hash{number}", NOW + number, NOW + 1000 + number)


@pytest.fixture
def sign_ins(state):
    SqlUsers(state).add(ADA)
    SqlUsers(state).add(BOB)
    return SqlSignIns(state)


def test_a_refresh_token_is_used_once_and_gives_the_next(sign_ins):
    sign_ins.add(sign_in(1))
    assert sign_ins.by_hash("hash1") == sign_in(1)
    assert sign_ins.use("s1", sign_in(2), NOW + 5)
    assert sign_ins.by_hash("hash1").used_ns == NOW + 5
    assert sign_ins.by_hash("hash2") == sign_in(2)
    assert not sign_ins.use("s1", sign_in(3), NOW + 6)
    assert sign_ins.by_hash("hash3") is None
    assert sign_ins.by_hash("hash1").used_ns == NOW + 5


def test_of_several_uses_at_once_one_counts(sign_ins):
    sign_ins.add(sign_in(1))
    used = at_once(lambda number: sign_ins.use("s1", sign_in(10 + number), NOW))
    assert sorted(used) == [False] * 7 + [True]


def test_a_revoked_family_is_worth_nothing_and_others_stay(sign_ins):
    sign_ins.add(sign_in(1))
    sign_ins.use("s1", sign_in(2), NOW)
    sign_ins.add(sign_in(5, "f2"))
    assert sign_ins.is_good("f1")
    sign_ins.revoke_family("f1", NOW + 9)
    assert not sign_ins.use("s2", sign_in(3), NOW + 10)
    assert (sign_ins.is_good("f1"), sign_ins.is_good("f2"), sign_ins.is_good("f9")) == (False, True, False)


def test_all_of_a_user_are_revoked_and_those_of_others_stay(sign_ins):
    sign_ins.add(sign_in(1))
    sign_ins.add(sign_in(2, "f2"))
    sign_ins.add(sign_in(3, "f3", "u2"))
    sign_ins.revoke_of("u1", NOW)
    assert [sign_ins.is_good(family) for family in ("f1", "f2", "f3")] == [False, False, True]


def test_what_expired_is_forgotten(sign_ins):
    sign_ins.add(sign_in(1))
    sign_ins.add(sign_in(2))
    sign_ins.forget(NOW + 1002)
    assert sign_ins.by_hash("hash1") is None
    assert sign_ins.by_hash("hash2") is not None


# ---------------------------------------------------------------- tokens of programs


TOKEN = ApiToken("t1", "u1", "nightly é", "tokenhash", frozenset({Scope.READ, Scope.PAPER}), NOW, expires_ns=NOW + 100)


@pytest.fixture
def tokens(state):
    SqlUsers(state).add(ADA)
    SqlUsers(state).add(BOB)
    return SqlTokens(state)


def test_tokens_come_back_as_they_were(tokens):
    other = replace(TOKEN, id="t2", token_hash="cd" * 32, user_id="u2", created_ns=NOW - 1, expires_ns=None)
    tokens.add(TOKEN)
    tokens.add(other)
    assert tokens.get("t1") == tokens.by_hash("tokenhash") == TOKEN
    assert tokens.of("u1") == [TOKEN]
    assert tokens.all() == [other, TOKEN]
    assert tokens.by_hash("no such") is None
    assert "tokenhash" not in repr(tokens.get("t1"))


def test_a_token_is_revoked_once(tokens):
    tokens.add(TOKEN)
    assert tokens.revoke("t1", NOW + 1)
    assert not tokens.revoke("t1", NOW + 2)
    assert not tokens.revoke("nobody", NOW + 2)
    assert tokens.get("t1").revoked_ns == NOW + 1


def test_a_token_is_good_until_it_expires_or_is_revoked():
    assert TOKEN.is_good(NOW + 99)
    assert not TOKEN.is_good(NOW + 100)
    assert not replace(TOKEN, revoked_ns=NOW).is_good(NOW)
    assert replace(TOKEN, expires_ns=None).is_good(NOW * 2)


def test_the_last_use_of_a_token_is_kept(tokens):
    tokens.add(TOKEN)
    tokens.used("t1", NOW + 7)
    assert tokens.get("t1") == replace(TOKEN, used_ns=NOW + 7)


def test_a_scope_of_a_newer_version_is_a_sentence(tokens):
    tokens.add(replace(TOKEN, scopes=frozenset({"rule-the-world"})))
    with pytest.raises(StorageError, match="scope that this version does not know"):
        tokens.all()


# ---------------------------------------------------------------- attempts


def after(most):
    """Whoever tried that often waits."""
    return lambda key, tried: 0 if tried.count < most else 60 - (NOW - tried.last_ns)


def test_attempts_are_counted_before_they_are_looked_at(state):
    attempts = SqlAttempts(state)
    waits = at_once(lambda _: attempts.begin(["name:ada"], NOW, after(3)))
    assert sorted(waits) == [0, 0, 0, 60, 60, 60, 60, 60]


def test_one_key_that_waits_stops_all_and_nothing_is_counted(state):
    attempts = SqlAttempts(state)
    for _ in range(2):
        attempts.begin(["a"], NOW, after(2))
    assert attempts.begin(["a", "b"], NOW, after(2)) == 60
    seen = {}
    attempts.begin(["b"], NOW, lambda key, tried: seen.setdefault(key, tried.count))
    assert seen == {}


def test_an_attempt_is_taken_back_and_a_key_cleared(state):
    attempts = SqlAttempts(state)
    for _ in range(3):
        attempts.begin(["a", "b"], NOW, after(9))
    attempts.take_back("a")
    attempts.clear("b")
    attempts.take_back("nobody")
    seen = {}
    attempts.begin(["a", "b"], NOW, lambda key, tried: 0 * seen.setdefault(key, tried.count))
    assert seen == {"a": 2}


def test_old_attempts_are_forgotten(state):
    attempts = SqlAttempts(state)
    attempts.begin(["a"], NOW, after(9))
    attempts.begin(["b"], NOW + 5, after(9))
    attempts.forget(NOW + 5)
    seen = {}
    attempts.begin(["a", "b"], NOW, lambda key, tried: 0 * seen.setdefault(key, tried.count))
    assert seen == {"b": 1}


# ---------------------------------------------------------------- audit


def entry(action="user.create", who="ada", at_ns=NOW, subject="bob"):
    return AuditEntry(0, at_ns, who, action, subject, "done", "r-1", "127.0.0.1", {"role": "viewer", "é": [1, None]})


def test_entries_are_numbered_and_come_back_latest_first(state):
    audit = SqlAudit(state)
    kept = [audit.add(entry()) for _ in range(3)]
    assert [each.number for each in kept] == [1, 2, 3]
    assert audit.page(AuditQuery(), Slice()) == (kept[::-1], 3)
    assert audit.page(AuditQuery(), Slice(limit=1, offset=1)) == ([kept[1]], 3)


def test_several_entries_at_once_get_a_number_each(state):
    audit = SqlAudit(state)
    assert sorted(at_once(lambda _: audit.add(entry()).number)) == list(range(1, 9))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (AuditQuery(who="ada"), [3, 1]),
        (AuditQuery(action="user.create"), [1]),
        (AuditQuery(action="user."), [3, 1]),
        (AuditQuery(subject="bob"), [3, 2, 1]),
        (AuditQuery(since_ns=NOW + 1), [3, 2]),
        (AuditQuery(until_ns=NOW + 1), [1]),
        (AuditQuery(who="ada", since_ns=NOW + 2), [3]),
        (AuditQuery(action="user_"), []),
    ],
)
def test_entries_are_found(state, query, numbers):
    audit = SqlAudit(state)
    audit.add(entry())
    audit.add(entry("sign_in", "", NOW + 1))
    audit.add(entry("user.role", "ada", NOW + 2))
    found = audit.page(query, Slice())
    assert ([each.number for each in found.items], found.total) == (numbers, len(numbers))


# ---------------------------------------------------------------- requests that act once


REQUEST = KeyedRequest("u1", "key-1", "POST", "/v1/runs", "ab" * 32, NOW)


def test_a_request_is_begun_once_and_its_answer_is_given_again(state):
    requests = SqlKeyedRequests(state)
    assert requests.begin(REQUEST, NOW - 60) is None
    again = requests.begin(replace(REQUEST, at_ns=NOW + 1), NOW - 59)
    assert (again.request, again.status, again.answer) == (REQUEST, None, None)
    requests.answer(REQUEST, 202, {"id": "j1", "none": None})
    again = requests.begin(replace(REQUEST, at_ns=NOW + 2), NOW + 2)
    assert (again.status, again.answer) == (202, {"id": "j1", "none": None})


def test_of_the_same_request_several_times_at_once_one_is_carried_out(state):
    requests = SqlKeyedRequests(state)
    begun = at_once(lambda number: requests.begin(replace(REQUEST, at_ns=NOW + number), NOW - 60))
    assert sum(each is None for each in begun) == 1


def test_keys_of_users_are_apart(state):
    requests = SqlKeyedRequests(state)
    requests.begin(REQUEST, NOW)
    assert requests.begin(replace(REQUEST, user_id="u2"), NOW) is None


def test_a_request_with_another_body_asks_for_something_else():
    assert REQUEST.asks_the_same(replace(REQUEST, at_ns=NOW + 1))
    for other in ({"body_hash": "cd"}, {"path": "/v1/jobs"}, {"method": "PATCH"}):
        assert not REQUEST.asks_the_same(replace(REQUEST, **other))


def test_a_request_that_was_given_up_or_withdrawn_may_be_made_again(state):
    requests = SqlKeyedRequests(state)
    requests.begin(REQUEST, NOW)
    assert requests.begin(replace(REQUEST, at_ns=NOW + 90), NOW + 30) is None
    assert requests.begin(replace(REQUEST, at_ns=NOW + 91), NOW + 31).request.at_ns == NOW + 90
    requests.withdraw(REQUEST)
    assert requests.begin(REQUEST, NOW) is None


def test_an_answer_is_not_withdrawn_but_forgotten_in_time(state):
    requests = SqlKeyedRequests(state)
    requests.begin(REQUEST, NOW)
    requests.answer(REQUEST, 201, {})
    requests.withdraw(REQUEST)
    assert requests.begin(REQUEST, NOW).status == 201
    requests.forget(NOW + 1)
    assert requests.begin(REQUEST, NOW) is None
