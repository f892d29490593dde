"""Provenance: what was done to bars after they were read, so that they can be had again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.bars import Bars

__all__ = ["origin_after"]


def origin_after(bars: Bars, step: str, value: str) -> Mapping[str, Any]:
    """The origin of bars made from others: the same, with one more step under ``then``.

    Bars that live in memory only have no origin, and what is made of them has none either.

    Parameters
    ----------
    bars : Bars
        What the step was done to.
    step, value : str
        ``"adjust"`` with ``"split"`` or ``"full"``; ``"factors"`` with one of these and the path of a factor file;
        ``"resample"`` with a timeframe; ``"hours"`` with ``"regular"``.

    Returns
    -------
    mapping
        With ``then`` a list of one-entry mappings, in the order in which the steps were done.
    """
    if not bars.origin:
        return bars.origin
    return {**bars.origin, "then": [*bars.origin.get("then", ()), {step: value}]}
