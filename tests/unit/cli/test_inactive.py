"""What the catalogue puts aside, or bounds, begins no session at the terminal; one that is known goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.command_line import Tw

from tradewright.bootstrap.session_logs import session_logs


def session(mode: str) -> tuple[str, ...]:
    """A command that begins one."""
    risk = ("--risk", "cautious") if mode == "live" else ()
    return (mode, "aside", "--broker", "alpaca", "--symbols", "ACME", "--session", "night", *risk)


@pytest.mark.parametrize(
    ("said", "mode", "reason"),
    [
        ("status: inactive", "paper", "'aside' is inactive in the catalogue"),
        ("mode: backtest", "paper", "'aside' goes as far as backtest in the catalogue, and begins no paper session"),
        ("mode: paper", "live", "'aside' goes as far as paper in the catalogue, and begins no live session"),
    ],
)
def test_what_may_not_go_so_far_begins_nothing_new_and_a_known_session_goes_on(
    tw: Tw, said: str, mode: str, reason: str
) -> None:
    Path("strategies.yaml").write_text(f"strategies:\n  aside: {{class: sma.py:SmaCross, {said}}}\n")
    refused = tw(*session(mode))
    assert (refused.code, reason in refused.err) == (3, True)
    session_logs().create("night", {"mode": mode}).close()
    again = tw(*session(mode))
    assert (again.code == 3, "in the catalogue" in again.err) == (False, False)


def test_what_may_go_so_far_is_not_held_up_by_the_catalogue(tw: Tw) -> None:
    Path("strategies.yaml").write_text("strategies:\n  aside: {class: sma.py:SmaCross, mode: paper}\n")
    begun = tw(*session("paper"))
    assert (begun.code, "in the catalogue" in begun.err) == (1, False)
