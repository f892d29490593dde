"""Providers as rows: what can be asked as the settings stand, what is lacking, and no secret."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from tradewright.bootstrap.checks import State, all_checks
from tradewright.bootstrap.provider_kinds import PROVIDERS
from tradewright.bootstrap.provider_report import (
    ProviderRow,
    provider_credentials,
    provider_rows,
    provider_settings_rows,
)
from tradewright.bootstrap.settings import load_settings
from tradewright.bootstrap.shipped import ShippedKind

TEXT = """
providers:
  polygon: {key: "${POLYGON}", delay_s: 60}
  mine: {kind: folder, path: nowhere}
brokers:
  alpaca: {paper: {key: "${K}", secret: "${S}"}}
  openalgo: {paper: {}}
"""


def rows(folder: Path, text: str, environment: Mapping[str, str]) -> dict[str, ProviderRow]:
    (folder / "tradewright.yaml").write_text(text, encoding="utf-8")
    return {row.name: row for row in provider_rows(load_settings(folder, environment), environment)}


def test_what_needs_nothing_can_be_asked_without_a_word(tmp_path: Path) -> None:
    found = rows(tmp_path, "version: 1\n", {})
    assert {name for name, row in found.items() if row.is_configured} == {"yahoo", "synthetic"}
    assert found["yahoo"].state == "needs no settings"
    assert (found["synthetic"].is_synthetic, found["synthetic"].state) == (True, "made up: SYNTHETIC")
    assert found["polygon"].state == found["alpaca"].state == "not configured"


def test_what_is_said_is_enough_or_is_said_to_lack_something(tmp_path: Path) -> None:
    found = rows(tmp_path, TEXT, {"POLYGON": "canary", "K": "k", "S": "s"})
    assert (found["polygon"].state, found["alpaca"].state) == ("configured", "configured")
    assert (found["alpaca"].kind, found["mine"].kind) == ("broker", "folder")
    assert "brokers.openalgo.paper" in found["openalgo"].state
    assert not found["mine"].is_configured
    assert "canary" not in str(found)


def test_it_is_said_what_each_streams(tmp_path: Path) -> None:
    found = rows(tmp_path, TEXT, {"POLYGON": "p", "K": "k", "S": "s"})
    live = {name: found[name].live for name in ("alpaca", "polygon", "openalgo", "yahoo", "synthetic")}
    assert live == {
        "alpaca": ("bars", "quotes"), "polygon": ("bars", "quotes"), "openalgo": (), "yahoo": (), "synthetic": (),
    }  # fmt: skip


def test_a_broker_without_a_history_is_no_provider(tmp_path: Path) -> None:
    assert "paper" not in rows(tmp_path, "version: 1\n", {})


def test_a_key_that_is_not_there_is_the_problem(tmp_path: Path) -> None:
    row = rows(tmp_path, TEXT, {})["polygon"]
    assert "providers.polygon.key" in row.state
    (key,) = provider_credentials(load_settings(tmp_path, {}), {})
    assert (key.name, key.state) == ("providers.polygon.key", "not set (environment POLYGON)")


def test_options_are_settings_with_who_said_them(tmp_path: Path) -> None:
    rows(tmp_path, TEXT, {})
    found = {row.key: row.value for row in provider_settings_rows(load_settings(tmp_path, {}))}
    assert found["providers.polygon.delay_s"] == "60"


def test_the_doctor_names_what_is_lacking_and_what_to_do(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(PROVIDERS, "_known", dict(PROVIDERS._known))
    monkeypatch.setitem(PROVIDERS._known, "yahoo", ShippedKind("tradewright.none", "yahoo", ("no_such_library",)))
    (tmp_path / "tradewright.yaml").write_text(TEXT, encoding="utf-8")
    checks = {each.name: each for each in all_checks(tmp_path, dt.datetime(2024, 1, 2, tzinfo=dt.UTC), {})}
    assert checks["provider polygon"].state is State.FAIL
    assert checks["provider polygon"].fix == "Look at providers.polygon of the settings."
    assert checks["provider synthetic"].state is State.OK
    assert "provider alpaca" not in checks
