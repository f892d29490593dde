"""Questions to a vendor over HTTP: at its pace, with patience, and never a half answer for a whole one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from tradewright.adapters.wire.gated_http import GatedTransport
from tradewright.adapters.wire.rate_limiter import TokenBucketRateLimiter
from tradewright.adapters.wire.reading import Patience, read, retry_after_s
from tradewright.domain.errors import ConnectionError as VendorConnectionError
from tradewright.domain.errors import RateLimitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.adapters.wire.rate_limiter import Pace
    from tradewright.ports.clock import Clock

__all__ = ["Asker", "AskingTerms", "Said"]

_LIMITED = 429
_FAILED = 500
_LONGEST = 160
_PATIENCE = Patience(attempts=7, first_s=1.0, longest_s=30.0, within_s=120.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingTerms:
    """How a vendor is asked.

    Parameters
    ----------
    pace : Pace
    patience : Patience
        Long enough for a limit that counts by the minute.
    answer_s : float
        No part of an answer may take longer.
    """

    pace: Pace
    patience: Patience = _PATIENCE
    answer_s: float = 30.0


class Said(NamedTuple):
    """A whole answer that is no failure of the server: its status, and the object that it holds."""

    status: int
    body: dict[str, Any]


class Asker:
    """One vendor, asked with GET.

    Parameters
    ----------
    name : str
        What it is called in sentences.
    address : str
    headers : mapping of str to str
    terms : AskingTerms
    clock : Clock
    secrets : sequence of str
        What stands in no sentence, whatever the vendor says.
    """

    def __init__(
        self,
        name: str,
        address: str,
        headers: Mapping[str, str],
        terms: AskingTerms,
        clock: Clock,
        *,
        secrets: tuple[str, ...] = (),
    ) -> None:
        self._name = name
        self._terms = terms
        self._clock = clock
        self._secrets = secrets
        self._limiter = TokenBucketRateLimiter(terms.pace, clock)
        self._transport = GatedTransport()
        self._client = httpx.AsyncClient(
            base_url=address,
            headers=dict(headers),
            transport=self._transport,
            timeout=terms.answer_s,
            follow_redirects=False,
            trust_env=False,
        )

    async def ask(self, path: str, query: Mapping[str, str | int]) -> Said:
        """The answer to a question, asked again after connection losses, failures of the server and limits.

        Raises
        ------
        ConnectionError, RateLimitError
            When there was no whole answer in time.
        """
        return await read(lambda: self._ask_once(path, query), self._terms.patience, self._clock)

    async def _ask_once(self, path: str, query: Mapping[str, str | int]) -> Said:
        await self._limiter.take(self._terms.patience.within_s)
        try:
            answer = await self._client.get(path, params=dict(query))
        except httpx.HTTPError as error:
            raise VendorConnectionError(self.shown(f"{self._name} did not answer: {error}")) from None
        pause_s = retry_after_s(answer.headers, self._clock.now_ns())
        if answer.status_code == _LIMITED:
            self._limiter.rest(pause_s or 0.0)
            raise RateLimitError(f"{self._name} asks for fewer requests.", retry_after_s=pause_s)
        if answer.status_code >= _FAILED:
            raise VendorConnectionError(f"{self._name} answered {answer.status_code}.", retry_after_s=pause_s)
        return Said(answer.status_code, self._object(answer))

    def _object(self, answer: httpx.Response) -> dict[str, Any]:
        try:
            said = json.loads(answer.content)
        except ValueError:
            said = None
        if isinstance(said, dict):
            return said
        if answer.is_success:
            raise VendorConnectionError(f"{self._name}'s answer cannot be read.")
        return {}

    def shown(self, text: Any) -> str:
        """What a vendor says, short enough for a sentence and without a secret."""
        said = " ".join(str(text).split())[:_LONGEST]
        for secret in self._secrets:
            said = said.replace(secret, "…")
        return said

    async def close(self) -> None:
        """Close its connections; what is asked later connects anew."""
        await self._transport.aclose()
