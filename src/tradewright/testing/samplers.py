"""The promises of samplers: questions of the space, none twice, that hang on seed and answers alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

from tradewright.domain.search import Trial, TrialState
from tradewright.domain.space import Range, Space

from .conformance import Conformance, require

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.space import Dimension
    from tradewright.ports.sampler import Sampler

    Params = Mapping[str, Any]

__all__ = ["SamplerConformance"]

_TRIALS = 40


class SamplerConformance(Conformance):
    """What every sampler promises.

    Attributes
    ----------
    opened : callable
        ``opened(space, trials, seed, where)`` gives the sampler; `where` is a condition or None. One that tries every
        combination leaves trials and seed unused.
    objectives : int
        How many values it is told of each trial.
    continuous : bool
        Whether it takes ranges without steps.

    Examples
    --------
    >>> import numpy as np
    >>> from tradewright.research.samplers import RandomSampler
    >>> class TestRandom(SamplerConformance):
    ...     def opened(space, trials, seed, where):
    ...         return RandomSampler(space, trials, rng=np.random.default_rng(seed), where=where)
    >>> TestRandom.check()
    """

    opened: ClassVar[Callable[[Space, int, int, Any], Sampler]]
    objectives: ClassVar[int] = 1
    continuous: ClassVar[bool] = True

    def test_says_what_it_is(self) -> None:
        """Its name, and a batch of at least one where answers matter to it."""
        sampler = self._opened(_small())
        require(sampler.name, "The sampler has no name.")
        require(sampler.batch is None or sampler.batch > 0, f"A batch of {sampler.batch} is none.")

    def test_every_question_is_of_the_space(self) -> None:
        """All names in their order, and of each a value that it may take, of the same kind."""
        for space in self._spaces():
            for params in self._questions(space):
                require(list(params) == list(space), f"The sampler asks for {list(params)}, not for {list(space)}.")
                for name, dimension in space.items():
                    require(_holds(dimension, params[name]), f"{params[name]!r} is no value of '{name}'.")

    def test_nothing_is_asked_twice(self) -> None:
        """Every question is new."""
        for space in self._spaces():
            asked = [repr(params) for params in self._questions(space)]
            require(len(set(asked)) == len(asked), "The sampler asks for the same parameters twice.")

    def test_a_small_space_is_tried_as_a_whole(self) -> None:
        """With more trials than combinations each comes up, and then there are no more questions."""
        space = _small()
        require(len(self._questions(space, trials=500)) == space.size, "Some combination of a small space is missing.")

    def test_no_more_is_asked_than_was_said(self) -> None:
        """`total` bounds the questions; without a condition it is exact."""
        for space in self._spaces():
            total, asked = self._opened(space).total, len(self._questions(space))
            require(total is None or asked == total, f"The sampler says {total} questions and asks {asked}.")

    def test_a_condition_holds_of_every_question(self) -> None:
        """What does not satisfy it is not asked, and all that does in a small space is."""

        def where(params: Params) -> bool:
            return bool(params["n"] > params["m"])

        space = Space({"n": range(6), "m": [4, 3, 2, 1, 0]})
        asked = self._questions(space, trials=500, where=where)
        require(all(map(where, asked)), "A question breaks the condition.")
        require(len(asked) == 15, f"Of 15 combinations that satisfy the condition {len(asked)} were asked.")

    def test_the_same_seed_and_answers_give_the_same_questions(self) -> None:
        """Whether they are asked for all together, one by one, or by sevens."""
        for space in self._spaces():
            whole = self._questions(space)
            for piece in (1, 7):
                again = self._questions(space, piece=piece)
                require(whole == again, f"The same search, asked again by {piece}, has other questions.")

    def test_a_search_that_is_replayed_goes_on_as_it_would_have(self) -> None:
        """After the same answers to the first questions, the rest are the same."""
        for space in self._spaces():
            first, other = self._opened(space), self._opened(space)
            answers: list[Trial] = []
            for sampler in (first, other):
                number = 0
                while number < 32 and (asked := sampler.ask(sampler.batch or 16)):
                    if sampler is first:
                        answers += [self._trial(number + at, params) for at, params in enumerate(asked)]
                    sampler.tell(answers[number : number + len(asked)])
                    number += len(asked)
            require(first.ask(16) == other.ask(16), "After the same answers other questions are asked.")

    def test_failures_do_not_stop_it(self) -> None:
        """Trials that failed, were pruned, or have no value, infinite or huge ones, are answers too."""
        for space in self._spaces():
            asked = self._questions(space, answer=self._odd)
            whole = self._questions(space)
            require(len(asked) == len(whole), f"With odd answers {len(asked)} questions come, not {len(whole)}.")

    def _spaces(self) -> list[Space]:
        made = [_mixed(), _small()]
        return [*made, _continuous()] if self.continuous else made

    def _opened(self, space: Space, trials: int = _TRIALS, where: Any = None) -> Sampler:
        made: Sampler = self.subject("opened")(space, trials, 7, where)
        return made

    def _questions(
        self, space: Space, *, trials: int = _TRIALS, piece: int = 10**6, where: Any = None, answer: Any = None
    ) -> list[Params]:
        """Every question of a search in which all are answered."""
        sampler = self._opened(space, trials, where)
        found: list[Params] = []
        waiting: list[Trial] = []
        while asked := sampler.ask(min(piece, (sampler.batch or 16) - len(waiting))):
            waiting += [(answer or self._trial)(len(found) + at, params) for at, params in enumerate(asked)]
            found += asked
            if len(waiting) == (sampler.batch or 16) or len(found) == sampler.total:
                sampler.tell(waiting)
                waiting = []
        return found

    def _trial(self, number: int, params: Params) -> Trial:
        score = sum(float(value) for value in params.values() if isinstance(value, int | float))
        values = (-abs(score - 20.0), -score, score)[: self.objectives]
        return Trial(number, params, TrialState.DONE, values)

    def _odd(self, number: int, params: Params) -> Trial:
        odd = (math.inf, -math.inf, math.nan, None, 1e300, 0.0)[number % 6]
        state = (TrialState.FAILED, TrialState.PRUNED, TrialState.DONE, TrialState.DONE)[number % 4]
        values = (odd,) * self.objectives if state is TrialState.DONE else (None,) * self.objectives
        return Trial(number, params, state, values)


def _small() -> Space:
    return Space({"n": range(4), "word": ["a", "b", None]})


def _mixed() -> Space:
    """Every kind of dimension that has steps."""
    return Space({
        "n": range(5, 60, 5), "far": [1, 100, 10], "word": ["a", "b"], "flag": [True, False], "pair": [(1, 2), (3, 4)],
        "x": Range(0.1, 0.7, step=0.1), "whole": Range(2, 40), "odd": Range(1, 99, step=2),
        "log": Range(1, 500, log=True), "log step": Range(10, 500, step=10, log=True), "one": [3],
    })  # fmt: skip


def _continuous() -> Space:
    return Space({"x": Range(-1.5, 3.0), "rate": Range(1e-5, 1.0, log=True), "n": range(50)})


def _holds(dimension: Dimension, value: Any) -> bool:
    if isinstance(dimension, Range) and dimension.is_continuous:
        return type(value) is float and dimension.low <= value <= dimension.high
    return repr(value) in set(map(repr, dimension.values))
