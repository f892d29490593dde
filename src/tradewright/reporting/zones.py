"""The clock on the exchange's wall: which time zone a calendar keeps, and instants told in it.

The table repeats what the exchange calendars say, so that a report can name the zone without loading them; a test holds
the two equal.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.record import RunRecord

    Ints = NDArray[np.int64]

__all__ = ["UTC", "ZONES", "city", "local", "zone_of"]

UTC = "UTC"

_NS = 1_000_000_000
_STEP = 900 * _NS
"""Offsets from UTC change at full quarters of an hour."""

_CALENDARS = {
    "Africa/Johannesburg": "XJSE",
    "America/Argentina/Buenos_Aires": "XBUE",
    "America/Chicago": "CBOT CFE CME CMES COMEX NYMEX XCBF",
    "America/Lima": "XLIM",
    "America/Mexico_City": "XMEX",
    "America/New_York": "ARCX BATS ICE ICEUS IEPA NASDAQ NYFE NYSE OOTC XASE XBOG XNAS XNYS us_futures",
    "America/Santiago": "XSGO",
    "America/Sao_Paulo": "BMF BVMF",
    "America/Toronto": "TSX XTSE XTSX",
    "Asia/Almaty": "AIXK",
    "Asia/Bangkok": "XBKK",
    "Asia/Hong_Kong": "HKEX XHKG",
    "Asia/Jakarta": "JKT XIDX",
    "Asia/Karachi": "XKAR",
    "Asia/Kolkata": "BSE XBOM",
    "Asia/Kuala_Lumpur": "XKLS",
    "Asia/Manila": "XPHS",
    "Asia/Nicosia": "XCYS",
    "Asia/Riyadh": "XSAU",
    "Asia/Seoul": "XKRX",
    "Asia/Shanghai": "SSE XSHG",
    "Asia/Singapore": "XSES",
    "Asia/Taipei": "XTAI",
    "Asia/Tel_Aviv": "TASE XTAE",
    "Asia/Tokyo": "JPX XTKS",
    "Atlantic/Bermuda": "XBDA",
    "Atlantic/Reykjavik": "XICE",
    "Australia/Sydney": "ASX XASX",
    "Europe/Amsterdam": "XAMS",
    "Europe/Athens": "ASEX",
    "Europe/Belgrade": "XBEL",
    "Europe/Berlin": "FWB XEEE XETR XEUR XFRA XSTU",
    "Europe/Bratislava": "XBRA",
    "Europe/Brussels": "XBRU XDUS XHAM",
    "Europe/Bucharest": "BVB XBSE",
    "Europe/Budapest": "XBUD",
    "Europe/Copenhagen": "XCSE",
    "Europe/Dublin": "XDUB",
    "Europe/Helsinki": "XHEL",
    "Europe/Istanbul": "XIST",
    "Europe/Lisbon": "XLIS",
    "Europe/Ljubljana": "XLJU",
    "Europe/London": "LSE XLON",
    "Europe/Luxembourg": "LUXSE XLUX",
    "Europe/Madrid": "XMAD",
    "Europe/Moscow": "XMOS",
    "Europe/Oslo": "OSE XOSL",
    "Europe/Paris": "XPAR",
    "Europe/Prague": "XPRA",
    "Europe/Riga": "XRIS",
    "Europe/Rome": "XMIL",
    "Europe/Stockholm": "XSTO",
    "Europe/Tallinn": "XTAL",
    "Europe/Vienna": "XWBO",
    "Europe/Vilnius": "XLIT",
    "Europe/Warsaw": "XWAR",
    "Europe/Zagreb": "XZAG",
    "Europe/Zurich": "SIX XSWX",
    "Pacific/Auckland": "XNZE",
}

ZONES = {calendar: zone for zone, calendars in _CALENDARS.items() for calendar in calendars.split()}
"""Time zone by name of the exchange calendar; what is not here keeps UTC."""


def zone_of(record: RunRecord) -> str:
    """The zone that all instruments of a run share, else UTC."""
    zones = {ZONES.get(instrument.calendar or "", UTC) for instrument in record.instruments}
    return zones.pop() if len(zones) == 1 else UTC


def city(zone: str) -> str:
    """The zone as people say it.

    Examples
    --------
    >>> city("America/New_York"), city("America/Argentina/Buenos_Aires"), city("UTC")
    ('New York', 'Buenos Aires', 'UTC')
    """
    return zone.rpartition("/")[2].replace("_", " ")


def local(instants: Ints, zone: str) -> Ints:
    """Nanoseconds UTC as the nanoseconds that the wall clock of the zone shows; (n,) int64.

    Examples
    --------
    >>> noon = np.array([1_718_020_800 * 10**9])  # 2024-06-10 12:00 UTC
    >>> str(local(noon, "America/New_York").astype("datetime64[ns]")[0])[:16]
    '2024-06-10T08:00'
    """
    if zone == UTC or not len(instants):
        return instants
    steps, places = np.unique(instants // _STEP, return_inverse=True)
    clock = ZoneInfo(zone)
    offsets = [_offset(int(step) * _STEP // _NS, clock) for step in steps]
    shifted: Ints = instants + np.array(offsets, np.int64)[places]
    return shifted


def _offset(seconds: int, clock: ZoneInfo) -> int:
    away = dt.datetime.fromtimestamp(seconds, dt.UTC).astimezone(clock).utcoffset()
    return 0 if away is None else int(away.total_seconds()) * _NS
