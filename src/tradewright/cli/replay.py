"""`tradewright replay`: a recorded session once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .lazy import Command
from .outcome import FAILED

if TYPE_CHECKING:
    from tradewright.app.live.replay import FillDrift

    from .outcome import Outcome

__all__ = ["replay"]


@click.command(cls=Command, epilog="Example: replay paper-SmaCross-20260102-143000 --fills simulated")
@click.argument("session")
@click.option("--with", "strategy", metavar="STRATEGY", help="Hold this code against the record. [the recorded text]")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of that other code.")
@click.option("--fills", type=click.Choice(["recorded", "simulated"]), default="recorded", help="Whose. [recorded]")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def replay(outcome: Outcome, /, session: str, strategy: str | None, params: tuple[str, ...], **options: Any) -> None:
    """Give the recorded bars, fills and acknowledgements of SESSION to the engine again, and compare every decision.

    The first difference is named by bar, field and both values, and the exit code is 1. With --fills simulated the same
    bars meet the simulated exchange: how far its fills and the session drift from those of the day.
    """
    as_json, fills = options["as_json"], options["fills"]
    if fills == "simulated":
        if strategy is not None or params:
            raise click.UsageError("--fills simulated runs the recorded strategy: leave out --with and --param.")
        _tell_drift(session, as_json=as_json)
        return
    from tradewright.face.replay import replay as run

    from .output import print_json

    source, values = _other(strategy, params)
    found = run(session, source, params=values)
    report = found.report
    said = {
        "session": session, "inputs": report.inputs, "rows": report.rows, "orders": report.decisions,
        "identical": found.is_identical, "difference": found.difference,
    }  # fmt: skip
    if as_json:
        print_json(said)
    elif found.is_identical:
        click.echo(f"{session}: {report.inputs} inputs, {report.rows} rows, {report.decisions} orders: identical.")
    else:
        click.echo(f"{session}: the replay decides otherwise after {report.inputs} inputs.\n  {found.difference}")
    if not found.is_identical:
        outcome.code = FAILED


def _other(strategy: str | None, params: tuple[str, ...]) -> tuple[Any, Any]:
    if strategy is None:
        if params:
            raise click.UsageError("--param belongs to --with STRATEGY.")
        return None, None
    from .backtest import load
    from .choices import choices_of, parameters

    choices = choices_of(strategy, {"params": params})
    source = load(choices)
    return source, parameters(source, choices.said["params"]) or None


def _tell_drift(session: str, *, as_json: bool) -> None:
    from tradewright.face.replay import compare_fills

    from .output import print_json

    drift = compare_fills(session)
    if as_json:
        print_json(_drift_words(session, drift))
        return
    click.echo(f"{session}: real fills beside simulated ones")
    click.echo(f"  Orders that filled in both: {drift.matched}; only really {drift.only_real}, only simulated "
               f"{drift.only_simulated}.")  # fmt: skip
    if drift.mean_bps is not None:
        worst = max(drift.price_bps)
        click.echo(f"  Real prices were worse by {drift.mean_bps:+.2f} bps on average, by {worst:+.2f} bps at most.")
    click.echo(
        f"  Equity {drift.real_equity:,.2f} really, {drift.simulated_equity:,.2f} simulated: {drift.drift:+.4%}."
    )
    if drift.first_other_decision is not None:
        click.echo(f"  From here on it is another session: {drift.first_other_decision}")


def _drift_words(session: str, drift: FillDrift) -> dict[str, Any]:
    return {
        "session": session,
        "matched": drift.matched,
        "only_real": drift.only_real,
        "only_simulated": drift.only_simulated,
        "price_bps": list(drift.price_bps),
        "mean_bps": drift.mean_bps,
        "real_equity": drift.real_equity,
        "simulated_equity": drift.simulated_equity,
        "drift": drift.drift,
        "first_other_decision": None if drift.first_other_decision is None else str(drift.first_other_decision),
    }
