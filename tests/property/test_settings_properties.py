"""The settings parser over anything: settings or a sentence, never another failure, and never a value in it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from tradewright.bootstrap.settings import Settings, load_settings
from tradewright.bootstrap.settings_model import fields
from tradewright.domain.errors import ConfigError

WORDS = [part for key, _ in fields() for part in key.split(".")]
SIGNS = st.sampled_from([
    "${", "}", "${A}", "${A:b}", "$${", ":", "- ", "\n", "  ", "&a ", "*a", "!!int ", "!!set ", "<<: ", "[", "{", "'",
    '"', "|", "#", "? ", "0x_", "1e999", "2024-99-99", "=", "\t", "---\n", "%",
])  # fmt: skip
TEXT = st.lists(st.one_of(st.sampled_from(WORDS), SIGNS, st.text(max_size=4)), max_size=25).map("".join)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.dates(), st.binary(max_size=4),
    st.sampled_from(["${A}", "${", "none", "0.5,0.25", "per-trade:1"]),
)  # fmt: skip
KEYS = st.one_of(st.sampled_from(WORDS), st.text(max_size=6), st.integers(), st.booleans(), st.none())
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=15,
)


def outcome(text: str, environment: dict[str, str]) -> Settings | ConfigError:
    """Settings, or the refusal; anything else fails the test."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "tradewright.yaml").write_bytes(text.encode("utf-8", errors="surrogatepass"))
        try:
            return load_settings(Path(folder), environment)
        except ConfigError as error:
            return error


@given(TEXT)
def test_any_text_is_settings_or_a_sentence(text: str) -> None:
    assert isinstance(outcome(text, {"A": "x"}), Settings | ConfigError)


@given(TREES)
def test_any_nesting_is_settings_or_a_sentence(tree: Any) -> None:
    found = outcome(yaml.safe_dump(tree, allow_unicode=True), {"A": "1"})
    assert isinstance(found, Settings | ConfigError)


@given(st.dictionaries(st.sampled_from([key for key, _ in fields() if "." in key]), LEAVES, max_size=6))
def test_any_value_at_any_key_is_settings_or_a_sentence(said: dict[str, Any]) -> None:
    tree: dict[str, Any] = {}
    for key, value in said.items():
        section, _, name = key.partition(".")
        tree.setdefault(section, {})[name] = value
    found = outcome(yaml.safe_dump(tree, allow_unicode=True), {"A": "1"})
    assert isinstance(found, Settings | ConfigError)


@given(st.dictionaries(st.sampled_from([*WORDS, "x", ""]), st.text(max_size=8), max_size=4), st.sampled_from(WORDS))
def test_any_environment_is_settings_or_a_sentence(said: dict[str, str], section: str) -> None:
    environment = {f"TRADEWRIGHT_{section.upper()}__{key.upper()}": value for key, value in said.items()}
    assert isinstance(outcome("", environment), Settings | ConfigError)


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "S"]), min_size=8, max_size=20))
def test_no_literal_secret_is_taken_or_repeated(secret: str) -> None:
    said = f"{secret}#7f3a"
    found = outcome(yaml.safe_dump({"credentials": {"key": said}}, allow_unicode=True), {})
    assert isinstance(found, ConfigError)
    assert said not in str(found)


@given(st.sampled_from([key for key, _ in fields() if "." in key]))
def test_no_sentence_repeats_what_a_variable_holds(key: str) -> None:
    section, _, name = key.partition(".")
    found = outcome(f"{section}: {{{name}: '${{A}}'}}", {"A": "canary 7f3a"})
    assert "canary" not in (str(found) if isinstance(found, ConfigError) else "")
