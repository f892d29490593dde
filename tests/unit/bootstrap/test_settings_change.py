"""Settings are changed from afar value by value: all or none, checked, with every comment kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.bootstrap.file_change import ChangesRefusedError
from tradewright.bootstrap.settings import load_settings
from tradewright.bootstrap.settings_change import (
    change_settings,
    changeable,
    settings_digest,
)
from tradewright.bootstrap.settings_model import fields
from tradewright.bootstrap.yaml_edit import with_value
from tradewright.domain.errors import ConfigError, ConflictError, StorageError

TEXT = """# Ours.
version: 1
backtest:      # what runs begin with
  cash: 50000  # dollars
  commission: "per-trade:1.0"

  # How far fills land.
  slippage_bps: 5
credentials:
  broker: ${BROKER_KEY}
logging:
  level: info
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "tradewright.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def text(project):
    return (project / "tradewright.yaml").read_text(encoding="utf-8")


def change(project, environment=None, seen=None, **changes):
    named = {key.replace("__", "."): value for key, value in changes.items()}
    return change_settings(project, environment or {}, named, seen)


def test_a_value_takes_the_place_of_another_and_every_other_character_stays(project):
    change(project, backtest__cash=75000.5, logging__level="debug")
    assert text(project) == TEXT.replace("50000", "75000.5").replace("info", "debug")
    assert load_settings(project, {}).values.backtest.cash == 75000.5


def test_a_key_that_was_not_said_is_put_into_its_section(project):
    change(project, backtest__shorts=True, data__tz="America/New_York")
    assert "backtest:      # what runs begin with\n  shorts: true\n  cash: 50000  # dollars\n" in text(project)
    assert text(project).endswith("data:\n  tz: America/New_York\n")


def test_a_key_that_is_taken_out_leaves_its_default(project):
    change(project, backtest__cash=None, logging__level=None, data__tz=None)
    assert text(project) == TEXT.replace("  cash: 50000  # dollars\n", "").replace(
        "logging:\n  level: info\n", "logging: {}\n"
    )
    assert load_settings(project, {}).values.backtest.cash == 100_000.0


def test_where_there_is_no_file_one_is_made(tmp_path):
    change(tmp_path, runs__keep=False)
    assert text(tmp_path) == "runs:\n  keep: false\n"


def test_one_change_that_cannot_be_made_keeps_all_from_being_made(project):
    with pytest.raises(ChangesRefusedError) as refused:
        change(project, {"TRADEWRIGHT_BACKTEST__SEED": "7"}, backtest__cash=-1, backtest__nonsense=1,
               storage__folder="elsewhere", backtest__seed=3, backtest__currency="${SECRET}",
               logging__level="debug")  # fmt: skip
    assert dict(refused.value.mistakes) == {
        "backtest.cash": "'backtest.cash' should be a number above 0.",
        "backtest.nonsense": "There is no key 'backtest.nonsense'.",
        "storage.folder": "'storage.folder' is changed in the file of the host only: it says where something is kept.",
        "backtest.seed": "'backtest.seed' is said by environment TRADEWRIGHT_BACKTEST__SEED, which is stronger than the"
        " file.",
        "backtest.currency": "'backtest.currency' holds plain text on one line, and no variable.",
    }
    assert text(project) == TEXT


def test_what_does_not_go_together_is_refused_as_the_command_line_does(project):
    with pytest.raises(ConfigError, match=r"tradewright\.yaml, line \d+: 'backtest\.costs' is none") as refused:
        change(project, backtest__costs="none")
    assert str(project) not in str(refused.value)
    assert text(project) == TEXT


def test_no_place_and_no_secret_can_be_changed():
    refused = [key for key, _ in fields() if not changeable(key)]
    assert {"storage.folder", "storage.database", "live.journal", "credentials", "brokers", "alerts", "runs.folder",
            "logging.folder", "version"} <= set(refused)  # fmt: skip
    assert not changeable("backtest.nothing")


def test_who_saw_another_file_is_told(project):
    seen = settings_digest(project)
    change(project, seen=seen, backtest__cash=1.0)
    with pytest.raises(ConflictError, match="changed meanwhile"):
        change(project, seen=seen, backtest__cash=2.0)


def test_a_file_keeps_its_rights_and_a_link_stays_one(project):
    real = project / "elsewhere.yaml"
    (project / "tradewright.yaml").rename(real)
    real.chmod(0o600)
    (project / "tradewright.yaml").symlink_to(real)
    change(project, backtest__cash=1.0)
    assert (project / "tradewright.yaml").is_symlink()
    assert (real.stat().st_mode & 0o777, "cash: 1.0" in real.read_text(encoding="utf-8")) == (0o600, True)


def test_what_cannot_be_written_is_told_and_nothing_is_left(project, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(StorageError, match="No space left"):
        change(project, backtest__cash=1.0)
    assert [each.name for each in project.iterdir()] == ["tradewright.yaml"]


@pytest.mark.parametrize(
    "hard",
    ["backtest: {cash: [5,\n  6]}\n", "backtest: 7\n", "backtest:\n  cash: |\n    5\n",
     "a: &a {cash: 5}\nbacktest: *a\n",
     "backtest:\n  cash:\n    5\n", "x: &x 5\nbacktest:\n  cash: *x\n"],
)  # fmt: skip
def test_what_is_written_in_another_way_is_left_to_a_person(hard):
    with pytest.raises(ConfigError, match=r"line|lines|elsewhere") as refused:
        with_value(hard, ("backtest", "cash"), 6)
    assert refused.value.hint == "Change it in the file by hand."


def test_what_stands_in_braces_is_changed_in_braces():
    assert with_value("{backtest: {cash: 5}}\n", ("backtest", "cash"), 6) == "{backtest: {cash: 6}}\n"
    assert (
        with_value("backtest: {cash: 5}  # a\n", ("backtest", "tz"), "a, b") == "backtest: {tz: 'a, b', cash: 5}  # a\n"
    )
    assert with_value("backtest: {cash: 5, b: 6}\n", ("backtest", "cash"), None) == "backtest: {b: 6}\n"
    assert with_value("backtest: {cash: 5, b: 6}\n", ("backtest", "b"), None) == "backtest: {cash: 5}\n"
    assert with_value("a:\n  b:\n    c: 1\n", ("a", "d", "e"), [1]) == "a:\n  d: {e: [1]}\n  b:\n    c: 1\n"


def test_a_section_with_nothing_in_it_and_a_file_without_an_end_of_line_are_gone_on_with():
    assert (
        with_value("backtest:\ndata:\n  tz: UTC", ("backtest", "cash"), 1) == "backtest:\n  cash: 1\ndata:\n  tz: UTC"
    )
    assert with_value("data:\n  tz: UTC", ("backtest", "cash"), 1) == "data:\n  tz: UTC\nbacktest:\n  cash: 1\n"
    assert with_value("backtest:", ("backtest", "cash"), 1) == "backtest:\n  cash: 1\n"
    assert with_value("backtest:\n  cash:\n", ("backtest", "cash"), 1) == "backtest:\n  cash: 1\n"
    assert with_value("# nothing\n", ("backtest", "cash"), 1) == "# nothing\nbacktest:\n  cash: 1\n"


@given(st.one_of(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30), st.integers(),
                 st.booleans(), st.floats(allow_nan=False, allow_infinity=False)))  # fmt: skip
def test_whatever_is_written_is_read_back(value):
    import yaml

    assert yaml.safe_load(with_value(TEXT, ("backtest", "cash"), value))["backtest"]["cash"] == value
