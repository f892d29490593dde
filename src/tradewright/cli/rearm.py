"""`tradewright rearm`: a person takes the kill switch's latch away."""

from __future__ import annotations

import click

from .lazy import Command

__all__ = ["rearm"]


@click.command(cls=Command)
@click.option("--account", metavar="NAME", help="By its name, or the broker's; needed where there are several.")
@click.option("--reason", metavar="TEXT", required=True, help="Why; it is kept.")
@click.option("--risk", metavar="NAME", required=True, help="The limits from now on: cautious, standard or bold.")
@click.option("--who", metavar="NAME", help="Who says so. [the user of the system]")
def rearm(*, account: str | None, reason: str, risk: str, who: str | None) -> None:
    """Take the latch of an account away, once everything it ends has ended and no session runs.

    The risk limits are named again, and the drawdown counts from the equity at the next start.
    """
    import getpass

    from tradewright.bootstrap.kill import account_folders, rearm_account

    folders = account_folders(account)
    if len(folders) != 1:
        known = ", ".join(map(str, folders or account_folders())) or "none"
        raise click.UsageError(f"Name one account with --account; there are {known}.")
    rearm_account(folders[0], who or getpass.getuser(), reason, risk)
    click.echo(f"{folders[0]} is armed again, with the limits '{risk}'.")
