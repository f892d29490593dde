"""Commands that load when they are called: the list of names and short helps costs no import."""

from __future__ import annotations

import difflib
import importlib
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Command", "CommandSet"]


class Command(click.Command):
    """A command with ``--debug``, which the program reads before anything else."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.params.append(_debug_option())


class CommandSet(click.Group):
    """A group of commands known by name, short help and where each is found.

    Parameters
    ----------
    name : str
    commands : mapping of str to (str, str)
        Command name to ``"module:attribute"`` and short help.
    version : bool
        Whether ``--version`` is understood.
    """

    command_class = Command

    def __init__(
        self, name: str, *, commands: Mapping[str, tuple[str, str]], version: bool = False, **keywords: Any
    ) -> None:
        super().__init__(name, context_settings={"help_option_names": ["-h", "--help"]}, **keywords)
        self._places = dict(commands)
        self.params.append(_debug_option())
        if version:
            self.params.append(_version_option())

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order in which they were given."""
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import one command."""
        if cmd_name not in self._places:
            return None
        module, _, attribute = self._places[cmd_name][0].partition(":")
        found: click.Command = getattr(importlib.import_module(module), attribute)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is refused with the nearest name."""
        if args and not args[0].startswith("-") and args[0] not in self._places:
            near = difflib.get_close_matches(args[0], self._places, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(self._places)}."
            raise click.UsageError(f"There is no command '{args[0]}'. {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Names and short helps, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self._places.items()])


def _debug_option() -> click.Option:
    return click.Option(["--debug"], is_flag=True, expose_value=False, help="Show tracebacks.")


def _version_option() -> click.Option:
    return click.Option(
        ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=_show_version, help="Show the version."
    )


def _show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from tradewright.face.version import __version__

        click.echo(f"tradewright {__version__}")
        ctx.exit()
