"""Keeping what a command made, so that it is found with `runs` and `compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tradewright.domain.errors import ConfigError

from .channel import channel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .options import Function
    from .outcome import Outcome

__all__ = ["keep_all", "keeping_options", "label_of"]

_LABEL = ("name", "note", "tags")


def keeping_options(default: str) -> Callable[[Function], Function]:
    """Give a command the options about keeping; ``default`` is what it does where nobody says."""
    options = (
        click.option(
            "--keep/--no-keep", default=None, help=f"Keep the run, to be found with runs and compare. [{default}]"
        ),
        click.option("--name", metavar="TEXT", help="What the kept run is called."),
        click.option("--note", default="", metavar="TEXT", help="What to remember about it."),
        click.option(
            "--tag", "tags", multiple=True, metavar="WORD", help="A word to find it by; may be given several times."
        ),
    )

    def give(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return give


def label_of(options: dict[str, Any]) -> tuple[bool | None, dict[str, Any]]:
    """Take them out of the options of a command: whether to keep, None where nobody said, and under which label.

    Raises
    ------
    ConfigError
        When a label is given to what is not to be kept.
    """
    said, label = options.pop("keep"), {name: options.pop(name) for name in _LABEL}
    named = next((name for name, value in label.items() if value), None)
    if named and said is False:
        option = "--tag" if named == "tags" else f"--{named}"
        raise ConfigError(f"{option} is for a run that is kept.", hint="Leave out --no-keep.")
    return True if named else said, label


def keep_all(results: Mapping[str, Any], label: Mapping[str, Any], outcome: Outcome, *, aside: bool) -> None:
    """Keep every result and print the short ids; a store that cannot take them costs the exit code, not the results.

    Parameters
    ----------
    results : mapping of str to result
        By what tells them apart on the screen; empty where there is one.
    label : mapping
    outcome : Outcome
    aside : bool
        Whether the ids go to the standard error.
    """
    from tradewright.domain.errors import TradewrightError
    from tradewright.domain.kept_run import short_id
    from tradewright.face.runs import keep_run

    from .outcome import FAILED, sentence, sentence_and_hint

    for told, result in results.items():
        try:
            run_id = keep_run(result, **label)
        except TradewrightError as error:
            click.echo(f"The run was not kept. {sentence(error)}", err=True)
            channel().failed(error, *sentence_and_hint(error))
            outcome.code = FAILED
            return
        channel().run(run_id)
        outcome.kept.append(f"run {short_id(run_id)}")
        click.echo(f"Kept as {short_id(run_id)}" + (f" ({told})" if told else ""), err=aside)
