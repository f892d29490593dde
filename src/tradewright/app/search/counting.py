"""A single run counts as well: looking at one configuration after another is a search by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.search import Trial, TrialState
from tradewright.ports.trial_ledger import KeptTrial
from tradewright.strategy.adapt import as_strategy

from .evaluator import returns_and_ratio
from .identity import header_of_run

if TYPE_CHECKING:
    from tradewright.ports.trial_ledger import TrialLedger
    from tradewright.reporting.result import Result

__all__ = ["counted"]


def counted(result: Result, strategy: Any, ledger: TrialLedger, family: str | None = None) -> Result:
    """Count a run in the ledger; the same result, which knows of how many configurations it is one.

    A configuration that was run or searched before is not counted again. The record, and its hash, stay as they are.

    Parameters
    ----------
    result : Result
        Of one strategy.
    strategy : class or function
        What ran, as it was given.
    ledger : TrialLedger
    family : str, optional
        Declared name of the strategy's family.

    Raises
    ------
    StorageError, ResourceError
        When it cannot be kept.
    """
    header = header_of_run(result.record, as_strategy(strategy, None).source(), family)
    _, ratio = returns_and_ratio(result.metrics.inputs)
    params = dict(result.record.strategies[0].params)
    trial = Trial(0, params, TrialState.DONE, (result.metrics["sharpe"],), sharpe=ratio)
    ledger.open(header)
    ledger.record(header, [KeptTrial(trial, None)])
    ledger.finish(header)
    count = ledger.count(header.family, header.span)
    return result.with_evidence(trials=count.configurations, trials_variance=count.variance)
