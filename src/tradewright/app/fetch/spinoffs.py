"""What shares that were received in a spin-off were worth: the close of its day, asked for once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.actions import ActionKind, in_force
from tradewright.domain.errors import DataError
from tradewright.domain.timeframe import Timeframe, TimeUnit
from tradewright.marketdata.sessions import sessions_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.actions import CorporateAction
    from tradewright.domain.instrument import Instrument
    from tradewright.ports.provider import BarProvider

__all__ = ["SpinOffs"]

_DAILY = Timeframe(1, TimeUnit.DAY)


class SpinOffs:
    """Finds the values of spin-offs.

    Parameters
    ----------
    provider : BarProvider
        Whose prices count.
    before : sequence of CorporateAction
        What was said of the instrument before: a value that is there stays.
    """

    def __init__(self, provider: BarProvider, before: Sequence[CorporateAction]) -> None:
        self._provider = provider
        self._known = {each.identity: each for each in in_force(before) if each.kind is ActionKind.SPINOFF}

    async def valued(
        self, instrument: Instrument, actions: Sequence[CorporateAction], days: tuple[int, int]
    ) -> tuple[list[CorporateAction], list[str]]:
        """The actions with the values of spin-offs, and for each whose value is not known a sentence.

        Parameters
        ----------
        instrument : Instrument
            Whose shares brought others.
        actions : sequence of CorporateAction
        days : (int, int)
            Which days count, from one up to, and without, another.

        Raises
        ------
        BrokerError
            When there was no complete answer.
        """
        found, unknown = [], []
        for each in actions:
            if each.kind is not ActionKind.SPINOFF or each.cash is not None or not days[0] <= each.day < days[1]:
                found.append(each)
                continue
            known = self._known.get(each.identity)
            cash = known.cash if known is not None and known.ratio == each.ratio else None
            try:
                found.append(replace(each, cash=await self._value(instrument, each) if cash is None else cash))
            except DataError as error:
                found.append(each)
                unknown.append(_unknown(each, error))
        return found, unknown

    async def _value(self, instrument: Instrument, action: CorporateAction) -> float:
        """What the shares received for one were worth when the session of the day closed.

        Raises
        ------
        DataError
            When nobody says.
        """
        received = str(action.to)
        other = await self._provider.instruments.instrument(received)
        if other.currency != instrument.currency:
            raise DataError(f"it is traded in {other.currency}.")
        session = sessions_between(str(other.calendar), action.day, action.day)
        if len(session) == 0:
            raise DataError(f"{other.calendar} has no session on that day.")
        span = int(session.opens[0]), int(session.closes[0])
        bars = await self._provider.history.bars(received, _DAILY, *span)
        if not bars:
            raise DataError("it has no bar of that day.")
        return bars[-1].close * (action.ratio or 0.0)


def _unknown(action: CorporateAction, error: DataError) -> str:
    date = np.datetime64(action.day, "D")
    return (
        f"What the {action.ratio:g} {action.to} were worth that each share of {action.symbol} brought on {date} is not "
        f"known ({error.message.rstrip('.')}): fully adjusted prices fall by it."
    )
