"""The page about the settings, held to the models."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from pydantic.fields import FieldInfo

from tradewright.bootstrap.secrets import secret_reference
from tradewright.bootstrap.settings_model import fields, kind_of

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")


def row(key: str, field: FieldInfo) -> str:
    """The line of a key as the page has it."""
    value = field.default
    words = str(value).lower() if isinstance(value, bool) else str(value)
    default = "" if value is None or value == {} else f"`{words}`"
    return f"| `{key}` | {kind_of(field)} | {default} | {field.description} |"


def test_every_key_stands_there_with_type_default_and_meaning_in_order() -> None:
    table = PAGE.partition("| key | type | default | meaning |\n|---|---|---|---|\n")[2].partition("\n\n")[0]
    assert table.splitlines() == [row(key, field) for key, field in fields()]


def test_its_secrets_are_references() -> None:
    text = re.search(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    assert text
    said = yaml.safe_load(text[1])["credentials"]
    assert [name for name, form in said.items() if secret_reference(name, form, Path("/")) is None] == []
