"""What a changed catalogue entry is to approvals: the strategy that they let trade, or another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.app.approve import identity_of
from tradewright.domain.errors import TradewrightError

if TYPE_CHECKING:
    from tradewright.app.approve import ApprovalDesk
    from tradewright.bootstrap.catalogue import CatalogueEntry
    from tradewright.bootstrap.catalogue_change import EntryChange
    from tradewright.domain.stage import StrategyIdentity

__all__ = ["IdentityChange", "identity_change"]


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """Whether approvals see another strategy.

    Parameters
    ----------
    is_changed : bool
    lost, found : tuple of int
        Numbers of the approvals in force that held for it before and hold no longer, and of those that hold only now.
    sentence : str
    """

    is_changed: bool
    lost: tuple[int, ...]
    found: tuple[int, ...]
    sentence: str


def identity_change(change: EntryChange, approvals: ApprovalDesk) -> IdentityChange:
    """By the rule of approvals: another value of a parameter, symbols or timeframe is another strategy."""
    before, after = _identity(change.before), _identity(change.after)
    if before == after:
        return IdentityChange(False, (), (), "To approvals it is the strategy that it was.")
    held, holds = _holding(before, approvals), _holding(after, approvals)
    lost, found = tuple(sorted(held - holds)), tuple(sorted(holds - held))
    return IdentityChange(True, lost, found, _sentence(lost, found))


def _identity(entry: CatalogueEntry) -> StrategyIdentity | None:
    """As approvals know it, with the symbols and the timeframe that its entry says; None where it has no text."""
    from tradewright.strategy.adapt import as_strategy
    from tradewright.strategy.registry import load_strategy

    said = entry.settings
    try:
        made = as_strategy(load_strategy(entry.reference), dict(said.params))
        return identity_of(made, said.universe, said.timeframe or "")
    except TradewrightError:
        # Nobody could approve it, so that nothing is lost.
        return None


def _holding(identity: StrategyIdentity | None, approvals: ApprovalDesk) -> set[int]:
    if identity is None:
        return set()
    return {
        each.number for each in approvals.store.all() if _binds(each.strategy, identity) and approvals.is_in_force(each)
    }


def _binds(approved: StrategyIdentity, entry: StrategyIdentity) -> bool:
    """Whether an approval is of it; symbols and timeframe that the entry leaves open are said when it is begun."""
    bare = tuple(symbol.partition(":")[2] or symbol for symbol in approved.symbols)
    return (
        (approved.name, approved.source_hash, approved.params) == (entry.name, entry.source_hash, entry.params)
        and entry.symbols in ((), bare, approved.symbols)
        and entry.timeframe in ("", approved.timeframe)
    )


def _sentence(lost: tuple[int, ...], found: tuple[int, ...]) -> str:
    said = ["To approvals it is another strategy."]
    if lost:
        said.append(f"What was approved of it ({_numbers(lost)}) does not let it trade any more.")
    if found:
        said.append(f"What was approved before ({_numbers(found)}) lets it trade.")
    if not lost and not found:
        said.append("None in force was lost by it.")
    return " ".join(said)


def _numbers(numbers: tuple[int, ...]) -> str:
    return f"number {', '.join(map(str, numbers))}"
