"""The two answers of the risk gate, as types: a venue takes an approved order and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from .errors import UnapprovedOrderError

if TYPE_CHECKING:
    from .events import Reason
    from .quote import Quote

__all__ = ["ApprovedOrder", "RefusedOrder"]

T = TypeVar("T")


class _Seal:
    """What only the gate can press."""

    __slots__ = ()


_SEAL = _Seal()


class ApprovedOrder(Generic[T]):
    """An order that the risk gate let through: a request on its way to a broker, or a slot of the simulated exchange.

    Raises
    ------
    UnapprovedOrderError
        When built by anyone but the gate.
    """

    __slots__ = ("order", "quote")

    def __init__(self, order: T, seal: object, quote: Quote | None = None) -> None:
        if seal is not _SEAL:
            raise UnapprovedOrderError("An order reached the venue without passing the risk gate.")
        self.order = order
        self.quote = quote
        """What was bid and asked when it was let through, where a quote said the price."""


@dataclass(frozen=True, slots=True)
class RefusedOrder(Generic[T]):
    """An order that the risk gate stopped, with the reason, and the quote that said the price where one did."""

    order: T
    reason: Reason
    quote: Quote | None = None

    @property
    def sentence(self) -> str:
        """Why, as people read it."""
        if self.quote is None:
            return self.reason.sentence
        return f"{self.reason.sentence} It was judged by a bid of {self.quote.bid:g} and an ask of {self.quote.ask:g}."
