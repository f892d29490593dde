"""The settings of a project: its file, the environment over it, and where each value came from.

In rising order of strength: ``tradewright.yaml``, the catalogue entry of a strategy, ``TRADEWRIGHT_SECTION__KEY``, the
options of a command. What is written in files yields to the environment, and the environment to what is typed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.bootstrap.alert_settings import AlertSettings
    from tradewright.bootstrap.broker_settings import BrokerSettings
    from tradewright.bootstrap.provider_settings import ProviderSettings
    from tradewright.bootstrap.schedule_settings import DeclaredSchedule
    from tradewright.bootstrap.secrets import Secret, SecretReference
    from tradewright.bootstrap.settings_model import SettingsModel
    from tradewright.bootstrap.settings_values import Document, Origin

__all__ = ["FILE", "FOLDER_VARIABLE", "SOURCES", "Settings", "load_settings", "said_settings", "settings_file"]

FILE = "tradewright.yaml"
SOURCES = "data.sources"
FOLDER_VARIABLE = "TRADEWRIGHT_STORAGE__FOLDER"
_NEARLY = "tradewright.yml"
_PREFIX, _BETWEEN = "TRADEWRIGHT_", "__"


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings in force.

    Parameters
    ----------
    file : Path or None
        The file they were read from.
    values : SettingsModel
        Every value, defaults included.
    origins : mapping of str to Origin
        Who said each ``section.key``; what nobody said is absent.
    credentials : mapping of str to SecretReference
        Where each secret is kept.
    strays : tuple of str
        Variables that begin like ours and are no settings.
    brokers : mapping of str to BrokerSettings
        How each broker is reached, and where its credentials are kept.
    references : mapping of str to SecretReference
        Where the values are kept of keys that are secrets: ``storage.database``, ``live.journal``.
    alerts : AlertSettings or None
        Channels and rules, where any is said.
    providers : mapping of str to ProviderSettings
        How each provider of market data is reached, and where its key is kept.
    schedules : mapping of str to DeclaredSchedule, or None
        What begins by itself; None where there is no file, which alone says it.
    """

    file: Path | None
    values: SettingsModel
    origins: Mapping[str, Origin]
    credentials: Mapping[str, SecretReference]
    strays: tuple[str, ...] = ()
    brokers: Mapping[str, BrokerSettings] = field(default_factory=dict)
    references: Mapping[str, SecretReference] = field(default_factory=dict)
    alerts: AlertSettings | None = None
    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)
    schedules: Mapping[str, DeclaredSchedule] | None = None

    def value(self, key: str) -> Any:
        """The value in force of ``section.key``."""
        section, _, name = key.partition(".")
        held = getattr(self.values, section)
        return getattr(held, name) if name else held

    def path(self, key: str) -> Path | None:
        """The value of a key as a path, counted from the file that says it; None where there is none.

        A default counts from the working folder.
        """
        value = self.value(key)
        if value is None:
            return None
        path = Path(value).expanduser()
        return self.origins[key].base / path if key in self.origins else path

    def run_choices(self, kind: str) -> dict[str, Any]:
        """What ``file`` or ``environment`` says about runs, under the names of the command line's options."""
        said = [key for key, origin in self.origins.items() if origin.kind == kind]
        about = [key for key in said if key.startswith(("backtest.", "data.")) and key != SOURCES]
        found = {key.partition(".")[2]: self.value(key) for key in about}
        if "data.currency" in said:
            found["data_currency"] = self.values.data.currency
            found.pop("currency")
        if "backtest.currency" in said:
            found["currency"] = self.values.backtest.currency
        if "benchmark" in found:
            found["benchmark"] = self._benchmark()
        return found

    def secret(self, name: str, environment: Mapping[str, str]) -> Secret:
        """A secret, read where it is kept at this moment.

        Raises
        ------
        ConfigError
            When nothing of that name is under ``credentials``, or it is not there.
        MissingExtraError
            When it is in the keyring and the library for it is not installed.
        """
        if name not in self.credentials:
            raise ConfigError(
                f"There is no secret '{name}' under 'credentials'.",
                hint=f"Add '{name}: ${{{name.upper()}}}' there, or set {_PREFIX}CREDENTIALS{_BETWEEN}{name.upper()}.",
            )
        return self.credentials[name].read(environment)

    def _benchmark(self) -> str:
        """A file counts from where it was said; a symbol is a word."""
        word = str(self.values.backtest.benchmark)
        path = self.path("backtest.benchmark")
        return str(path) if path is not None and path.suffix and path.is_file() else word


def settings_file(folder: Path) -> Path | None:
    """The nearest ``tradewright.yaml`` upward from a folder.

    Raises
    ------
    ConfigError
        When a file of nearly that name lies nearer: it would be passed over without a word.
    """
    for each in (folder, *folder.parents):
        if (each / FILE).is_file():
            return each / FILE
        if (each / _NEARLY).is_file():
            raise ConfigError(f"{each / _NEARLY} is not read: settings stand in {FILE}.", hint="Rename it.")
    return None


def said_settings(folder: Path, environment: Mapping[str, str]) -> Settings | None:
    """The settings, or None where neither a file nor a variable says anything: then nothing heavy is loaded.

    Raises
    ------
    ConfigError
        As `load_settings`.
    """
    said = any(
        name.startswith(_PREFIX) and _BETWEEN in name and name != FOLDER_VARIABLE and text
        for name, text in environment.items()
    )
    return load_settings(folder, environment) if said or settings_file(folder) is not None else None


def load_settings(folder: Path, environment: Mapping[str, str]) -> Settings:
    """Read and check everything that is said.

    Parameters
    ----------
    folder : Path
        Where the work is done; the file is looked for from here upward.
    environment : mapping of str to str
        The variables; one that is empty counts as not set.

    Raises
    ------
    ConfigError
        For every mistake at once, each with file, line and key, or the variable; never with the value.
    """
    from tradewright.bootstrap.settings_model import SettingsModel
    from tradewright.bootstrap.settings_problems import checked, refusal
    from tradewright.bootstrap.settings_values import Document, from_environment, from_file

    file = settings_file(folder)
    below = Document(str, lambda _: 0) if file is None else from_file(file, environment)
    above, strays = from_environment(environment, folder)
    schedules = _schedules(below, above)
    values = _over(checked(below), checked(above))
    base = folder if file is None else file.parent
    brokers, alerts = _brokers(below, above, base), _alerts(below, above, base)
    providers = _providers(below, above, base, folder)
    if below.problems or above.problems:
        raise refusal([*below.problems, *above.problems])
    return Settings(
        file,
        SettingsModel.model_validate(values),
        {**below.origins, **above.origins},
        {**below.credentials, **above.credentials},
        tuple(strays),
        brokers,
        {**below.references, **above.references},
        alerts,
        providers,
        None if file is None else schedules,
    )


def _brokers(below: Document, above: Document, base: Path) -> dict[str, BrokerSettings]:
    """The brokers that are said; where none is, their kinds are not even looked for."""
    if below.brokers == {} and above.brokers == {}:
        return {}
    from tradewright.bootstrap.broker_settings import brokers_over, take_brokers

    return brokers_over(take_brokers(below, base), take_brokers(above, base))


def _providers(below: Document, above: Document, base: Path, folder: Path) -> dict[str, ProviderSettings]:
    """The providers that are said; where none is, their kinds are not even looked for."""
    if below.providers == {} and above.providers == {}:
        return {}
    from tradewright.bootstrap.provider_settings import providers_over, take_providers

    weaker = take_providers(below, base)
    return providers_over(weaker, take_providers(above, folder, weaker))


def _schedules(below: Document, above: Document) -> dict[str, DeclaredSchedule]:
    """The schedules that are said; where none is, nothing of them is loaded."""
    if below.schedules == {} and "schedules" not in above.values:
        return {}
    from tradewright.bootstrap.schedule_settings import refuse_variables, take_schedules

    refuse_variables(above)
    return take_schedules(below)


def _alerts(below: Document, above: Document, base: Path) -> AlertSettings | None:
    """What is said of alerts; where nothing is, rules and channels are not even looked for."""
    if below.alerts == {} and above.alerts == {}:
        return None
    from tradewright.bootstrap.alert_settings import alerts_over, take_alerts

    return alerts_over(take_alerts(below, base), take_alerts(above, base))


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for name, value in above.items():
        merged[name] = {**below.get(name, {}), **value} if isinstance(value, dict) else value
    return merged
