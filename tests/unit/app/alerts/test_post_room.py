"""Messages are tried again with growing waits, held back in quiet hours, and told in a digest afterwards."""

from __future__ import annotations

import pytest
from tests.unit.app.alerts.conftest import NOW, Line, S

from tradewright.app.alerts.channels import AlertPlan, Channel
from tradewright.app.alerts.quiet import QuietHours
from tradewright.app.alerts.rules import in_force
from tradewright.domain.control.alerts import Severity
from tradewright.domain.control.outbox import NoticeState
from tradewright.domain.errors import ConfigError, NotFoundError, NotifyError
from tradewright.domain.gauges import DELIVERIES
from tradewright.domain.notice import NoticeKind


def channels(house, *lines, **options):
    """Channels a, b, … over lines of their own."""
    made = (Channel(name, lambda line=line: line, **options) for name, line in zip("abcdef", lines, strict=False))
    house.plan = AlertPlan(channels=tuple(made))
    house.begin()


# ---------------------------------------------------------------- again


def test_a_message_is_tried_again_with_growing_waits(house):
    house.line.error = NotifyError("It is away.")
    house.job_failed()
    tried = []
    for second in range(0, 100, 5):
        before = house.line.attempts
        house.look(5 if second else 0)
        if house.line.attempts > before:
            tried.append(second)
    assert tried == [0, 5, 15, 35, 75]


def test_the_channel_says_when_it_takes_messages_again(house):
    house.line.error = NotifyError("Too many.", retry_after_s=60.0)
    house.job_failed()
    house.look()
    house.look(59)
    assert house.line.attempts == 1
    house.line.error = None
    house.look(1)
    assert len(house.line.taken) == 1


def test_what_would_be_refused_again_is_tried_once(house):
    house.line.error = NotifyError("No.", is_lasting=True)
    house.job_failed()
    house.look()
    house.look(10_000)
    assert house.line.attempts == 1


def test_it_is_given_up_after_eight_attempts(house):
    house.line.error = NotifyError("It is away.")
    house.job_failed()
    for _ in range(20):
        house.look(1000)
    assert house.line.attempts == 8


def test_settings_that_cannot_be_used_are_said_and_not_tried_again(house):
    def broken():
        raise ConfigError("The channel needs 'url'.")

    house.plan = AlertPlan(channels=(Channel("desk", broken),))
    house.begin()
    house.job_failed()
    house.look()
    assert "delivery_failed" in house.rules()


def test_the_other_channels_do_not_wait_for_one_that_is_away_and_are_told(house):
    bad, good = Line(), Line()
    bad.error = NotifyError("It is away.", is_lasting=True)
    channels(house, bad, good)
    house.job_failed()
    house.look()
    house.look()
    assert good.sentences == [
        "raised: The backtest j1 failed: It broke.", "raised: The channel 'a' did not take a message: It is away.",
    ]  # fmt: skip
    assert bad.attempts == 1


def test_a_channel_that_takes_messages_again_is_said(house):
    bad, good = Line(), Line()
    bad.error = NotifyError("It is away.", is_lasting=True)
    channels(house, bad, good)
    house.job_failed()
    house.look()
    bad.error = None
    house.job_failed(owner="bob")
    house.look()
    assert "delivery_failed" not in house.rules()


def test_a_channel_that_is_away_is_left_alone_until_its_next_attempt(house):
    house.line.error = NotifyError("It is away.")
    for number in range(5):
        house.job_failed(owner=f"user{number}")
    house.look()
    assert house.line.attempts == 1


def test_every_attempt_is_kept(house):
    house.line.error = NotifyError("It is away.", hint="Look there.")
    house.job_failed()
    house.look()
    house.line.error = None
    house.look(5)
    (alert,) = house.open()
    assert [(each.channel, each.error) for each in house.log.of(alert.id)] == [
        ("desk", "It is away. Look there."), ("desk", None),
    ]  # fmt: skip
    assert house.metrics.value(DELIVERIES, channel="desk", outcome="retried") == 1
    assert house.metrics.value(DELIVERIES, channel="desk", outcome="sent") == 1


def test_a_message_that_nobody_ended_is_unknown_and_not_sent(house):
    house.job_failed()
    house.line.error = NotifyError("It is away.")
    house.look()
    (alert,) = house.open()
    (notice,) = house.queue.due(house.now + 10**12, 10)
    house.queue.take(notice.id, house.now)
    house.line.error = None
    house.begin()
    house.look(601)
    assert house.queue.get(notice.id).state is NoticeState.UNKNOWN
    assert house.line.taken == []
    assert alert.count == 1


def test_a_message_has_the_same_name_at_every_attempt(house):
    seen = []
    house.line.send = lambda notice: seen.append(notice.id) or (_ for _ in ()).throw(NotifyError("It is away."))
    house.job_failed()
    house.look()
    house.look(5)
    assert len(seen) == 2
    assert len(set(seen)) == 1


# ---------------------------------------------------------------- who is told what


def test_a_channel_hears_what_matters_enough(house):
    house.plan = AlertPlan(channels=(Channel("desk", lambda: house.line, Severity.CRITICAL),))
    house.begin()
    house.job_failed()
    house.account(is_latched=True)
    house.look()
    assert [each.alerts[0].rule for each in house.line.taken] == ["latch_tripped"]


def test_a_rule_may_name_its_channels(house):
    a, b = Line(), Line()
    channels(house, a, b)
    rule = in_force("job_failed")
    named = type(rule)(rule.rule, rule.severity, rule.thresholds, ("b",))
    house.plan = AlertPlan({**house.plan.rules, "job_failed": named}, house.plan.channels)
    house.begin()
    house.job_failed()
    house.look()
    assert (len(a.taken), len(b.taken)) == (0, 1)


# ---------------------------------------------------------------- quiet hours

QUIET = QuietHours.parse("09:00-11:00 UTC")


def quiet(house):
    house.plan = AlertPlan(channels=(Channel("desk", lambda: house.line, quiet=QUIET),))
    house.begin()


def test_in_quiet_hours_nothing_is_told_but_what_is_critical(house):
    quiet(house)
    house.job_failed()
    house.account(is_latched=True)
    house.look()
    assert [each.alerts[0].rule for each in house.line.taken] == ["latch_tripped"]


def test_what_was_held_back_is_one_digest_afterwards(house):
    quiet(house)
    for owner in ("ann", "bob", "eve"):
        house.job_failed(owner=owner)
        house.look(60)
    assert house.line.taken == []
    house.look(3600)
    (digest,) = house.line.taken
    assert (digest.kind, len(digest.alerts), digest.severity) == (NoticeKind.DIGEST, 3, Severity.WARNING)
    house.look(60)
    assert len(house.line.taken) == 1


def test_a_digest_says_what_is_over_meanwhile_and_nobody_is_told_that_alone(house):
    quiet(house)
    house.account(is_paused=True)
    house.look()
    house.account()
    house.look(30)
    house.stands(state="ended")
    house.look(3600)
    (digest,) = house.line.taken
    assert digest.alerts[0].resolved_ns is not None


def test_a_digest_survives_a_restart(house):
    quiet(house)
    house.job_failed()
    house.look()
    quiet(house)
    house.look(3600)
    quiet(house)
    house.look()
    assert [each.kind for each in house.line.taken] == [NoticeKind.DIGEST]


@pytest.mark.parametrize(
    ("text", "moment", "is_quiet"),
    [
        ("09:00-11:00 UTC", 0, True),
        ("10:00-11:00 UTC", 0, True),
        ("09:00-10:00 UTC", 0, False),
        ("22:00-10:30 UTC", 0, True),
        ("22:00-07:00 UTC", 0, False),
        ("22:00-07:00 UTC", 13 * 3600, True),
        ("11:00-12:00 Europe/Berlin", 0, True),
        ("10:00-11:00 Europe/Berlin", 0, False),
    ],
)
def test_quiet_hours_are_those_of_their_zone(text, moment, is_quiet):
    assert QuietHours.parse(text).holds(NOW + moment * S) is is_quiet


def test_quiet_hours_keep_to_the_clock_on_the_wall_when_it_changes():
    """29 March 2026: at 2:00 in Berlin it becomes 3:00, so 6:30 there is 4:30 UTC, not 5:30."""
    hours = QuietHours.parse("22:00-07:00 Europe/Berlin")
    change = 1_774_746_000 * S
    assert hours.holds(change + int(3.5 * 3600) * S)
    assert not hours.holds(change + int(4.5 * 3600) * S)


@pytest.mark.parametrize(
    "text", ["", "22-07", "22:00-07:00", "25:00-07:00 UTC", "22:00-07:00 Mars/Base", "07:00-07:00 UTC", "a:b-c:d UTC"]
)
def test_what_are_no_quiet_hours_is_refused(text):
    with pytest.raises(ConfigError):
        QuietHours.parse(text)


# ---------------------------------------------------------------- people


def test_who_acknowledges_what_happened_ends_it(house):
    house.job_failed()
    house.look()
    (alert,) = house.open()
    done = house.desk.acknowledge(alert.id, "ann", house.now)
    assert (done.acknowledged_by, done.resolved_ns) == ("ann", house.now)
    assert [each.kind for each in house.line.taken] == [NoticeKind.RAISED]


def test_who_acknowledges_how_something_stands_does_not_end_it(house):
    house.account(is_latched=True)
    house.look()
    (alert,) = house.open()
    assert house.desk.acknowledge(alert.id, "ann", house.now).resolved_ns is None
    house.look(5)
    assert house.rules() == ["latch_tripped"]


def test_an_alert_that_is_not_there_cannot_be_acknowledged(house):
    with pytest.raises(NotFoundError):
        house.desk.acknowledge("nothing", "ann", house.now)


def test_every_change_is_an_event(house):
    house.account(is_latched=True)
    house.look()
    (alert,) = house.open()
    house.desk.acknowledge(alert.id, "ann", house.now)
    house.account()
    house.look(5)
    told = house.events.after("alerts", 0, 10)
    assert [each.kind for each in told] == ["raised", "acknowledged", "resolved"]
    assert told[-1].body["id"] == alert.id
    assert told[-1].body["severity"] == "critical"
    assert told[-1].body["resolved_ns"] == house.now


def test_what_was_acknowledged_elsewhere_is_over_at_the_next_look(house):
    house.job_failed()
    house.look()
    (alert,) = house.open()
    house.alerts.acknowledge(alert.id, "ann", house.now)
    house.look(1)
    assert house.open() == []


def test_nobody_is_told_that_something_is_over_who_never_heard_of_it(house):
    house.line.error = NotifyError("No.", is_lasting=True)
    house.account(is_latched=True)
    house.look()
    house.line.error = None
    house.account()
    house.look(5)
    house.look(5)
    assert "resolved" not in [each.kind.value for each in house.line.taken if each.alerts[0].rule == "latch_tripped"]


def test_a_fact_that_is_read_again_is_not_told_again_as_an_event(house):
    house.job_failed()
    house.look()
    with house.places._database.writing() as connection:
        connection.exec_driver_sql("update places set number = 0")
    house.begin()
    house.look()
    assert [each.kind for each in house.events.after("alerts", 0, 10)] == ["raised"]
