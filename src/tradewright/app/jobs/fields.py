"""The fields of a request: each read by its kind, refused by name, and written as words of the command line."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError, TradewrightError
from tradewright.domain.retention import age_days
from tradewright.domain.timeframe import Timeframe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = [
    "Field", "age", "amount", "bare_word", "choice", "date", "flag", "folder_word", "names", "number", "plain_word",
    "refused", "several", "switch", "symbol_list", "symbols", "text", "timeframe", "timeframes", "values_of", "whole",
    "words_of",
]  # fmt: skip

_LONGEST = 2_000
_SYMBOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/=^-]{0,63}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/:,+-]{0,127}")
_BARE = re.compile(r"[A-Za-z0-9^][A-Za-z0-9._:=^-]{0,63}")
_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_MOST_NAMES = 5_000


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a request, and the option that it stands for.

    Parameters
    ----------
    option : str
        Such as ``"--fill-at"``.
    read : callable
        ``read(name, value)`` gives the words, or raises a ConfigError that names the field.
    """

    option: str
    read: Callable[[str, str, Any], list[str]]

    def words(self, name: str, value: Any) -> list[str]:
        """Words of the command line; an option and its value are one, so that no value is read as an option."""
        return self.read(self.option, name, value)


def refused(name: str, value: Any, wanted: str) -> ConfigError:
    """The refusal of a field."""
    return ConfigError(f"{name}={value!r:.80} does not fit.", hint=f"Give {wanted}.")


def words_of(fields: Mapping[str, Field], request: Mapping[str, Any]) -> list[str]:
    """Words for every field.

    Raises
    ------
    ConfigError
        For a field that is not known, or whose value does not fit.
    """
    words: list[str] = []
    for name, value in request.items():
        words += fields[name].words(name, value)
    return words


def text(option: str, name: str, value: Any) -> list[str]:
    """Free text in one line or several."""
    if not isinstance(value, str) or len(value) > _LONGEST or "\x00" in value:
        raise refused(name, value, f"text of at most {_LONGEST:,} characters")
    return [f"{option}={value}"] if value else []


def plain_word(option: str, name: str, value: Any) -> list[str]:
    """A word such as the name of a model, a metric or a calendar."""
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise refused(name, value, "a word")
    return [f"{option}={value}"]


def bare_word(option: str, name: str, value: Any) -> list[str]:
    """A word that cannot lead out of a folder."""
    if not isinstance(value, str) or not _BARE.fullmatch(value):
        raise refused(name, value, "a word without slashes")
    return [f"{option}={value}"]


def folder_word(option: str, name: str, value: Any) -> list[str]:
    """A word that a folder can be called."""
    if not isinstance(value, str) or not _FOLDER.fullmatch(value):
        raise refused(name, value, "letters, digits, '.', '_' and '-'")
    return [f"{option}={value}"]


def choice(*words: str) -> Callable[[str, str, Any], list[str]]:
    """One of some words."""

    def read(option: str, name: str, value: Any) -> list[str]:
        if value not in words or not isinstance(value, str):
            raise refused(name, value, " or ".join(words))
        return [f"{option}={value}"]

    return read


def flag(option: str, name: str, value: Any) -> list[str]:
    """True gives the option, false nothing."""
    if not isinstance(value, bool):
        raise refused(name, value, "true or false")
    return [option] if value else []


def switch(option: str, name: str, value: Any) -> list[str]:
    """An option with an opposite, written as ``--yes/--no``."""
    if not isinstance(value, bool):
        raise refused(name, value, "true or false")
    return [option.split("/")[0 if value else 1]]


def whole(least: int = 0) -> Callable[[str, str, Any], list[str]]:
    """A whole number."""

    def read(option: str, name: str, value: Any) -> list[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value < 1 << 63:
            raise refused(name, value, f"a whole number from {least} up")
        return [f"{option}={value}"]

    return read


def number(option: str, name: str, value: Any) -> list[str]:
    """Any number."""
    return [f"{option}={_finite(name, value)}"]


def amount(option: str, name: str, value: Any) -> list[str]:
    """Money above 0: a number, or a decimal as text."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,15}(\.\d{1,10})?", value) and float(value) > 0:
        return [f"{option}={value}"]
    if isinstance(value, str) or float(_finite(name, value)) <= 0:
        raise refused(name, value, 'an amount above 0, such as "100000"')
    return [f"{option}={value!r}"]


def date(option: str, name: str, value: Any) -> list[str]:
    """A day as ``2020-12-31``."""
    try:
        day = dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise refused(name, value, "a date such as 2020-12-31") from None
    return [f"{option}={day.isoformat()}"]


def timeframe(option: str, name: str, value: Any) -> list[str]:
    """How long a bar lasts."""
    try:
        found = Timeframe.parse(value) if isinstance(value, str) else None
    except TradewrightError:
        found = None
    if found is None:
        raise refused(name, value, "a timeframe such as 1m or 1d")
    return [f"{option}={value}"]


def timeframes(option: str, name: str, value: Any) -> list[str]:
    """Lengths of bars, the option once for each."""
    return [word for each in _texts(name, value) for word in timeframe(option, name, each)]


def age(option: str, name: str, value: Any) -> list[str]:
    """How old: days, weeks or years."""
    wanted = "an age such as 90d, 8w or 2y"
    if not isinstance(value, str):
        raise refused(name, value, wanted)
    try:
        age_days(value)
    except ConfigError:
        raise refused(name, value, wanted) from None
    return [f"{option}={value}"]


def symbols(option: str, name: str, value: Any) -> list[str]:
    """Symbols, as a list."""
    found = symbol_list(name, value)
    return [f"{option}={','.join(found)}"] if found else []


def symbol_list(name: str, value: Any) -> list[str]:
    """Symbols that stand for themselves, without an option."""
    found = _texts(name, value)
    if not all(_SYMBOL.fullmatch(each) for each in found):
        raise refused(name, value, 'symbols such as ["AAPL", "MSFT"]')
    return list(found)


def names(option: str, name: str, value: Any) -> list[str]:
    """Words, joined by commas."""
    found = _texts(name, value)
    if not all(_WORD.fullmatch(each) and "," not in each for each in found):
        raise refused(name, value, "a list of words")
    return [f"{option}={','.join(found)}"] if found else []


def several(option: str, name: str, value: Any) -> list[str]:
    """Words, the option once for each."""
    found = _texts(name, [value] if isinstance(value, str) else value)
    return [f"{option}={each}" for each in found]


def values_of(name: str, value: Any) -> list[tuple[str, Any]]:
    """Names with values, such as parameters."""
    if not isinstance(value, dict) or not all(isinstance(key, str) and _NAME.fullmatch(key) for key in value):
        raise refused(name, value, 'values by name, such as {"fast": 10}')
    return list(value.items())


def _texts(name: str, value: Any) -> Sequence[str]:
    fits = isinstance(value, list) and len(value) <= _MOST_NAMES
    if not fits or not all(isinstance(each, str) and each.strip() and len(each) <= _LONGEST for each in value):
        raise refused(name, value, "a list of words")
    return [each.strip() for each in value]


def _finite(name: str, value: Any) -> str:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        raise refused(name, value, "a number")
    return repr(value)
