"""The commands of schedules and of the summary, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.command_line import Tw

from tradewright.app.alerts.channels import AlertPlan
from tradewright.bootstrap.access import auditor_over
from tradewright.bootstrap.alerts import open_alert_desk
from tradewright.bootstrap.databases import state_database
from tradewright.bootstrap.jobs import job_queue
from tradewright.domain.control.paging import Slice
from tradewright.domain.control.users import AuditQuery

pytestmark = pytest.mark.usefixtures("storage")
ADD = ("schedule", "add", "nightly", "30 2 * * *", "archive", '{"older_than": "2y"}', "--zone", "Europe/Berlin")


def test_a_schedule_goes_from_its_making_to_its_end(tw: Tw) -> None:
    assert "no schedule yet" in tw("schedule", "list").out
    assert "nightly begins its archive job at " in tw(*ADD).out
    listed = tw("schedule", "list").out
    assert all(word in listed for word in ("nightly", "30 2 * * * (Europe/Berlin)", "archive"))
    assert "nightly is paused." in tw("schedule", "pause", "nightly").out
    assert "paused" in tw("schedule", "list").out
    assert "nightly begins its next job at " in tw("schedule", "resume", "nightly").out
    assert "nightly is removed." in tw("schedule", "remove", "nightly").out
    assert tw("schedule", "show", "nightly").code == 1


def test_a_run_by_hand_is_a_job_in_the_queue(tw: Tw) -> None:
    tw(*ADD, "--paused")
    job_id = json.loads(tw("schedule", "run", "nightly", "--json").out)["job"]
    assert job_queue().job(job_id).request == {"older_than": "2y"}
    again = tw("schedule", "run", "nightly")
    assert (again.code, "is not over" in again.err) == (1, True)
    shown = tw("schedule", "show", "nightly").out
    assert all(word in shown for word in ("hand", "queued", job_id, "times"))


def test_what_is_told_as_json_is_complete(tw: Tw) -> None:
    made = json.loads(tw(*ADD, "--missed", "all", "--most", "3", "--grace", "60", "--json").out)
    [listed] = json.loads(tw("schedule", "list", "--json").out)["schedules"]
    shown = json.loads(tw("schedule", "show", "nightly", "--json").out)
    assert listed == made
    assert made | {"times": shown["times"], "firings": []} == shown
    assert (made["missed"], made["most"], made["grace_s"], made["request"]) == ("all", 3, 60.0, {"older_than": "2y"})
    assert (len(shown["times"]), shown["times"][0]) == (5, made["next"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a b", "* * * * *", "check"), "name"), (("a", "soon", "check"), "is no time"),
        (("a", "* * * * *", "nothing"), "kind"), (("a", "* * * * *", "check", "{"), "not JSON"),
        (("a", "* * * * *", "check", "[]"), "no JSON object"), (("a", "* * * * *", "check", "--zone", "Mars"), "zone"),
        (("a", "* * * * *", "check", "--most", "0"), "most"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_bad_usage(tw: Tw, words: tuple[str, ...], said: str) -> None:
    run = tw("schedule", "add", *words)
    assert run.code == 2
    assert said in run.err


def test_what_is_typed_is_audited_whether_it_is_done_or_refused(tw: Tw) -> None:
    tw(*ADD)
    tw("schedule", "pause", "nightly", "nobody")
    entries = auditor_over(lambda: 0).log.page(AuditQuery(), Slice(10)).items[::-1]
    assert [(each.action, each.subject, each.outcome) for each in entries] == [
        ("schedule.create", "nightly", "done"), ("schedule.change", "nightly", "done"),
        ("schedule.change", "nobody", "refused"),
    ]  # fmt: skip
    assert {each.who.partition("/")[0] for each in entries} == {"terminal"}


def test_the_day_is_summed_up_in_a_paragraph_and_as_json(tw: Tw) -> None:
    assert tw("summary").out == ("Nothing is traded. Jobs of 24 h: 0 done, 0 failed, 0 cancelled. Open alerts: none.\n")
    said = json.loads(tw("summary", "--json").out)
    assert (said["groups"], said["jobs"], said["alert"]) == ([], {"cancelled": 0, "done": 0, "failed": 0}, None)


def test_a_job_that_tells_the_day_twice_tells_it_once(tw: Tw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEWRIGHT_JOB", "5b1c9a70de21f384")
    first, second = (json.loads(tw("summary", "--tell", "--json").out)["alert"] for _ in range(2))
    assert first == second
    desk = open_alert_desk(AlertPlan(), state_database())
    [alert] = desk.open().values()
    assert (alert.rule, alert.count, alert.id) == ("daily_summary", 1, first)
    assert "Nothing is traded." in alert.sentence


def test_a_rule_that_is_switched_off_tells_nobody(tw: Tw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tradewright.yaml").write_text("alerts:\n  rules:\n    daily_summary: off\n")
    monkeypatch.chdir(tmp_path)
    run = tw("summary", "--tell")
    assert (run.code, "switched off" in run.err) == (0, True), run.err


def test_every_account_is_reconciled_where_none_is_named(tw: Tw) -> None:
    assert tw("reconcile", "--all").out == "No account has traded here.\n"
    assert json.loads(tw("reconcile", "--all", "--json").out) == {"accounts": []}
    assert tw("reconcile", "--all", "--account", "a").code == 2


def test_an_account_that_cannot_be_looked_at_is_a_difference_and_a_job_says_so(tw: Tw, storage: Path) -> None:
    for name in ("alpaca-1", "ib-2"):
        (storage / "accounts" / "paper" / name).mkdir(parents=True)
    run = tw("reconcile", "--all", "--json")
    compared = json.loads(run.out)["accounts"]
    assert run.code == 1
    assert [(each["account"], each["problem"]) for each in compared] == [
        (f"paper/{name}", f"The account paper/{name} has no journal.") for name in ("alpaca-1", "ib-2")
    ]


def test_a_schedule_is_edited_and_what_is_not_said_stays(tw: Tw) -> None:
    before = json.loads(tw(*ADD, "--json").out)
    run = tw("schedule", "edit", "nightly", "--name", "weekly", "--when", "30 2 * * sun", "--missed", "skip")
    assert run.out.startswith("weekly says another name and when and missed; it begins its archive job at "), run.err
    after = json.loads(tw("schedule", "edit", "weekly", "--request", '{"older_than": "1y"}', "--json").out)
    moved = {"next", "revision", "changed", "name", "when", "missed", "request"}
    assert {name for name in before if before[name] != after[name]} == moved
    assert (after["revision"], after["request"]) == (2, {"older_than": "1y"})
    assert "says all that already" in tw("schedule", "edit", "weekly", "--missed", "skip").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say what is to be otherwise"), (("--when", "soon"), "is no time"), (("--request", "{"), "not JSON"),
        (("--kind", "fetch"), "no field"), (("--most", "0"), "most"), (("--missed", "never"), "missed"),
    ],
)  # fmt: skip
def test_an_edit_that_does_not_fit_is_bad_usage(tw: Tw, words: tuple[str, ...], said: str) -> None:
    tw(*ADD)
    run = tw("schedule", "edit", "nightly", *words)
    assert run.code == 2
    assert said in run.err


def test_an_edit_is_audited_with_what_was_asked_for(tw: Tw) -> None:
    tw(*ADD)
    tw("schedule", "edit", "nightly", "--most", "3")
    [entry, _] = auditor_over(lambda: 0).log.page(AuditQuery(), Slice(10)).items
    assert (entry.action, entry.subject, entry.details) == ("schedule.change", "nightly", {"changes": {"most": 3}})
