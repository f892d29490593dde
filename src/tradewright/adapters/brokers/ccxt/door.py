"""The door to an exchange, open while somebody holds it: questions with patience, requests that change things once."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.rate_limiter import TokenBucketRateLimiter
from tradewright.adapters.wire.reading import read
from tradewright.domain.errors import ConnectionError as VenueConnectionError
from tradewright.domain.errors import RateLimitError, TradewrightError
from tradewright.domain.live.venue import Answer, AnswerKind

from .exchange import build
from .gate import PASSAGE, Passage, WithheldError
from .outcomes import answer_of, code_of, error_of, failures

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tradewright.ports.clock import Clock

    from .exchange import Blueprint
    from .table import CcxtTerms

__all__ = ["Door"]

_STALE = "-1021"
_SHIFT_S = 1.0


class Door:
    """One exchange of ccxt, built when it is opened.

    Parameters
    ----------
    plan : Blueprint
    terms : CcxtTerms
    clock : Clock

    Attributes
    ----------
    on_frame, on_message : callable
        Who hears the frames and the messages of its sockets.
    """

    def __init__(self, plan: Blueprint, terms: CcxtTerms, clock: Clock) -> None:
        # An impossible exchange or address is said when the door is made, not when it is first used.
        build(plan, _unheard, _unheard)
        self.plan = plan
        self.terms = terms
        self.on_frame: Callable[[Any], None] = _unheard
        self.on_message: Callable[[Any], None] = _unheard
        self._clock = clock
        self._limiter = TokenBucketRateLimiter(terms.pace, clock)
        self._exchange: Any = None
        self._markets: Any = None
        self._holders = 0
        self._opening = asyncio.Lock()
        self._errors: tuple[type[Exception], ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody holds it open."""
        return self._holders > 0

    async def hold(self) -> None:
        """Open it, or keep it open.

        Raises
        ------
        BrokerError
            When the exchange did not say what it trades.
        """
        # One opens it, and who comes meanwhile waits: nobody is given an exchange that does not know its markets yet.
        async with self._opening:
            self._holders += 1
            if self._exchange is not None:
                return
            self._errors = failures()
            self._exchange = build(self.plan, self._frame, self._message)
            try:
                await read(self._learn, self.terms.patience, self._clock)
            except BaseException:
                await self.release()
                raise

    def _frame(self, frame: Any) -> None:
        self.on_frame(frame)

    def _message(self, message: Any) -> None:
        self.on_message(message)

    async def _learn(self) -> None:
        """What is traded, and by how much the two clocks differ."""
        await self._limiter.take(self.terms.patience.within_s)
        made = self._exchange
        try:
            if self._markets is None:
                self._markets = await made.load_markets()
            else:
                made.set_markets(self._markets)
                await self._compare_clocks()
        except self._errors as error:
            raise error_of(error) from None

    async def _compare_clocks(self) -> None:
        if hasattr(self._exchange, "load_time_difference"):
            await self._exchange.load_time_difference()

    async def release(self) -> None:
        """Close it, when nobody else holds it."""
        self._holders = max(0, self._holders - 1)
        if self._holders == 0 and self._exchange is not None:
            made, self._exchange = self._exchange, None
            await made.close()

    @asynccontextmanager
    async def held(self) -> AsyncIterator[Any]:
        """The exchange, open for the length of a block at least."""
        await self.hold()
        try:
            yield self._exchange
        finally:
            await self.release()

    async def ask(self, question: Callable[[Any], Awaitable[Any]]) -> Any:
        """The answer to a question, asked again where that may help.

        Raises
        ------
        BrokerError
            When there was no complete answer.
        """
        async with self.held() as made:
            return await read(lambda: self._ask_once(made, question), self.terms.patience, self._clock)

    async def _ask_once(self, made: Any, question: Callable[[Any], Awaitable[Any]]) -> Any:
        await self._limiter.take(self.terms.patience.within_s)
        try:
            async with asyncio.timeout(self.terms.answer_s):
                return await question(made)
        except self._errors as error:
            broken = error_of(error)
            if isinstance(broken, RateLimitError):
                self._limiter.rest(broken.retry_after_s or _SHIFT_S)
            raise broken from error

    async def change(
        self, request: Callable[[Any], Awaitable[Any]], permit: Callable[[], bool], *, is_urgent: bool = False
    ) -> tuple[Answer, Any]:
        """Send a request that changes something, once: the answer, and what came with it where it was accepted."""
        if self._exchange is None:
            raise VenueConnectionError(f"{self.plan.name} is not connected.")
        try:
            await self._limiter.take(self.terms.answer_s / 2, is_urgent=is_urgent)
        except RateLimitError as error:
            return Answer(AnswerKind.LIMITED, reason=error.message, retry_after_s=error.retry_after_s), None
        passage = Passage(permit)
        token = PASSAGE.set(passage)
        failed: tuple[type[Exception], ...] = (WithheldError, TradewrightError, *self._errors)
        try:
            async with asyncio.timeout(self.terms.answer_s):
                said = await request(self._exchange)
        except failed as error:
            if passage.problem is not None:
                raise passage.problem from None
            return await self._understood(error, passage), None
        finally:
            passage.is_over = True
            PASSAGE.reset(token)
        return Answer(AnswerKind.ACCEPTED), said

    async def _understood(self, error: Exception, passage: Passage) -> Answer:
        answer = answer_of(error, passage)
        passage.is_over = True
        if answer.kind is AnswerKind.LIMITED and passage.has_left:
            self._limiter.rest(answer.retry_after_s or _SHIFT_S)
            if code_of(error) == _STALE:
                await self._resynchronise()
        return answer

    async def _resynchronise(self) -> None:
        """Ask for the time again; where that fails the next request says so."""
        token = PASSAGE.set(None)
        try:
            async with asyncio.timeout(_SHIFT_S):
                await self._compare_clocks()
        except self._errors:
            return
        finally:
            PASSAGE.reset(token)


def _unheard(_: Any) -> None:
    """Nobody listens."""
