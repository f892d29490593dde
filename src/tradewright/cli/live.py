"""`tradewright paper` and `tradewright live`: the strategy of a backtest on the market as it is now."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from tradewright.bootstrap.policies import COMMISSION_FORMS, SLIPPAGE_FORMS

from .lazy import Command

if TYPE_CHECKING:
    from collections.abc import Callable

    from .outcome import Outcome

__all__ = ["live", "paper"]

_RISK = click.Choice(["cautious", "standard", "bold"])
_OPTIONS = (
    click.option("--broker", required=True, metavar="NAME", help="Whose bars and account: alpaca, ib, ccxt, openalgo."),
    click.option("--symbols", required=True, metavar="A,B", help="What to trade, as the broker calls it."),
    click.option("--timeframe", default="1m", metavar="1m", help="How long a bar lasts. [1m]"),
    click.option("--session", metavar="NAME", help="The name to keep it under; a known one goes on where it ended."),
    click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the strategy."),
    click.option("--cash", type=float, metavar="AMOUNT", help="What it begins with. [100000, or the account's cash]"),
    click.option("--costs", type=click.Choice(["none", "default"]), help="Of simulated fills and of sizing."),
    click.option("--slippage-bps", type=float, metavar="BPS", help="How far simulated fills land from the price. [10]"),
    click.option("--slippage", metavar="MODEL", help=f"Instead, a model: {SLIPPAGE_FORMS}."),
    click.option("--commission", metavar="MODEL", help=f"{COMMISSION_FORMS}. [the venue's, or per-trade:1.0]"),
    click.option("--shorts/--no-shorts", default=None, help="Allow short positions, without leverage."),
    click.option("--fractional/--whole", default=None, help="Trade parts of a share, where the venue does. [whole]"),
    click.option("--extended-hours", is_flag=True, help="Bars before the open and after the close count."),
    click.option("--warmup", type=click.IntRange(min=1), metavar="BARS", help="History before the first decision."),
    click.option("--fallback", metavar="NAME", help="The broker or provider whose bars come while the first has none."),
    click.option("--deadline", type=float, metavar="SECONDS", help="How long a strategy may take over a bar. [10]"),
    click.option("--seed", type=int, help="Of the strategy's generator. [0]"),
    click.option("--dry-run", is_flag=True, help="Decide and gate, and send nothing."),
    click.option("--bars", type=click.IntRange(min=1), metavar="N", help="End after so many bars. [Ctrl-C ends it]"),
    click.option("--json", "as_json", is_flag=True, help="Print every event as a line of JSON, and how it ended."),
)


def _session_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@click.command(cls=Command, epilog="Example: paper sma_cross --broker alpaca --symbols AAPL,MSFT --timeframe 5m")
@click.argument("strategy")
@click.option("--fills", type=click.Choice(["simulated", "venue"]), default="simulated", help="Who fills. [simulated]")
@click.option("--risk", type=_RISK, help="Limits of the account; needed where the venue fills.")
@_session_options
@click.pass_obj
def paper(outcome: Outcome, /, strategy: str, **options: Any) -> None:
    """Trade STRATEGY on live bars without money: on simulated fills, or in the venue's paper account.

    It needs the approval of a backtest ('tradewright approvals'). Everything is recorded; 'tradewright replay' runs it
    once more. Ctrl-C ends it: orders and positions stay as they are.
    """
    _trade(strategy, options, outcome, mode="paper")


@click.command(
    cls=Command, epilog="Example: live sma_cross --broker alpaca --symbols AAPL --timeframe 5m --risk cautious"
)
@click.argument("strategy")
@click.option("--risk", type=_RISK, required=True, help="Limits of the account; said, never assumed.")
@_session_options
@click.pass_obj
def live(outcome: Outcome, /, strategy: str, **options: Any) -> None:
    """Trade STRATEGY with money.

    It needs the approval of a paper session of exactly this strategy, and of the backtest before it. 'tradewright kill'
    stops it from anywhere. Ctrl-C ends it: orders and positions stay as they are.
    """
    _trade(strategy, {**options, "fills": "venue"}, outcome, mode="live")


def _trade(strategy: str, options: dict[str, Any], outcome: Outcome, *, mode: str) -> None:
    from tradewright.face.live import Session, session_ask

    from .live_view import view_of

    bars, as_json = options.pop("bars"), options.pop("as_json")
    session = Session(session_ask(*_asked(strategy, options, mode), mode=mode, **options))
    view = view_of(session, as_json=as_json, is_terminal=sys.stdout.isatty())
    session.start(view.heard)
    outcome.kept = [f"the session {session.id}"]
    try:
        with view:
            view.follow(bars)
    except KeyboardInterrupt:
        click.echo("Ending the session.", err=True)
    finally:
        session.stop()
    view.end()
    session.wait()


def _asked(strategy: str, options: dict[str, Any], mode: str) -> tuple[Any, list[str], str, str]:
    """Strategy, symbols, broker and timeframe; what else was said is left in the options as `session_ask` takes it."""
    from tradewright.bootstrap.policies import costs_of

    from .backtest import load
    from .choices import choices_of, parameters

    _require_mode(strategy, options.get("session"), mode)
    symbols = [name.strip() for name in options.pop("symbols").split(",") if name.strip()]
    said = {name: options.pop(name) for name in ("costs", "slippage_bps", "slippage", "commission")}
    if any(value is not None for value in said.values()):
        options["costs"] = costs_of(said)
    choices = choices_of(strategy, {"params": options.pop("params")})
    source = load(choices)
    options["params"] = parameters(source, choices.said["params"]) or None
    broker, timeframe = options.pop("broker"), options.pop("timeframe")
    for name in [name for name, value in options.items() if value is None and name != "risk"]:
        del options[name]
    options.setdefault("risk", None)
    return source, symbols, broker, timeframe


def _require_mode(strategy: str, session: str | None, mode: str) -> None:
    """What is not to go so far begins no session; one that is known goes on, so that nobody is left with positions."""
    from pathlib import Path

    from tradewright.bootstrap.catalogue import find_catalogue, is_reference
    from tradewright.bootstrap.session_logs import session_logs

    entries = {} if is_reference(strategy) else find_catalogue(Path.cwd()).entries
    if strategy in entries and session not in {name for name, _ in session_logs().sessions()}:
        entries[strategy].require_mode(mode)
