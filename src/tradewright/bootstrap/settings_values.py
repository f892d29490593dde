"""Where settings are said: the values of a file with their variables put in, and those of the environment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.secrets import FORMS, Keeper, SecretReference, secret_reference
from tradewright.bootstrap.yaml_file import read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tradewright.bootstrap.yaml_file import Place, YamlFile

__all__ = [
    "ALERTS_KEY",
    "BROKERS_KEY",
    "CHANNEL_WORDS",
    "CREDENTIALS",
    "DATABASE",
    "EVENT_BUS",
    "JOURNAL",
    "PREFIX",
    "PROVIDERS_KEY",
    "PROVIDER_SECRETS",
    "SCHEDULES_KEY",
    "SECRET_KEYS",
    "Document",
    "Origin",
    "Problem",
    "from_environment",
    "from_file",
]

PREFIX = "TRADEWRIGHT_"
CREDENTIALS = "credentials"
BROKERS_KEY = "brokers"
PROVIDERS_KEY = "providers"
ALERTS_KEY = "alerts"
SCHEDULES_KEY = "schedules"
PROVIDER_SECRETS = ("key", "secret", "token")
"""What a provider of data says that is a secret; all else beside it is an option."""
CHANNEL_WORDS = ("kind", "at_least", "quiet", "options")
"""What a channel of alerts says that is no secret; all else beside it is where one is kept."""
DATABASE = "storage.database"
JOURNAL = "live.journal"
EVENT_BUS = "events.bus"
SECRET_KEYS = {DATABASE: "the connection string", JOURNAL: "the connection string", EVENT_BUS: "the address"}
"""Keys of sections that name where a secret is kept, and what it is; their values are the words for that place, never
the secret."""

_MODES = ("paper", "live")
_OF_A_MODE = ("account", "addresses")
_BETWEEN = "__"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NAMES = "Names of secrets are made of letters, digits and underscores."
_SIGNS = re.compile(r"\$\$\{|\$\{(?P<name>[A-Za-z_]\w*)(?::(?P<default>[^{}]*))?\}|\$\{", re.ASCII)
_ESCAPED, _OPENING = "$${", "${"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who said a value: ``file`` or ``environment``, in words, and the folder from which its paths count."""

    kind: str
    words: str
    base: Path


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake: where it stands, what it is, what to do. It never quotes a value."""

    where: str
    what: str
    hint: str | None = None
    line: int = 0


@dataclass(slots=True)
class Document:
    """What one source says, before its types are checked.

    Parameters
    ----------
    where : callable
        From a place to the words that name it in a sentence.
    line : callable
        From a place to its line, for the order of sentences.
    values : dict
        By section and key.
    origins : dict
        Who said each ``section.key``.
    credentials : dict
        References by name.
    references : dict
        References by key, of keys whose value is a secret.
    problems : list of Problem
    brokers, providers, alerts, schedules : object
        What is said under each of these keys, as it is written.
    variables : dict
        The variable that says a place; empty for a file.
    """

    where: Callable[[Place], str]
    line: Callable[[Place], int]
    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    credentials: dict[str, SecretReference] = field(default_factory=dict)
    references: dict[str, SecretReference] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    brokers: Any = field(default_factory=dict)
    providers: Any = field(default_factory=dict)
    alerts: Any = field(default_factory=dict)
    schedules: Any = field(default_factory=dict)
    variables: dict[Place, str] = field(default_factory=dict)

    def variable(self, place: Place) -> str | None:
        """The variable that says a place; None where a file does."""
        return self.variables.get(place)


class _Variables:
    """Puts variables into texts, and remembers which stand where."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self.used: dict[Place, list[str]] = {}
        self.problems: list[Problem] = []
        self.missing: set[Place] = set()
        self._path, self._environment = path, environment

    def __call__(self, text: str, place: Place, line: int) -> str:
        # A secret is never put into the values: its reference stays as it is written.
        if _OPENING not in text or _is_secret(place):
            return text
        return _SIGNS.sub(lambda found: self._value(found, place, line), text)

    def _value(self, found: re.Match[str], place: Place, line: int) -> str:
        if found[0] == _ESCAPED:
            return _OPENING
        name, default = found["name"], found["default"]
        if name is None:
            return self._refuse(
                place,
                line,
                "'${' opens no variable.",
                "Write ${NAME} or ${NAME:default}, or $${ for the signs themselves.",
            )
        value = self._environment.get(name)
        if value:
            self.used.setdefault(place, []).append(name)
            return value
        if default is None:
            return self._refuse(
                place, line, f"the variable {name} is not set.", f"Set it, or write ${{{name}:default}}."
            )
        return str(default)

    def _refuse(self, place: Place, line: int, what: str, hint: str) -> str:
        self.problems.append(Problem(f"{self._path}, line {line}", what, hint, line))
        self.missing.add(place)
        return ""


def _is_secret(place: Place) -> bool:
    """Whether a place names where a secret is kept: ``credentials.name``, ``brokers.alpaca.paper.key``."""
    if ".".join(map(str, place)) in SECRET_KEYS:
        return True
    if place[:1] == (CREDENTIALS,):
        return len(place) <= len((CREDENTIALS, "name"))
    if place[:2] == (ALERTS_KEY, "channels"):
        return len(place) == len((ALERTS_KEY, "channels", "name", "field")) and place[3] not in CHANNEL_WORDS
    if place[:1] == (PROVIDERS_KEY,):
        return len(place) == len((PROVIDERS_KEY, "name", "key")) and place[2] in PROVIDER_SECRETS
    is_key = place[:1] == (BROKERS_KEY,) and len(place) == len((BROKERS_KEY, "name", "mode", "key"))
    return is_key and place[2] in _MODES and place[3] not in _OF_A_MODE


def from_file(path: Path, environment: Mapping[str, str]) -> Document:
    """What a file says, with its variables put in.

    Raises
    ------
    ConfigError
        When it cannot be read or is no YAML. What else is wrong is among the problems of the document.
    """
    variables = _Variables(path, environment)
    file = read_yaml(path, variables)
    document = Document(file.where, file.line, problems=variables.problems)
    value = _with_text_keys(file.value)
    if value is None:
        return document
    if not isinstance(value, dict):
        document.problems.append(Problem(file.where(), "the settings are not a mapping.", "Write 'section:' lines."))
        return document
    _take_credentials(document, value.pop(CREDENTIALS, None), path.parent)
    document.brokers = _without_open(value.pop(BROKERS_KEY, None), variables.missing, (BROKERS_KEY,))
    document.providers = _without_open(value.pop(PROVIDERS_KEY, None), variables.missing, (PROVIDERS_KEY,))
    document.alerts = _without_open(value.pop(ALERTS_KEY, None), variables.missing, (ALERTS_KEY,))
    document.schedules = _without_open(value.pop(SCHEDULES_KEY, None), variables.missing, (SCHEDULES_KEY,))
    document.values = _without(_without_nothing(value), variables.missing)
    for key, what in SECRET_KEYS.items():
        _take_secret(document, key, what, path.parent)
    for place in _places(document.values):
        document.origins[".".join(place)] = _file_origin(file, place, variables.used.get(place, ()))
    return document


def _file_origin(file: YamlFile, place: Place, used: list[str] | tuple[()]) -> Origin:
    through = f" (environment {', '.join(used)})" if used else ""
    return Origin("file", f"{file.where(place)}{through}", file.path.parent)


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _with_text_keys(item) for key, item in value.items()}
    return [_with_text_keys(item) for item in value] if isinstance(value, list) else value


def _without_nothing(value: dict[str, Any]) -> dict[str, Any]:
    """A key or section with nothing behind it says nothing."""
    said = {name: _without_nothing(each) if isinstance(each, dict) else each for name, each in value.items()}
    return {name: each for name, each in said.items() if each is not None}


def _without(values: dict[str, Any], missing: set[Place]) -> dict[str, Any]:
    """What a variable left open is refused once, and its type is not asked."""
    return {
        name: {key: each for key, each in value.items() if (name, key) not in missing}
        if isinstance(value, dict)
        else value
        for name, value in values.items()
        if (name,) not in missing
    }


def _without_open(said: Any, missing: set[Place], place: Place) -> Any:
    """The same at any depth; nothing said is an empty mapping."""
    if not isinstance(said, dict):
        return {} if said is None else said
    kept = {key: each for key, each in said.items() if each is not None and (*place, key) not in missing}
    return {key: _without_open(each, missing, (*place, key)) for key, each in kept.items()}


def _places(values: dict[str, Any]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, value in values.items():
        found += [(name, key) for key in value] if isinstance(value, dict) else [(name,)]
    return found


def _take_credentials(document: Document, said: Any, base: Path) -> None:
    if said is None:
        return
    if not isinstance(said, dict):
        document.problems.append(_no_credentials(document, (CREDENTIALS,), "'credentials' should be a mapping"))
        return
    for name, value in said.items():
        place = (CREDENTIALS, name)
        reference = secret_reference(name, value, base)
        if not _NAME.fullmatch(name):
            what = "a name under 'credentials' is not made of small letters, digits and underscores"
            document.problems.append(_no_credentials(document, place, what))
        elif reference is None:
            what = f"'credentials.{name}' does not say where the secret is kept"
            document.problems.append(_no_credentials(document, place, what))
        else:
            document.credentials[name] = reference
            document.origins[".".join(place)] = Origin("file", document.where(place), base)


def _take_secret(document: Document, key: str, what: str, base: Path) -> None:
    """The words for the place of the secret stand in for it among the values."""
    place = tuple(key.split("."))
    section = document.values.get(place[0])
    if not isinstance(section, dict) or place[1] not in section:
        return
    reference = secret_reference(key, section.pop(place[1]), base)
    if reference is None:
        sentence = f"'{key}' does not say where {what} is kept."
        hint = f"Write {FORMS}; it may hold a password, which does not belong in a file that is shared."
        document.problems.append(Problem(document.where(place), sentence, hint, document.line(place)))
        return
    section[place[1]], document.references[key] = reference.place, reference


def _no_credentials(document: Document, place: Place, what: str) -> Problem:
    hint = f"Write {FORMS}; the secret itself does not belong in a file that is shared."
    return Problem(document.where(place), f"{what}.", hint, document.line(place))


def from_environment(environment: Mapping[str, str], folder: Path) -> tuple[Document, list[str]]:
    """What the environment says, and its variables with the prefix that are no settings.

    Parameters
    ----------
    environment : mapping
    folder : Path
        From which paths count.
    """
    variables: dict[Place, str] = {}
    document = Document(lambda place: f"environment variable {variables[place]}", lambda _: 0, variables=variables)
    strays: list[str] = []
    for variable in sorted(name for name, text in environment.items() if name.startswith(PREFIX) and text):
        section, between, key = variable.removeprefix(PREFIX).lower().partition(_BETWEEN)
        if not between:
            strays.append(variable)
            continue
        variables.setdefault((section,), variable)
        if section in {BROKERS_KEY, PROVIDERS_KEY, ALERTS_KEY}:
            _take_deep(document, (section, *key.split(_BETWEEN)), variable, environment[variable], folder)
            continue
        variables[section, key] = variable
        document.origins[f"{section}.{key}"] = Origin("environment", f"environment {variable}", folder)
        name = f"{section}.{key}"
        if name in SECRET_KEYS:
            document.references[name] = SecretReference(name, Keeper.ENVIRONMENT, variable)
            document.values.setdefault(section, {})[key] = document.references[name].place
        elif section != CREDENTIALS:
            # What is no section or no key is refused with the rest, where the nearest name is known.
            document.values.setdefault(section, {})[key] = environment[variable]
        elif _NAME.fullmatch(key):
            document.credentials[key] = SecretReference(key, Keeper.ENVIRONMENT, variable)
        else:
            document.problems.append(Problem(f"environment variable {variable}", "it names no secret.", _NAMES))
    return document, strays


def _take_deep(document: Document, place: tuple[str, ...], variable: str, text: str, folder: Path) -> None:
    """A variable such as ``TRADEWRIGHT_BROKERS__ALPACA__PAPER__KEY``, put where a file would say it."""
    inside = getattr(document, place[0])
    for length in range(2, len(place)):
        document.variables.setdefault(place[:length], variable)
        below = inside.setdefault(place[length - 1], {})
        inside = below if isinstance(below, dict) else {}
    inside[place[-1]] = text
    document.variables[place] = variable
    document.origins[".".join(place)] = Origin("environment", f"environment {variable}", folder)
