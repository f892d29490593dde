"""The program: from arguments to an exit code, with every failure as one sentence."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

import click

from .channel import channel, open_channel
from .lazy import CommandSet
from .outcome import BAD_USAGE, INTERRUPTED, OK, PIPE_CLOSED, Outcome, exit_code, sentence, sentence_and_hint

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main", "program"]

program = CommandSet(
    "tradewright",
    help="A workshop for trading strategies: one source, from backtest to live.",
    epilog="Exit codes: 0 ok, 1 failed, 2 bad usage, 3 refused by risk or approval, 130 stopped by Ctrl-C. "
    "STRATEGY is a catalogue name, path/file.py[:Class] or package.module:Class.",
    commands={
        "demo": ("tradewright.cli.demo:demo", "Run two strategies on a synthetic market, offline."),
        "init": ("tradewright.cli.init:init", "Start a project: settings, a strategy, a .gitignore."),
        "config": ("tradewright.cli.config:config", "Show the settings in force and where each came from."),
        "new": ("tradewright.cli.new:new", "Start a strategy file of your own."),
        "data": ("tradewright.cli.data:data", "The store of bars: import, fetch, list, check, export, remove."),
        "backtest": ("tradewright.cli.backtest:backtest", "Run a strategy over stored bars."),
        "optimize": ("tradewright.cli.optimize:optimize", "Search parameters, and say how likely the best is luck."),
        "walk-forward": ("tradewright.cli.walk_forward:walk_forward", "Search and trade the choice on what follows."),
        "montecarlo": ("tradewright.cli.montecarlo:montecarlo", "Draw other ways in which a run could have gone."),
        "check": ("tradewright.cli.check:check", "Find out whether a strategy knows what it could not have known."),
        "trials": ("tradewright.cli.trials:trials", "How many configurations of each strategy family were tried."),
        "runs": ("tradewright.cli.runs:runs", "List, show, export, run again and delete kept runs."),
        "approvals": ("tradewright.cli.approvals:approvals", "Approve a strategy's evidence for its next stage."),
        "compare": ("tradewright.cli.compare:compare", "Put runs side by side."),
        "paper": ("tradewright.cli.live:paper", "Trade a strategy on live bars, without money."),
        "live": ("tradewright.cli.live:live", "Trade a strategy with money."),
        "sessions": ("tradewright.cli.sessions:sessions", "Paper and live sessions, running and past."),
        "replay": ("tradewright.cli.replay:replay", "Run a recorded session again, decision by decision."),
        "sandbox": ("tradewright.cli.sandbox:sandbox", "Serve a simulated exchange that speaks Alpaca's protocol."),
        "kill": ("tradewright.cli.kill:kill", "Stop trading: nothing new is sent, what rests is ended."),
        "rearm": ("tradewright.cli.rearm:rearm", "Take the kill switch's latch away, with a reason."),
        "reconcile": ("tradewright.cli.reconcile:reconcile", "Hold the journal of an account against its venue."),
        "jobs": ("tradewright.cli.jobs:jobs", "Work that is queued: list, show, log, cancel, submit."),
        "schedule": ("tradewright.cli.schedule:schedule", "Work that begins by itself: add, list, pause, run, remove."),
        "summary": ("tradewright.cli.summary:summary", "Sum up the day, and tell people."),
        "worker": ("tradewright.cli.worker:worker", "Take jobs from the queue and run them."),
        "user": ("tradewright.cli.user:user", "Who signs in: add, list, role, password, disable."),
        "token": ("tradewright.cli.token:token", "Tokens of programs: add, list, revoke."),
        "alerts": ("tradewright.cli.alerts:alerts", "Channels of alerts: test whether they reach somebody."),
        "db": ("tradewright.cli.db:db", "The database: upgrade, check, rebuild."),
        "serve": ("tradewright.cli.serve:serve", "Serve the dashboard and the HTTP interface."),
        "strategies": ("tradewright.cli.strategies:strategies", "List the strategies of the catalogue."),
        "doctor": ("tradewright.cli.doctor:doctor", "Say what is installed and reachable, and how to fix what is not."),
    },
    version=True,
)


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    args : sequence of str, optional
        The arguments; those of the process by default.

    Returns
    -------
    int
        The exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that cannot show a sign shows a question mark rather than a traceback.
            stream.reconfigure(errors="replace")
    open_channel(os.environ)
    outcome = Outcome(debug="--debug" in (sys.argv[1:] if args is None else args))
    try:
        return _run(list(sys.argv[1:] if args is None else args), outcome)
    except (click.Abort, KeyboardInterrupt):
        _say(f"Stopped. {outcome.kept_sentence}", outcome)
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return PIPE_CLOSED
    except click.ClickException as error:
        channel().failed(error, error.format_message())
        _say_usage(error)
        return BAD_USAGE
    except Exception as error:  # noqa: BLE001 - the one border where every failure becomes a sentence
        channel().failed(error, *sentence_and_hint(error))
        _say(sentence(error), outcome)
        return exit_code(error)


def _run(args: list[str], outcome: Outcome) -> int:
    code = OK
    try:
        with program.make_context("tradewright", args, obj=outcome) as context:
            code = program.invoke(context) or outcome.code
    except click.exceptions.Exit as leaving:
        code = leaving.exit_code
    # Written here, where a full disk or a closed pipe can still be told.
    _flush()
    return code


def _flush() -> None:
    # A process may have been started without an output, as by a scheduler.
    if sys.stdout is not None:
        sys.stdout.flush()


def _say(text: str, outcome: Outcome) -> None:
    with contextlib.suppress(OSError):
        if outcome.debug:
            traceback.print_exc()
        click.echo(text, err=True)
    _flush_or_discard()


def _say_usage(error: click.ClickException) -> None:
    context: Any = getattr(error, "ctx", None)
    command = context.command_path if context else "tradewright"
    click.echo(f"{error.format_message()}\n  Try '{command} --help'.", err=True)


def _flush_or_discard() -> None:
    """What is left in the buffer must not fail once more when the interpreter ends."""
    try:
        _flush()
    except OSError:
        _discard_output()


def _discard_output() -> None:
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
