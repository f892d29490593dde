"""What the settings say of brokers: credentials by reference, the nearest name for what is not known, never a value."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tradewright.bootstrap.broker_report import broker_credentials, broker_rows, broker_settings_rows
from tradewright.bootstrap.broker_settings import BrokerSettings
from tradewright.bootstrap.settings import Settings, load_settings
from tradewright.domain.errors import ConfigError
from tradewright.domain.live.modes import Mode

TEXT = """
brokers:
  alpaca:
    feed: iex
    account: main
    addresses: {trading: "http://127.0.0.1:${PORT:1}"}
    paper: {key: "${KEY}", secret: {file: key}, account: PA1}
    live: {key: {keyring: alpaca/me}, addresses: {trading: "https://elsewhere"}}
"""


def loaded(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> Settings:
    (folder / "tradewright.yaml").write_text(text, encoding="utf-8")
    return load_settings(folder, environment or {})


def refused(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text, environment)
    return str(caught.value).replace(f"{folder}/", "")


def alpaca(folder: Path, text: str, environment: Mapping[str, str] | None = None) -> BrokerSettings:
    return loaded(folder, text, environment).brokers["alpaca"]


def test_a_mode_stands_over_its_broker_and_has_its_own_credentials(tmp_path: Path) -> None:
    said = alpaca(tmp_path, TEXT)
    assert said.text(Mode.PAPER, "account") == "PA1"
    assert said.text(Mode.LIVE, "account") == "main"
    assert said.table(Mode.PAPER, "addresses") == {"trading": "http://127.0.0.1:1"}
    assert said.table(Mode.LIVE, "addresses") == {"trading": "https://elsewhere"}
    places = {name: each.place for name, each in said.references(Mode.PAPER).items()}
    assert places == {"key": "environment KEY", "secret": f"file {tmp_path / 'key'}"}
    assert list(said.references(Mode.LIVE)) == ["key"]


def test_the_environment_stands_over_the_file_key_by_key(tmp_path: Path) -> None:
    environment = {
        "TRADEWRIGHT_BROKERS__ALPACA__PAPER__KEY": "x",
        "TRADEWRIGHT_BROKERS__ALPACA__FEED": "sip",
        "TRADEWRIGHT_BROKERS__ALPACA__ADDRESSES__DATA": "http://there",
    }
    said = alpaca(tmp_path, TEXT, environment)
    assert said.references(Mode.PAPER)["key"].place == "environment TRADEWRIGHT_BROKERS__ALPACA__PAPER__KEY"
    assert said.text(Mode.PAPER, "feed") == "sip"
    assert said.table(Mode.PAPER, "addresses") == {"trading": "http://127.0.0.1:1", "data": "http://there"}


def test_the_environment_alone_configures_a_broker(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"TRADEWRIGHT_BROKERS__IB__ADDRESSES__PORT": "4002"})
    assert settings.brokers["ib"].table(Mode.PAPER, "addresses") == {"port": "4002"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("brokers: {alpacca: {}}", "line 1: 'brokers' names a broker that is not known. Did you mean 'alpaca'?"),
        ("brokers:\n  alpaca: {fed: iex}", "line 2: 'brokers.alpaca' has no such key. Did you mean 'feed'?"),
        ("brokers: {alpaca: 5}", "'brokers.alpaca' should be a mapping. Write its keys below 'brokers.alpaca:'."),
        ("brokers: 5", "'brokers' should be a mapping."),
        ("brokers: {alpaca: {paper: {key: abc}}}", "'brokers.alpaca.paper.key' does not say where the secret is kept."),
        ("brokers: {alpaca: {paper: {key: '${K:abc}'}}}", "does not say where the secret is kept."),
        ("brokers: {alpaca: {feed: []}}", "'brokers.alpaca.feed' should be text."),
        ("brokers: {alpaca: {quotes: sometimes}}", "'brokers.alpaca.quotes' should be true or false."),
        ("brokers: {alpaca: {quote: true}}", "'brokers.alpaca' has no such key. Did you mean 'quotes'?"),
        ("brokers: {alpaca: {feed: '${NOT_SET}'}}", "the variable NOT_SET is not set."),
        (
            "brokers: {alpaca: {addresses: {trading: 'http://me:pw@x'}}}",
            "an address under 'brokers' holds credentials.",
        ),
        ("brokers: {alpaca: {options: {'A b': 1}}}", "not made of small letters, digits and underscores."),
        ("broker: {}", "there is no key 'broker'. Did you mean 'brokers'?"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    assert sentence in refused(tmp_path, text)


@pytest.mark.parametrize(("said", "wants"), [("true", True), ("false", False), ("'True'", True)])
def test_sessions_take_quotes_where_it_is_said(tmp_path: Path, said: str, wants: bool) -> None:
    assert loaded(tmp_path, f"brokers: {{alpaca: {{quotes: {said}}}}}").brokers["alpaca"].wants_quotes is wants
    assert not loaded(tmp_path, "brokers: {alpaca: {feed: iex}}").brokers["alpaca"].wants_quotes


def test_a_mistake_in_the_environment_names_its_variable(tmp_path: Path) -> None:
    said = refused(tmp_path, "", {"TRADEWRIGHT_BROKERS__ALPACA__FED": "iex"})
    assert said.startswith("environment variable TRADEWRIGHT_BROKERS__ALPACA__FED: 'brokers.alpaca' has no such key.")


def test_every_text_is_shown_with_who_said_it(tmp_path: Path) -> None:
    settings = loaded(tmp_path, TEXT, {"TRADEWRIGHT_BROKERS__ALPACA__FEED": "sip"})
    rows = {row.key: (row.value, row.origin.replace(f"{tmp_path}/", "")) for row in broker_settings_rows(settings)}
    assert rows["brokers.alpaca.feed"] == ("sip", "environment TRADEWRIGHT_BROKERS__ALPACA__FEED")
    assert rows["brokers.alpaca.paper.account"] == ("PA1", "tradewright.yaml, line 7")


def test_credentials_are_looked_for_and_not_shown(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "brokers: {alpaca: {paper: {key: '${KEY}', secret: '${SECRET}'}}}")
    rows = broker_credentials(settings, {"KEY": "canary"})
    assert [(row.name, row.present) for row in rows] == [
        ("brokers.alpaca.paper.key", True),
        ("brokers.alpaca.paper.secret", False),
    ]
    assert "canary" not in repr(rows) + repr(settings)


def test_every_broker_is_listed_with_its_modes_and_its_extra(tmp_path: Path) -> None:
    rows = {row.name: row for row in broker_rows(loaded(tmp_path, "brokers: {paper: {feed: x}}"))}
    assert set(rows) >= {"alpaca", "ccxt", "ib", "openalgo", "paper"}
    assert (rows["alpaca"].state, rows["ccxt"].extra) == ("not configured, extra 'alpaca' installed", "crypto")
