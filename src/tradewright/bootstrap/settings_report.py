"""What is in force and where it came from, as rows; and the whole of the settings as a schema and as a first file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.home import default_folder
from tradewright.bootstrap.settings_model import SettingsModel, fields, kind_of, sections
from tradewright.bootstrap.settings_values import PROVIDER_SECRETS, SECRET_KEYS
from tradewright.domain.control.schedules import MissedRuns
from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

    from tradewright.bootstrap.secrets import SecretReference
    from tradewright.bootstrap.settings import Settings

__all__ = ["CredentialRow", "SettingRow", "credential_row", "credential_rows", "first_file", "schema", "setting_rows"]

_DEFAULT = "default"
_VARIABLE = {"type": "string", "pattern": r"\$\{"}
_NOTHING = {"type": "null"}
_REFERENCE: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "pattern": r"^\$\{[A-Za-z_][A-Za-z0-9_]*\}$"},
        {
            "type": "object",
            "properties": {"file": {"type": "string"}},
            "required": ["file"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"keyring": {"type": "string", "pattern": "./."}},
            "required": ["keyring"],
            "additionalProperties": False,
        },
    ]
}


_WORD = {"type": ["string", "number", "boolean", "null"]}
_WORDS = {"type": ["object", "null"], "additionalProperties": _WORD}
_OF_A_MODE = {
    "type": ["object", "null"],
    "properties": {"account": _WORD, "addresses": _WORDS},
    "additionalProperties": _REFERENCE,
}
_BROKER = {
    "type": ["object", "null"],
    "properties": {
        "paper": _OF_A_MODE, "live": _OF_A_MODE, "account": _WORD, "feed": _WORD, "quotes": _WORD,
        "addresses": _WORDS, "options": _WORDS,
    },
    "additionalProperties": False,
}  # fmt: skip


_PROVIDER = {
    "type": ["object", "null"],
    "properties": dict.fromkeys(PROVIDER_SECRETS, _REFERENCE),
    "additionalProperties": _WORD,
}
_CHANNEL = {
    "type": ["object", "null"],
    "properties": {"kind": _WORD, "at_least": _WORD, "quiet": _WORD, "options": _WORDS},
    "additionalProperties": _REFERENCE,
}
_RULE = {"type": ["object", "string", "boolean", "null"], "additionalProperties": {"type": [*_WORD["type"], "array"]}}
_ALERTS = {
    "properties": {
        "channels": {"type": ["object", "null"], "additionalProperties": _CHANNEL},
        "rules": {"type": ["object", "null"], "additionalProperties": _RULE},
    },
    "additionalProperties": False,
}
_SCHEDULE = {
    "type": "object",
    "properties": {
        "when": {"type": "string"}, "kind": {"type": "string"}, "request": {"type": ["object", "null"]},
        "zone": {"type": ["string", "null"]}, "missed": {"anyOf": [{"enum": [*MissedRuns, None]}, _VARIABLE]},
        "most": {"type": ["integer", "string", "null"]}, "grace_s": {"type": ["number", "string", "null"]},
    },
    "required": ["when", "kind"],
    "additionalProperties": False,
}  # fmt: skip
_MAPPINGS: dict[str, dict[str, Any]] = {
    "credentials": {"additionalProperties": _REFERENCE},
    "brokers": {"additionalProperties": _BROKER},
    "providers": {"additionalProperties": _PROVIDER},
    "alerts": _ALERTS,
    "schedules": {"additionalProperties": _SCHEDULE},
}
"""What stands under names of the user's own, and is listed by itself."""


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A key, the value in force and who said it."""

    key: str
    value: Any
    origin: str


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """A secret: where it is kept, whether it is there, and why it cannot be used where it cannot."""

    name: str
    kept: str
    present: bool
    problem: str | None

    @property
    def state(self) -> str:
        """In words, as ``set (environment ALPACA_KEY)``."""
        return self.problem or f"{'set' if self.present else 'not set'} ({self.kept})"


def setting_rows(settings: Settings) -> list[SettingRow]:
    """Every key but those with names of the user's own below them, in order."""
    return [
        SettingRow(key, _value(settings, key), settings.origins[key].words if key in settings.origins else _DEFAULT)
        for key, _ in fields()
        if key not in _MAPPINGS
    ]


def _value(settings: Settings, key: str) -> Any:
    """The value; folders as they will be used."""
    if key == "storage.folder":
        return str(settings.path(key) or default_folder())
    return str(settings.path(key)) if key == "runs.folder" else settings.value(key)


def credential_rows(settings: Settings, environment: Mapping[str, str]) -> list[CredentialRow]:
    """Every secret by name; its value is looked for and not kept."""
    return [credential_row(each, environment) for _, each in sorted(settings.credentials.items())]


def credential_row(reference: SecretReference, environment: Mapping[str, str]) -> CredentialRow:
    """One secret: it is looked for and not kept."""
    try:
        found = reference.find(environment)
    except TradewrightError as error:
        return CredentialRow(reference.name, reference.place, present=False, problem=str(error))
    return CredentialRow(reference.name, reference.place, present=found is not None, problem=None)


def schema() -> dict[str, Any]:
    """The JSON Schema of ``tradewright.yaml``, for editors."""
    made = SettingsModel.model_json_schema()
    for section in made["$defs"].values():
        section["properties"] = {key: _or_variable(each) for key, each in section["properties"].items()}
    for place in SECRET_KEYS:
        section, _, key = place.partition(".")
        made["$defs"][sections()[section].__name__]["properties"][key]["anyOf"] = [*_REFERENCE["anyOf"], _NOTHING]
    for name in sections():
        made["properties"][name] = {"anyOf": [made["properties"][name], {"type": "null"}]}
    for name, form in _MAPPINGS.items():
        made["properties"][name] |= {**form, "type": ["object", "null"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "tradewright.yaml"}


def _or_variable(said: dict[str, Any]) -> dict[str, Any]:
    """A variable may stand for any value, and a key with nothing behind it says nothing."""
    about: dict[str, Any] = {
        name: said[name] for name in ("default", "description", "title", "examples") if name in said
    }
    form = {name: each for name, each in said.items() if name not in about}
    kinds = [each for each in form.pop("anyOf", [form]) if each and each != _NOTHING]
    return {**about, "anyOf": [*kinds, _VARIABLE, _NOTHING]}


def first_file() -> str:
    """The text of a new ``tradewright.yaml``: every key with its meaning and default; a project keeps its own store."""
    parts = [_HEAD]
    for name, section in sections().items():
        keys = (_key(f"{name}.{key}", each) for key, each in section.model_fields.items())
        parts += [f"\n# {section.__doc__}\n{name}:\n", *keys]
    return "".join([*parts, _CREDENTIALS])


def _key(path: str, field: FieldInfo) -> str:
    value = field.default if field.default is not None else (field.examples or [""])[0]
    said = str(value).lower() if isinstance(value, bool) else str(value)
    mark = "" if path in _IN_FORCE else "# "
    return f"  # {field.description} ({kind_of(field)})\n  {mark}{path.partition('.')[2]}: {said}\n"


_IN_FORCE = ("storage.folder",)
"""Keys that a new project sets: its bars and runs lie beside its settings, and go when it goes."""


_HEAD = """\
# Settings of this project. A key whose line begins with # has the default it shows, or where there is none an example;
# remove the # to set it. The environment is stronger (TRADEWRIGHT_BACKTEST__CASH=50000), options of a command are
# stronger still. ${NAME} and ${NAME:default} stand for variables of the environment, $${ for the signs themselves.
# `tradewright config check` shows every value in force and where it came from.
version: 1
"""
_CREDENTIALS = """
# Secrets by name, for installed packages that need them. Only where each is kept, never the value:
# ${NAME}, {file: path} with mode 600, or {keyring: service/name}.
credentials:
  # example_key: ${EXAMPLE_KEY}

# Brokers by name; paper and live have credentials of their own, each kept as above.
brokers:
  # alpaca:
  #   feed: iex
  #   paper: {key: "${ALPACA_PAPER_KEY}", secret: "${ALPACA_PAPER_SECRET}"}

# Providers of market data by name, besides the brokers.
providers:
  # polygon: {key: "${POLYGON_KEY}"}

# Who is told of alerts, and what the rules look for.
alerts:
  # channels:
  #   desk: {kind: slack, url: "${SLACK_WEBHOOK}", at_least: warning}
  # rules:
  #   feed_stale: {after_s: 30}

# Work that begins by itself, by name. Who serves or works brings it in as it starts.
schedules:
  # after-the-close: {when: XNYS close + 40 m, kind: check}
"""
