"""What an account may risk at most: said by a person, kept beside its journal, asked whenever limits are named.

Where `live.journal` names a database it is kept there, and holds on every host that trades over it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from tradewright.bootstrap.journals import journals_here
from tradewright.domain.errors import ApprovalError, ConfigError, StorageError
from tradewright.risk.limits import PRESETS, require_named

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Ceiling", "ceiling_of", "is_above", "require_below_ceiling", "set_ceiling"]

_LADDER = tuple(sorted((name for name in PRESETS if name != "none"), key=lambda name: PRESETS[name].drawdown or 0.0))


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The loosest limits under which an account is traded.

    Parameters
    ----------
    limits : str
        A preset.
    who, reason : str
    at_ns : int
        UTC nanoseconds.
    """

    limits: str
    who: str
    reason: str
    at_ns: int

    def __post_init__(self) -> None:
        require_named(self.who, self.reason, "A change of the risk limits")
        if self.limits not in _LADDER:
            raise ConfigError(f"There are no limits named '{self.limits}'.", hint=f"Use one of {', '.join(_LADDER)}.")


def is_above(limits: str, other: str | None) -> bool:
    """Whether limits are looser than others; without others the loosest ones hold.

    Examples
    --------
    >>> is_above("bold", "cautious"), is_above("cautious", "cautious"), is_above("bold", None)
    (True, False, False)
    """
    return other is not None and _LADDER.index(limits) > _LADDER.index(other)


def ceiling_of(folder: Path) -> Ceiling | None:
    """What was said of an account, by its folder; None where nobody said anything.

    Raises
    ------
    StorageError
        When it cannot be read: then nothing is known to be allowed.
    """
    said = journals_here().ceiling(folder).read()
    try:
        return None if said is None else Ceiling(**json.loads(said))
    except (ValueError, TypeError, ConfigError) as error:
        raise StorageError(f"What the account {_named(folder)} may risk cannot be read: {error}.") from error


def set_ceiling(folder: Path, ceiling: Ceiling) -> None:
    """Keep it, whole or not at all.

    Raises
    ------
    StorageError
        When it cannot be written.
    """
    journals_here().ceiling(folder).write(json.dumps(asdict(ceiling), sort_keys=True))


def require_below_ceiling(folder: Path, limits: str | None) -> None:
    """Refuse limits that are looser than an account may have.

    Raises
    ------
    ApprovalError
    StorageError
        As `ceiling_of`.
    """
    ceiling = ceiling_of(folder)
    if ceiling is not None and limits in _LADDER and is_above(limits, ceiling.limits):
        raise ApprovalError(
            f"The account {_named(folder)} is traded with the limits '{ceiling.limits}' at most, "
            f"not '{limits}': {ceiling.who} said so ({ceiling.reason}).",
            hint="Name tighter limits, or let an admin raise them under Risk.",
        )


def _named(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"
