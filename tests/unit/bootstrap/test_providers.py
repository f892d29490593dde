"""Providers by name: what the settings say of them, and that a broker is one under its own name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tradewright.adapters.system_clock import SystemClock
from tradewright.bootstrap.provider_kinds import PROVIDERS
from tradewright.bootstrap.providers import open_provider, provider_names
from tradewright.bootstrap.settings import Settings, load_settings
from tradewright.bootstrap.shipped import ShippedKind
from tradewright.domain.errors import AuthenticationError, ConfigError, MissingExtraError
from tradewright.ports.provider import ProviderAccess

TEXT = """
providers:
  quay: {key: "${QUAY_KEY}", address: "http://127.0.0.1:${PORT:9}", path: bars}
"""


class QuayKind:
    """A provider that only shows how it was opened."""

    name = "quay"
    key_fields = ("key",)
    option_fields = ("address", "path")
    is_synthetic = False

    def open(self, access: ProviderAccess) -> Any:
        return access


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One kind more, for as long as a test lasts."""
    monkeypatch.setattr(PROVIDERS, "_known", dict(PROVIDERS._known))
    PROVIDERS.add("quay", QuayKind())
    return


def loaded(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> Settings:
    (folder / "tradewright.yaml").write_text(text, encoding="utf-8")
    return load_settings(folder, environment or {})


def opened(folder: Path, text: str, environment: Mapping[str, str]) -> Any:
    return open_provider("quay", loaded(folder, text, environment), SystemClock(), environment)


def refused(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text, environment)
    return str(caught.value).replace(f"{folder}/", "")


def test_a_provider_is_opened_with_what_the_settings_say(tmp_path: Path) -> None:
    access = opened(tmp_path, TEXT, {"QUAY_KEY": "s3cret"})
    assert access.options == {"address": "http://127.0.0.1:9", "path": "bars"}
    assert access.folder == tmp_path
    assert access.keys.get("key") == "s3cret"
    assert "s3cret" not in f"{access.keys!r} {access!r}"


def test_the_environment_stands_over_the_file_key_by_key(tmp_path: Path) -> None:
    environment = {"TRADEWRIGHT_PROVIDERS__QUAY__KEY": "other", "TRADEWRIGHT_PROVIDERS__QUAY__PATH": "there"}
    access = opened(tmp_path, TEXT, {"QUAY_KEY": "s3cret", **environment})
    assert access.keys.get("key") == "other"
    assert (access.options["path"], access.options["address"]) == ("there", "http://127.0.0.1:9")


def test_a_provider_of_which_nothing_is_said_is_opened_without_options(tmp_path: Path) -> None:
    access = opened(tmp_path, "version: 1\n", {})
    assert dict(access.options) == {}
    with pytest.raises(AuthenticationError, match=r"for quay lack 'key'. Name .*: providers\.quay\.key\."):
        access.keys.get("key")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("providers: canary", "tradewright.yaml, line 1: 'providers' should be a mapping."),
        ("providers: {quey: {}}", "'providers' names a provider that is not known. Did you mean 'quay'?"),
        ("providers: {alpaca: {}}", "'alpaca' is a broker: it stands under 'brokers', and is a provider from there."),
        ("providers: {quay: canary}", "'providers.quay' should be a mapping."),
        ("providers: {quay: {adress: x}}", "'providers.quay' has no such key. Did you mean 'address'?"),
        ("providers: {quay: {key: canary}}", "'providers.quay.key' does not say where the secret is kept."),
        ("providers: {quay: {address: 'http://me:canary@x'}}", "'providers.quay.address' holds credentials."),
        ("providers: {quay: {address: [canary]}}", "'providers.quay.address' should be text."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_without_the_value(tmp_path: Path, text: str, sentence: str) -> None:
    said = refused(tmp_path, text)
    assert sentence in said
    assert "canary" not in said


def test_a_broker_is_a_provider_by_its_own_name(tmp_path: Path) -> None:
    settings = loaded(tmp_path, 'brokers: {alpaca: {feed: delayed_sip, paper: {key: "${K}", secret: "${K}"}}}')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("K", "k")
        found = open_provider("alpaca", settings, SystemClock())
    assert (found.name, found.source, found.delay_s) == ("alpaca", "alpaca delayed_sip", 900.0)
    assert (found.is_synthetic, found.actions is None) == (False, False)


def test_a_broker_without_bars_is_no_provider(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="The broker 'paper' has no history of bars"):
        open_provider("paper", loaded(tmp_path, "version: 1\n"), SystemClock())


def test_an_unknown_name_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"There is no provider of bars 'quai'\. Did you mean 'quay'\?"):
        open_provider("quai", loaded(tmp_path, "version: 1\n"), SystemClock())
    assert {"quay", "alpaca", "ccxt"} <= set(provider_names())


def test_libraries_that_are_not_installed_are_named_by_their_extra(tmp_path: Path) -> None:
    PROVIDERS.add("lacking", ShippedKind("tradewright.adapters.nothing", "polygon", ("no_such_library",)))
    with pytest.raises(MissingExtraError, match=r"tradewright\[polygon\]"):
        open_provider("lacking", loaded(tmp_path, "version: 1\n"), SystemClock())
