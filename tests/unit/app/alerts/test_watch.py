"""What is found is raised once, told once, and resolved when it is over; whoever is stopped goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.app.alerts.conftest import ACCOUNT, FEED, S

from tradewright.app.alerts.channels import AlertPlan, Channel
from tradewright.app.alerts.rules import RULES, in_force
from tradewright.domain.control.alerts import Severity
from tradewright.domain.control.jobs import Job, JobKind, JobLimits, JobState
from tradewright.domain.control.readings import DiskReading
from tradewright.domain.control.users import AuditEntry
from tradewright.domain.gauges import ALERTS_OPEN

# ---------------------------------------------------------------- events


def test_a_job_that_failed_is_told_with_its_reason(house):
    house.job_failed("The data of ACME is not there.")
    house.look()
    (alert,) = house.open()
    assert (alert.rule, alert.subject, alert.severity) == ("job_failed", "backtest of ann", Severity.WARNING)
    assert house.line.sentences == ["raised: The backtest j1 failed: The data of ACME is not there."]


def test_jobs_that_end_well_are_not_told(house):
    for state in ("queued", "running", "done", "cancelled"):
        house.events.append("jobs", "state", {"id": "j", "kind": "backtest", "owner": "a", "state": state}, house.now)
    house.events.append("jobs", "progress", {"id": "j", "state": "failed"}, house.now)
    house.look()
    assert house.open() == []


def test_many_failures_are_one_alert_with_a_count_and_the_last_time(house):
    for _ in range(3):
        house.job_failed()
        house.look(10)
    (alert,) = house.open()
    assert (alert.count, alert.last_ns - alert.first_ns) == (3, 20 * S)
    assert len(house.line.taken) == 1


def test_failures_of_others_are_alerts_of_their_own(house):
    house.job_failed(owner="ann")
    house.job_failed(owner="bob")
    house.look()
    assert {each.subject for each in house.open()} == {"backtest of ann", "backtest of bob"}
    assert len(house.line.taken) == 2


def test_what_happened_before_the_first_watch_is_history(house):
    with house.places._database.writing() as connection:
        connection.exec_driver_sql("delete from places")
    house.job_failed()
    house.begin()
    house.look()
    assert house.open() == []


def test_a_failure_after_calm_is_a_new_alert_and_told_again(house):
    house.job_failed()
    house.look()
    house.look(RULES["job_failed"].thresholds["calm_s"])
    assert house.open() == []
    house.job_failed()
    house.look()
    assert [each.count for each in house.open()] == [1]
    assert house.line.sentences == ["raised: The backtest j1 failed: It broke."] * 2


# ---------------------------------------------------------------- restarts


def test_nothing_is_told_again_after_a_restart(house):
    house.job_failed()
    house.stands(account={**ACCOUNT, "is_latched": True})
    house.look()
    told = len(house.line.taken)
    house.begin()
    house.look()
    house.look()
    assert len(house.line.taken) == told == 2
    assert {each.rule: each.count for each in house.open()} == {"job_failed": 1, "latch_tripped": 1}


@pytest.mark.parametrize("dies_at", ["raise_", "put", "move", "take", "end"])
def test_who_dies_anywhere_goes_on_and_tells_at_most_once(house, monkeypatch, dies_at):
    """Killed in each store's change in turn: before and after it."""
    owner = {"raise_": house.alerts, "put": house.queue, "take": house.queue, "end": house.queue, "move": house.places}
    target = owner[dies_at]
    whole = getattr(type(target), dies_at)
    for is_done in (False, True):
        taken = len(house.line.taken)
        house.job_failed(owner=f"ann {is_done}")

        def dying(*arguments, is_done=is_done):
            if is_done:
                whole(target, *arguments)
            raise KeyboardInterrupt

        monkeypatch.setattr(target, dies_at, dying)
        with pytest.raises(KeyboardInterrupt):
            house.look()
        monkeypatch.undo()
        house.begin()
        house.look()
        # Whoever died while it was sent is not asked to send it again: nobody knows whether it was.
        expected = 1 if dies_at in {"raise_", "put", "move", "end"} or not is_done else 0
        assert len(house.line.taken) - taken == expected
        assert len({each.id for each in house.line.taken}) == len(house.line.taken)


# ---------------------------------------------------------------- sessions


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"is_latched": True}, "latch_tripped"),
        ({"is_paused": True}, "day_loss_pause"),
        ({"is_halted": True}, "drawdown_halt"),
        ({"frozen": {"ACME": "The venue says 7, the journal 5."}}, "reconcile_break"),
    ],
)
def test_how_an_account_stands_is_told_at_once_and_again_when_it_is_over(house, said, rule):
    house.account(**said)
    house.look()
    house.look(5)
    assert house.rules() == [rule]
    house.account()
    house.look(5)
    assert house.open() == []
    assert [each.split(":")[0] for each in house.line.sentences] == ["raised", "resolved"]


def test_a_frozen_symbol_is_named_with_the_reason(house):
    house.account(frozen={"ACME": "The venue says 7, the journal 5."})
    house.look()
    assert "ACME: The venue says 7, the journal 5." in house.line.sentences[0]


def stale(house, **said):
    house.stands(feed={**FEED, **said})
    house.look(30)


@pytest.mark.parametrize("said", [{"is_connected": False}, {"is_behind": True}])
def test_a_feed_is_stale_after_a_while(house, said):
    for _ in range(2):
        stale(house, **said)
        assert house.open() == []
    stale(house, **said)
    assert house.rules() == ["feed_stale"]
    stale(house)
    assert house.open() == []


def test_a_feed_that_comes_back_in_between_is_not_stale(house):
    for said in ({"is_behind": True}, {"is_behind": True}, {}, {"is_behind": True}, {"is_behind": True}):
        stale(house, **said)
    assert house.open() == []


def test_no_feed_is_stale_while_the_market_is_closed(house):
    for _ in range(5):
        stale(house, is_connected=False, is_market_open=False)
    assert house.open() == []


def test_an_order_may_be_unknown_for_a_moment(house):
    house.account(unknown_orders=1)
    house.look()
    house.look(59)
    assert house.rules() == []
    house.account(unknown_orders=1)
    house.look(1)
    assert house.rules() == ["order_unknown"]


def test_a_session_that_says_nothing_any_more_is_told(house):
    house.stands()
    house.look(59)
    assert house.rules() == []
    house.look(2)
    assert house.rules() == ["session_silent"]


def test_a_session_that_failed_is_told_once_with_its_reason(house):
    house.stands(state="failed", why_ended="The venue refuses the credentials.")
    for _ in range(3):
        house.look(1)
    (alert,) = house.open()
    assert (alert.rule, alert.count) == ("session_stopped", 1)
    assert "The venue refuses the credentials." in house.line.sentences[0]


def test_a_session_that_fails_a_second_time_counts_once_more(house):
    house.stands(state="failed", why_ended="a")
    house.look(1)
    house.stands(state="failed", why_ended="b")
    for _ in range(5):
        house.look(1)
    assert [each.count for each in house.open()] == [2]


def test_a_session_whose_process_is_gone_has_crashed_and_is_not_silent(house):
    house.stands(alive=False)
    house.look(500)
    house.look(500)
    assert house.rules() == ["session_crashed"]


def test_a_session_that_was_stopped_is_no_alert(house):
    house.stands(state="ended", alive=False)
    house.look(500)
    assert house.open() == []


def test_a_session_on_another_host_is_not_called_crashed(house):
    house.stands(alive=None)
    house.look()
    assert house.open() == []


def test_a_session_that_places_too_many_orders_is_told(house):
    house.stands()
    house.placed = 120
    house.look()
    assert house.open() == []
    house.placed = 121
    house.look()
    assert house.rules() == ["order_rate"]


# ---------------------------------------------------------------- the house


def test_a_worker_that_is_silent_is_told_until_it_is_back(house):
    job = Job("j1", JobKind.BACKTEST, JobState.QUEUED, "ann", {}, JobLimits(), house.now)
    house.jobs.add(job)
    house.jobs.claim("w1", [JobKind.BACKTEST], house.now)
    house.look(59)
    assert house.open() == []
    house.look(2)
    assert [(each.rule, each.subject) for each in house.open()] == [("worker_lost", "w1")]
    house.jobs.beat(house.jobs.get("j1"), house.now)
    house.look(1)
    assert house.open() == []


def test_a_disk_is_low_by_share_or_by_gigabytes(house):
    for free, total, rules in ((60, 1000, []), (40, 1000, ["disk_low"]), (0.5, 8, ["disk_low"]), (2, 8, [])):
        house.disks = [DiskReading("the stores", int(free * 10**9), int(total * 10**9))]
        house.look(1)
        assert house.rules() == rules


def log_in(house, who, address, *, is_in):
    entry = AuditEntry(
        0, house.now, who if is_in else "", "sign_in", who, "done" if is_in else "failed", address=address
    )  # fmt: skip
    house.audit.add(entry)


def test_a_burst_of_refused_log_ins_is_told_by_name_and_by_address(house):
    for number in range(5):
        log_in(house, "ann", f"10.0.0.{number}", is_in=False)
        log_in(house, f"user{number}", "10.9.9.9", is_in=False)
    house.look()
    assert sorted(each.subject for each in house.open()) == ["the address 10.9.9.9", "the name 'ann'"]


def test_a_few_refused_log_ins_over_a_long_time_are_no_burst(house):
    for _ in range(10):
        log_in(house, "ann", "10.0.0.1", is_in=False)
        house.look(100)
    assert house.open() == []


def test_a_sign_in_from_a_new_address_is_told_but_not_the_first_of_all(house):
    for address in ("10.0.0.1", "10.0.0.1", "10.0.0.2"):
        log_in(house, "ann", address, is_in=True)
        house.now += S
    house.look()
    assert [each.split(": ")[1] for each in house.line.sentences] == [
        "ann signed in from 10.0.0.2, for the first time from there."
    ]


# ---------------------------------------------------------------- rules are data


def test_a_schedule_that_cannot_begin_its_job_is_told_once(house):
    facts = {"id": "s1", "name": "nightly", "kind": "archive", "error": "older_than does not fit."}
    for kind in ("started", "refused", "removed"):
        house.events.append("schedules", kind, facts, house.now)
    house.look()
    house.look(5)
    [alert] = house.open()
    assert (alert.rule, alert.subject, alert.count) == ("schedule_refused", "nightly", 1)
    assert alert.sentence == "The schedule 'nightly' could not begin its archive: older_than does not fit."


def test_a_rule_may_be_switched_off(house):
    others = {name: each for name, each in house.plan.rules.items() if name != "job_failed"}
    house.plan = replace(house.plan, rules=others)
    house.begin()
    house.job_failed()
    house.look()
    assert house.open() == []


def test_a_rule_may_have_another_threshold_and_another_weight(house):
    rule = replace(in_force("order_rate", most=3.0), severity=Severity.INFO)
    house.plan = replace(house.plan, rules={**house.plan.rules, "order_rate": rule})
    house.begin()
    house.stands()
    house.placed = 4
    house.look()
    assert [each.severity for each in house.open()] == [Severity.INFO]


def test_open_alerts_are_measured(house):
    house.account(is_latched=True)
    house.look()
    assert house.metrics.value(ALERTS_OPEN, severity="critical") == 1
    assert house.metrics.value(ALERTS_OPEN, severity="warning") == 0


def test_a_plan_without_channels_raises_all_the_same(house):
    house.plan = AlertPlan()
    house.begin()
    house.job_failed()
    house.look()
    assert house.rules() == ["job_failed"]


def test_every_rule_says_what_it_is():
    assert all(each.meaning.endswith(".") for each in RULES.values())
    assert all("calm_s" in each.thresholds for each in RULES.values() if each.is_fact)
    assert Channel("x", lambda: None).at_least is Severity.INFO
