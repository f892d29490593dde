"""Two answers of an engine to the same input, compared: the first difference, by field and with both values."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from tradewright.domain.live.session import plain_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.domain.live.session import Output

__all__ = ["first_difference"]


def first_difference(recorded: Sequence[Output], now: Sequence[Output]) -> str | None:
    """What differs first, as words: which output, which field, both values; None where nothing does.

    Examples
    --------
    >>> from tradewright.domain.live.session import CancelAsked
    >>> first_difference([CancelAsked(1, 0, "a")], [CancelAsked(2, 0, "a")])
    'CancelAsked: order_id was 1 and is 2'
    """
    for was, is_now in zip_longest(recorded, now):
        if was is None or is_now is None:
            return _one_sided(was, is_now)
        if was != is_now:
            return _inside(plain_of(was), plain_of(is_now))
    return None


def _one_sided(was: Output | None, is_now: Output | None) -> str:
    if was is None:
        return f"{_named(is_now)} is said now and was not"
    return f"{_named(was)} was said and is not now"


def _named(output: Any) -> str:
    fields = {name: value for name, value in plain_of(output).items() if value is not None and name != "kind"}
    return f"{type(output).__name__}({', '.join(f'{name}={value!r}' for name, value in fields.items())})"


def _inside(was: Mapping[str, Any], is_now: Mapping[str, Any]) -> str:
    if was["kind"] != is_now["kind"]:
        return f"{was['kind']} was said and {is_now['kind']} is said now"
    name = next(name for name in was if was[name] != is_now[name])
    if isinstance(was[name], dict):
        return _inside({"kind": was["kind"], **was[name]}, {"kind": was["kind"], **is_now[name]})
    return f"{was['kind']}: {name} was {was[name]!r} and is {is_now[name]!r}"
