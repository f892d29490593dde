"""The two answers of the risk gate, as types: a venue takes an approved order and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from .errors import UnapprovedOrderError

if TYPE_CHECKING:
    from .events import Reason

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

    __slots__ = ("order",)

    def __init__(self, order: T, seal: object) -> None:
        if seal is not _SEAL:
            raise UnapprovedOrderError("An order reached the venue without passing the risk gate.")
        self.order = order


@dataclass(frozen=True, slots=True)
class RefusedOrder(Generic[T]):
    """An order that the risk gate stopped, with the reason."""

    order: T
    reason: Reason
