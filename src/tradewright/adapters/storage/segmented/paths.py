"""Folder names of series: readable, and apart on every file system, whatever the symbol is.

Capitals, digits and ``. _ -`` stand for themselves, everything else is written ``%xx``: BRK/B is ``BRK%2fB``. Small
letters are among the rest, so that names that differ in case alone lie apart where the file system does not tell them.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.domain.stored import SeriesKey

__all__ = ["folder_of", "safe_name"]

_OTHER = re.compile(rb"[^A-Z0-9._-]")
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM\d|LPT\d)(\..*)?")
"""Names that one family of systems gives to devices, whatever follows the dot."""
_LONGEST = 100


def folder_of(key: SeriesKey) -> str:
    """Where the files of a series lie, below the folder of all series."""
    exchange, _, symbol = key.instrument.partition(":")
    return "/".join((safe_name(exchange), safe_name(symbol), str(key.timeframe), str(key.adjustment)))


def safe_name(text: str) -> str:
    """A name as one part of a path; different names never share one.

    Examples
    --------
    >>> safe_name("AAPL"), safe_name("BTC/USD"), safe_name("aapl"), safe_name("CON")
    ('AAPL', 'BTC%2fUSD', '%61%61%70%6c', '%43ON')
    """
    name = _OTHER.sub(lambda found: f"%{found[0][0]:02x}".encode(), text.encode()).decode()
    if name.startswith(".") or _RESERVED.fullmatch(name):
        name = f"%{ord(name[0]):02x}{name[1:]}"
    if name.endswith("."):
        name = f"{name[:-1]}%2e"
    if len(name) > _LONGEST:
        name = f"{name[: _LONGEST - 33]}~{hashlib.sha256(text.encode()).hexdigest()[:32]}"
    return name
