"""The promises of trial ledgers: whole trials, none lost or repeated, none counted twice or left uncounted."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewright.domain.search import DataSpan, SearchHeader, Trial, TrialState
from tradewright.ports.trial_ledger import KeptTrial

from .conformance import Conformance, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tradewright.ports.trial_ledger import TrialLedger

__all__ = ["TrialLedgerConformance", "sample_header", "sample_trial"]

_SPAN = DataSpan(("XNAS:AAA", "XNAS:BBB"), "1d", "2020-01-02", "2020-12-31")


class TrialLedgerConformance(Conformance):
    """What every trial ledger promises.

    Attributes
    ----------
    opened : callable
        ``opened()`` gives a ledger in which nothing is kept yet.

    Examples
    --------
    >>> from tradewright.adapters.storage.memory.trial_ledger import MemoryTrialLedger
    >>> class TestMemory(TrialLedgerConformance):
    ...     opened = MemoryTrialLedger
    >>> TestMemory.check()
    """

    opened: ClassVar[Callable[[], TrialLedger]]

    def test_nothing_is_counted_at_first(self) -> None:
        """An empty ledger says none."""
        found = self._ledger().count("family", _SPAN)
        require(
            (found.family, found.configurations, found.variance, found.scored) == ("family", 0, None, 0),
            f"An empty ledger counts {found}.",
        )

    def test_a_search_goes_on_with_what_was_kept(self) -> None:
        """Trials come back as they were, in order of number, whatever the order in which they were kept."""
        ledger, header = self._ledger(), sample_header()
        require(ledger.open(header) == [], "A new search has trials.")
        kept = [*_every_kind()]
        ledger.record(header, kept[::-2])
        ledger.record(header, [])
        ledger.record(header, kept[-2::-2])
        _require_same(ledger.open(header), kept)

    def test_a_search_can_be_looked_at_while_it_is_under_way(self) -> None:
        """What is kept of it so far, by number, without going on with it; of an unknown one nothing."""
        ledger, header = self._ledger(), sample_header()
        require(ledger.trials_of(header.id) == [], "A search that was never begun has trials.")
        kept = [*_every_kind()]
        ledger.open(header)
        ledger.record(header, kept[::-1])
        seen = [trial.number for trial in ledger.trials_of(header.id)]
        require(seen == [each.trial.number for each in kept], f"The trials so far are others: {seen}.")
        ledger.finish(header)
        require(len(ledger.trials_of(header.id)) == len(kept), "Looking at a search that ended loses its trials.")

    def test_trials_are_kept_once(self) -> None:
        """A trial that is kept already stays as it is."""
        ledger, header = self._ledger(), sample_header()
        ledger.open(header)
        ledger.record(header, [sample_trial(0, sharpe=0.1)])
        ledger.record(header, [sample_trial(0, sharpe=0.9), sample_trial(1, sharpe=0.2)])
        found = [kept.trial.sharpe for kept in ledger.open(header)]
        require(found == [0.1, 0.2], f"A trial that was kept was overwritten or lost: {found}.")

    def test_families_are_told_with_their_configurations(self) -> None:
        """Each family once, with what counts of it on any data; one of which nothing counts is none."""
        ledger = self._ledger()
        require(ledger.families() == [], "An empty ledger has families.")
        later = replace(_SPAN, first="2021-01-04", last="2021-12-31")
        for name, span in (("one", _SPAN), ("two", later)):
            header = replace(sample_header(name), span=span)
            ledger.open(header)
            ledger.record(header, [sample_trial(0), sample_trial(1)])
        failed = replace(sample_header("three"), family="other")
        ledger.open(failed)
        ledger.record(failed, [KeptTrial(Trial(0, {"n": 1}, TrialState.FAILED, (None,)), None)])
        (found,) = ledger.families()
        told = (found.configurations, found.searches, found.instruments, found.first, found.last)
        require(told == (2, 2, _SPAN.instruments, _SPAN.first, later.last), f"A family is told as {found}.")

    def test_searches_do_not_meet(self) -> None:
        """Equal numbers of two searches are two trials."""
        ledger = self._ledger()
        for name, sharpe in (("one", 0.1), ("two", 0.2)):
            ledger.open(sample_header(name))
            ledger.record(sample_header(name), [sample_trial(0, sharpe=sharpe)])
        found = [kept.trial.sharpe for kept in ledger.open(sample_header("one"))]
        require(found == [0.1], f"A search finds the trials of another: {found}.")

    def test_a_search_that_ended_is_begun_anew_and_counted_once(self) -> None:
        """It gives no trials; those of the first time count until they are there again, and never twice."""
        ledger, header = self._ledger(), sample_header()
        for time in range(3):
            require(ledger.open(header) == [], "A search that ended gives trials when it begins anew.")
            ledger.record(header, [sample_trial(0), sample_trial(1)])
            require(len(ledger.open(header)) == 2, "A search that begins anew does not go on with its own trials.")
            ledger.record(header, [sample_trial(2)])
            self._require_count(ledger, 3, f"at time {time + 1} of the same search")
            ledger.finish(header)

    def test_equal_configurations_count_once(self) -> None:
        """Over searches, walks and runs; other settings or other parameters are another configuration."""
        ledger = self._ledger()
        plain = [sample_trial(0, {"n": 5}), sample_trial(1, {"n": 6})]
        _keep(ledger, sample_header("a"), plain)
        _keep(ledger, replace(sample_header("b"), kind="backtest"), [sample_trial(0, {"n": 6})])
        self._require_count(ledger, 2, "when a run repeats a trial of a search")
        _keep(ledger, replace(sample_header("c"), kind="walk-forward", settings="other"), [sample_trial(0, {"n": 5})])
        _keep(ledger, sample_header("d"), [sample_trial(0, {"n": 7})])
        self._require_count(ledger, 4, "with other settings and other parameters")

    def test_only_overlapping_data_of_the_family_counts(self) -> None:
        """Another family, timeframe, instrument, or other dates are other trials."""
        ledger = self._ledger()
        spans = {
            "same": (_SPAN, True), "one instrument": (replace(_SPAN, instruments=("XNAS:BBB", "XNYS:ZZZ")), True),
            "last day": (replace(_SPAN, first="2020-12-31", last="2021-12-31"), True),
            "first day": (replace(_SPAN, first="2019-01-02", last="2020-01-02"), True),
            "inside": (replace(_SPAN, first="2020-05-01", last="2020-06-01"), True),
            "later": (replace(_SPAN, first="2021-01-01", last="2021-12-31"), False),
            "earlier": (replace(_SPAN, first="2019-01-02", last="2020-01-01"), False),
            "hourly": (replace(_SPAN, timeframe="1h"), False),
            "other": (replace(_SPAN, instruments=("XNAS:CCC",)), False),
        }  # fmt: skip
        expected = 0
        for name, (span, counts) in spans.items():
            _keep(ledger, replace(sample_header(name), span=span, settings=name), [sample_trial(0)])
            expected += counts
            self._require_count(ledger, expected, f"after data called '{name}'")
        _keep(ledger, replace(sample_header("x"), family="another", settings="x"), [sample_trial(0)])
        self._require_count(ledger, expected, "after a search of another family")

    def test_failed_trials_do_not_count(self) -> None:
        """What failed gave nothing to choose; what was pruned was looked at."""
        ledger = self._ledger()
        _keep(ledger, sample_header(), _every_kind())
        counted = sum(kept.trial.state is not TrialState.FAILED for kept in _every_kind())
        self._require_count(ledger, counted, "with a failed trial")

    def test_the_spread_is_that_of_one_ratio_per_configuration(self) -> None:
        """The variance with ddof 1 over the latest ratio of each; those that have none are left out of it."""
        ledger = self._ledger()
        _keep(ledger, sample_header("a"), [sample_trial(0, {"n": 5}, 0.5), sample_trial(1, {"n": 6}, None)])
        require(ledger.count("family", _SPAN).variance is None, "One ratio has a variance.")
        _keep(ledger, sample_header("b"), [sample_trial(0, {"n": 7}, 0.1), sample_trial(1, {"n": 5}, 0.3)])
        _keep(ledger, sample_header("c"), [sample_trial(0, {"n": 5}, None), sample_trial(1, {"n": 8}, math.nan)])
        found = ledger.count("family", _SPAN)
        require((found.configurations, found.scored) == (4, 2), f"Four configurations, two with ratios: {found}.")
        expected = float(np.var([0.1, 0.3], ddof=1))
        require(math.isclose(found.variance or 0.0, expected), f"The variance is {found.variance}, not {expected}.")

    def _ledger(self) -> TrialLedger:
        made: TrialLedger = self.subject("opened")()
        return made

    @staticmethod
    def _require_count(ledger: TrialLedger, expected: int, when: str) -> None:
        found = ledger.count("family", _SPAN).configurations
        require(found == expected, f"The ledger counts {found} configurations {when}, not {expected}.")


def sample_header(name: str = "search") -> SearchHeader:
    """A search of that id, of one family, on one year of two symbols."""
    return SearchHeader(name, "search", "family", "Strategy", _SPAN, "settings")


def sample_trial(number: int, params: dict[str, Any] | None = None, sharpe: float | None = 0.1) -> KeptTrial:
    """A trial that is done, with returns of its own."""
    returns = np.random.default_rng(number).normal(0.0, 0.01, 50)
    chosen = {"n": number} if params is None else params
    trial = Trial(number, chosen, TrialState.DONE, (sharpe,), {"trades": number, "calmar": None}, sharpe=sharpe)
    return KeptTrial(trial, returns)


def _every_kind() -> list[KeptTrial]:
    """Trials of each state, with values and parameters of every kind."""
    done, failed, pruned = TrialState.DONE, TrialState.FAILED, TrialState.PRUNED
    params = {"n": 3, "x": 0.1, "word": "ä'\"", "flag": True, "pair": (1, 2.5), "none": None}
    odd = Trial(1, params, done, (math.inf, None, -0.0), {"a": 1, "b": 2.5, "c": None}, "No trade.", 1e-300)
    return [
        sample_trial(0), KeptTrial(odd, np.array([0.0, -0.0, 1e-320, math.pi, -1.0])),
        KeptTrial(Trial(2, {"n": 4}, failed, (None,), reason="The strategy raised."), None),
        KeptTrial(Trial(3, {"n": 5}, pruned, (None,), {}, "Among the worse ones."), None),
        KeptTrial(Trial(4, {"n": 6}, done, (0.5,), {}, None, None), np.empty(0)),
    ]  # fmt: skip


def _keep(ledger: TrialLedger, header: SearchHeader, trials: Iterable[KeptTrial]) -> None:
    ledger.open(header)
    ledger.record(header, list(trials))
    ledger.finish(header)


def _require_same(found: list[KeptTrial], expected: list[KeptTrial]) -> None:
    require(len(found) == len(expected), f"Of {len(expected)} trials that were kept, {len(found)} came back.")
    for one, other in zip(found, expected, strict=True):
        require(repr(one.trial) == repr(other.trial), f"A trial came back as {one.trial}, not {other.trial}.")
        same = _bits(one) == _bits(other)
        require(same, f"The returns of trial {one.trial.number} came back as others.")


def _bits(kept: KeptTrial) -> bytes | None:
    return None if kept.returns is None else np.asarray(kept.returns, np.float64).tobytes()
