"""Secrets: they never show themselves, and each is read where it is kept."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import sys
import traceback
from pathlib import Path
from types import SimpleNamespace

import pytest

from tradewright.bootstrap.secrets import Keeper, Secret, SecretReference, secret_reference
from tradewright.bootstrap.settings import load_settings
from tradewright.domain.errors import ConfigError, MissingExtraError

CANARY = "canary-7f3a"


def test_only_reveal_gives_the_value() -> None:
    assert Secret(CANARY).reveal() == CANARY


@pytest.mark.parametrize(
    "shown",
    [
        repr, str, "{}".format, "{:>20}".format, "%s".__mod__, "%r".__mod__, lambda secret: f"{secret!r:.200}",
        lambda secret: str({"key": [secret]}), lambda secret: json.dumps(secret, default=str),
        lambda secret: str(copy.deepcopy({"key": secret})), lambda secret: str(dir(secret)),
    ],
)  # fmt: skip
def test_no_way_of_printing_shows_it(shown) -> None:
    assert CANARY not in shown(Secret(CANARY))


def test_a_log_line_does_not_show_it(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("desk").warning("with %s and %r", Secret(CANARY), {"key": Secret(CANARY)})
    assert "Secret(…)" in caplog.text
    assert CANARY not in caplog.text


@pytest.mark.parametrize("write", [pickle.dumps, json.dumps, lambda secret: pickle.dumps({"key": secret})])
def test_it_is_not_written_down(write) -> None:
    with pytest.raises(TypeError) as caught:
        write(Secret(CANARY))
    assert CANARY not in str(caught.value)


def test_equal_secrets_are_equal_and_cannot_be_keys() -> None:
    assert Secret(CANARY) == Secret(CANARY)
    assert Secret(CANARY) != Secret("other")
    assert Secret(CANARY) != CANARY
    with pytest.raises(TypeError):
        hash(Secret(CANARY))


# ---------------------------------------------------------------- the three forms


@pytest.mark.parametrize(
    ("said", "keeper", "address"),
    [
        ("${KEY}", Keeper.ENVIRONMENT, "KEY"),
        (" ${KEY} ", Keeper.ENVIRONMENT, "KEY"),
        ({"file": "/safe/key"}, Keeper.FILE, "/safe/key"),
        ({"file": "key"}, Keeper.FILE, "/project/key"),
        ({"keyring": "broker/me"}, Keeper.KEYRING, "broker/me"),
        ({"keyring": "a/b/me"}, Keeper.KEYRING, "a/b/me"),
    ],
)
def test_a_reference_says_where_a_secret_is_kept(said: object, keeper: Keeper, address: str) -> None:
    assert secret_reference("x", said, Path("/project")) == SecretReference("x", keeper, address)


@pytest.mark.parametrize(
    "said",
    [
        CANARY, f"${{KEY:{CANARY}}}", f"x${{KEY}}{CANARY}", 12345, None, [CANARY], {"value": CANARY}, {"file": 5},
        {"file": ""}, {"file": "a", "keyring": "b/c"}, {"keyring": CANARY}, {"keyring": "/x"}, {},
    ],
)  # fmt: skip
def test_everything_else_is_none_and_a_literal_among_it(said: object) -> None:
    assert secret_reference("x", said, Path("/project")) is None


# ---------------------------------------------------------------- reading


def test_a_variable_is_read_anew_each_time() -> None:
    reference = SecretReference("x", Keeper.ENVIRONMENT, "KEY")
    assert [reference.read({"KEY": value}).reveal() for value in ("a", "b")] == ["a", "b"]


@pytest.mark.parametrize("environment", [{}, {"KEY": ""}])
def test_a_variable_that_holds_nothing_is_refused(environment: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="The secret 'x' is not set: environment KEY holds nothing"):
        SecretReference("x", Keeper.ENVIRONMENT, "KEY").read(environment)


def kept(folder: Path, mode: int, text: str = f"{CANARY}\n") -> SecretReference:
    file = folder / "key"
    file.write_text(text)
    file.chmod(mode)
    return SecretReference("x", Keeper.FILE, str(file))


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_ones_own_is_read_without_its_line_end(tmp_path: Path, mode: int) -> None:
    assert kept(tmp_path, mode).read({}).reveal() == CANARY


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_file_that_others_may_use_is_refused_with_the_command_that_helps(tmp_path: Path, mode: int) -> None:
    with pytest.raises(ConfigError, match=rf"mode {mode:o}.*chmod 600 {tmp_path}/key") as caught:
        kept(tmp_path, mode).read({})
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert CANARY not in "".join(told.format())


def test_a_file_that_is_not_there_yet_holds_nothing(tmp_path: Path) -> None:
    reference = SecretReference("x", Keeper.FILE, str(tmp_path / "none"))
    assert reference.find({}) is None
    with pytest.raises(ConfigError, match="holds nothing"):
        reference.read({})


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_a_path_that_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read from"):
        SecretReference("x", Keeper.FILE, f"{tmp_path}/{name}").read({})


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """A keyring in memory, where the operating system has none."""
    held: dict[tuple[str, str], str] = {}

    class KeyringError(Exception):
        pass

    def get_password(service: str, user: str) -> str | None:
        if service == "locked":
            raise KeyringError
        return held.get((service, user))

    monkeypatch.setitem(sys.modules, "keyring.errors", SimpleNamespace(KeyringError=KeyringError))
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=get_password, errors=None))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
    return held


def test_the_keyring_is_asked_by_service_and_name(keyring: dict[tuple[str, str], str]) -> None:
    keyring["desk/broker", "me"] = CANARY
    assert SecretReference("x", Keeper.KEYRING, "desk/broker/me").read({}).reveal() == CANARY
    assert SecretReference("x", Keeper.KEYRING, "desk/broker/you").find({}) is None


def test_a_locked_keyring_is_a_sentence(keyring: dict[tuple[str, str], str]) -> None:
    with pytest.raises(ConfigError, match="the keyring of this machine is locked or absent"):
        SecretReference("x", Keeper.KEYRING, "locked/me").read({})


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'tradewright\[keyring\]'"):
        SecretReference("x", Keeper.KEYRING, "a/b").read({})


# ---------------------------------------------------------------- among the settings


def test_the_settings_hold_references_and_the_environment_may_name_its_own(tmp_path: Path) -> None:
    (tmp_path / "tradewright.yaml").write_text("credentials: {a: '${KEY}', b: {file: '${DIR}/key'}}")
    environment = {"KEY": CANARY, "DIR": str(tmp_path), "TRADEWRIGHT_CREDENTIALS__C": CANARY}
    kept(tmp_path, 0o600)
    settings = load_settings(tmp_path, environment)
    assert {name: settings.secret(name, environment).reveal() for name in "abc"} == dict.fromkeys("abc", CANARY)
    assert CANARY not in repr(settings)


def test_a_secret_that_nobody_named_is_refused_with_how_to_name_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"There is no secret 'key' under 'credentials'\. Add 'key: \$\{KEY\}' there"):
        load_settings(tmp_path, {}).secret("key", {})
