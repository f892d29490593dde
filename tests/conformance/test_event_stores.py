"""Events are numbered without a gap, and alerts are raised once as long as they last."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from tradewright.adapters.storage.sql.alerts import SqlAlerts, SqlDeliveries
from tradewright.adapters.storage.sql.events import SqlEvents
from tradewright.domain.control.alerts import Alert, AlertQuery, Delivery, Severity
from tradewright.domain.control.events import TopicEvent
from tradewright.domain.control.paging import Slice
from tradewright.domain.errors import NotFoundError, StorageError

NOW = 1_763_700_000_123_456_789

# ---------------------------------------------------------------- events


@pytest.fixture
def events(state):
    return SqlEvents(state)


def test_events_are_numbered_within_their_topic(events):
    kept = [events.append(topic, "changed", {"é": number}, NOW + number) for number, topic in enumerate("aba")]
    assert kept == [
        TopicEvent("a", 1, NOW, "changed", {"é": 0}),
        TopicEvent("b", 1, NOW + 1, "changed", {"é": 1}),
        TopicEvent("a", 2, NOW + 2, "changed", {"é": 2}),
    ]
    assert events.after("a", 0, 10) == [kept[0], kept[2]]
    assert (events.head("a"), events.head("b"), events.head("c")) == (2, 1, 0)
    assert events.heads(["a", "c"]) == {"a": 2, "c": 0}


def test_a_reader_goes_on_where_it_stopped(events):
    for number in range(5):
        events.append("a", "changed", {"n": number}, NOW)
    assert [each.seq for each in events.after("a", 2, 2)] == [3, 4]
    assert events.after("a", 5, 2) == []


def test_events_of_several_writers_have_no_gap_and_no_number_twice(events):
    with ThreadPoolExecutor(6) as threads:
        kept = list(threads.map(lambda number: events.append("a", "changed", {"n": number}, NOW), range(24)))
    assert sorted(each.seq for each in kept) == list(range(1, 25))
    assert sorted(kept, key=lambda each: each.seq) == events.after("a", 0, 100)


def test_numbers_go_on_after_events_were_forgotten(events):
    assert events.oldest("a") is None
    for number in range(4):
        events.append("a", "changed", {}, NOW + number)
    events.append("b", "changed", {}, NOW)
    events.forget(NOW + 2)
    assert [each.seq for each in events.after("a", 0, 9)] == [3, 4]
    assert events.oldest("a") == 3
    events.forget(NOW + 99)
    assert (events.oldest("a"), events.head("a"), events.oldest("b")) == (4, 4, 1)
    assert events.append("a", "changed", {}, NOW).seq == 5


# ---------------------------------------------------------------- alerts


ALERT = Alert("a1", "feed.mute", "account é", Severity.WARNING, "Nothing came for 30 s.", "Look.", NOW, NOW)


@pytest.fixture
def alerts(state):
    return SqlAlerts(state)


def test_an_alert_comes_back_as_it_was(alerts):
    assert alerts.raise_(ALERT) == ALERT
    assert alerts.get("a1") == ALERT
    assert alerts.get("nobody") is None


def test_what_lasts_is_counted_and_says_what_was_said_last(alerts):
    alerts.raise_(ALERT)
    again = alerts.raise_(replace(ALERT, id="a2", sentence="Nothing came for 60 s.", hint=None, last_ns=NOW + 30))
    assert again == replace(ALERT, sentence="Nothing came for 60 s.", hint=None, last_ns=NOW + 30, count=2)
    assert alerts.page(AlertQuery(), Slice()) == ([again], 1)


def test_other_subjects_and_rules_are_other_alerts(alerts):
    for number, change in enumerate(({}, {"subject": "other"}, {"rule": "feed.late"})):
        assert alerts.raise_(replace(ALERT, id=f"a{number}", **change)).count == 1


def test_what_was_resolved_and_is_found_again_is_new(alerts):
    alerts.raise_(ALERT)
    assert alerts.resolve("feed.mute", "account é", NOW + 5).resolved_ns == NOW + 5
    assert alerts.resolve("feed.mute", "account é", NOW + 6) is None
    assert alerts.raise_(replace(ALERT, id="a2")).id == "a2"
    assert alerts.get("a1").resolved_ns == NOW + 5


def test_the_same_finding_several_times_at_once_is_one_alert(alerts):
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda number: alerts.raise_(replace(ALERT, id=f"a{number}")), range(12)))
    [kept], total = alerts.page(AlertQuery(), Slice())
    assert (kept.count, total) == (12, 1)


def test_who_acknowledges_first_stands(alerts):
    alerts.raise_(ALERT)
    assert alerts.acknowledge("a1", "ada", NOW + 1).acknowledged_by == "ada"
    assert alerts.acknowledge("a1", "bob", NOW + 2) == replace(ALERT, acknowledged_ns=NOW + 1, acknowledged_by="ada")
    with pytest.raises(NotFoundError, match="no alert 'nobody'"):
        alerts.acknowledge("nobody", "ada", NOW)


def test_what_becomes_worse_is_no_longer_acknowledged(alerts):
    alerts.raise_(ALERT)
    alerts.acknowledge("a1", "ada", NOW + 1)
    assert alerts.raise_(replace(ALERT, severity=Severity.INFO)).acknowledged_by == "ada"
    worse = alerts.raise_(replace(ALERT, severity=Severity.CRITICAL))
    assert (worse.severity, worse.acknowledged_by, worse.acknowledged_ns) == (Severity.CRITICAL, None, None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (AlertQuery(), ["a4", "a3", "a2", "a1"]),
        (AlertQuery(severity=Severity.CRITICAL), ["a2"]),
        (AlertQuery(is_acknowledged=True), ["a3"]),
        (AlertQuery(is_acknowledged=False), ["a4", "a2", "a1"]),
        (AlertQuery(is_resolved=True), ["a4"]),
        (AlertQuery(is_resolved=False, is_acknowledged=False), ["a2", "a1"]),
        (AlertQuery(since_ns=NOW + 2, until_ns=NOW + 4), ["a3", "a2"]),
    ],
)
def test_alerts_are_found(alerts, query, found):
    for number in range(1, 5):
        severity = Severity.CRITICAL if number == 2 else Severity.WARNING
        alerts.raise_(replace(ALERT, id=f"a{number}", subject=f"s{number}", last_ns=NOW + number, severity=severity))
    alerts.acknowledge("a3", "ada", NOW)
    alerts.resolve("feed.mute", "s4", NOW)
    page = alerts.page(query, Slice())
    assert ([each.id for each in page.items], page.total) == (found, len(found))


def test_a_severity_of_a_newer_version_is_a_sentence(state):
    SqlAlerts(state).raise_(ALERT)
    with state.writing() as connection:
        connection.execute(text("UPDATE alerts SET severity = 'doom'"))
    with pytest.raises(StorageError, match="severity that this version does not know: doom"):
        SqlAlerts(state).get("a1")


def test_deliveries_are_numbered_and_kept_with_their_alert(state):
    SqlAlerts(state).raise_(ALERT)
    SqlAlerts(state).raise_(replace(ALERT, id="a2", subject="other"))
    log = SqlDeliveries(state)
    first = log.add(Delivery(0, "a1", "slack", NOW, "Slack said no."))
    second = log.add(Delivery(0, "a1", "slack", NOW + 1))
    third = log.add(Delivery(0, "a2", "email", NOW + 2))
    assert [each.number for each in (first, second, third)] == [1, 2, 3]
    assert log.of("a1") == [first, second]
    assert log.last() == {"slack": second, "email": third}


def test_what_was_resolved_long_ago_is_forgotten_with_its_deliveries(state):
    alerts, log = SqlAlerts(state), SqlDeliveries(state)
    alerts.raise_(ALERT)
    alerts.raise_(replace(ALERT, id="a2", subject="lasting"))
    log.add(Delivery(0, "a1", "slack", NOW))
    alerts.resolve("feed.mute", "account é", NOW + 5)
    alerts.forget(NOW + 5)
    assert alerts.get("a1") is not None
    alerts.forget(NOW + 6)
    assert alerts.get("a1") is None
    assert alerts.get("a2") is not None
    assert log.of("a1") == []
