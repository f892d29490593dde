"""What the settings may say of alerts, and what is said where they cannot be used; never with a value."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from tradewright.adapters.notify.email import EmailNotifier
from tradewright.app.alerts.rules import RULES
from tradewright.bootstrap.alert_report import channel_rows
from tradewright.bootstrap.alert_settings import alert_plan
from tradewright.bootstrap.alerts import said_plan
from tradewright.bootstrap.notifiers import NOTIFIERS
from tradewright.bootstrap.settings import load_settings
from tradewright.bootstrap.settings_report import first_file, schema
from tradewright.domain.control.alerts import Severity
from tradewright.domain.errors import ConfigError

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```yaml\n(alerts:.*?)```", PAGE, flags=re.DOTALL)[1]
SECRETS = {"SLACK_WEBHOOK": "https://hooks.example/canary", "PAGER_URL": "https://p.example", "PAGER_KEY": "canary"}


def plan(folder, text, **environment):
    (folder / "tradewright.yaml").write_text(text)
    return alert_plan(load_settings(folder, environment).alerts, environment)


def refusal(folder, text, **environment):
    with pytest.raises(ConfigError) as caught:
        plan(folder, text, **environment)
    return str(caught.value)


def one(said):
    """Settings with one channel."""
    return yaml.safe_dump({"alerts": {"channels": {"desk": said}}})


def test_the_example_of_the_page_is_what_it_says(tmp_path):
    made = plan(tmp_path, EXAMPLE, **SECRETS)
    assert [each.name for each in made.channels] == ["desk", "mail", "pager"]
    assert [each.at_least for each in made.channels] == [Severity.WARNING, Severity.INFO, Severity.CRITICAL]
    assert str(made.channels[1].quiet) == "22:00-07:00 Europe/Berlin"
    assert made.rules["feed_stale"].thresholds == {"after_s": 30.0}
    assert made.rules["failed_logins"].thresholds == {"most": 10.0, "within_s": 600.0, "calm_s": 900.0}
    assert made.rules["failed_logins"].channels == ("mail",)
    assert set(RULES) - set(made.rules) == {"job_failed"}


def test_the_page_has_every_rule_and_every_kind():
    for rule in RULES.values():
        said = ", ".join(f"`{key}` {value:g}" for key, value in rule.thresholds.items())
        assert f"| `{rule.name}` | {rule.meaning} | {rule.severity} | {said} |" in PAGE
    for name in ("email", "slack", "sms", "telegram", "webhook"):
        (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
        for field in NOTIFIERS.loaded(name).fields:
            assert f"`{field.name}`" in row.split("|")[2 if field.is_secret else 3]


def test_editors_accept_the_example_and_refuse_a_secret():
    jsonschema.validate(yaml.safe_load(EXAMPLE), schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(one({"kind": "slack", "url": "https://hooks.example/canary"})), schema())


def test_a_new_file_says_nothing_of_alerts_and_can_be_read(tmp_path):
    (tmp_path / "tradewright.yaml").write_text(first_file())
    assert load_settings(tmp_path, {}).alerts is None


def test_without_settings_every_rule_holds_and_nobody_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = said_plan()
    assert (set(made.rules), made.channels) == (set(RULES), ())


def test_settings_of_the_folder_are_found(tmp_path, monkeypatch):
    (tmp_path / "tradewright.yaml").write_text(EXAMPLE)
    monkeypatch.chdir(tmp_path)
    assert len(said_plan().channels) == 3


def test_a_secret_is_read_for_every_message(tmp_path):
    environment = {"URL": "https://one.example/a"}
    (tmp_path / "tradewright.yaml").write_text(one({"kind": "slack", "url": "${URL}"}))
    (channel,) = alert_plan(load_settings(tmp_path, environment).alerts, environment).channels
    assert channel.open()._url == "https://one.example/a"
    environment["URL"] = "https://two.example/b"
    assert channel.open()._url == "https://two.example/b"


def test_a_secret_that_is_not_there_is_said_when_it_is_needed(tmp_path):
    (channel,) = plan(tmp_path, one({"kind": "slack", "url": "${URL}"})).channels
    with pytest.raises(ConfigError, match=r"'alerts\.channels\.desk\.url' is not set: environment URL holds nothing"):
        channel.open()


def test_options_may_hold_variables(tmp_path):
    said = {"kind": "email", "options": {"host": "${HOST}", "from": "a@b.c", "to": "d@e.f", "port": 2525}}
    (channel,) = plan(tmp_path, one(said), HOST="mail.example").channels
    opened = channel.open()
    assert isinstance(opened, EmailNotifier)
    assert (opened._host, opened._port) == ("mail.example", 2525)


def test_the_environment_is_stronger_and_may_say_everything(tmp_path):
    said = {
        "TRADEWRIGHT_ALERTS__CHANNELS__DESK__KIND": "slack",
        "TRADEWRIGHT_ALERTS__CHANNELS__DESK__URL": "https://hooks.example/canary",
        "TRADEWRIGHT_ALERTS__CHANNELS__DESK__AT_LEAST": "critical",
        "TRADEWRIGHT_ALERTS__RULES__JOB_FAILED": "off",
        "TRADEWRIGHT_ALERTS__RULES__FEED_STALE__AFTER_S": "5",
    }
    made = plan(tmp_path, "alerts: {rules: {feed_stale: {after_s: 50}, job_failed: on}}", **said)
    assert made.channels[0].at_least is Severity.CRITICAL
    assert made.channels[0].open()._url == "https://hooks.example/canary"
    assert made.rules["feed_stale"].thresholds == {"after_s": 5.0}
    assert "job_failed" not in made.rules


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": "slack", "url": "https://hooks.example/canary"}, "'alerts.channels.desk.url' does not say where"),
        ({"kind": "slock", "url": "${X}"}, "Did you mean 'slack'?"),
        ({"url": "${X}"}, "says no 'kind'"),
        ({"kind": "slack"}, "lacks 'url'"),
        ({"kind": "slack", "ulr": "${X}", "url": "${X}"}, "Did you mean 'url'?"),
        ({"kind": "sms", "token": "${X}", "options": {"canary": 1}}, "has no key 'canary'"),
        ({"kind": "slack", "url": "${X}", "at_least": "canary"}, "It is info, warning, critical."),
        ({"kind": "slack", "url": "${X}", "quiet": "canary"}, "22:00-07:00 Europe/Berlin"),
        ({"kind": "slack", "url": "${X}", "quiet": {"canary": 1}}, "should be text"),
        ("canary", "should be a mapping"),
    ],
)
def test_a_channel_that_cannot_be_used_is_refused(tmp_path, said, sentence):
    told = refusal(tmp_path, one(said), X="https://x.example")
    assert sentence in told
    assert "hooks.example" not in told


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"feed_stail": "off"}, "Did you mean 'feed_stale'?"),
        ({"feed_stale": {"after": 3}}, "The keys are after_s, severity, channels."),
        ({"feed_stale": {"after_s": -1}}, "It is a number from 0 up."),
        ({"feed_stale": {"after_s": "nan"}}, "It is a number from 0 up."),
        ({"feed_stale": {"severity": "loud"}}, "It is info, warning, critical."),
        ({"feed_stale": {"channels": ["nobody"]}}, "names the channel 'nobody', which is not there"),
        ({"feed_stale": "perhaps"}, "Write off, or its thresholds below it."),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(tmp_path, said, sentence):
    assert sentence in refusal(tmp_path, yaml.safe_dump({"alerts": {"rules": said}}))


def test_every_mistake_has_its_line(tmp_path):
    told = refusal(tmp_path, "alerts:\n  rules:\n    nothing: off\n  chanels: {}\n")
    assert "line 3" in told
    assert "line 4" in told


def test_names_of_channels_are_words(tmp_path):
    assert "impossible name" in refusal(tmp_path, 'alerts: {channels: {"a b": {kind: slack}}}')


def test_every_kind_that_ships_can_be_loaded():
    for name in NOTIFIERS.names():
        assert NOTIFIERS.loaded(name).name == name


def rows(folder, said, **environment):
    (folder / "tradewright.yaml").write_text(one(said))
    return channel_rows(load_settings(folder, environment), environment)


def test_a_channel_is_listed_with_what_it_lacks(tmp_path):
    (row,) = rows(tmp_path, {"kind": "slack", "url": "${URL}"})
    assert (row.problem, row.state) == (None, "slack, without alerts.channels.desk.url")


def test_a_channel_that_cannot_be_opened_says_why_and_shows_no_secret(tmp_path):
    said = {"kind": "telegram", "token": "${BOT}", "options": {"chat": "1"}}
    (row,) = rows(tmp_path, said, BOT="canary/../x")
    assert "token of Telegram is none" in row.state
    assert "canary" not in row.state
    (good,) = rows(tmp_path, said, BOT="1:a")
    assert good.state == "telegram"
