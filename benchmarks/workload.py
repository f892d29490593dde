"""What a workload is: data, contenders doing the same work, and the target each has to reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.market import Market

Outcome = Mapping[str, float | str]


class Kind(Enum):
    """The class a contender belongs to: rivals are of one class, the others say where the limit lies."""

    TRADEWRIGHT = "tradewright"
    CALLBACK = "callback"
    VECTORISED = "vectorised"
    BARE = "bare loop"
    REFERENCE = "reference"

    @property
    def own_interpreter(self) -> bool:
        """Whether it runs in the interpreter Tradewright is installed in, not in the peers' one."""
        return self in (Kind.TRADEWRIGHT, Kind.REFERENCE)


class Trial(NamedTuple):
    """One prepared run: `run` is what is measured, `outcome` reads figures out of its answer afterwards."""

    run: Callable[[], Any]
    outcome: Callable[[Any], Outcome]


@dataclass(frozen=True)
class Target:
    """A figure and the bound it must keep, absolute or against a contender of the same run.

    Parameters
    ----------
    figure : str
        `rate` (million units per CPU second), `cpu_s`, `bytes_per_unit`, or a key of the outcome.
    at_least, at_most : float or None
        The bound; exactly one is given.
    of : str
        Name of the contender whose same figure multiplies the bound; empty for an absolute bound.
    plus : float
        Added to the bound, in the unit of the figure.
    """

    figure: str
    at_least: float | None = None
    at_most: float | None = None
    of: str = ""
    plus: float = 0.0

    def bound(self, reference: float | None) -> float:
        """Return the bound in the unit of the figure; `reference` is the figure of the contender named by `of`."""
        factor = self.at_most if self.at_least is None else self.at_least
        assert factor is not None
        return factor * (1.0 if reference is None else reference) + self.plus

    def met(self, value: float, reference: float | None) -> bool:
        """Return whether `value` keeps the bound."""
        bound = self.bound(reference)
        return value <= bound if self.at_least is None else value >= bound

    def __str__(self) -> str:
        sign = "≤" if self.at_least is None else "≥"
        factor = self.at_most if self.at_least is None else self.at_least
        words = f"{factor:g} × {self.of}" if self.of and factor != 1.0 else self.of or f"{factor:g}"
        return (
            f"{sign} {words}" + (f" + {self.plus:g}" if self.plus else "") + f" {UNITS.get(self.figure, self.figure)}"
        )


UNITS = {"rate": "M/s", "cpu_s": "s", "bytes_per_unit": "B/unit"}


@dataclass(frozen=True, kw_only=True)
class Contender:
    """Somebody who does the work of a workload.

    `against` names the Tradewright contender the ratio is taken with; a contender without it gets no ratio.
    """

    name: str
    kind: Kind
    target: Target | None = None
    against: str = ""


@dataclass(frozen=True, kw_only=True)
class Engine(Contender):
    """A contender that runs inside a fresh Python process.

    `prepare` brings the market into the engine's own form (not measured) and returns the trial. It imports what it
    needs itself: the first call, on a small head of the market, is the warm-up. `most` is the number of bars a slow
    engine is given at most; rates are per unit, so they compare. `calls` is how often one run goes over the market.
    `same` names the keys of the outcome that must agree with the anchor's, so that nobody is fast by doing less; `told`
    those that are printed under the table.
    """

    prepare: Callable[[Market], Trial]
    modules: tuple[str, ...] = ()
    most: int | None = None
    calls: int = 1
    same: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Command(Contender):
    """A contender that is a whole process; `argv` gets the data folder and returns what follows the interpreter."""

    argv: Callable[[Path], list[str]]


@dataclass(frozen=True, kw_only=True)
class Workload:
    """One row group of the table.

    `make` writes the data of `length` bars into a folder, once, for all contenders. `anchor` names the contender whose
    outcome says what the right work is. `per_minute` is how many units come in a minute of real time, where the pace
    can be real.
    """

    key: str
    title: str
    unit: str
    contenders: tuple[Contender, ...]
    make: Callable[[Path, int], None]
    length: int
    quick_length: int
    warm_length: int = 3_000
    anchor: str = ""
    per_minute: int = 0

    def contender(self, name: str) -> Contender:
        """Return the contender of that name; raises `KeyError` if there is none."""
        return {contender.name: contender for contender in self.contenders}[name]
