"""What a store of runs speaks of: a run that was kept, what it left behind, and which runs are asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LATEST_FIRST", "SHORT_ID", "Artifact", "KeptRun", "RunLabel", "RunQuery", "RunSort", "short_id"]

SHORT_ID = 8
"""Digits that tell a run on a screen; more are shown only where these do not suffice."""


def short_id(run_id: str) -> str:
    """The first digits of an id, enough to ask for the run."""
    return run_id[:SHORT_ID]


@dataclass(frozen=True, slots=True)
class Artifact:
    """One thing that a run left behind, kept by its content.

    Parameters
    ----------
    name : str
        Its name within the run, such as ``"record"``.
    media_type : str
    size : int
        Bytes.
    digest : str
        SHA-256 of the bytes, hexadecimal; equal content is kept once.
    place : str
        Which artifact store holds it.
    """

    name: str
    media_type: str
    size: int
    digest: str
    place: str


@dataclass(frozen=True, slots=True)
class RunLabel:
    """What is said of a run when it is kept, from outside the run.

    Parameters
    ----------
    id : str
        Unique; made at the door.
    created_ns : int
        Instant of keeping, UTC nanoseconds.
    name : str or None
    note : str
    tags : tuple of str
    kind : str
        ``"backtest"``; ``"optimize"``, the run of a search's best; ``"walk_forward"``, what came out of sample.
    star : bool
        Whether somebody marked it.
    """

    id: str
    created_ns: int
    name: str | None = None
    note: str = ""
    tags: tuple[str, ...] = ()
    kind: str = "backtest"
    star: bool = False


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run as a store lists it; the record itself is one of its artifacts.

    Parameters
    ----------
    label : RunLabel
    status : str
        ``"done"``.
    strategy : str
        Names of the strategies, joined by ``" + "``.
    symbols : tuple of str
        As the run names them.
    timeframe : str
    first, last : str
        Session dates of the first and last row that counted, ISO.
    record_hash, config_hash, code_version : str
    config : mapping
        The choices of the run, plain values.
    recipe : mapping
        How to run it again, plain values (`tradewright.domain.recipe.Recipe`); texts of strategies are artifacts.
    evidence : mapping
        What was known from outside the record, plain values.
    metrics : mapping of key to (value or None, reason or None)
    artifacts : tuple of Artifact
    """

    label: RunLabel
    status: str
    strategy: str
    symbols: tuple[str, ...]
    timeframe: str
    first: str
    last: str
    record_hash: str
    config_hash: str
    code_version: str
    config: Mapping[str, Any]
    recipe: Mapping[str, Any]
    evidence: Mapping[str, Any]
    metrics: Mapping[str, tuple[float | None, str | None]] = field(default_factory=dict)
    artifacts: tuple[Artifact, ...] = ()

    @property
    def id(self) -> str:
        """The run's own name."""
        return self.label.id

    def artifact(self, name: str) -> Artifact | None:
        """What it left behind under that name."""
        return next((each for each in self.artifacts if each.name == name), None)


@dataclass(frozen=True, slots=True)
class RunQuery:
    """Which runs are asked for; what is None does not restrict.

    Parameters
    ----------
    strategy : str, optional
        Any part of its name, in any case.
    symbol, tag : str, optional
        Exactly.
    since_ns : int, optional
        Kept at that instant or later, UTC nanoseconds.
    kind, status : str, optional
        Exactly.
    star : bool, optional
    """

    strategy: str | None = None
    symbol: str | None = None
    tag: str | None = None
    since_ns: int | None = None
    kind: str | None = None
    status: str | None = None
    star: bool | None = None


@dataclass(frozen=True, slots=True)
class RunSort:
    """In which order runs are listed. What has no value stands last either way.

    Parameters
    ----------
    by : str
        ``"created"``, ``"name"``, ``"strategy"``, or the key of a metric.
    is_descending : bool
    """

    by: str = "created"
    is_descending: bool = True


LATEST_FIRST = RunSort()
