"""What the catalogue puts aside begins no session at the terminal; one that is known goes on."""

from __future__ import annotations

from pathlib import Path

from tests.command_line import Tw

from tradewright.bootstrap.session_logs import session_logs

SESSION = ("paper", "aside", "--broker", "alpaca", "--symbols", "ACME")


def test_what_is_inactive_begins_nothing_new_and_a_known_session_goes_on(tw: Tw) -> None:
    Path("strategies.yaml").write_text("strategies:\n  aside: {class: sma.py:SmaCross, status: inactive}\n")
    refused = tw(*SESSION, "--session", "night")
    assert (refused.code, "'aside' is inactive in the catalogue" in refused.err) == (3, True)
    session_logs().create("night", {"mode": "paper"}).close()
    again = tw(*SESSION, "--session", "night")
    assert (again.code, "inactive" in again.err) == (1, False)
