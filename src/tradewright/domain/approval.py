"""The two answers of the risk gate, as types: a venue takes an approved order and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import UnapprovedOrderError

if TYPE_CHECKING:
    from .events import Reason
    from .order import OrderRequest

__all__ = ["ApprovedOrder", "RefusedOrder", "is_seal"]


class _Seal:
    """What only the gate holds."""

    __slots__ = ()


_SEAL = _Seal()


def is_seal(value: object) -> bool:
    """Whether the value is the gate's seal."""
    return value is _SEAL


@dataclass(frozen=True, slots=True)
class ApprovedOrder:
    """An order request that the risk gate let through.

    Raises
    ------
    UnapprovedOrderError
        When built by anyone but the gate.
    """

    request: OrderRequest
    seal: object

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise UnapprovedOrderError(f"An order for {self.request.symbol} did not pass the risk gate.")


@dataclass(frozen=True, slots=True)
class RefusedOrder:
    """An order request that the risk gate stopped, with the reason."""

    request: OrderRequest
    reason: Reason
