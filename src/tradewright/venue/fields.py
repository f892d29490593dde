"""Reading what a client sent: one field at a time, each refused by its name when it is not what it should be."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, TypeVar

from .refusals import Refusal, Why

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["amount", "choice", "flag", "instant", "json_object", "text", "whole"]

T = TypeVar("T")

_LARGEST = 1e12
_TRUE, _FALSE = ("true", "1", "t"), ("false", "0", "f")


def json_object(body: bytes) -> dict[str, Any]:
    """A JSON object.

    Raises
    ------
    Refusal
        When the text is something else.
    """
    try:
        value = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Refusal(Why.MALFORMED, "request body format is invalid")
    return value


def amount(said: Mapping[str, Any], name: str) -> float | None:
    """A positive number, given as one or as text; None where it is missing.

    Raises
    ------
    Refusal
    """
    value = said.get(name)
    if value is None or value == "":
        return None
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not 0.0 < number <= _LARGEST:
        raise Refusal(Why.BAD_FIELD, f"{name} must be a positive number")
    return number


def text(said: Mapping[str, Any], name: str, *, most: int = 128) -> str | None:
    """Text of a bounded length; None where it is missing or empty.

    Raises
    ------
    Refusal
    """
    value = said.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise Refusal(Why.BAD_FIELD, f"{name} must be text of at most {most} characters")
    return value


def choice(said: Mapping[str, Any], name: str, choices: Mapping[str, T], default: str | None = None) -> T:
    """One of the words that a field knows.

    Raises
    ------
    Refusal
        When it is missing and has no default, or is another word.
    """
    value = said.get(name)
    value = default if value is None or value == "" else value
    if value is None:
        raise Refusal(Why.BAD_FIELD, f"{name} is required")
    if not isinstance(value, str) or value.lower() not in choices:
        raise Refusal(Why.BAD_FIELD, f"invalid {name}")
    return choices[value.lower()]


def flag(said: Mapping[str, Any], name: str) -> bool:
    """True or false, given as such or as a word; false where it is missing.

    Raises
    ------
    Refusal
    """
    value = said.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    word = value.lower() if isinstance(value, str) else None
    if word not in (*_TRUE, *_FALSE, ""):
        raise Refusal(Why.BAD_FIELD, f"{name} must be true or false")
    return word in _TRUE


def whole(said: Mapping[str, Any], name: str, default: int, *, most: int) -> int:
    """A whole number from 1 to a bound.

    Raises
    ------
    Refusal
    """
    value = said.get(name)
    if value is None or value == "":
        return default
    digits = str(value)
    if isinstance(value, bool) or not (digits.isascii() and digits.isdigit() and 1 <= int(digits[:12]) <= most):
        raise Refusal(Why.BAD_FIELD, f"{name} must be a whole number from 1 to {most}")
    return int(digits)


def instant(said: Mapping[str, Any], name: str) -> int | None:
    """An instant in ISO 8601, or a date, as UTC nanoseconds; None where it is missing.

    Raises
    ------
    Refusal
    """
    import datetime as dt

    value = text(said, name)
    if value is None:
        return None
    try:
        # A plus that was not escaped arrives as a blank.
        moment = dt.datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        seconds = int(moment.replace(microsecond=0).timestamp())
    except (ValueError, OverflowError):
        raise Refusal(Why.BAD_FIELD, f"{name} must be an instant in RFC 3339") from None
    if not -9_000_000_000 < seconds < 9_000_000_000:
        raise Refusal(Why.BAD_FIELD, f"{name} is out of range")
    return (seconds * 1_000_000 + moment.microsecond) * 1000
