"""Asking a provider for the corporate actions of a series, under every name that its instrument bore."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradewright.app.stored_actions import said_of
from tradewright.domain.actions import ActionKind, Actions, CorporateAction, actions_of
from tradewright.domain.errors import DataNotAvailableError, SymbolNotFoundError
from tradewright.domain.instrument import InstrumentKind
from tradewright.domain.listing import end_of, former_names, names_over, renamed, taken_over_by
from tradewright.domain.timeframe import NS_PER_DAY

from .announcements import Told, put_together
from .spinoffs import SpinOffs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.instrument import Instrument
    from tradewright.domain.stored import SeriesKey, StoredVersion
    from tradewright.ports.bar_store import BarStore
    from tradewright.ports.clock import Clock
    from tradewright.ports.provider import ActionSource, BarProvider

__all__ = ["Heard", "Hearing"]


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of an instrument by now.

    Parameters
    ----------
    announced : tuple of CorporateAction
    actions : Actions or None
        For the bars; None where nobody was asked and the stored ones count.
    joins_names : bool
        Whether the provider gives bars of former names under the present one.
    new : int
        Statements that were not known before.
    notes : list of str
    """

    announced: tuple[CorporateAction, ...] = ()
    actions: Actions | None = None
    joins_names: bool = True
    new: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def end(self) -> int | None:
        """The first day on which it is not traded any more."""
        return end_of(self.announced)

    def former(self, symbol: str) -> list[str]:
        """Names under which bars have to be asked for besides the present one."""
        return [] if self.joins_names else [name for name, _ in former_names(symbol, self.announced)]

    def parts(self, symbol: str, first: int, stop: int) -> list[tuple[str, int, int]]:
        """Under which name bars of which days are asked for."""
        return [(symbol, first, stop)] if self.joins_names else names_over(symbol, self.announced, first, stop)


class Hearing:
    """Asks one provider.

    Parameters
    ----------
    provider : BarProvider
    store : BarStore
    clock : Clock
    """

    def __init__(self, provider: BarProvider, store: BarStore, clock: Clock) -> None:
        self._provider = provider
        self._store = store
        self._clock = clock

    def stored(self, key: SeriesKey) -> Heard:
        """What is known without asking."""
        current = self._current(key)
        return Heard(() if current is None else current.announced)

    async def hear(self, instrument: Instrument, key: SeriesKey, days: tuple[int, int]) -> Heard:
        """Ask for the actions of the whole series, the days included that are to be added to it.

        Raises
        ------
        SymbolNotFoundError
            When the instrument has another name by now; says which.
        BrokerError
            When there was no complete answer.
        """
        source = self._provider.actions
        if source is None or instrument.kind is not InstrumentKind.EQUITY:
            return self.stored(key)
        current = self._current(key)
        known_days = None if current is None else (current.first_ns // NS_PER_DAY, current.last_ns // NS_PER_DAY)
        first, stop = days if known_days is None else (min(days[0], known_days[0]), max(days[1], known_days[1] + 1))
        before = () if current is None else said_of(self._store, current)
        try:
            actions = await _ask(source, instrument.symbol, first, self._clock.now_ns() // NS_PER_DAY + 1)
        except DataNotAvailableError as error:
            said = f"Splits and dividends are not known: {error.message}"
            return Heard(before, joins_names=source.joins_names, notes=[said])
        valued, unknown = await SpinOffs(self._provider, before).valued(instrument, actions, (first, stop))
        told = Told(
            self._provider.name, instrument.currency, valued, (first, stop), self._clock.now_ns(), known_days
        )  # fmt: skip
        announced, notes = put_together(before, told)
        return Heard(
            announced,
            actions_of(announced, instrument.currency),
            source.joins_names,
            len(announced) - len(before),
            [*notes, *unknown],
        )

    async def instrument(self, symbol: str) -> Instrument:
        """What a symbol is, as the provider says, or where it is traded no more, as the store does.

        Raises
        ------
        SymbolNotFoundError
            When neither knows it; says under which name it is known now, where that can be told.
        BrokerError
            When there was no answer.
        """
        try:
            return await self._provider.instruments.instrument(symbol)
        except SymbolNotFoundError:
            ended = [each for each in self._store.series(symbol) if end_of(each.announced) is not None]
            if ended:
                return ended[0].instrument
            away = taken_over_by(symbol, await self._names(symbol))
            if away is None:
                raise
            raise renamed(away) from None

    async def _names(self, symbol: str) -> Sequence[CorporateAction]:
        """What is said of a symbol that is none; nothing where nobody knows it."""
        if self._provider.actions is None:
            return ()
        try:
            return await self._provider.actions.actions(symbol, 0, self._clock.now_ns() // NS_PER_DAY + 1)
        except (DataNotAvailableError, SymbolNotFoundError):
            return ()

    def _current(self, key: SeriesKey) -> StoredVersion | None:
        return next(iter(self._store.versions(key)), None)


async def _ask(source: ActionSource, symbol: str, first: int, stop: int) -> list[CorporateAction]:
    """What is said of an instrument under its names, each in the days in which it bore it."""
    found = list(await source.actions(symbol, first, stop))
    away = taken_over_by(symbol, found)
    if away is not None:
        raise renamed(away)
    asked = {symbol}
    while left := [name for name, _ in former_names(symbol, found) if name not in asked]:
        asked.add(left[0])
        found += [each for each in await source.actions(left[0], first, stop) if each not in found]
    own = {name: (begin, end) for name, begin, end in names_over(symbol, found, first, stop)}
    return [each for each in found if (each.kind is ActionKind.RENAME and each.to in own) or _is_within(each, own)]


def _is_within(action: CorporateAction, own: dict[str, tuple[int, int]]) -> bool:
    """Whether an action happened while its name was the instrument's; names go from one to another."""
    begin, end = own.get(action.symbol, (0, -1))
    return begin <= action.day <= end
