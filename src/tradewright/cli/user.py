"""`tradewright user`: who signs in to the dashboard, and what they may do there."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from .lazy import Command, CommandSet

if TYPE_CHECKING:
    from tradewright.domain.control.users import User

__all__ = ["add_user", "change_role", "disable_user", "enable_user", "list_users", "set_password", "user"]

user = CommandSet(
    "user",
    help="Who signs in: viewers read, traders start runs and jobs, admins manage users, settings and approvals.",
    commands={
        "add": ("tradewright.cli.user:add_user", "Make a user; prints a password that is used once."),
        "list": ("tradewright.cli.user:list_users", "List everybody."),
        "role": ("tradewright.cli.user:change_role", "Change what a user may do."),
        "password": ("tradewright.cli.user:set_password", "Give a user another password."),
        "disable": ("tradewright.cli.user:disable_user", "Close a user's doors; sign-ins and tokens end."),
        "enable": ("tradewright.cli.user:enable_user", "Open them again."),
    },
)

_ROLES = click.Choice(["viewer", "trader", "admin"])
_NAME = click.argument("name")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.command("add", cls=Command)
@_NAME
@click.option("--role", type=_ROLES, default="viewer", show_default=True, help="What they may do.")
@_JSON
def add_user(name: str, *, role: str, as_json: bool) -> None:
    """Make a user, and print a password for the first sign-in, where it has to be changed. It is shown only here."""
    from tradewright.domain.control.users import Role

    from .access import desks, terminal

    made, password = desks().users.create(name, Role(role), terminal())
    _say_password(made, password, as_json=as_json)


@click.command("list", cls=Command)
@_JSON
def list_users(*, as_json: bool) -> None:
    """List everybody by name."""
    from .access import desks
    from .output import print_json, print_table

    found = desks().users.users.all()
    if as_json:
        print_json({"users": [_described(each) for each in found]})
    elif not found:
        click.echo("There is no user yet. Make one with: tradewright user add NAME --role admin")
    else:
        rows = [[each.name, each.role.value, _state(each), _day(each.created_ns)] for each in found]
        print_table(["Name", "Role", "State", "Since (UTC)"], rows)


@click.command("role", cls=Command)
@_NAME
@click.argument("role", type=_ROLES)
@_JSON
def change_role(name: str, role: str, *, as_json: bool) -> None:
    """Change what a user may do; it holds from their next request on."""
    from tradewright.domain.control.users import Role

    from .access import desks, terminal

    _say(desks().users.set_role(name, Role(role), terminal()), as_json=as_json)


@click.command("password", cls=Command)
@_NAME
@click.option("--ask", is_flag=True, help="Type the password instead of having one drawn that is used once.")
@_JSON
def set_password(name: str, *, ask: bool, as_json: bool) -> None:
    """Give a user another password; every sign-in of theirs ends.

    One is drawn that has to be changed at the next sign-in, unless --ask lets you type it.
    """
    from .access import desks, terminal

    if ask:
        typed = click.prompt("New password", hide_input=True, confirmation_prompt=True, err=True)
        _say(desks().users.set_password(name, typed, terminal()), as_json=as_json)
        return
    changed, password = desks().users.reset_password(name, terminal())
    _say_password(changed, password, as_json=as_json)


@click.command("disable", cls=Command)
@_NAME
@_JSON
def disable_user(name: str, *, as_json: bool) -> None:
    """Close a user's doors: sign-ins end at once, tokens are revoked."""
    from .access import desks, terminal

    _say(desks().users.disable(name, terminal()), as_json=as_json)


@click.command("enable", cls=Command)
@_NAME
@_JSON
def enable_user(name: str, *, as_json: bool) -> None:
    """Open a user's doors again; tokens that were revoked stay so."""
    from .access import desks, terminal

    _say(desks().users.enable(name, terminal()), as_json=as_json)


def _say_password(made: User, password: str, *, as_json: bool) -> None:
    from .output import print_json

    if as_json:
        print_json({"user": _described(made), "one_time_password": password})
        return
    click.echo(f"{made.name} is {made.role.value}. Password for the first sign-in, shown only here:\n{password}")


def _say(changed: User, *, as_json: bool) -> None:
    from .output import print_json

    if as_json:
        print_json({"user": _described(changed)})
    else:
        click.echo(f"{changed.name} is {changed.role.value}, {_state(changed)}.")


def _described(found: User) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "role": found.role.value,
        "active": found.is_active,
        "must_change_password": found.must_change,
        "created": _instant(found.created_ns),
    }


def _state(found: User) -> str:
    if not found.is_active:
        return "disabled"
    return "has to change the password" if found.must_change else "active"


def _day(at_ns: int) -> str:
    return f"{dt.datetime.fromtimestamp(at_ns // 10**9, dt.UTC):%Y-%m-%d}"


def _instant(at_ns: int) -> str:
    return f"{dt.datetime.fromtimestamp(at_ns // 10**9, dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
