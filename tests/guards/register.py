"""Which guard stands where, what takes it out, and which tests notice."""

from __future__ import annotations

from dataclasses import dataclass

KILL_SWITCH = "kill switch"
LEASE = "lease"
PAPER = "paper cannot reach live"
MUTE = "mute stream"
FOREIGN = "restart with foreign positions"
STRATEGIES = "hung or raising strategies"
TORN = "torn journal tail"
EDGES = "limits, closes and nights"


@dataclass(frozen=True)
class Guard:
    """One guard.

    Parameters
    ----------
    promise : str
        What it keeps.
    name : str
    file : str
        In ``src/tradewright``.
    text, without : str
        The lines that guard, which stand there once, and what is left of them without the guard.
    tests : tuple of str
        Any of them fails then.
    """

    promise: str
    name: str
    file: str
    text: str
    without: str
    tests: tuple[str, ...]


_ROAD = "app/orders/office.py"
_TROUBLE = "tests/e2e/test_live_trouble.py"
_OTHERS = f"{_TROUBLE}::test_what_others_have_in_the_account_stays_and_the_kill_switch_holds_over_a_restart"
_BROKERS = "tests/unit/bootstrap/test_brokers.py"
_ENGINE = "tests/unit/engine/live/test_session_engine.py"
_EDGES = "tests/e2e/test_live_edges.py"
_FEED = "tests/unit/app/live/feed/test_live_feed.py"

GUARDS = (
    Guard(
        KILL_SWITCH, "a latched account takes no decision", "app/orders/submit.py",
        "        if reason is None and (office.book.latch.is_set or office.latch.read() is not None):\n",
        "        if False:\n",
        ("tests/unit/app/live/test_door.py::test_a_latched_account_takes_no_order",),
    ),
    Guard(
        KILL_SWITCH, "a latched account takes no exit of a strategy", "app/orders/submit.py",
        "reason is None and (office.book.latch.is_set or",
        "reason is None and not is_exit and (office.book.latch.is_set or",
        ("tests/unit/app/live/test_door.py::test_a_latched_account_takes_no_exit_either",),
    ),
    Guard(
        KILL_SWITCH, "what was decided before the latch is not sent after it", _ROAD,
        "        if self._is_latched_for(order):\n", "        if False:\n",
        ("tests/faults",),
    ),
    Guard(
        KILL_SWITCH, "the latch holds over a restart", "app/orders/kill.py",
        "        if self.office.book.latch.is_set:\n            self.office.spawn(self.run())\n",
        "        self.office.book.latch = type(self.office.book.latch)(self.office.book.latch.number)\n"
        "        self.office.latch.clear()\n",
        (_OTHERS,),
    ),
    Guard(
        KILL_SWITCH, "what rests at the venue is ended", "app/orders/kill.py",
        "            await self.clear()\n", "",
        ("tests/e2e/test_kill.py::test_a_healthy_session_does_it_and_lives_on_latched",),
    ),
    Guard(
        KILL_SWITCH, "a process in a busy loop is ended", "app/live/kill.py",
        "                way.seat.evict(holder, way.patience.acknowledge_s)\n", "",
        ("tests/e2e/test_kill.py::test_a_session_in_a_busy_loop_is_ended_and_no_database_is_asked",),
    ),
    Guard(
        LEASE, "without enough of the lease nothing is sent", _ROAD,
        "        if not self.has_lease():\n", "        if False:\n",
        ("tests/unit/app/orders/test_lease_keeper.py",),
    ),
    Guard(
        LEASE, "an account that another process trades is refused", "adapters/storage/journal/file_journal.py",
        "            self._lock.take()\n", "",
        ("tests/unit/adapters/storage/journal",),
    ),
    Guard(
        LEASE, "an old epoch does not write", "adapters/storage/journal/file_journal.py",
        "        if epoch <= self._floor:\n", "        if False:\n",
        ("tests/conformance/test_journals.py",),
    ),
    Guard(
        PAPER, "a process that said paper is bound by it", "domain/live/modes.py",
        "        if self._mode not in (None, mode):\n", "        if False:\n",
        (f"{_BROKERS}::test_a_live_process_opens_no_paper_venue",),
    ),
    Guard(
        PAPER, "no warrant for a process that trades on paper", "domain/live/modes.py",
        "        if self._mode is not Mode.LIVE:\n", "        if False:\n",
        (f"{_BROKERS}::test_the_claim_alone_does_not_hold_a_paper_process_the_warrant_does_too",),
    ),
    Guard(
        PAPER, "credentials of live need a warrant", "domain/live/modes.py",
        "        if type(warrant) is not LiveWarrant:\n", "        if False:\n",
        (f"{_BROKERS}::test_live_credentials_are_not_built_without_a_warrant",),
    ),
    Guard(
        MUTE, "a stream of orders that leaves untold what questions show is replaced", "app/orders/hearing.py",
        "        return self._untold_ns is not None and self._now() - self._untold_ns >= 2 * self._beat_ns\n",
        "        return False\n",
        ("tests/unit/app/orders/test_hearing.py",),
    ),
    Guard(
        MUTE, "a feed that is silent for two heartbeats is opened again", "app/live/feed/line.py",
        "            if self._is_mute(reader):\n", "            if False:\n",
        (f"{_FEED}::test_a_mute_stream_is_noticed_after_two_heartbeats_and_opened_again",),
    ),
    Guard(
        FOREIGN, "orders of others are left alone", "app/orders/foreign.py",
        "        if self.office.settings.scope.is_ours(seen.cid):\n", "        if seen.cid is not None:\n",
        (_OTHERS,),
    ),
    Guard(
        FOREIGN, "a session holds what its own orders brought, not what lies in the account", "app/live/ledger.py",
        "        return int(tail) if head == self._session and tail.isdecimal() else None\n",
        "        return 0\n",
        ("tests/unit/app/live/test_ledger.py",),
    ),
    Guard(
        STRATEGIES, "a strategy that raises is asked no more", "engine/live/loop.py",
        "            self.retire(number, self._sentence(error, number))\n", "            raise\n",
        (f"{_ENGINE}::test_a_strategy_that_raises_is_asked_no_more_and_the_others_go_on",),
    ),
    Guard(
        STRATEGIES, "the session goes on without a strategy that hangs", "app/live/runner.py",
        "            answers = await self._without(error, sequence, stopped)\n", "            raise\n",
        ("tests/unit/app/live/test_far.py::test_its_process_is_replaced_and_the_session_goes_on_without_it",),
    ),
    Guard(
        TORN, "a torn tail is cut", "adapters/storage/journal/segments.py",
        "    _cut(path, found, torn)\n", "",
        ("tests/unit/adapters/storage/journal",),
    ),
    Guard(
        TORN, "a frame that does not continue the chain is no record", "adapters/storage/journal/frames.py",
        "        if _checksum(frame.sequence, frame.epoch, frame.body, before) != frame.checksum:\n",
        "        if False:\n",
        ("tests/unit/adapters/storage/journal",),
    ),
    Guard(
        TORN, "damage with records behind it is no torn tail", "adapters/storage/journal/segments.py",
        "    if not is_last or shows_valid_frame(torn, last):\n", "    if False:\n",
        ("tests/unit/adapters/storage/journal",),
    ),
    Guard(
        EDGES, "a drawdown of the session latches its account", "app/live/halting.py",
        "            await self._account.road.switch.latch(LatchOrder(why, self._session))\n", "",
        ("tests/unit/app/live/test_halting.py",),
    ),
    Guard(
        EDGES, "a latch that was cut short is no latch that a person took away", "app/live/halting.py",
        "        if not self._is_latched:\n", "        if False:\n",
        ("tests/unit/app/live/test_halting.py",),
    ),
    Guard(
        EDGES, "a session that halted goes on once its account was armed", "engine/live/session.py",
        "            self.gate.rearm(self.desk.equity())\n", "            pass\n",
        (f"{_ENGINE}::test_after_a_person_has_armed_the_account_the_fall_counts_from_there",),
    ),
    Guard(
        EDGES, "orders for the day are read to their end at the close", "app/live/session.py",
        "            end_days(self.parts.account.road.day, given)\n", "            pass\n",
        ("tests/unit/app/live/test_days.py",),
    ),
    Guard(
        EDGES, "what is decided on the last bar is not taken back at night", "app/live/days.py",
        "        day.opened(symbols, at_ns)\n", "",
        ("tests/unit/app/live/test_days.py",),
    ),
    Guard(
        EDGES, "rows that grew old while an engine was replaced are not decided on", "app/live/runner.py",
        "        if isinstance(given, Row) and came_ns <= self._replaced_ns and self._is_stale(given):\n",
        "        if False:\n",
        ("tests/unit/app/live/test_runner.py",),
    ),
    Guard(
        EDGES, "the first bar of a day needs no question about the night before it", "app/live/feed/assembly.py",
        "        is_first = not times.is_extended and (slot is None or slot >= bar.close_time)\n",
        "        is_first = False\n",
        (f"{_EDGES}::test_summer_time_begins_and_a_stop_is_jumped_over_at_the_open",),
    ),
    Guard(
        EDGES, "a half day ends when its calendar says so", "engine/live/schedule.py",
        "            self.last_rows.add(number)\n            return True\n", "            return True\n",
        (f"{_EDGES}::test_a_half_day_ends_at_one_and_what_was_ordered_at_its_close_works_on_the_next_trading_day",),
    ),
    Guard(
        EDGES, "a pause for the day's loss ends with the market's day", "app/live/session.py",
        "            parts.account.valuer.day_of = parts.feed.hours.day\n", "            pass\n",
        ("tests/unit/app/live/test_days.py",),
    ),
    Guard(
        EDGES, "a loss over night is one of the new day", "app/live/valuing.py",
        "        watch.begin_session(self.day_of(now), now)\n        watch.mark(account, now)\n",
        "        watch.mark(account, now)\n        watch.begin_session(self.day_of(now), now)\n",
        ("tests/unit/app/live/test_valuing.py",),
    ),
    Guard(
        EDGES, "nothing is ordered at a close that is too long ago", "engine/live/session.py",
        "        self.desk.is_late = isinstance(given, Row | SessionClosed) and not given.acts\n", "",
        (f"{_ENGINE}::test_nothing_is_ordered_at_a_close_that_is_too_long_ago",),
    ),
    Guard(
        EDGES, "a person who arms an account lifts no pause", "risk/gate.py",
        "        self.guard.halted = 0\n", "        self.guard.halted = self.guard.paused = 0\n",
        ("tests/unit/risk/test_gate.py",),
    ),
    Guard(
        KILL_SWITCH, "who waits for the venue alone is not ended", "app/live/kill.py",
        "            return _waits_for_fills(way, book, told)\n", "            return False\n",
        ("tests/unit/app/live/test_kill_waiting.py",),
    ),
)  # fmt: skip
