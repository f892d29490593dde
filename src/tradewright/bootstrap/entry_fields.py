"""Which keys of a catalogue entry may be changed from afar, and what each takes.

What says where text and data of a strategy lie stays with whoever has the files of the host.
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import ValidationError

from tradewright.bootstrap.entries import CostsEntry, StrategyEntry
from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic.fields import FieldInfo

    from tradewright.bootstrap.catalogue import CatalogueEntry

__all__ = ["EntryField", "declared_params", "entry_fields", "mistake_in"]

Kind = Literal["text", "texts", "whole", "number", "truth", "choice"]
_ON_HOST = frozenset({"name", "class", "data", "benchmark"})
_SECTIONS = ("params", "costs")
_LONGEST, _MOST = 500, 200
_LARGEST = 2**53
_KINDS: dict[Any, Kind] = {bool: "truth", int: "whole", float: "number"}


@dataclass(frozen=True, slots=True)
class EntryField:
    """A key that may be changed; parameters of the strategy are told of where they are declared.

    Parameters
    ----------
    key : str
        As ``limits`` or ``costs.slippage_bps``.
    value : text, number, truth, list or None
        What the entry says; None where it leaves it open.
    kind : str
        ``text``, ``texts``, ``whole``, ``number``, ``truth`` or ``choice``.
    choices : tuple of str
        The words that can be chosen; empty for another kind.
    """

    key: str
    value: Any
    kind: Kind
    choices: tuple[str, ...] = ()


def entry_fields(entry: CatalogueEntry) -> list[EntryField]:
    """Every key but the parameters, in the order of the reference."""
    said = entry.settings.model_dump(by_alias=True)
    costs = said["costs"] if isinstance(said["costs"], dict) else {}
    found = [_field(key, info, said[key]) for key, info in _top() if key not in _SECTIONS]
    found.append(EntryField("costs", None if costs else said["costs"], "choice", ("none", "default")))
    return found + [_field(f"costs.{key}", info, costs.get(key)) for key, info in CostsEntry.model_fields.items()]


def declared_params(entry: CatalogueEntry) -> Mapping[str, Any] | None:
    """The parameters that the strategy declares, by name; None where it declares none or cannot be loaded."""
    from tradewright.strategy.params import params_of
    from tradewright.strategy.registry import load_strategy

    try:
        source = load_strategy(entry.reference)
    except TradewrightError:
        # Its reason stands in what is said of the entry.
        return None
    return (params_of(source) or None) if isinstance(source, type) else None


def mistake_in(entry: CatalogueEntry, declared: Mapping[str, Any] | None, key: str, value: Any) -> str | None:
    """Why a key cannot have a value, in one sentence; None where it can.

    Parameters
    ----------
    entry : CatalogueEntry
    declared : mapping of str to Param, optional
        As `declared_params` gives them.
    key : str
    value : text, number, truth, list of text or None
        None takes the key out.
    """
    top, _, name = key.partition(".")
    if top in _ON_HOST:
        return f"'{key}' is changed in the file of the host only: it says what runs, or where something lies."
    params = entry.settings.params if declared is None else declared
    known = [*(each.key for each in entry_fields(entry)), *(f"params.{each}" for each in params)]
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1)
        return f"There is no key '{key}'." + (f" Did you mean '{near[0]}'?" if near else "")
    if value is None:
        return None
    odd = _odd(value)
    if odd is not None:
        return f"'{key}' {odd}."
    if top == "params":
        return None if declared is None else _refused(lambda: declared[name].check(value))
    return _misfit(key, top, value if not name else {name: value}) or _refused(lambda: _require_words(key, value))


def _top() -> Iterator[tuple[str, FieldInfo]]:
    for name, info in StrategyEntry.model_fields.items():
        key = info.alias or name
        if key not in _ON_HOST:
            yield key, info


def _field(key: str, info: FieldInfo, value: Any) -> EntryField:
    """What a field takes, by the type that the entry declares."""
    parts = [each for each in get_args(info.annotation) if each is not type(None)] or [info.annotation]
    words = next((get_args(each) for each in (info.annotation, *parts) if get_origin(each) is Literal), ())
    if words:
        return EntryField(key, value, "choice", tuple(map(str, words)))
    return EntryField(key, value, "texts" if isinstance(value, list) else _KINDS.get(parts[0], "text"))


def _odd(value: Any) -> str | None:
    """What no key takes, whatever its kind: it could not be written on one line, or not be read back as it was."""
    if isinstance(value, list):
        return "takes fewer entries" if len(value) > _MOST else next(filter(None, map(_odd, value)), None)
    if isinstance(value, str) and (len(value) > _LONGEST or not value.isprintable()):
        return f"takes text on one line, of {_LONGEST} characters at most"
    if isinstance(value, (int, float)) and not (math.isfinite(value) and abs(value) <= _LARGEST):
        return "takes a finite number that is not larger than any price or count"
    return None


def _misfit(key: str, top: str, value: Any) -> str | None:
    try:
        StrategyEntry.model_validate({"name": "", "class": "-", top: value}, strict=True)
    except ValidationError as error:
        problem = error.errors()[0]
        return f"'{key}' should be {problem['msg'].removeprefix('Input should be ')}, not {problem['input']!r:.80}."
    return None


def _require_words(key: str, value: Any) -> None:
    """Words that stand for something are read once as a run would."""
    from tradewright.bootstrap.policies import commission_of, slippage_of
    from tradewright.domain.timeframe import Timeframe

    readers = {"timeframe": Timeframe.parse, "costs.commission": commission_of, "costs.slippage": slippage_of}
    if key in readers:
        # A bare number is text here, as it is where the file says it.
        readers[key](str(value))


def _refused(read: Any) -> str | None:
    try:
        read()
    except TradewrightError as error:
        return error.message
    return None
