"""A search under way, as far as its trials are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.search import TriedSoFar

from .job import aim_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradewright.domain.search import Objective, Trial
    from tradewright.ports.trial_ledger import TrialLedger

__all__ = ["tried_so_far"]


def tried_so_far(ledger: TrialLedger, search: str, request: Mapping[str, Any]) -> TriedSoFar:
    """The trials of a search that was asked for as `request`; its space is what has been tried of it.

    Raises
    ------
    StorageError
        When the ledger cannot be read.
    """
    trials = tuple(ledger.trials_of(search))
    return TriedSoFar(_space(trials), _objectives(request), trials, str(request.get("currency") or "USD"))


def _objectives(request: Mapping[str, Any]) -> tuple[Objective, ...]:
    wanted = request.get("objective") or "sharpe"
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    return tuple(aim_of(name, request.get("maximize")).objective for name in names)


def _space(trials: Iterable[Trial]) -> dict[str, Any]:
    """The values of each parameter, in order where they have one."""
    seen: dict[str, dict[str, Any]] = {}
    for trial in trials:
        for name, value in trial.params.items():
            seen.setdefault(name, {})[repr(value)] = value
    return {name: {"values": _ordered(list(values.values()))} for name, values in seen.items()}


def _ordered(values: list[Any]) -> list[Any]:
    are_numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)
    return sorted(values) if are_numbers else values
