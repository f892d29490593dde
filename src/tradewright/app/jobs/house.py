"""Jobs that keep the house: bars are fetched, checked, compared and archived, accounts reconciled, days summed up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from tradewright.domain.control.jobs import JobKind
from tradewright.domain.errors import ConfigError

from . import fields as read
from .fields import Field, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HOUSE", "HouseCommand", "house_words"]

_SYMBOLS = "symbols"
_SIDE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}(@[0-9A-Fa-f]{6,64})?")
_BOTH = 2


def _sources(option: str, name: str, value: Any) -> list[str]:
    """Two sources: the store, a version of it, or a provider."""
    fits = isinstance(value, list) and len(value) == _BOTH and all(isinstance(each, str) for each in value)
    if not fits or not all(_SIDE.fullmatch(each) for each in value):
        raise read.refused(name, value, 'two sources such as ["store", "alpaca"]')
    return [f"{option}={','.join(value)}"]


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
            "hours": Field("--hours", read.choice("regular", "extended")),
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
    JobKind.COMPARE_DATA: HouseCommand(
        ("data", "compare"),
        {
            "sources": Field("--sources", _sources),
            "timeframe": Field("--timeframe", read.timeframe),
            "start": Field("--start", read.date),
            "end": Field("--end", read.date),
            "adjustment": Field("--adjustment", read.choice("raw", "split", "full")),
            "tolerance": Field("--tolerance", read.number),
            "volume_tolerance": Field("--volume-tolerance", read.number),
            "no_volume": Field("--no-volume", read.flag),
            "differing": Field("--differing", read.choice("fail", "pass")),
        },
        takes_symbols=True,
        needs=("sources", "symbols"),
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
