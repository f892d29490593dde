"""`tradewright sandbox`: what it refuses before it listens. That it serves and ends is shown in `tests/e2e`."""

from __future__ import annotations

import socket

import pytest
from tests.command_line import SAY, Tw


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--speed", "warp"), "'warp' is not a speed."),
        (("--fault", "flood"), "A fault cannot be read"),
        (("--fault", "latency"), "The fault latency says no time."),
        (("--key", "ONE"), "--key ONE is not ID:SECRET."),
        (("--dedupe", "often"), "'often' is not one of"),
    ],
)
def test_a_slip_in_an_option_is_told_before_bars_are_read(tw: Tw, args: tuple[str, ...], words: str) -> None:
    run = tw("sandbox", "nowhere.csv", *args)
    assert (run.code, run.out) == (2, "")
    assert words in run.err


def test_without_bars_it_says_what_to_name(tw: Tw) -> None:
    run = tw("sandbox")
    assert run.code == 2
    assert "--synthetic" in run.err


def test_a_taken_port_is_told_in_a_sentence(tw: Tw) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = tw("sandbox", "ACME.csv", *SAY, "--port", str(taken.getsockname()[1]))
    assert run.code == 2
    assert "Name another --port." in run.err


def test_its_help_loads_no_web_library(tw: Tw) -> None:
    run = tw("sandbox", "--help")
    assert run.code == 0
    assert "--fault" in run.out
    assert "--limits" not in run.out
