"""Progress: silent for short work, a line now and then in a file, a bar on a terminal."""

from __future__ import annotations

import io

from tradewright.cli.progress import Progress
from tradewright.cli.search_progress import SearchProgress
from tradewright.domain.search import Trial, TrialState


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def told(stream: io.StringIO, moments: list[tuple[float, int]]) -> str:
    """What is shown when so many of 1,000 bars are done at these seconds after the start."""
    watch = Watch()
    with Progress("Running", "bars", stream=stream, now=watch) as progress:
        for seconds, done in moments:
            watch.seconds = 100.0 + seconds
            progress(done, 1_000)
    return stream.getvalue()


def test_short_work_says_nothing() -> None:
    assert told(io.StringIO(), [(1.0, 500), (4.0, 1_000)]) == ""
    assert told(Terminal(), [(0.2, 500), (0.6, 1_000)]) == ""


def test_elsewhere_than_on_a_terminal_a_plain_line_tells_share_rate_and_time_left() -> None:
    assert told(io.StringIO(), [(5.0, 250)]) == "Running: 25%, 250 of 1,000 bars, 50 bars/s, 15 s left\n"


def test_lines_come_seconds_apart() -> None:
    assert told(io.StringIO(), [(5.0, 100), (6.0, 200), (9.9, 300), (10.1, 400)]).count("\n") == 2


def test_on_a_terminal_a_bar_tells_share_rate_and_time_left() -> None:
    shown = told(Terminal(), [(1.0, 100), (1.05, 150), (2.0, 500)])
    assert "10%  100 bars/s  9 s left" in shown
    assert "50%  250 bars/s  2 s left" in shown
    assert "15%" not in shown


def test_nothing_done_yet_does_not_divide_by_zero() -> None:
    assert "0 s left" in told(io.StringIO(), [(5.0, 0)])


def test_what_takes_seconds_before_the_first_bar_is_announced() -> None:
    stream = io.StringIO()
    Progress("Running", "bars", stream=stream).announce("compiling the strategy, about 1 s")
    assert stream.getvalue() == "Running: compiling the strategy, about 1 s\n"


def searched(moments: list[tuple[float, int, Trial | None]], total: int | None = 100) -> str:
    """What is shown of a search when so many trials are done at these seconds after the start."""
    watch, stream = Watch(), io.StringIO()
    with SearchProgress("sharpe", progress=Progress("Searching", "trials", stream=stream, now=watch)) as progress:
        for seconds, done, best in moments:
            watch.seconds = 100.0 + seconds
            progress(done, total, best)
    return stream.getvalue()


BEST = Trial(3, {"fast": 10, "weight": 0.123456789}, TrialState.DONE, (1.23456,))


def test_a_search_shows_the_best_so_far_with_how_many_were_tried() -> None:
    assert searched([(0.0, 0, None), (10.0, 50, BEST)]) == (
        "Searching: 50%, 50 of 100 trials, 5.0 trials/s, 10 s left, best sharpe of 50 trials 1.235 "
        "(fast=10, weight=0.123457)\n"
    )


def test_what_was_kept_of_an_earlier_time_does_not_count_for_the_rate() -> None:
    assert "2.0 trials/s, 10 s left" in searched([(3.0, 60, None), (13.0, 80, None)])


def test_where_nobody_knows_how_many_there_will_be_no_time_is_foretold() -> None:
    assert searched([(0.0, 0, None), (10.0, 50, None)], None) == "Searching: 50 trials, 5.0 trials/s\n"
