"""The socket for what sessions did, in rows that can be listed; one writer makes them of the records of sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.domain.control.paging import Page, Slice
    from tradewright.domain.control.trading import (
        FillFact,
        HeldFact,
        OrderFact,
        SessionDay,
        SessionFact,
        StrategyFact,
        TradeFact,
    )
    from tradewright.domain.control.trading_changes import Changes
    from tradewright.domain.control.trading_queries import OrderQuery, PositionQuery, SessionQuery

__all__ = ["TradingRows"]


class TradingRows(Protocol):
    """Rows of what sessions did.

    Raises
    ------
    StorageError
        From every method, when the store cannot be used.
    """

    def marks(self) -> Mapping[str, str]:
        """The mark that each session was last written with."""
        ...

    def read(self, session: str) -> int | None:
        """Inputs that the rows of a session contain; None where there is none."""
        ...

    def write(
        self, fact: SessionFact, mark: str, strategies: Sequence[StrategyFact], changes: Changes, before: int | None
    ) -> bool:
        """Put in what changed, all or nothing.

        Parameters
        ----------
        fact : SessionFact
        mark : str
            What the record looked like from outside.
        strategies : sequence of StrategyFact
        changes : Changes
        before : int or None
            Inputs that the rows must contain until now, as of `read`.

        Returns
        -------
        bool
            False where they contain others: somebody else wrote meanwhile, and nothing was put in.
        """
        ...

    def forget(self, session: str | None = None) -> None:
        """Take away the rows of a session, or of all."""
        ...

    def sessions(self, query: SessionQuery, piece: Slice) -> Page[SessionFact]:
        """Sessions, the newest first."""
        ...

    def named(self, sessions: Sequence[str]) -> list[SessionFact]:
        """The sessions of these names, in no order."""
        ...

    def strategies(self, session: str) -> list[StrategyFact]:
        """The strategies of a session, by number."""
        ...

    def orders(self, query: OrderQuery, piece: Slice) -> Page[tuple[OrderFact, SessionFact]]:
        """Orders, those placed last first, each with its session."""
        ...

    def positions(self, query: PositionQuery, piece: Slice) -> Page[tuple[HeldFact, SessionFact]]:
        """What sessions that go on hold, by session, the newest first, each with its session."""
        ...

    def fills(self, session: str, piece: Slice) -> Page[FillFact]:
        """The fills of a session, in their order."""
        ...

    def trades(self, session: str, piece: Slice) -> Page[TradeFact]:
        """The closed trades of a session, in their order."""
        ...

    def days(self, first: int, mode: str | None = None, session: str | None = None) -> list[SessionDay]:
        """The days of sessions from a date on, oldest first; of all, or those of a mode, or of one."""
        ...
