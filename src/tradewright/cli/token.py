"""`tradewright token`: what programs show instead of a password."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from .lazy import Command, CommandSet

if TYPE_CHECKING:
    from tradewright.domain.control.users import ApiToken

__all__ = ["add_token", "list_tokens", "revoke_token", "rotate_key", "token"]

token = CommandSet(
    "token",
    help="Tokens of programs, each of one user and for named scopes; none of them places a live order.",
    commands={
        "add": ("tradewright.cli.token:add_token", "Issue a token; prints its secret once."),
        "list": ("tradewright.cli.token:list_tokens", "List them."),
        "revoke": ("tradewright.cli.token:revoke_token", "Make one worthless at once."),
        "rotate-key": ("tradewright.cli.token:rotate_key", "Sign access tokens of persons with a new key."),
    },
)

_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
_SCOPES = click.Choice(["read", "research", "paper", "propose-live"])


@click.command("add", cls=Command)
@click.argument("name")
@click.option("--user", "owner", metavar="NAME", required=True, help="Whose it is: it may never do more than they may.")
@click.option("--scope", "scopes", type=_SCOPES, multiple=True, required=True, help="What it is for; may be repeated.")
@click.option("--days", type=int, default=90, show_default=True, help="How long it is good; 0 until it is revoked.")
@_JSON
def add_token(name: str, *, owner: str, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    """Issue a token called NAME, and print its secret. It is shown only here."""
    from tradewright.domain.control.users import Scope

    from .access import desks, terminal
    from .output import print_json

    found = desks()
    user = found.users.named(owner)
    issued = found.tokens.issue(user, name, [Scope(each) for each in scopes], days or None, terminal())
    if as_json:
        print_json({"token": _described(issued.token, user.name), "secret": issued.secret})
        return
    until = "until it is revoked" if issued.token.expires_ns is None else f"until {_instant(issued.token.expires_ns)}"
    said = f"{user.name}'s token '{issued.token.name}' is good {until}. Its secret, shown only here:"
    click.echo(f"{said}\n{issued.secret}")


@click.command("list", cls=Command)
@click.option("--user", "owner", metavar="NAME", help="Of one user only.")
@_JSON
def list_tokens(*, owner: str | None, as_json: bool) -> None:
    """List tokens, oldest first; never their secrets."""
    import time

    from .access import desks
    from .output import print_json, print_table

    found = desks()
    names = {each.id: each.name for each in found.users.users.all()}
    kept = found.tokens.tokens.all() if owner is None else found.tokens.tokens.of(found.users.named(owner).id)
    if as_json:
        print_json({"tokens": [_described(each, names[each.user_id]) for each in kept]})
    elif not kept:
        click.echo("There is no token.")
    else:
        now = time.time_ns()
        rows = [_line(each, names[each.user_id], now) for each in kept]
        print_table(["Id", "User", "Name", "Scopes", "Good until (UTC)", "Used last (UTC)"], rows)


@click.command("revoke", cls=Command)
@click.argument("token_id")
@_JSON
def revoke_token(token_id: str, *, as_json: bool) -> None:
    """Make the token whose id begins with TOKEN_ID worthless at once."""
    from .access import desks, terminal
    from .output import print_json

    found = desks()
    revoked = found.tokens.revoke(token_id, terminal())
    if as_json:
        print_json({"revoked": revoked.id})
    else:
        click.echo(f"The token '{revoked.name}' ({revoked.id[:8]}) is worth nothing any more.")


@click.command("rotate-key", cls=Command)
@_JSON
def rotate_key(*, as_json: bool) -> None:
    """Sign the access tokens of persons with a new key; those that are out stay good until they run out."""
    from .access import desks
    from .output import print_json

    desks().rotate_key()
    if as_json:
        print_json({"rotated": True})
    else:
        click.echo("Access tokens are signed with a new key; those that are out stay good for 15 minutes at most.")


def _line(found: ApiToken, owner: str, now_ns: int) -> list[str]:
    state = _instant(found.expires_ns) or "it is revoked"
    if not found.is_good(now_ns):
        state = "ran out" if found.revoked_ns is None else "revoked"
    scopes = ", ".join(sorted(found.scopes))
    return [found.id[:8], owner, found.name, scopes, state, _instant(found.used_ns) or "never"]


def _described(found: ApiToken, owner: str) -> dict[str, Any]:
    return {
        "id": found.id,
        "user": owner,
        "name": found.name,
        "scopes": sorted(found.scopes),
        "created": _instant(found.created_ns),
        "expires": _instant(found.expires_ns),
        "used": _instant(found.used_ns),
        "revoked": _instant(found.revoked_ns),
    }


def _instant(at_ns: int | None) -> str | None:
    return None if at_ns is None else f"{dt.datetime.fromtimestamp(at_ns // 10**9, dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
