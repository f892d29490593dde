"""`tradewright new strategy`: a strategy file that runs as it is written."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

import click

from tradewright.domain.errors import ConfigError

from .lazy import Command, CommandSet

__all__ = ["new", "strategy"]

new = CommandSet(
    "new",
    help="Start a file of your own.",
    commands={"strategy": ("tradewright.cli.new:strategy", "A commented strategy file.")},
)


@click.command(cls=Command)
@click.argument("name")
def strategy(name: str) -> None:
    """Write a commented strategy file NAME.py into the working folder; an existing file is left alone."""
    from tradewright.reporting.files import write_file

    from .template import strategy_text

    words = _words(name)
    path = Path("_".join(words) + ".py")
    if path.exists():
        raise ConfigError(f"{path} exists already and is left as it is.", hint="Choose another name.")
    write_file(path, strategy_text("".join(word.capitalize() for word in words), str(path)))
    click.echo(f"Wrote {path}. Try it: tradewright backtest {path} --synthetic")


def _words(name: str) -> list[str]:
    """The words of a name in any case: MyIdea, my-idea, my_idea.py."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.removesuffix(".py"))
    words = [word.lower() for word in re.split(r"[-_\s]+", text) if word]
    whole = "_".join(words)
    if not whole.isidentifier() or keyword.iskeyword(whole):
        raise ConfigError(
            f"'{name}' cannot be the name of a strategy.", hint="Use letters, digits and underscores, such as my_idea."
        )
    return words
