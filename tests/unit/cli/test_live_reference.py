"""The reference of live sessions names everything that a session is told, takes and says."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any, get_args

import pytest

import tradewright as tw
from tradewright.cli.live import live, paper
from tradewright.domain.live.session import Input, Output
from tradewright.face.live import session_ask

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"
PAGE = (REFERENCE / "live-sessions.md").read_text(encoding="utf-8")
COMMANDS = (REFERENCE / "command-line.md").read_text(encoding="utf-8").partition("## Paper and live")[2]


def table(head: str) -> set[str]:
    """The names in the first column of the table that begins so."""
    rows = PAGE.partition(f"| {head} |")[2].partition("\n\n")[0].splitlines()
    return {name for row in rows if row.startswith("| `") for name in re.findall(r"`([^`]+)`", row.split(" | ")[0])}


def test_every_input_and_output_is_told_and_no_other() -> None:
    assert table("input") == {each.__name__ for each in get_args(Input)}
    assert table("output") == {each.__name__ for each in get_args(Output)}


@pytest.mark.parametrize("command", [paper, live], ids=["paper", "live"])
def test_every_option_of_the_commands_is_told(command: Any) -> None:
    options = {opt for param in command.params for opt in param.opts if opt.startswith("--")}
    told = PAGE + COMMANDS.partition("\n## ")[0]
    assert {option for option in options if not re.search(rf"{option}\b", told)} == {"--debug"}


def test_every_argument_of_a_session_is_told_and_no_other() -> None:
    taken = {*inspect.signature(session_ask).parameters, "fills", "warmup", "fallback", "in_process", "fractional"}
    assert table("argument") == taken - {"mode", "options"}


def test_what_a_session_offers_in_python_is_told() -> None:
    offered = {name for name in vars(tw.Session) if not name.startswith("_")} | {"id"}
    told = {name.partition("(")[0] for name in re.findall(r"^\| `(\w+)", PAGE, flags=re.MULTILINE)}
    assert offered - {"start"} <= told
