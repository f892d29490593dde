"""Adjustment: unadjusted bars and their dated actions made into a series without jumps.

Splits and dividends become one factor for each session, counted backwards from the last bar, which stays as it is. With
the splits of ``ratio`` new shares per old one and the dividends of ``cash`` per share that take effect after a session:

- shares = product of their ratios; split-adjusted price = price / shares, volume = volume · shares;
- factor = product of (close before - cash) / close before; fully adjusted price = split-adjusted price · factor;
- of a spin-off: close / (close + value), of the close of its session and what the shares received for one were worth
  at the same close, so that the return over it is that of who keeps both.

`close before` is the unadjusted close of the last session before the dividend's day, and `cash` is restated per share
of that session. This is the multiplier that Yahoo publishes as following CRSP ("What is the adjusted close?": 0.08 a
share after a close of 24.96 gives 1 - 0.08/24.96), and the one in LEAN's factor files, there rounded to seven digits.
That of a spin-off is CRSP's "Factor to Adjust Price in Period", the amount over the price on the ex-distribution date,
plus one, inverted. A spin-off whose value nobody knows stays among the actions, and changes no price.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.actions import ActionKind, Actions, statements_of, unapplied
from tradewright.domain.bars import Adjustment
from tradewright.domain.errors import ConfigError, DataError
from tradewright.domain.instrument import ALWAYS_OPEN, WEEKDAYS, InstrumentKind
from tradewright.domain.quality import Gravity, Problem, QualityFinding
from tradewright.domain.timeframe import Timeframe, TimeUnit
from tradewright.marketdata.provenance import origin_after
from tradewright.marketdata.sessions import sessions_around

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.actions import CorporateAction
    from tradewright.domain.bars import Bars

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["adjust", "in_name_only", "refuse_splits_inside"]

_PRICES = ("open", "high", "low", "close")
_DAILY = Timeframe(1, TimeUnit.DAY)
_HOW_FAR = {Adjustment.RAW: 0, Adjustment.SPLIT: 1, Adjustment.FULL: 2}


def adjust(bars: Bars, to: Adjustment | str) -> Bars:
    """Adjust prices and volumes backwards for the bars' own splits, dividends and spin-offs.

    The last bar keeps its prices: actions that take effect after it change nothing and are left out. Bars that know of
    no action are the same numbers under another name. Prices are not rounded to a tick.

    Parameters
    ----------
    bars : Bars
        Of any timeframe. Rows of one session share its factor, hours before the open included: an action takes effect
        with the first row of its day's session. A bar of several sessions can be adjusted for an action only when the
        action does not fall between them.
    to : Adjustment or {"raw", "split", "full"}
        What the prices shall contain. ``"split"`` keeps dividends and spin-offs as actions, restated per share of
        today.

    Returns
    -------
    Bars
        With `adjustment` and `origin` saying what was done, and without the actions that the prices now contain;
        `bars` themselves when they are adjusted so already.

    Raises
    ------
    DataError
        When prices would have to be freed of actions they contain, when an action falls inside a bar, when a dividend
        is not smaller than the price, or for a spin-off in bars longer than a day, which do not tell its close.
    ConfigError
        When `to` is no adjustment.

    Examples
    --------
    >>> from tradewright.domain.bars import Bars, SessionIndex
    >>> from tradewright.domain.instrument import Crypto
    >>> from tradewright.domain.timeframe import NS_PER_DAY, Timeframe
    >>> days = np.arange(3)
    >>> price, ten = np.array([84.0, 42.0, 43.0]), np.full(3, 10.0)
    >>> actions = Actions(split_days=np.array([1]), split_ratios=np.array([2.0]))
    >>> coin = Crypto("COIN"), Timeframe.parse("1d")
    >>> times = days * NS_PER_DAY, (days + 1) * NS_PER_DAY
    >>> raw = Bars(*coin, *times, price, price, price, price, ten, SessionIndex.of_labels(days), actions)
    >>> split = adjust(raw, "split")
    >>> split.close.tolist(), split.volume.tolist(), split.actions.is_empty
    ([42.0, 42.0, 43.0], [20.0, 10.0, 10.0], True)
    """
    wanted = _adjustment(to)
    if wanted is bars.adjustment:
        return bars
    if _HOW_FAR[wanted] < _HOW_FAR[bars.adjustment]:
        raise DataError(
            f"Prices of {bars.symbol} with adjustment='{bars.adjustment}' cannot be made '{wanted}' again.",
            hint="Start from the unadjusted prices and their actions.",
        )
    steps = _steps(bars, wanted)
    shares = _spread(bars, steps.shares(len(bars.sessions.labels)))
    factor = _spread(bars, steps.factors(bars))
    prices = {name: getattr(bars, name) / shares * factor for name in _PRICES}
    return replace(
        bars,
        **prices,
        volume=bars.volume * shares,
        actions=steps.left(),
        adjustment=wanted,
        origin=origin_after(bars, "adjust", str(wanted)),
    )


def in_name_only(bars: Bars) -> QualityFinding | None:
    """Say that full adjustment of a share takes nothing out of its prices, as nothing is known that it could take out.

    That is right for a share that never paid, and prices that only bear the name for every other; which of the two it
    is the bars do not tell.
    """
    is_share = bars.instrument.kind is InstrumentKind.EQUITY and bars.instrument.calendar not in (ALWAYS_OPEN, WEEKDAYS)
    none = bars.actions.is_empty if bars.adjustment is Adjustment.RAW else len(bars.actions.dividend_days) == 0
    if not is_share or not none or bars.adjustment is Adjustment.FULL:
        return None
    what = "split or dividend" if bars.adjustment is Adjustment.RAW else "dividend"
    sentence = (
        f"No {what} of {bars.symbol} is known, so its fully adjusted prices are its {bars.adjustment} prices: right "
        "only if there was none."
    )
    return QualityFinding(Problem.MIXED_ADJUSTMENT, Gravity.NOTICE, len(bars), None, None, None, sentence)


def refuse_splits_inside(bars: Bars) -> None:
    """Refuse bars of which one holds prices from before and from after a split.

    Raises
    ------
    DataError
        Names the split and the bar.
    """
    firsts = _first_sessions(bars)
    days, _ = _within(bars, firsts, bars.actions.split_days, bars.actions.split_ratios)
    _refuse_inside(bars, firsts, "split", days)


def _adjustment(to: Adjustment | str) -> Adjustment:
    try:
        return Adjustment(to)
    except ValueError:
        near = difflib.get_close_matches(str(to), list(Adjustment), n=1)
        hint = f"Did you mean '{near[0]}'?" if near else "Use 'raw', 'split' or 'full'."
        raise ConfigError(f"{to!r} is no adjustment.", hint=hint) from None


def _spread(bars: Bars, by_session: Floats) -> Floats:
    """One value per row from one per session."""
    return np.repeat(by_session, np.diff(np.append(bars.sessions.first_rows, len(bars))))


@dataclass(frozen=True, slots=True)
class _Steps:
    """The actions that change earlier prices, by the number of the first session on or after their day.

    `split_at`, `split_days`, `ratios` are (k,) and `paid_at`, `paid_days`, `cash` (d,), rising by day; `others` are the
    statements that no column holds, those of spin-offs among them. `apply` says whether dividends and spin-offs go into
    the prices.
    """

    split_at: Ints
    split_days: Ints
    ratios: Floats
    paid_at: Ints
    paid_days: Ints
    cash: Floats
    others: tuple[CorporateAction, ...]
    apply: bool

    def shares(self, sessions: int) -> Floats:
        """Shares at the end for each share of a session."""
        shares = np.ones(sessions)
        for at, ratio in zip(self.split_at, self.ratios, strict=True):
            shares[:at] *= ratio
        return shares

    def factors(self, bars: Bars) -> Floats:
        """What a session's prices are multiplied by for the dividends after it."""
        factor = np.ones(len(bars.sessions.labels))
        if not self.apply:
            return factor
        met = np.unique(self.paid_at)
        for at, close in zip(met, _closes_before(bars, met), strict=True):
            cash = sum(self._in_old_shares(int(number)) for number in np.flatnonzero(self.paid_at == at))
            if cash >= close:
                raise DataError(
                    f"{bars.symbol} cannot have paid {cash:g} a share on {_date(bars.sessions.labels[at])} "
                    f"after a close of {close:g}.",
                    hint="Correct its dividends, or adjust for splits only.",
                )
            factor[:at] *= (close - cash) / close
        self._take_apart(bars, factor)
        return factor

    def _take_apart(self, bars: Bars, factor: Floats) -> None:
        """Take the spin-offs out whose value is known."""
        known = [each for each in self.others if _is_valued(each)]
        at = np.searchsorted(bars.sessions.labels, [each.day for each in known])
        for each, place, close in zip(known, at, _closes_before(bars, at + 1), strict=True):
            factor[:place] *= close / (close + (each.cash or 0.0))

    def _in_old_shares(self, number: int) -> float:
        """A dividend per share of the last session before it, where a split came in between."""
        between = (self.split_at == self.paid_at[number]) & (self.split_days <= self.paid_days[number])
        return float(self.cash[number] * np.prod(self.ratios[between]))

    def left(self) -> Actions:
        """What the prices do not contain: dividends and spin-offs per share of the last bar."""
        if self.apply:
            return Actions(announced=tuple(each for each in self.others if not _is_valued(each)))
        later = [self._shares_after(int(day)) for day in self.paid_days]
        paid = Actions(dividend_days=self.paid_days, dividends=self.cash / np.array(later, np.float64))
        if not self.others:
            return paid
        spoken = [*statements_of(paid, self.others[0].symbol, self.others[0].source), *map(self._restated, self.others)]
        return replace(paid, announced=tuple(sorted(spoken, key=lambda each: each.identity)))

    def _shares_after(self, day: int) -> float:
        return float(np.prod(self.ratios[self.split_days > day]))

    def _restated(self, action: CorporateAction) -> CorporateAction:
        if action.kind is not ActionKind.SPINOFF or action.ratio is None:
            return action
        shares = self._shares_after(action.day)
        cash = None if action.cash is None else action.cash / shares
        return replace(action, ratio=action.ratio / shares, cash=cash)


def _is_valued(action: CorporateAction) -> bool:
    return action.kind is ActionKind.SPINOFF and action.cash is not None


def _steps(bars: Bars, wanted: Adjustment) -> _Steps:
    actions, firsts = bars.actions, _first_sessions(bars)
    apply = wanted is Adjustment.FULL
    split_days, ratios = _within(bars, firsts, actions.split_days, actions.split_ratios)
    paid_days, cash = _within(bars, firsts, actions.dividend_days, actions.dividends)
    _refuse_inside(bars, firsts, "split", split_days)
    if apply:
        _refuse_inside(bars, firsts, "dividend", paid_days)
    split_at, paid_at = np.searchsorted(firsts, split_days), np.searchsorted(firsts, paid_days)
    others = _others(bars, firsts)
    if apply and any(_is_valued(each) for each in others):
        _require_daily(bars)
    return _Steps(split_at, split_days, ratios, paid_at, paid_days, cash, others, apply)


def _others(bars: Bars, firsts: Ints) -> tuple[CorporateAction, ...]:
    """What no column holds: spin-offs after the first session and not after the last, and all else."""
    last = bars.sessions.labels[-1]
    spoken = unapplied(bars.actions)
    return tuple(each for each in spoken if each.kind is not ActionKind.SPINOFF or firsts[0] < each.day <= last)


def _require_daily(bars: Bars) -> None:
    if not bars.timeframe.is_intraday and bars.timeframe != _DAILY:
        raise DataError(
            f"The {bars.timeframe} bars of {bars.symbol} do not tell the close of the day of its spin-off.",
            hint="Adjust the daily bars, then resample them.",
        )


def _within(bars: Bars, firsts: Ints, days: Ints, values: Floats) -> tuple[Ints, Floats]:
    """The actions after the first session and not after the last, by day."""
    order = np.argsort(days, kind="stable")
    days, values = days[order], values[order]
    met = (days > firsts[0]) & (days <= bars.sessions.labels[-1])
    return days[met], values[met]


def _first_sessions(bars: Bars) -> Ints:
    """The date of the first session in each bar of several, else the session's own; (s,) by session label."""
    several = not bars.timeframe.is_intraday and (bars.timeframe.count, bars.timeframe.unit) != (1, TimeUnit.DAY)
    labels, calendar = bars.sessions.labels, bars.instrument.calendar
    if not several or calendar is None:
        return labels
    opens = bars.open_time[bars.sessions.first_rows]
    table = sessions_around(calendar, int(opens[0]), int(opens[-1]))
    position = table.of_instants(opens, extended=True)
    return np.where(position < 0, labels, table.labels[position])


def _refuse_inside(bars: Bars, firsts: Ints, what: str, days: Ints) -> None:
    """An action between the sessions of one bar: part of its prices is from before, part from after."""
    place = np.searchsorted(firsts, days)
    inside = days <= bars.sessions.labels[place - 1]
    if inside.any():
        day = int(days[np.argmax(inside)])
        bar = int(bars.sessions.labels[place[np.argmax(inside)] - 1])
        raise DataError(
            f"The {what} of {bars.symbol} on {_date(day)} falls inside the {bars.timeframe} bar of {_date(bar)}, "
            "whose prices are from before and after it.",
            hint="Adjust the daily bars, then resample them.",
        )


def _closes_before(bars: Bars, sessions: Ints) -> Floats:
    """The closes of the sessions before: of their last bars in regular hours, where there are others."""
    rows = np.append(bars.sessions.first_rows, len(bars))[sessions] - 1
    if len(rows) == 0 or not bars.timeframe.is_intraday or bars.instrument.calendar is None:
        return np.asarray(bars.close[rows])
    table = sessions_around(bars.instrument.calendar, int(bars.open_time[0]), int(bars.close_time[-1]))
    position = table.of_labels(bars.sessions.labels[sessions - 1])
    regular = np.searchsorted(bars.open_time, table.closes[position]) - 1
    has_regular = (position >= 0) & (regular >= bars.sessions.first_rows[sessions - 1])
    return np.asarray(bars.close[np.where(has_regular, np.minimum(regular, rows), rows)])


def _date(day: int | np.int64) -> str:
    return str(np.datetime64(int(day), "D"))
