"""What the settings may say of schedules, what is said where they cannot be used, and how they come into the store."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from tests.child_processes import until
from tests.job_desk import empty_database

from tradewright.bootstrap.access import auditor_over
from tradewright.bootstrap.declared import declared_wishes, problems_of, schedules_begun
from tradewright.bootstrap.schedules import schedule_desk
from tradewright.bootstrap.settings import load_settings
from tradewright.bootstrap.settings_report import schema
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.schedules import MissedRuns, Wish
from tradewright.domain.control.users import AuditQuery
from tradewright.domain.errors import ConfigError

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```yaml\n(schedules:.*?)```", PAGE, flags=re.DOTALL)[1]  # type: ignore[index]
CANARY = "canary-7f3a"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a store of its own, in which somebody works."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEWRIGHT_STORAGE__FOLDER", str(tmp_path / "store"))
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "runs.db").write_bytes(empty_database())
    return tmp_path


def written(folder: Path, text: str) -> None:
    (folder / "tradewright.yaml").write_text(text, encoding="utf-8")


def one(**said: Any) -> str:
    """Settings with one schedule; a value of None says nothing."""
    values = {"when": "0 * * * *", "kind": "check", **said}
    return yaml.safe_dump({"schedules": {"nightly": values}}, sort_keys=False)


def test_the_example_of_the_page_is_what_it_says(project: Path) -> None:
    written(project, EXAMPLE)
    wishes = declared_wishes()
    assert wishes is not None
    assert [(each.name, each.when, each.kind) for each in wishes] == [
        ("refresh", "XNYS close + 20 m", "fetch"), ("after-the-close", "XNYS close + 40 m", "check"),
        ("old-minutes", "0 3 * * sun", "archive"),
    ]  # fmt: skip
    assert wishes[0].request == {"source": "auto", "symbols": ["AAPL", "MSFT"], "timeframe": "1d"}
    assert (wishes[2].zone, wishes[2].missed) == ("Europe/Berlin", MissedRuns.SKIP)
    jsonschema.validate(yaml.safe_load(EXAMPLE), schema())


def test_values_may_be_variables_and_dates_of_a_request_are_text(project: Path) -> None:
    request = {"source": "auto", "symbols": ["A"], "start": yaml.safe_load("2024-01-02")}
    written(project, one(kind="fetch", when="${AT}", most="${N}", request=request))
    found = load_settings(project, {"AT": "XNYS close", "N": "7"}).schedules
    assert found is not None
    assert (found["nightly"].wish.when, found["nightly"].wish.most) == ("XNYS close", 7)
    assert found["nightly"].wish.request["start"] == "2024-01-02"


@pytest.mark.parametrize(
    ("said", "line", "sentence"),
    [
        ({"when": "soon"}, 3, "'schedules.nightly.when' cannot be used"),
        ({"when": None}, 2, "'schedules.nightly' says no 'when'"),
        ({"kind": None}, 2, "'schedules.nightly' says no 'kind'"),
        ({"kind": 3}, 4, "'schedules.nightly.kind' cannot be used"),
        ({"zone": "Mars"}, 5, "'schedules.nightly.zone' cannot be used. Write one such as"),
        ({"missed": "never"}, 5, "'schedules.nightly.missed' cannot be used. It is skip, once, all"),
        ({"most": 0}, 5, "'schedules.nightly.most' cannot be used"),
        ({"most": 1.5}, 5, "'schedules.nightly.most' cannot be used"),
        ({"most": True}, 5, "'schedules.nightly.most' cannot be used"),
        ({"grace_s": "long"}, 5, "'schedules.nightly.grace_s' cannot be used"),
        ({"request": "all"}, 5, "'schedules.nightly.request' cannot be used"),
        ({"request": {"a": float("inf")}}, 5, "'schedules.nightly.request' cannot be used"),
        ({"mised": "once"}, 5, "'schedules.nightly' has no such key. Did you mean 'missed'?"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_field(
    project: Path, said: dict[str, Any], line: int, sentence: str
) -> None:
    written(project, one(**said))
    with pytest.raises(ConfigError) as refused:
        load_settings(project, {})
    assert f"line {line}: {sentence}" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("schedules: [a]\n", "'schedules' should be a mapping"),
        ("schedules:\n  nightly: daily\n", "'schedules.nightly' should be a mapping"),
    ],
)
def test_what_is_no_mapping_is_refused(project: Path, text: str, sentence: str) -> None:
    written(project, text)
    with pytest.raises(ConfigError, match=sentence):
        load_settings(project, {})


@pytest.mark.parametrize(
    ("said", "line", "sentence"),
    [
        ({"when": "61 * * * *"}, 3, "when' cannot be used: when does not fit"),
        ({"when": "0 0 30 2 *"}, 3, "when' cannot be used: when does not fit"),
        ({"when": "XNYT close"}, 3, "when' cannot be used: There is no calendar named"),
        ({"kind": CANARY}, 4, "kind' cannot be used: kind does not fit"),
        ({"kind": "live"}, 4, "kind' cannot be used: A live session is begun by a person"),
        ({"kind": "fetch"}, 2, "request' cannot be used: A job of the kind 'fetch' needs 'source'"),
        ({"request": {"timeframe": CANARY}}, 5, "request' cannot be used: timeframe does not fit"),
        ({"request": {"symbol": ["A"]}}, 5, "Did you mean 'symbols'?"),
    ],
)  # fmt: skip
def test_what_cannot_be_begun_is_told_with_its_line_and_field_and_never_its_value(
    project: Path, said: dict[str, Any], line: int, sentence: str
) -> None:
    written(project, one(**said))
    with pytest.raises(ConfigError) as refused:
        declared_wishes()
    told = str(refused.value)
    assert f"line {line}: 'schedules.nightly." in told
    assert sentence in told
    assert CANARY not in told


def test_all_mistakes_of_a_schedule_are_told_together(project: Path) -> None:
    written(project, one(when="61 * * * *", kind="live").replace("nightly", "a b"))
    declared = load_settings(project, {}).schedules
    assert declared is not None
    assert [each.line for each in problems_of(declared["a b"])] == [2, 4, 3]


def test_schedules_stand_in_the_file_alone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEWRIGHT_SCHEDULES__NIGHTLY__WHEN", "0 * * * *")
    with pytest.raises(ConfigError, match="TRADEWRIGHT_SCHEDULES__NIGHTLY__WHEN: schedules stand in the file alone"):
        declared_wishes()


def test_no_file_says_nothing_and_a_file_without_the_section_says_that_there_are_none(project: Path) -> None:
    assert declared_wishes() is None
    written(project, "backtest:\n  cash: 5000\n")
    assert declared_wishes() == []


def names(wishes: list[Wish] | None, *expected: str) -> None:
    """Who begins with these wishes comes to have these schedules in the store."""
    desk = schedule_desk()
    with schedules_begun(wishes):
        until(lambda: [each.schedule.name for each in desk.all()] == list(expected), "the schedules")


def test_who_begins_brings_in_what_the_file_says_and_takes_out_what_it_says_no_more(project: Path) -> None:
    written(project, one())
    names(declared_wishes(), "nightly")
    names(None, "nightly")
    written(project, one().replace("nightly", "daily"))
    names(declared_wishes(), "daily")
    written(project, "backtest:\n  cash: 5000\n")
    names(declared_wishes())
    entries = auditor_over(lambda: 0).log.page(AuditQuery(), Slice(10)).items[::-1]
    assert [(each.who, each.action, each.subject) for each in entries] == [
        ("settings", "schedule.create", "nightly"), ("settings", "schedule.create", "daily"),
        ("settings", "schedule.delete", "nightly"), ("settings", "schedule.delete", "daily"),
    ]  # fmt: skip
