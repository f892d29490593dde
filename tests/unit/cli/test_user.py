"""Users, tokens and the database from the command line."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tests.access import QuickPasswords
from tests.command_line import Tw

from tradewright.adapters.storage.sql.database import HEAD
from tradewright.bootstrap.databases import state_database
from tradewright.cli.access import desks
from tradewright.domain.control.access import Actor
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.users import AuditQuery

WORD = f"program at {HEAD}"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash that costs nothing, except where it is what is looked at."""
    monkeypatch.setattr("tradewright.adapters.access.passwords.Argon2Passwords", QuickPasswords)


def said(tw: Tw, *words: str) -> Any:
    run = tw(*words, "--json")
    assert run.code == 0, run.err
    return json.loads(run.out)


def test_a_user_is_made_with_a_password_that_opens_the_door_once(tw: Tw) -> None:
    run = tw("user", "add", "Ada", "--role", "admin")
    assert "ada is admin" in run.out
    password = run.out.splitlines()[-1]
    given = desks().sign_ins.sign_in("ada", password, Actor())
    assert given.user.must_change
    assert re.search(r"^ ada +admin +has to change the password", tw("user", "list").out, flags=re.MULTILINE)


def test_users_as_json(tw: Tw) -> None:
    made = said(tw, "user", "add", "ada", "--role", "admin")
    assert re.fullmatch(r"\w{4}(-\w{4}){3}", made["one_time_password"])
    [listed] = said(tw, "user", "list")["users"]
    assert listed == made["user"]
    assert (listed["name"], listed["role"], listed["active"], listed["must_change_password"]) == (
        "ada", "admin", True, True,
    )  # fmt: skip
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", listed["created"])


def test_roles_and_doors_are_changed(tw: Tw) -> None:
    tw("user", "add", "ada", "--role", "admin")
    tw("user", "add", "bob")
    assert said(tw, "user", "role", "bob", "trader")["user"]["role"] == "trader"
    assert tw("user", "disable", "bob").out == "bob is trader, disabled.\n"
    assert said(tw, "user", "enable", "bob")["user"]["active"]
    refused = tw("user", "role", "ada", "viewer")
    assert (refused.code, "last active admin" in refused.err) == (1, True)
    assert tw("user", "disable", "nobody").code == 1
    entries = desks().audit.page(AuditQuery(action="user."), Slice()).items
    assert all(entry.who.startswith("terminal") for entry in entries)


def test_a_password_is_drawn_or_typed(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    tw("user", "add", "ada", "--role", "admin")
    drawn = said(tw, "user", "password", "ada")["one_time_password"]
    assert desks().sign_ins.sign_in("ada", drawn, Actor()).user.must_change
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: "correct horse battery")
    run = tw("user", "password", "ada", "--ask")
    assert "correct horse" not in run.out + run.err
    assert not desks().sign_ins.sign_in("ada", "correct horse battery", Actor()).user.must_change
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: "short")
    weak = tw("user", "password", "ada", "--ask")
    assert (weak.code, "12 to 256" in weak.err) == (2, True)


def test_a_token_is_shown_once_and_revoked_by_its_first_digits(tw: Tw) -> None:
    tw("user", "add", "ada", "--role", "admin")
    assert tw("token", "list").out == "There is no token.\n"
    issued = said(tw, "token", "add", "nightly", "--user", "ada", "--scope", "read", "--scope", "paper")
    assert desks().sign_ins.caller(issued["secret"]) is not None
    listed = tw("token", "list", "--user", "ada")
    assert "nightly" in listed.out
    assert issued["secret"] not in listed.out + tw("token", "list", "--json").out
    assert said(tw, "token", "list")["tokens"][0]["scopes"] == ["paper", "read"]
    assert "worth nothing" in tw("token", "revoke", issued["token"]["id"][:8]).out
    assert desks().sign_ins.caller(issued["secret"]) is None
    assert "revoked" in tw("token", "list").out


def test_a_token_without_end_is_asked_for(tw: Tw) -> None:
    tw("user", "add", "ada", "--role", "admin")
    run = tw("token", "add", "nightly", "--user", "ada", "--scope", "read", "--days", "0")
    assert "until it is revoked" in run.out
    assert run.out.splitlines()[-1].startswith("tw_")
    assert said(tw, "token", "list")["tokens"][0]["expires"] is None


def test_the_key_is_rotated_and_nobody_is_signed_out(tw: Tw) -> None:
    made = said(tw, "user", "add", "ada", "--role", "admin")
    given = desks().sign_ins.sign_in("ada", made["one_time_password"], Actor())
    assert "new key" in tw("token", "rotate-key").out
    assert desks().sign_ins.caller(given.access_token) is not None


# ---------------------------------------------------------------- the database


def test_a_database_that_is_not_there_is_not_made_by_looking(tw: Tw, storage: Path) -> None:
    assert "nothing was kept in it yet" in tw("db", "check").out
    assert not storage.exists()


def test_a_database_is_brought_up_and_looked_at(tw: Tw, storage: Path) -> None:
    assert said(tw, "db", "upgrade") == {
        "place": f"The database {storage / 'runs' / 'runs.db'}", "before": None, "revision": HEAD,
    }  # fmt: skip
    assert "already" in tw("db", "upgrade").out
    tw("user", "add", "ada")
    found = said(tw, "db", "check")
    assert (found["ok"], found["kind"], found["revision"], found["rows"]["users"]) == (True, "sqlite", HEAD, 1)
    assert found["size_bytes"] > 100_000
    assert "It is whole." in tw("db", "check").out


def test_a_server_is_looked_at_too(tw: Tw, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, postgres_dsn: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__DATABASE", postgres_dsn)
    assert said(tw, "db", "check")["revision"] is None
    assert said(tw, "db", "upgrade")["revision"] == HEAD
    found = said(tw, "db", "check")
    assert (found["ok"], found["kind"], found["rows"]["jobs"]) == (True, "postgresql", 0)
    assert found["size_bytes"] > 1_000_000


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        ("DROP INDEX ix_jobs_created_ns_id", "The index 'ix_jobs_created_ns_id' is missing."),
        ("DROP TABLE deliveries", "The table 'deliveries' is missing."),
        ("ALTER TABLE runs DROP COLUMN note", "The table 'runs' has no column 'note'."),
        ("INSERT INTO run_tags VALUES ('nobody', 0, 'x')", "Rows of 'run_tags' belong to rows of 'runs' that are not"),
        (
            "UPDATE alembic_version SET version_num = '0003'",
            f"It is at revision 0003, and this version of the program at {HEAD}",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_changed(tw: Tw, harm: str, sentence: str) -> None:
    tw("db", "upgrade")
    path = state_database().path
    with sqlite3.connect(path) as connection:
        connection.execute(harm)
    connection.close()
    before = path.read_bytes()
    run = tw("db", "check")
    assert (run.code, sentence in run.out) == (1, True), run.out
    assert path.read_bytes() == before
