"""One line for each thing worth saying, with whose work it is, and without secrets."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import subprocess
import sys

import pytest

from tradewright.adapters.metrics.memory import HeldMetrics
from tradewright.bootstrap.logs import log_folder, start_logs, stop_logs
from tradewright.bootstrap.redaction import GONE, Redactor
from tradewright.bootstrap.secrets import Secret
from tradewright.bootstrap.settings import load_settings
from tradewright.bootstrap.settings_model import LoggingSection
from tradewright.domain.gauges import LOG_LINES
from tradewright.domain.log_context import bound_ids, naming

LOG = logging.getLogger("tradewright.test")
CANARY = "canary-7f3a9c"


@pytest.fixture
def lines():
    """What was logged, as lines; everything is as before afterwards."""
    root, level = logging.getLogger(), logging.getLogger().level
    made = io.StringIO()

    def read(**section):
        if section or not any(each.get_name() == "tradewright" for each in root.handlers):
            start_logs(LoggingSection(**section), "worker", stream=made)
        return made.getvalue().splitlines()

    yield read
    stop_logs()
    root.setLevel(level)


def said(lines):
    return [json.loads(line) for line in lines()]


def test_a_line_says_when_where_and_what(lines):
    lines(format="json")
    LOG.info("A job began.", extra={"fields": {"kind": "backtest"}})
    (line,) = said(lines)
    assert {key: line[key] for key in ("event", "level", "logger", "role", "kind")} == {
        "event": "A job began.", "level": "info", "logger": "tradewright.test", "role": "worker", "kind": "backtest",
    }  # fmt: skip
    assert line["timestamp"].endswith("Z")


def test_what_is_not_a_terminal_gets_json_and_the_eye_gets_words(lines):
    lines(format="auto")
    LOG.info("one")
    lines(format="console")
    LOG.info("two")
    first, second = lines()
    assert json.loads(first)["event"] == "one"
    assert "two" in second
    assert not second.startswith("{")


def test_a_line_names_run_job_session_and_request(lines):
    lines(format="json")
    with naming(request="q1", session="s1"), naming(job="j1", run="r1"):
        LOG.info("inside")
    LOG.info("outside")
    inside, outside = said(lines)
    assert {key: value for key, value in inside.items() if key.endswith("_id")} == {
        "request_id": "q1", "session_id": "s1", "job_id": "j1", "run_id": "r1",
    }  # fmt: skip
    assert not [key for key in outside if key.endswith("_id")]


def test_a_process_that_works_for_a_job_names_it_whatever_it_does(lines, monkeypatch):
    monkeypatch.setenv("TRADEWRIGHT_JOB", "j7")
    lines(format="json")
    LOG.info("alone")
    with naming(session="s1"):
        LOG.info("within a session")
    assert [(line["job_id"], line.get("session_id")) for line in said(lines)] == [("j7", None), ("j7", "s1")]


def test_tasks_that_run_side_by_side_name_their_own():
    async def named(request):
        with naming(request=request):
            await asyncio.sleep(0)
            return bound_ids()["request_id"]

    async def both():
        return await asyncio.gather(named("a"), named("b"))

    assert asyncio.run(both()) == ["a", "b"]


def test_less_than_the_level_is_not_logged(lines):
    lines(level="warning", format="json")
    LOG.info("no")
    LOG.warning("yes")
    assert [each["event"] for each in said(lines)] == ["yes"]


def test_libraries_that_tell_of_every_request_are_heard_from_warnings_on(lines):
    lines(level="debug", format="json")
    logging.getLogger("httpx").info("HTTP Request: POST https://hooks.example/x")
    assert lines() == []


def test_beginning_again_does_not_say_everything_twice(lines):
    lines(format="json")
    lines(format="json")
    LOG.info("once")
    assert len(lines()) == 1


def test_lines_are_counted_by_level(lines):
    metrics = HeldMetrics()
    start_logs(LoggingSection(), "serve", metrics=metrics, stream=io.StringIO())
    LOG.error("one")
    assert metrics.value(LOG_LINES, level="error") == 1


def test_the_file_is_called_after_the_role_and_lies_where_the_settings_say(tmp_path, lines):
    (tmp_path / "tradewright.yaml").write_text("logging: {folder: logs, format: console}")
    settings = load_settings(tmp_path, {})
    assert log_folder(settings) == tmp_path / "logs"
    assert log_folder(None) is None
    start_logs(settings.values.logging, "serve", folder=log_folder(settings), stream=io.StringIO())
    LOG.info("kept")
    assert json.loads((tmp_path / "logs" / "serve.log").read_text())["event"] == "kept"


# ---------------------------------------------------------------- secrets


def broken():
    raise ValueError(f"refused with {CANARY}")


def under_a_key():
    LOG.info(
        "x", extra={"fields": {"password": "hunter2hunter2", "nested": [{"api_key": CANARY}], "access_token": CANARY}}
    )


def by_value():
    LOG.info("The key is %s.", Secret(CANARY).reveal())


def in_an_error():
    secret = Secret(CANARY)
    assert secret
    try:
        broken()
    except ValueError:
        LOG.exception("It failed.")


def in_an_object():
    Secret(CANARY)
    LOG.info("x", extra={"fields": {"request": ValueError(CANARY), "pair": (1, CANARY), "of": {CANARY: 1}}})


def by_its_looks():
    LOG.info("Authorization: Bearer %s", CANARY)
    LOG.info("postgresql://ann:%s@db/state", CANARY)
    LOG.info("GET /v1/x?token=%s&a=1", CANARY)
    LOG.info('{"password": "%s"}', CANARY)
    LOG.info("POST https://api.telegram.org/bot123:%s/sendMessage", CANARY)
    LOG.info("POST https://hooks.slack.com/services/T/B/%s", CANARY)


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("leak", [under_a_key, by_value, in_an_error, in_an_object, by_its_looks])
def test_no_secret_stands_in_a_line(lines, form, leak, monkeypatch):
    monkeypatch.setattr("tradewright.bootstrap.secrets._MET", set())
    lines(format=form)
    leak()
    told = "\n".join(lines())
    assert GONE in told
    assert CANARY not in told
    assert "hunter2hunter2" not in told


def test_what_is_no_secret_stays():
    said = {"tokens": 12, "event": "The passage of time, the secretary, a monkey.", "author": "ann", "keyboard": "x"}
    assert Redactor(lambda: ["ab"]).mapping(said) == said


def test_a_secret_inside_another_is_taken_out_with_it():
    assert Redactor(lambda: ["abcdef", "abcdefgh"]).text("x abcdefgh y") == f"x {GONE} y"


def test_every_secret_that_was_read_is_known(tmp_path, monkeypatch):
    monkeypatch.setattr("tradewright.bootstrap.secrets._MET", set())
    (tmp_path / "tradewright.yaml").write_text("credentials: {key: '${KEY}'}")
    load_settings(tmp_path, {"KEY": CANARY}).secret("key", {"KEY": CANARY})
    assert Redactor().text(f"a {CANARY} b") == f"a {GONE} b"


def test_the_library_is_loaded_when_logging_begins_and_not_before():
    told = (
        "import sys, tradewright.bootstrap.logs as logs; before = 'structlog' in sys.modules;"
        "from tradewright.bootstrap.settings_model import LoggingSection; logs.start_logs(LoggingSection(), 'x');"
        "print(before, 'structlog' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "True"]
