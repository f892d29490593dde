"""Limits: what a run may risk, by preset or by number."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

from .rules.guard import INF, Guard

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PRESETS", "Limits", "LimitsChange", "account_limits"]


_OF_ALL = frozenset({"risk_per_trade", "day_loss", "drawdown"})
"""Limits that nothing can pass above one, so that a percentage would leave them off without a word."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Risk limits as fractions of equity; None leaves a limit off.

    Parameters
    ----------
    name : str
        Shown in every result.
    risk_per_trade : float, optional
        Money lost at the stop, costs included.
    deployed : float, optional
        Gross exposure.
    positions : int, optional
        Instruments held at once.
    day_loss : float, optional
        Loss since the session began that pauses new exposure until the next session.
    drawdown : float, optional
        Fall from the peak that halts new exposure for good.
    """

    name: str = "custom"
    risk_per_trade: float | None = None
    deployed: float | None = None
    positions: int | None = None
    day_loss: float | None = None
    drawdown: float | None = None

    def __post_init__(self) -> None:
        for item in fields(self)[1:]:
            value = getattr(self, item.name)
            if value is not None and not value > 0:
                raise ConfigError(f"The limit {item.name} cannot be {value}.", hint="Give a number above 0, or None.")
            if value is not None and item.name in _OF_ALL and value > 1:
                raise ConfigError(
                    f"The limit {item.name} cannot be {value}: it is a fraction.", hint="Write 8 percent as 0.08."
                )

    @classmethod
    def of(cls, given: Limits | str | None) -> Limits:
        """A preset by name, the limits given, or none.

        Raises
        ------
        ConfigError
            When no preset has that name.
        """
        if isinstance(given, Limits):
            return given
        name = given or "none"
        if name not in PRESETS:
            raise ConfigError(f"There are no limits named '{name}'.", hint=f"Use one of {', '.join(PRESETS)}.")
        return PRESETS[name]

    @property
    def is_active(self) -> bool:
        """Whether any limit is on."""
        return any(getattr(self, item.name) is not None for item in fields(self)[1:])

    def guard(self, equity: float) -> Guard:
        """A fresh state object with these limits, for an account that begins with that equity."""
        guard = Guard(equity)
        guard.active = 1 if self.is_active else 0
        for item in fields(self)[1:]:
            value = getattr(self, item.name)
            setattr(guard, item.name, INF if value is None else float(value))
        return guard

    def describe(self) -> dict[str, Any]:
        """Name and numbers, for records and reports."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @classmethod
    def of_description(cls, described: Mapping[str, Any]) -> Limits:
        """The limits that described themselves so."""
        return cls(**described)


PRESETS: dict[str, Limits] = {
    "none": Limits("none"),
    "cautious": Limits("cautious", 0.005, 0.50, 5, 0.01, 0.05),
    "standard": Limits("standard", 0.01, 0.65, 10, 0.02, 0.08),
    "bold": Limits("bold", 0.02, 0.80, 15, 0.03, 0.12),
}
"""The named limits of the platform."""


@dataclass(frozen=True, slots=True)
class LimitsChange:
    """A person's word for numbers outside the presets.

    Parameters
    ----------
    limits : Limits
    who, reason : str

    Raises
    ------
    ConfigError
        When nobody or no reason is named, or the limits are a preset under another name's numbers.
    """

    limits: Limits
    who: str
    reason: str

    def __post_init__(self) -> None:
        require_named(self.who, self.reason, "A change of the risk limits")
        if self.limits.name in PRESETS and self.limits != PRESETS[self.limits.name]:
            raise ConfigError(
                f"The limits '{self.limits.name}' have other numbers than the preset.", hint="Give them another name."
            )


def require_named(who: str, reason: str, what: str) -> None:
    """Insist on a person and a reason.

    Raises
    ------
    ConfigError
        When one of them is blank.
    """
    if not who.strip() or not reason.strip():
        raise ConfigError(f"{what} needs a person and a reason.", hint="Pass --reason with a sentence.")


def account_limits(given: LimitsChange | str | None) -> Limits:
    """The limits of an account that takes real or paper orders: a preset by its name, or a change that a person made.

    Raises
    ------
    ConfigError
        When nothing was named, or ``none``: an account never trades without limits.
    """
    if isinstance(given, LimitsChange):
        return given.limits
    named = ", ".join(name for name in PRESETS if name != "none")
    if not given or given == "none":
        raise ConfigError("Paper and live name their risk limits.", hint=f"Use one of {named}.")
    if given not in PRESETS:
        raise ConfigError(f"There are no limits named '{given}'.", hint=f"Use one of {named}.")
    return PRESETS[given]
