"""What the settings say of alerts: channels with where their secrets are kept, and rules with their thresholds."""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewright.app.alerts.channels import AlertPlan, Channel
from tradewright.app.alerts.quiet import QuietHours
from tradewright.app.alerts.rules import RULES, RuleInForce
from tradewright.bootstrap.notifiers import NOTIFIERS
from tradewright.bootstrap.secrets import FORMS, Keeper, SecretReference, secret_reference
from tradewright.bootstrap.settings_values import ALERTS_KEY, CHANNEL_WORDS, Origin, Problem
from tradewright.domain.control.alerts import Severity
from tradewright.domain.errors import ConfigError, TradewrightError
from tradewright.ports.notifier import ChannelAccess

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tradewright.bootstrap.settings_values import Document
    from tradewright.ports.notifier import Notifier

    Path_ = tuple[str, ...]

__all__ = ["AlertSettings", "alert_plan", "alerts_over", "take_alerts"]

_PARTS = ("channels", "rules")
_OFF, _ON = frozenset({"off", "false", "no"}), frozenset({"on", "true", "yes"})
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(slots=True)
class AlertSettings:
    """Alerts as the settings have them.

    Parameters
    ----------
    texts : dict
        By path: ``("channels", "desk", "kind")``, ``("channels", "desk", "options", "host")``,
        ``("rules", "feed_stale", "after_s")``, ``("rules", "job_failed")``.
    secrets : dict
        References by channel and field.
    """

    texts: dict[Path_, str] = field(default_factory=dict)
    secrets: dict[tuple[str, str], SecretReference] = field(default_factory=dict)

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of channels, in order."""
        named = [path[1] for path in self.texts if path[0] == "channels"] + [name for name, _ in self.secrets]
        return tuple(dict.fromkeys(named))

    def below(self, *path: str) -> dict[str, str]:
        """The texts one step below a path."""
        return {found[-1]: text for found, text in self.texts.items() if found[:-1] == path}


def alerts_over(below: AlertSettings, above: AlertSettings) -> AlertSettings:
    """Both, key by key; the second is the stronger."""
    return AlertSettings(below.texts | above.texts, below.secrets | above.secrets)


def take_alerts(document: Document, base: Path) -> AlertSettings:
    """The alerts of a document; its mistakes go to its problems.

    Parameters
    ----------
    document : Document
    base : Path
        The folder from which the paths of secret files count.
    """
    taker = _Taker(document, base)
    for part, said in taker.mapping((), document.alerts).items():
        if part not in _PARTS:
            taker.refuse((part,), f"'{ALERTS_KEY}' has no such key", f"The keys are {', '.join(_PARTS)}.")
            continue
        for name, each in taker.mapping((part,), said).items():
            (taker.channel if part == "channels" else taker.rule)(name, each)
    return taker.found


class _Taker:
    """Reads one document; no sentence quotes a value."""

    def __init__(self, document: Document, base: Path) -> None:
        self.document, self.base, self.found = document, base, AlertSettings()

    def refuse(self, place: Path_, what: str, hint: str) -> None:
        at = (ALERTS_KEY, *place)
        self.document.problems.append(Problem(self.document.where(at), f"{what}.", hint, self.document.line(at)))

    def mapping(self, place: Path_, said: Any) -> dict[str, Any]:
        if said is None or isinstance(said, dict):
            return said or {}
        name = ".".join((ALERTS_KEY, *place))
        self.refuse(place, f"'{name}' should be a mapping", f"Write its keys below '{name}:'.")
        return {}

    def channel(self, name: str, said: Any) -> None:
        if not _NAME.fullmatch(name):
            self.refuse(("channels", name), "a channel has an impossible name", "Use small letters, digits and '_'.")
            return
        for key, value in self.mapping(("channels", name), said).items():
            if key == "options":
                for option, each in self.mapping(("channels", name, key), value).items():
                    self.text(("channels", name, key, option), each)
            elif key in CHANNEL_WORDS:
                self.text(("channels", name, key), value)
            else:
                self.secret(name, key, value)

    def secret(self, channel: str, key: str, said: Any) -> None:
        place = ("channels", channel, key)
        name = ".".join((ALERTS_KEY, *place))
        variable = self.document.variable((ALERTS_KEY, *place))
        if variable is not None:
            self.found.secrets[channel, key] = SecretReference(name, Keeper.ENVIRONMENT, variable)
            return
        reference = secret_reference(name, said, self.base)
        if reference is None:
            hint = f"Write {FORMS}; what is no secret belongs under 'options'."
            self.refuse(place, f"'{name}' does not say where the secret is kept", hint)
            return
        self.found.secrets[channel, key] = reference
        self._origin(place)

    def rule(self, name: str, said: Any) -> None:
        if name not in RULES:
            near = difflib.get_close_matches(name, RULES, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"The rules are {', '.join(RULES)}."
            self.refuse(("rules", name), f"'{ALERTS_KEY}.rules' names a rule that is not known", hint)
            return
        if not isinstance(said, dict):
            self.text(("rules", name), "on" if said is None else said)
            return
        known = (*RULES[name].thresholds, "severity", "channels")
        for key, value in said.items():
            if key in known:
                self.text(("rules", name, key), value)
            else:
                shown = f"{ALERTS_KEY}.rules.{name}"
                self.refuse(("rules", name, key), f"'{shown}' has no such key", f"The keys are {', '.join(known)}.")

    def text(self, place: Path_, said: Any) -> None:
        if isinstance(said, list):
            said = ", ".join(map(str, said))
        if not isinstance(said, (str, int, float)) or said == "":
            self.refuse(place, f"'{'.'.join((ALERTS_KEY, *place))}' should be text or a number", "Write one value.")
            return
        text = str(said).lower() if isinstance(said, bool) else str(said)
        why = _flaw(place, text)
        if why is not None:
            self.refuse(place, f"'{'.'.join((ALERTS_KEY, *place))}' cannot be used", why)
            return
        self.found.texts[place] = text
        self._origin(place)

    def _origin(self, place: Path_) -> None:
        key = ".".join((ALERTS_KEY, *place))
        if key not in self.document.origins:
            self.document.origins[key] = Origin("file", self.document.where((ALERTS_KEY, *place)), self.base)


def _flaw(place: Path_, text: str) -> str | None:
    """What to write instead of a value that cannot be used."""
    if place[0] == "rules":
        return _flaw_of_rule(place[2] if len(place) == 3 else "", text)
    if "options" in place:
        return None
    if place[2] == "kind" and text not in NOTIFIERS:
        near = difflib.get_close_matches(text, NOTIFIERS.names(), n=1)
        return f"Did you mean '{near[0]}'?" if near else f"The kinds are {', '.join(NOTIFIERS.names())}."
    if place[2] == "at_least":
        return _flaw_of_severity(text)
    return _flaw_of_quiet(text) if place[2] == "quiet" else None


def _flaw_of_rule(key: str, text: str) -> str | None:
    if key == "":
        return None if text.lower() in _OFF | _ON else "Write off, or its thresholds below it."
    if key == "severity":
        return _flaw_of_severity(text)
    return None if key == "channels" or _number(text) is not None else "It is a number from 0 up."


def _flaw_of_severity(text: str) -> str | None:
    return None if text in list(Severity) else f"It is {', '.join(Severity)}."


def _flaw_of_quiet(text: str) -> str | None:
    try:
        QuietHours.parse(text)
    except ConfigError as error:
        return error.hint
    return None


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) and found >= 0 else None


def alert_plan(settings: AlertSettings, environment: Mapping[str, str]) -> AlertPlan:
    """The rules in force, and the channels; the secrets of a channel are read for every message.

    Raises
    ------
    ConfigError
        When a channel has no kind or lacks what its kind needs, or a rule names a channel that is not there.
    """
    channels = tuple(_channel(settings, name, environment) for name in settings.channels)
    rules = {name: found for name in RULES if (found := _rule(settings, name)) is not None}
    for rule in rules.values():
        for each in rule.channels or ():
            if each not in settings.channels:
                raise ConfigError(
                    f"'{ALERTS_KEY}.rules.{rule.rule.name}' names the channel '{each}', which is not there.",
                    hint=f"The channels are {', '.join(settings.channels) or 'none yet'}.",
                )
    return AlertPlan(rules, channels)


def _rule(settings: AlertSettings, name: str) -> RuleInForce | None:
    if settings.texts.get(("rules", name), "on").lower() in _OFF:
        return None
    rule, said = RULES[name], settings.below("rules", name)
    thresholds = {key: float(said.get(key, value)) for key, value in rule.thresholds.items()}
    named = tuple(each.strip() for each in said["channels"].split(",")) if "channels" in said else None
    return RuleInForce(rule, Severity(said.get("severity", rule.severity)), thresholds, named)


def _channel(settings: AlertSettings, name: str, environment: Mapping[str, str]) -> Channel:
    said = settings.below("channels", name)
    if "kind" not in said:
        raise ConfigError(
            f"'{ALERTS_KEY}.channels.{name}' says no 'kind'.", hint=f"It is one of {', '.join(NOTIFIERS.names())}."
        )
    references = {field: each for (of, field), each in settings.secrets.items() if of == name}
    options = settings.below("channels", name, "options")
    _require_fields(name, said["kind"], references, options)

    def opened() -> Notifier:
        secrets = {field: each.read(environment).reveal() for field, each in references.items()}
        return NOTIFIERS.loaded(said["kind"]).open(ChannelAccess(secrets, options))

    quiet = QuietHours.parse(said["quiet"]) if "quiet" in said else None
    return Channel(name, opened, Severity(said.get("at_least", Severity.INFO)), quiet)


def _require_fields(name: str, kind: str, secrets: Iterable[str], options: Iterable[str]) -> None:
    """That everything that is needed is said where it belongs; a package's kind that cannot be loaded says so later."""
    try:
        fields = NOTIFIERS.loaded(kind).fields
    except TradewrightError:
        return
    place = f"{ALERTS_KEY}.channels.{name}"
    for said, is_secret, where in ((secrets, True, place), (options, False, f"{place}.options")):
        known = [each.name for each in fields if each.is_secret is is_secret]
        for key in said:
            if key not in known:
                raise ConfigError(f"'{where}' has no key '{key}'.", hint=_nearest(key, known, kind))
        for each in fields:
            if each.is_secret is is_secret and each.is_needed and each.name not in said:
                raise ConfigError(f"'{where}' lacks '{each.name}': {each.meaning}", hint=f"A {kind} channel needs it.")


def _nearest(word: str, known: list[str], kind: str) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    if near:
        return f"Did you mean '{near[0]}'?"
    return f"A {kind} channel takes {', '.join(known)} here." if known else f"A {kind} channel takes nothing here."
