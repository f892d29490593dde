"""Jobs that keep the house: bars are fetched, checked and archived, accounts reconciled, the day is summed up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.control.jobs import JobKind
from tradewright.domain.errors import ConfigError

from . import fields as read
from .fields import Field, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HOUSE", "HouseCommand", "house_words"]

_SYMBOLS = "symbols"


class HouseCommand(NamedTuple):
    """A command without a strategy.

    Parameters
    ----------
    words : tuple of str
    fields : mapping of str to Field
    takes_symbols : bool
        Whether symbols may be named; where none are, all are meant.
    needs : tuple of str
        Fields that it cannot do without.
    """

    words: tuple[str, ...]
    fields: Mapping[str, Field]
    takes_symbols: bool = False
    needs: tuple[str, ...] = ()

    @property
    def known(self) -> list[str]:
        """The fields of a request."""
        return [*([_SYMBOLS] if self.takes_symbols else []), *self.fields]


HOUSE: dict[JobKind, HouseCommand] = {
    JobKind.FETCH_DATA: HouseCommand(
        ("data", "fetch"),
        {
            "source": Field("--source", read.bare_word),
            "timeframe": Field("--timeframe", read.timeframe),
            "start": Field("--start", read.date),
            "end": Field("--end", read.date),
            "refresh": Field("--refresh", read.flag),
        },
        takes_symbols=True,
        needs=("source", "symbols"),
    ),
    JobKind.CHECK_DATA: HouseCommand(
        ("data", "check"),
        {
            "timeframe": Field("--timeframe", read.timeframe),
            "adjustment": Field("--adjustment", read.choice("raw", "split", "full")),
            "max_behind": Field("--max-behind", read.whole()),
        },
        takes_symbols=True,
    ),
    JobKind.ARCHIVE_DATA: HouseCommand(
        ("data", "archive"),
        {
            "older_than": Field("--older-than", read.age),
            "timeframes": Field("--timeframe", read.timeframes),
        },
    ),
    JobKind.RECONCILE: HouseCommand(("reconcile",), {"account": Field("--account", read.plain_word)}),
    JobKind.SUMMARY: HouseCommand(("summary", "--tell"), {}),
}


def house_words(kind: JobKind, said: Mapping[str, Any]) -> tuple[str, ...]:
    """The arguments of `tradewright` for what is said in a request, every field known.

    Raises
    ------
    ConfigError
        When a value does not fit, or one is missing; names it.
    """
    command = HOUSE[kind]
    missing = next((name for name in command.needs if not said.get(name)), None)
    if missing is not None:
        raise ConfigError(f"A job of the kind '{kind}' needs '{missing}'.", hint=f"It has {', '.join(command.known)}.")
    words = words_of(command.fields, {name: value for name, value in said.items() if name != _SYMBOLS})
    everything = ["--all"] if kind is JobKind.RECONCILE and "account" not in said else []
    named = read.symbol_list(_SYMBOLS, said[_SYMBOLS]) if said.get(_SYMBOLS) is not None else []
    return (*command.words, *words, *everything, "--json", *(["--", *named] if named else []))
