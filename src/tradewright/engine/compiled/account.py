"""What the account of a run asks of the compiled loop besides the work of its orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .subset import OutsideError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.engine.loop import Loop

__all__ = ["Account", "account_of"]


@dataclass(frozen=True, slots=True)
class Account:
    """Which parts of the loop an account needs; what it does not need is not in the text.

    Parameters
    ----------
    limited : bool
        Limits are on: orders are measured, equity is watched.
    valued : bool
        On margin: positions are marked, calls are made.
    finances : bool
        Borrowed shares or borrowed cash cost something.
    tiered : bool
        Commissions depend on what was traded this month.
    """

    limited: bool = False
    valued: bool = False
    finances: bool = False
    tiered: bool = False

    @property
    def minds_sessions(self) -> bool:
        """Whether something happens before the first bar of a session."""
        return self.limited or self.finances or self.tiered

    @property
    def arguments(self) -> list[str]:
        """Names of the loop's arguments that are those of the account."""
        atr, rates = ["twice_atr"] * self.limited, ["days", "borrow_rate", "interest_rate"]
        return ["leverage", *atr, *(rates if self.finances else [])]

    def values(self, loop: Loop) -> list[Any]:
        """The arguments themselves, in that order."""
        found: list[Any] = [1.0 / (loop.plan.margin.initial if loop.plan.margin else 1.0)]
        if self.limited:
            found.append(_twice_atr(loop))
        if self.finances:
            costs = loop.plan.costs
            found += [_days(loop), float(costs.borrow_rate), float(costs.interest_rate)]
        return found


def account_of(loop: Loop) -> Account:
    """The account of a run.

    Raises
    ------
    OutsideError
        When it needs what the compiled loop does not do.
    """
    happenings, board, costs = loop.happenings, loop.board, loop.plan.costs
    if happenings.schedule.actions:
        raise OutsideError("there are corporate actions")
    if happenings.schedule.expiries:
        raise OutsideError("an instrument expires")
    if board.has_fx:
        raise OutsideError("there are several currencies")
    if loop.plan.detail:
        raise OutsideError("finer bars are replayed")
    on_margin = board.exchange.on_margin == 1
    return Account(
        limited=not loop.desk.gate.is_open,
        valued=on_margin,
        finances=on_margin and (costs.borrow_rate > 0.0 or costs.interest_rate > 0.0),
        tiered=any(book.tier_above_1 < float("inf") for book in board.books),
    )


def _twice_atr(loop: Loop) -> NDArray[np.float64]:
    columns = [loop.board.twice_atr_rows(number) for number in range(len(loop.board.market.symbols))]
    return columns[0] if len(columns) == 1 else np.stack(columns)


def _days(loop: Loop) -> NDArray[np.float64]:
    """Calendar days since the session before, at the rows that begin one."""
    days = np.zeros(len(loop.board.market))
    for row, count in loop.happenings.schedule.session_firsts.items():
        days[row] = count
    return days
