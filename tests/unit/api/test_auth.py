"""Signing in over HTTP: short tokens, a cookie that scripts cannot read and that is good once, nothing for others."""

from __future__ import annotations

import secrets
import shutil
from itertools import product
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from tests.access import QuickPasswords
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import ENOUGH, app_over

from tradewright.api.application import DoorOptions, create_app
from tradewright.bootstrap.access import access_desks
from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.face.bars_again import OriginReader

PHRASE = "a horse of another colour"
COOKIE = "tradewright_refresh"


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stores with their tables and nothing in them: making those takes longer than copying them."""
    folder = tmp_path_factory.mktemp("blank")
    room = control_room("0.0.test", OriginReader, folder=folder, project=folder)
    room.events.forget(0)
    return folder


@pytest.fixture
def own_room(tmp_path: Path, blank: Path) -> ControlRoom:
    """A room in which nobody was yet."""
    shutil.copytree(blank, tmp_path / "store")
    room = control_room("0.0.test", OriginReader, folder=tmp_path / "store", project=tmp_path)
    desks = access_desks(room.now_ns, secrets.token_bytes, room.folder, QuickPasswords())
    room.__dict__["access"] = desks  # where the room keeps what it has opened
    return room


@pytest.fixture
def own_app(own_room: ControlRoom) -> FastAPI:
    """Its server."""
    return app_over(own_room, DoorOptions(limits=ENOUGH))


def signed_in(app: FastAPI, room: ControlRoom) -> tuple[AsgiClient, str]:
    """A client of the admin, whose one-time password was changed, and the access token."""
    first = room.access.users.first_admin()
    assert first
    client = AsgiClient(app)
    given = client.post("/v1/auth/login", json={"name": "admin", "password": first[1]}).json()
    changed = client.post(
        "/v1/auth/password",
        json={"old": first[1], "new": PHRASE},
        headers={"Authorization": f"Bearer {given['access_token']}"},
    )
    assert changed.status_code == 200, changed.text
    token = changed.json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client, token


def test_the_first_password_is_good_for_changing_it_alone(own_app: FastAPI, own_room: ControlRoom) -> None:
    first = own_room.access.users.first_admin()
    assert first
    client = AsgiClient(own_app)
    given = client.post("/v1/auth/login", json={"name": "Admin", "password": first[1]}).json()
    assert (given["must_change"], given["user"]["name"], given["expires_in"] > 800) == (True, "admin", True)
    shown = {"Authorization": f"Bearer {given['access_token']}"}
    assert client.get("/v1/me", headers=shown).json()["must_change"] is True
    refused = client.get("/v1/runs", headers=shown)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:tradewright:problem:password-change-required")


def test_wrong_passwords_are_refused_without_saying_why_and_then_throttled(
    own_app: FastAPI, own_room: ControlRoom
) -> None:
    own_room.access.users.first_admin()
    client = AsgiClient(own_app)
    answers = [client.post("/v1/auth/login", json={"name": "admin", "password": "no"}) for _ in range(9)]
    assert answers[0].status_code == 401
    assert answers[0].json()["detail"] == "Name or password are not right."
    assert (answers[-1].status_code, int(answers[-1].headers["Retry-After"]) >= 1) == (429, True)
    assert all("no" not in str(each.json().get("errors")) for each in answers)


def test_the_cookie_is_kept_from_scripts_and_other_sites(own_app: FastAPI, own_room: ControlRoom) -> None:
    first = own_room.access.users.first_admin()
    assert first
    answer = AsgiClient(own_app).post("/v1/auth/login", json={"name": "admin", "password": first[1]})
    said = answer.headers["set-cookie"].lower()
    assert all(word in said for word in ("httponly", "samesite=strict", "path=/v1/auth"))
    assert first[1] not in answer.text
    assert "refresh" not in answer.text


def test_a_refresh_gives_the_next_cookie_and_a_new_token(own_app: FastAPI, own_room: ControlRoom) -> None:
    client, token = signed_in(own_app, own_room)
    before = client.cookies.get(COOKIE)
    renewed = client.post("/v1/auth/refresh")
    assert renewed.status_code == 200
    assert client.cookies.get(COOKIE) not in (None, before)
    shown = {"Authorization": f"Bearer {renewed.json()['access_token']}"}
    assert client.get("/v1/me", headers=shown).json()["name"] == "admin"
    assert token


def test_a_cookie_is_good_once(own_app: FastAPI, own_room: ControlRoom) -> None:
    client, _ = signed_in(own_app, own_room)
    spent = client.cookies.get(COOKIE)
    client.post("/v1/auth/refresh")
    thief = AsgiClient(own_app)
    assert spent
    thief.cookies.set(COOKIE, spent)
    assert thief.post("/v1/auth/refresh").status_code == 401


FOREIGN = ({"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"})


def test_pages_of_other_sites_ask_in_vain(own_app: FastAPI, own_room: ControlRoom) -> None:
    client, _ = signed_in(own_app, own_room)
    bodies = {"login": {"name": "admin", "password": PHRASE}, "password": {"old": PHRASE, "new": f"{PHRASE} still"}}
    for path, headers in product(("refresh", "logout", "login", "password"), FOREIGN):
        answer = client.post(f"/v1/auth/{path}", headers=headers, json=bodies.get(path))
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:tradewright:problem:origin")
    assert client.post("/v1/auth/refresh", headers={"Origin": "http://localhost"}).status_code == 200


def test_signing_out_ends_what_came_of_the_sign_in(own_app: FastAPI, own_room: ControlRoom) -> None:
    client, _ = signed_in(own_app, own_room)
    kept = client.cookies.get(COOKIE)
    assert client.post("/v1/auth/logout").status_code == 204
    assert kept
    client.cookies.set(COOKIE, kept)
    assert client.post("/v1/auth/refresh").status_code == 401
    assert client.get("/v1/me").status_code == 401


def test_an_admin_makes_users_whose_doors_can_be_closed(own_app: FastAPI, own_room: ControlRoom) -> None:
    client, _ = signed_in(own_app, own_room)
    made = client.post("/v1/users", json={"name": "Ada", "role": "viewer"}).json()
    assert (made["user"]["name"], made["user"]["role"], made["user"]["must_change"]) == ("ada", "viewer", True)
    assert client.post("/v1/users", json={"name": "ada", "role": "viewer"}).status_code == 409
    assert client.patch("/v1/users/ada", json={"role": "trader"}).json()["role"] == "trader"
    assert client.patch("/v1/users/ada", json={"is_active": False}).json()["is_active"] is False
    entered = AsgiClient(own_app).post("/v1/auth/login", json={"name": "ada", "password": made["password"]})
    assert entered.status_code == 401
    assert client.patch("/v1/users/admin", json={"role": "viewer"}).status_code == 409
    assert [each["name"] for each in client.get("/v1/users").json()["items"]] == ["ada", "admin"]
    actions = {each["action"] for each in client.get("/v1/audit", params={"action": "user."}).json()["items"]}
    assert actions == {"user.create", "user.role", "user.disable"}


def test_a_token_does_what_its_scopes_say_until_it_is_revoked(own_app: FastAPI, own_room: ControlRoom) -> None:
    client, _ = signed_in(own_app, own_room)
    made = client.post("/v1/tokens", json={"name": "notebook", "scopes": ["read"], "days": 30}).json()
    program = AsgiClient(own_app, {"Authorization": f"Bearer {made['token']}"})
    assert program.get("/v1/runs").status_code == 200
    assert program.post("/v1/runs", json={"strategy": "sma_cross"}).status_code == 403
    assert program.post("/v1/tokens", json={"name": "more", "scopes": ["research"]}).status_code == 403
    assert program.get("/v1/me").json()["scopes"] == ["read"]
    listed = client.get("/v1/tokens").json()["items"]
    assert [(each["name"], each["user"], "token" in each) for each in listed] == [("notebook", "admin", False)]
    assert client.delete(f"/v1/tokens/{made['item']['id']}").status_code == 204
    assert program.get("/v1/runs").status_code == 401


def test_no_secret_stands_in_the_audit(own_app: FastAPI, own_room: ControlRoom) -> None:
    client, token = signed_in(own_app, own_room)
    made = client.post("/v1/tokens", json={"name": "notebook", "scopes": ["read"]}).json()
    text = client.get("/v1/audit").text
    assert not [secret for secret in (PHRASE, token, made["token"]) if secret in text]


def test_a_preflight_of_a_listed_place_is_answered_and_of_another_not(own_room: ControlRoom) -> None:
    place = "https://desk.example"
    client = AsgiClient(create_app(own_room, DoorOptions(origins=frozenset({place}), limits=ENOUGH)))
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    allowed = client.request("OPTIONS", "/v1/runs", headers={**asked, "Origin": place})
    assert allowed.headers["Access-Control-Allow-Origin"] == place
    assert allowed.headers["Access-Control-Allow-Credentials"] == "true"
    refused = client.request("OPTIONS", "/v1/runs", headers={**asked, "Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in refused.headers


PLACE = "https://desk.example"


def elsewhere(room: ControlRoom, way: str, host: str, *, is_https: bool = False) -> httpx.Response:
    """Sign in from a page of another place."""
    first = room.access.users.first_admin()
    assert first
    options = DoorOptions(origins=frozenset({PLACE}), limits=ENOUGH, is_https=is_https)
    headers = {"Origin": PLACE, "Sec-Fetch-Site": way, "Host": host}
    words = {"name": "admin", "password": first[1]}
    return AsgiClient(create_app(room, options)).post("/v1/auth/login", json=words, headers=headers)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost"])
def test_a_cookie_for_another_site_is_kept_for_its_pages_alone(own_room: ControlRoom, host: str) -> None:
    said = elsewhere(own_room, "cross-site", host).headers["set-cookie"].lower()
    assert all(word in said for word in ("httponly", "samesite=none", "secure", "partitioned", "path=/v1/auth"))


def test_a_cookie_for_a_page_of_the_same_site_stays_strict(own_room: ControlRoom) -> None:
    said = elsewhere(own_room, "same-site", "api.example", is_https=True).headers["set-cookie"].lower()
    assert ("samesite=strict" in said, "secure" in said, "partitioned" in said) == (True, True, False)


def test_a_page_of_another_site_is_signed_in_over_https_alone(own_room: ControlRoom) -> None:
    refused = elsewhere(own_room, "cross-site", "api.example")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:tradewright:problem:https")
    assert "set-cookie" not in refused.headers
    assert refused.headers["Access-Control-Allow-Origin"] == PLACE


def test_behind_a_proxy_with_a_certificate_it_is_signed_in(own_room: ControlRoom) -> None:
    assert elsewhere(own_room, "cross-site", "api.example", is_https=True).status_code == 200


def test_a_name_that_is_not_the_servers_is_not_answered(own_room: ControlRoom) -> None:
    client = AsgiClient(create_app(own_room, DoorOptions(hosts=frozenset({"localhost"}), limits=ENOUGH)))
    assert client.get("/v1/health").status_code == 200
    rebound = client.get("/v1/health", headers={"Host": "attacker.example:8000"})
    assert (rebound.status_code, rebound.json()["type"]) == (421, "urn:tradewright:problem:host")
