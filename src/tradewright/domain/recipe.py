"""How to run a run again: which strategies with which text, which bars from where, and why not where it cannot be."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .plain_values import from_plain, to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["BarsRecipe", "Recipe", "StrategyRecipe"]


@dataclass(frozen=True, slots=True)
class StrategyRecipe:
    """A strategy as it was loaded.

    Parameters
    ----------
    reference : str
        ``path/file.py:Name`` or ``package.module:Name``, for people.
    name : str
        Of the class or function in its file.
    package : str
        From which the file's relative imports count; empty where it makes none.
    is_script : bool
        Whether the file was the program itself, of which only the definitions are to be run again.
    text : str
        The whole file as it was.
    params : mapping
    source_hash : str or None
        As in the record.
    """

    reference: str
    name: str
    package: str
    is_script: bool
    text: str
    params: Mapping[str, Any]
    source_hash: str | None


@dataclass(frozen=True, slots=True)
class BarsRecipe:
    """Bars of a run, before anything was cut off them.

    Parameters
    ----------
    origin : mapping
        As `Bars.origin`.
    instrument : mapping
        As `Instrument.to_dict`: bars may have been given to the run under another name.
    fingerprint : str
    """

    origin: Mapping[str, Any]
    instrument: Mapping[str, Any]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that the record does not hold and a second run needs.

    Parameters
    ----------
    strategies : tuple of StrategyRecipe
    series, detail : mapping of symbol to BarsRecipe
    fx : mapping of currency to BarsRecipe or float
    benchmark : BarsRecipe or None
    risk_free : float
    obstacles : tuple of str
        Why it cannot be run again, one sentence each; empty where it can.
    """

    strategies: tuple[StrategyRecipe, ...] = ()
    series: Mapping[str, BarsRecipe] = field(default_factory=dict)
    detail: Mapping[str, BarsRecipe] = field(default_factory=dict)
    fx: Mapping[str, BarsRecipe | float] = field(default_factory=dict)
    benchmark: BarsRecipe | None = None
    risk_free: float = 0.0
    obstacles: tuple[str, ...] = ()

    def hashed(self, source_hashes: Sequence[str | None]) -> Recipe:
        """The same with the hashes that the record has of its strategies."""
        pairs = zip(self.strategies, source_hashes, strict=True)
        return replace(self, strategies=tuple(replace(each, source_hash=found) for each, found in pairs))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, without the texts of the strategies."""
        return {
            "strategies": [_fields(replace(each, text="")) for each in self.strategies],
            "series": {name: _fields(bars) for name, bars in self.series.items()},
            "detail": {name: _fields(bars) for name, bars in self.detail.items()},
            "fx": {name: rate if isinstance(rate, (int, float)) else _fields(rate) for name, rate in self.fx.items()},
            "benchmark": None if self.benchmark is None else _fields(self.benchmark),
            "risk_free": self.risk_free,
            "obstacles": list(self.obstacles),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], texts: Mapping[int, str]) -> Recipe:
        """The recipe that `to_dict` wrote, with the texts of its strategies by number."""
        strategies = [StrategyRecipe(**from_plain(each)) for each in values["strategies"]]
        return cls(
            strategies=tuple(replace(each, text=texts.get(at, "")) for at, each in enumerate(strategies)),
            series={name: _bars(bars) for name, bars in values["series"].items()},
            detail={name: _bars(bars) for name, bars in values["detail"].items()},
            fx={name: rate if isinstance(rate, (int, float)) else _bars(rate) for name, rate in values["fx"].items()},
            benchmark=None if values["benchmark"] is None else _bars(values["benchmark"]),
            risk_free=values["risk_free"],
            obstacles=tuple(values["obstacles"]),
        )


def _fields(value: Any) -> dict[str, Any]:
    return {name: to_plain(getattr(value, name)) for name in value.__dataclass_fields__}


def _bars(values: Mapping[str, Any]) -> BarsRecipe:
    return BarsRecipe(**{name: from_plain(value) for name, value in values.items()})
