"""`tradewright trials`: families with their counts."""

from __future__ import annotations

import json

from tests.command_line import SAY, Tw


def test_searches_and_runs_of_a_family_are_listed_together(tw: Tw) -> None:
    tw("optimize", "sma.py", "ACME.csv", *SAY, "--param", "fast=2,3", "--json")
    tw("backtest", "sma.py", "ACME.csv", *SAY, "--param", "fast=4", "--no-keep", "--json")
    tw("backtest", "sma.py", "ACME.csv", *SAY, "--family", "mine", "--no-keep", "--json")
    found = json.loads(tw("trials", "--json").out)["families"]
    assert [(each["family"][:6], each["configurations"], each["searches"]) for each in found] == [
        ("mine", 1, 1), ("shape:", 3, 2),
    ]  # fmt: skip
    run = tw("trials", "--family", "mine")
    assert run.out.splitlines()[-2].split()[:4] == ["mine", "SmaCross", "1", "1"]
    assert "shape:" not in run.out
    assert "shape:" in tw("trials", "--family", "smacross").out


def test_where_nothing_was_counted_it_says_so(tw: Tw) -> None:
    assert tw("trials").out == "No trial was counted.\n"
    assert tw("trials", "--family", "mine").out == "No trial of 'mine' was counted.\n"
