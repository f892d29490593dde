"""`tradewright approvals`: what a person said of the evidence of a strategy before its next stage."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from .lazy import Command, CommandSet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.app.approve import ApprovalDesk
    from tradewright.domain.stage import Approval

__all__ = ["approvals", "approve_evidence", "list_approvals", "reject_evidence", "revoke_approval", "show_approval"]

approvals = CommandSet(
    "approvals",
    help="What a person said of a strategy's evidence. Paper needs an approved backtest, live an approved paper "
    "session as well. EVIDENCE is the id of a kept run, or its first digits, or of a session.",
    commands={
        "list": ("tradewright.cli.approvals:list_approvals", "List what was said, the latest first."),
        "show": ("tradewright.cli.approvals:show_approval", "Show one word, and exactly what it binds."),
        "approve": ("tradewright.cli.approvals:approve_evidence", "Approve the evidence for the next stage."),
        "reject": ("tradewright.cli.approvals:reject_evidence", "Say that the evidence does not suffice."),
        "revoke": ("tradewright.cli.approvals:revoke_approval", "Take an approval back."),
    },
)

_WHO = click.option("--who", metavar="NAME", help="Who says so. [the user of the system]")
_REASON = click.option("--reason", metavar="TEXT", required=True, help="Why; it is kept.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.command("list", cls=Command)
@click.option("--strategy", metavar="TEXT", help="Any part of the strategy's name.")
@click.option("--all", "every", is_flag=True, help="Also what was rejected, revoked or replaced by a later word.")
@_JSON
def list_approvals(*, strategy: str | None, every: bool, as_json: bool) -> None:
    """List the approvals in force, the latest first."""
    from .output import print_json, print_table

    desk = _desk()
    meant = [said for said in reversed(desk.store.all()) if _is_meant(said, strategy)]
    found = [(said, desk.is_in_force(said)) for said in meant]
    shown = [(said, in_force) for said, in_force in found if every or in_force]
    if as_json:
        print_json({"approvals": [_described(said, in_force=in_force) for said, in_force in shown]})
    elif not shown:
        click.echo("Nothing is approved." if not every else "Nothing was said.")
    else:
        head = ["No.", "When (UTC)", "Strategy", "Evidence of", "Id", "Said", "Who", "Reason"]
        print_table(head, [_line(said, in_force=in_force) for said, in_force in shown], right=(0,))


@click.command("show", cls=Command)
@click.argument("number", type=int)
@_JSON
def show_approval(number: int, *, as_json: bool) -> None:
    """Show one word, and exactly what it binds: text, parameters, symbols and timeframe."""
    from .output import print_json

    desk = _desk()
    said = desk.found(number)
    described = _described(said, in_force=desk.is_in_force(said))
    if as_json:
        print_json(described)
        return
    strategy = described.pop("strategy")
    lines = {**described, **{f"strategy {name}": value for name, value in strategy.items()}}
    click.echo("\n".join(f"{name.replace('_', ' '):<24}{_text(value)}" for name, value in lines.items()))


@click.command("approve", cls=Command)
@click.argument("evidence")
@_REASON
@_WHO
@_JSON
def approve_evidence(evidence: str, *, reason: str, who: str | None, as_json: bool) -> None:
    """Approve the evidence for the next stage: a kept run for paper, a paper session for live.

    The approval binds the strategy's text, every parameter, its symbols and its timeframe.
    """
    _say(lambda desk: desk.approve(evidence, who or _user(), reason), as_json=as_json)


@click.command("reject", cls=Command)
@click.argument("evidence")
@_REASON
@_WHO
@_JSON
def reject_evidence(evidence: str, *, reason: str, who: str | None, as_json: bool) -> None:
    """Say that the evidence does not suffice; an approval before it is in force no longer."""
    _say(lambda desk: desk.reject(evidence, who or _user(), reason), as_json=as_json)


@click.command("revoke", cls=Command)
@click.argument("number", type=int)
@_REASON
@_WHO
@_JSON
def revoke_approval(number: int, *, reason: str, who: str | None, as_json: bool) -> None:
    """Take an approval back. A session that runs goes on; it does not start again."""
    _say(lambda desk: [desk.revoke(number, who or _user(), reason)], as_json=as_json)


def _say(act: Callable[[ApprovalDesk], Sequence[Approval]], *, as_json: bool) -> None:
    from .output import print_json

    desk = _desk()
    said = act(desk)
    if as_json:
        print_json({"approvals": [_described(each, in_force=desk.is_in_force(each)) for each in said]})
        return
    for each in said:
        click.echo(
            f"{each.number}: the {each.stage} evidence {each.evidence} of {each.strategy.name} is {each.verdict}."
        )


def _desk() -> ApprovalDesk:
    import time

    from tradewright.bootstrap.approval_desk import approval_desk

    return approval_desk(time.time_ns)


def _user() -> str:
    import getpass

    return getpass.getuser()


def _is_meant(said: Approval, strategy: str | None) -> bool:
    return strategy is None or strategy.lower() in said.strategy.name.lower()


def _when(said: Approval) -> dt.datetime:
    return dt.datetime.fromtimestamp(said.at_ns / 1e9, dt.UTC)


def _described(said: Approval, *, in_force: bool) -> dict[str, Any]:
    from tradewright.app.approve import identity_plain

    return {
        "number": said.number,
        "stage": said.stage.value,
        "verdict": said.verdict.value,
        "in_force": in_force,
        "evidence": said.evidence,
        "who": said.who,
        "reason": said.reason,
        "at": f"{_when(said):%Y-%m-%dT%H:%M:%SZ}",
        "strategy": identity_plain(said.strategy),
    }


def _line(said: Approval, *, in_force: bool) -> list[str]:
    from tradewright.domain.kept_run import short_id

    word = said.verdict.value + ("" if in_force or said.verdict.value != "approved" else ", no longer")
    return [
        str(said.number), f"{_when(said):%Y-%m-%d %H:%M}", said.strategy.name, said.stage.value,
        short_id(said.evidence) if said.stage.value == "backtest" else said.evidence, word, said.who, said.reason,
    ]  # fmt: skip


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={each}" for name, each in value.items()) or "none"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
