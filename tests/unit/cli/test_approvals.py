"""Approvals from the command line."""

from __future__ import annotations

import json
import re

import pytest
from tests.command_line import SAY, Tw


@pytest.fixture
def run_id(tw: Tw) -> str:
    return re.findall(r"Kept as (\w{8})", tw("backtest", "sma.py", "ACME.csv", *SAY).out)[0]


def approved(tw: Tw, *options: str) -> list[dict]:
    return json.loads(tw("approvals", "list", "--json", *options).out)["approvals"]


def test_nothing_is_approved_at_first(tw: Tw) -> None:
    assert tw("approvals", "list").out == "Nothing is approved.\n"
    assert approved(tw) == []


def test_a_run_is_approved_by_its_first_digits_and_listed(tw: Tw, run_id: str) -> None:
    said = tw("approvals", "approve", run_id, "--reason", "sound", "--who", "ann")
    assert re.fullmatch(rf"1: the backtest evidence {run_id}\w+ of SmaCross is approved.\n", said.out)
    (found,) = approved(tw)
    assert (found["who"], found["reason"], found["in_force"], found["stage"]) == ("ann", "sound", True, "backtest")
    assert found["strategy"]["params"] == {"fast": 5, "slow": 15}
    assert run_id in tw("approvals", "list").out


def test_one_word_is_shown_with_what_it_binds(tw: Tw, run_id: str) -> None:
    tw("approvals", "approve", run_id, "--reason", "sound")
    said = tw("approvals", "show", "1").out
    assert re.search(r"^strategy params +fast=5, slow=15$", said, flags=re.MULTILINE)
    assert json.loads(tw("approvals", "show", "1", "--json").out)["number"] == 1


def test_what_was_revoked_is_listed_only_when_all_is_asked_for(tw: Tw, run_id: str) -> None:
    tw("approvals", "approve", run_id, "--reason", "sound")
    assert tw("approvals", "revoke", "1", "--reason", "costs were wrong").code == 0
    assert approved(tw) == []
    assert [(each["verdict"], each["in_force"]) for each in approved(tw, "--all")] == [
        ("revoked", False), ("approved", False),
    ]  # fmt: skip
    assert "approved, no longer" in tw("approvals", "list", "--all").out


def test_a_rejection_is_no_approval(tw: Tw, run_id: str) -> None:
    said = json.loads(tw("approvals", "reject", run_id, "--reason", "too few trades", "--json").out)
    assert said["approvals"][0]["verdict"] == "rejected"
    assert approved(tw, "--strategy", "sma") == []


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("approve", "{run}"), 2, "Missing option '--reason'."),
        (("approve", "{run}", "--reason", " "), 2, "An approval needs a person and a reason."),
        (("approve", "{run}", "--reason", "x", "--who", "agent:a"), 3, "agent:a is an agent: it may propose,"),
        (("approve", "ffffffff", "--reason", "x"), 1, "There is no kept run 'ffffffff'."),
        (("revoke", "7", "--reason", "x"), 1, "There is no approval 7."),
        (("show", "7"), 1, "There is no approval 7."),
    ],
)
def test_what_cannot_be_said_ends_with_a_sentence(
    tw: Tw, run_id: str, words: tuple[str, ...], code: int, sentence: str
) -> None:
    run = tw("approvals", *(word.format(run=run_id) for word in words))
    assert (run.code, run.err.startswith(sentence)) == (code, True), run.err
