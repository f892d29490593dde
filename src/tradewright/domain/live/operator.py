"""What a person asks of an account that trades: plain values, each with who and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "AcceptDifference",
    "AdoptOrder",
    "AdoptPosition",
    "CancelOrder",
    "ClosePosition",
    "Flatten",
    "OperatorCommand",
    "PauseStrategy",
    "ReleasePosition",
    "ResumeStrategy",
    "Thaw",
    "command_from_plain",
    "plain_command",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """Who asks, and why.

    Raises
    ------
    ConfigError
        When one of them is blank.
    """

    who: str
    reason: str

    def __post_init__(self) -> None:
        if not self.who.strip() or not self.reason.strip():
            raise ConfigError("A command needs a person and a reason.", hint="Give who and reason.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder(_Said):
    """End an order: one of ours by our id or the venue's, or somebody else's by the venue's."""

    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePosition(_Said):
    """End our orders in a symbol and close what they made of its position."""

    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flatten(_Said):
    """Close every position that a strategy's orders made, or all of ours where none is named."""

    instance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseStrategy(_Said):
    """A strategy enters nothing new; its exits go on."""

    instance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeStrategy(_Said):
    """A paused strategy may enter again."""

    instance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptOrder(_Said):
    """Somebody else's open order, of which nothing is filled, is ours from now on."""

    vid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptPosition(_Said):
    """Units that none of our orders made are ours from now on: flattening closes them. None stands for all of them."""

    symbol: str
    units: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePosition(_Said):
    """Units that our orders made are ours no longer: nothing of ours closes them. None stands for all of them."""

    symbol: str
    units: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptDifference(_Said):
    """The venue holds so many units more (or, negative, fewer) than the journal, and that is accepted."""

    symbol: str
    units: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Thaw(_Said):
    """A frozen symbol may trade again."""

    symbol: str


OperatorCommand: TypeAlias = (
    CancelOrder
    | ClosePosition
    | Flatten
    | PauseStrategy
    | ResumeStrategy
    | AdoptOrder
    | AdoptPosition
    | ReleasePosition
    | AcceptDifference
    | Thaw
)

_KINDS: dict[str, Any] = {
    each.__name__: each
    for each in (
        CancelOrder, ClosePosition, Flatten, PauseStrategy, ResumeStrategy, AdoptOrder, AdoptPosition, ReleasePosition,
        AcceptDifference, Thaw,
    )
}  # fmt: skip


def plain_command(command: OperatorCommand) -> dict[str, Any]:
    """A command as JSON words, with its kind under ``"command"``."""
    words = {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(command).items()}
    return {"command": type(command).__name__, **words}


def command_from_plain(plain: Mapping[str, Any]) -> OperatorCommand:
    """The command that was written so.

    Raises
    ------
    ConfigError
        When it is none.
    """
    from tradewright.domain.live.wire import decimal_of

    fields = dict(plain)
    kind = _KINDS.get(fields.pop("command", ""))
    if kind is None:
        raise ConfigError(f"'{plain.get('command')}' is no command.", hint=f"There are {', '.join(_KINDS)}.")
    if fields.get("units") is not None:
        fields["units"] = decimal_of(fields["units"])
    try:
        found: OperatorCommand = kind(**fields)
    except TypeError as error:
        raise ConfigError(f"A {kind.__name__} cannot be made of {sorted(fields)}: {error}.") from None
    return found
