"""What becomes of a pile of times, by what its schedule wants."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.app.schedules.policy import decide
from tradewright.domain.control.jobs import JobKind
from tradewright.domain.control.schedules import Cause, FiringState, MissedRuns, Schedule, Wish
from tradewright.domain.errors import ConfigError

S = 1_000_000_000


def wanted(missed: str, most: int = 3, grace_s: float = 60.0) -> Schedule:
    return Schedule(
        id="s", name="s", when="* * * * *", zone="UTC", kind=JobKind.CHECK_DATA, request={}, missed=MissedRuns(missed),
        most=most, grace_s=grace_s, owner="ada", created_ns=0, cursor_ns=0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("missed", "due", "expected"),
    [
        # In time: within 60 s of second 1000.
        ("skip", [990], ("due", "begun", 990, 0, 990)),
        ("once", [990], ("due", "begun", 990, 0, 990)),
        ("all", [990], ("due", "begun", 990, 0, 990)),
        ("skip", [940], ("due", "begun", 940, 0, 940)),
        # Too late.
        ("skip", [939], ("missed", "skipped", 939, 1, 939)),
        ("once", [939], ("missed", "begun", 939, 0, 939)),
        ("all", [939], ("missed", "begun", 939, 0, 939)),
        # A pile whose latest is in time.
        ("skip", [100, 200, 990], ("due", "begun", 990, 2, 990)),
        ("once", [100, 200, 990], ("due", "begun", 990, 2, 990)),
        ("all", [100, 200, 990], ("missed", "begun", 100, 0, 100)),
        # A pile of the past.
        ("skip", [100, 200, 300, 400, 500], ("missed", "skipped", 500, 5, 500)),
        ("once", [100, 200, 300, 400, 500], ("missed", "begun", 500, 4, 500)),
        ("all", [100, 200, 300, 400, 500], ("missed", "begun", 300, 2, 300)),
    ],
)
def test_a_pile_becomes_what_the_schedule_wants(missed: str, due: list[int], expected: tuple[Any, ...]) -> None:
    firing, cursor = decide(wanted(missed), [each * S for each in due], 1000 * S)
    assert (firing.cause, firing.state, firing.due_ns // S, firing.missed, cursor // S) == expected
    assert (firing.job_id is None) is (firing.state is FiringState.SKIPPED)


def test_a_long_pile_is_counted_up_to_a_thousand() -> None:
    firing, _ = decide(wanted("skip"), [number * S for number in range(5000)], 10_000 * S)
    assert firing.missed == 1000
    assert firing.cause is Cause.MISSED


@pytest.mark.parametrize("said", [{"most": 0}, {"most": 101}, {"grace_s": -1.0}, {"grace_s": 700_000.0}])
def test_a_wish_has_bounds(said: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=next(iter(said))):
        Wish(name="a", when="* * * * *", kind="check", request={}, **said)
