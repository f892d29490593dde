"""The promises of stores of approvals: numbered, never lost, never changed, and the last word counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from tradewright.domain.stage import Approval, Stage, StrategyIdentity, Verdict

from .conformance import Conformance, require

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.ports.approvals import ApprovalStore

__all__ = ["ApprovalConformance", "sample_approval"]

_STRATEGY = StrategyIdentity(
    "sma_cross", "ab" * 32, {"fast": 10, "slow": 30.5, "modes": ("a", "ü"), "none": None}, ("NASDAQ:AAPL",), "1d"
)


def sample_approval(
    stage: Stage = Stage.BACKTEST, verdict: Verdict = Verdict.APPROVED, strategy: StrategyIdentity = _STRATEGY
) -> Approval:
    """A verdict that has no number yet."""
    return Approval(0, stage, verdict, strategy, "run 7", "Ada", "Looks sound; é×'\"", 1_700_000_000_123_456_789)


class ApprovalConformance(Conformance):
    """What every store of approvals promises.

    Attributes
    ----------
    opened : callable
        ``opened()`` gives a store in which nothing was ever said.
    reopened : callable
        ``reopened(store)`` gives another store over the same place, as another process would.
    """

    opened: ClassVar[Callable[[], ApprovalStore]]
    reopened: ClassVar[Callable[[ApprovalStore], ApprovalStore]]

    def test_a_new_store_says_nothing(self) -> None:
        """No approvals, and no word on any strategy."""
        store = self._store()
        require(store.all() == [], "A new store holds approvals.")
        require(store.of(_STRATEGY, Stage.BACKTEST) is None, "A strategy nobody looked at was approved.")

    def test_verdicts_come_back_as_they_were(self) -> None:
        """With every word, in another process too."""
        store = self._store()
        kept = store.add(sample_approval())
        require(kept == replace(sample_approval(), number=1), f"What was kept is {kept}.")
        again = self._again(store)
        require(again.all() == [kept], f"Another process reads {again.all()}, not {[kept]}.")
        require(again.of(_STRATEGY, Stage.BACKTEST) == kept, "Another process does not find the approval.")

    def test_numbers_are_given_by_the_store(self) -> None:
        """From one, without a gap, whatever number they come with, and going on in another process."""
        store = self._store()
        numbers = [store.add(replace(sample_approval(), number=9)).number for _ in range(2)]
        numbers.append(self._again(store).add(sample_approval()).number)
        require(numbers == [1, 2, 3], f"Three verdicts were numbered {numbers}.")

    def test_the_last_word_counts_and_history_stays(self) -> None:
        """An approval, its revocation and a new approval: the last counts, all three are kept in order."""
        store = self._store()
        order = (Verdict.APPROVED, Verdict.REVOKED, Verdict.REJECTED)
        for verdict in order:
            store.add(sample_approval(verdict=verdict))
            last = store.of(_STRATEGY, Stage.BACKTEST)
            require(last is not None and last.verdict is verdict, f"After '{verdict}' the last word is {last}.")
        kept = tuple(each.verdict for each in store.all())
        require(kept == order, f"The history is {kept}.")

    def test_stages_are_apart(self) -> None:
        """An approval of one stage says nothing about another."""
        store = self._store()
        store.add(sample_approval(Stage.BACKTEST))
        require(store.of(_STRATEGY, Stage.PAPER) is None, "The approval of a backtest counted for paper.")

    def test_an_approval_binds_text_parameters_and_symbols(self) -> None:
        """Whatever of a strategy differs, it is another strategy."""
        store = self._store()
        store.add(sample_approval())
        others = {
            "name": replace(_STRATEGY, name="other"),
            "text": replace(_STRATEGY, source_hash="cd" * 32),
            "parameters": replace(_STRATEGY, params={**_STRATEGY.params, "fast": 11}),
            "one parameter less": replace(_STRATEGY, params={"fast": 10}),
            "symbols": replace(_STRATEGY, symbols=("NASDAQ:AAPL", "NASDAQ:MSFT")),
            "timeframe": replace(_STRATEGY, timeframe="1h"),
        }
        for what, other in others.items():
            require(store.of(other, Stage.BACKTEST) is None, f"An approval counted for another strategy: {what}.")

    def test_the_order_of_parameters_does_not_matter(self) -> None:
        """The same parameters written in another order are the same strategy."""
        store = self._store()
        store.add(sample_approval())
        turned = replace(_STRATEGY, params=dict(reversed(list(_STRATEGY.params.items()))))
        require(store.of(turned, Stage.BACKTEST) is not None, "The order of parameters made another strategy.")

    def _store(self) -> ApprovalStore:
        return type(self).opened()

    def _again(self, store: ApprovalStore) -> ApprovalStore:
        return type(self).reopened(store)
