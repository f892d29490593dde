"""The providers that are no vendor's keep the promises of providers: files of a folder, and the synthetic market."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from tests.feed_stage import at
from tests.risk_desk import HandClock

import tradewright as tw
from tradewright.adapters.providers import folder, synthetic
from tradewright.domain.bars import Bar, Bars
from tradewright.domain.credentials import Credentials
from tradewright.domain.timeframe import Timeframe
from tradewright.marketdata.synthetic_days import SyntheticDays
from tradewright.ports.provider import BarProvider, ProviderAccess, ProviderKind
from tradewright.testing import ProviderConformance, ProviderTerms

FIRST, LAST = 18_267, 18_297  # 2020-01-06, 2020-02-05
NOON = at("2020-02-05T17:00:20")
WEEKEND = (at("2020-01-11T00:00:00"), at("2020-01-13T00:00:00"))


def market(symbol: str, exchange: str, timeframe: Timeframe) -> Bars:
    """A month of the synthetic market; its last session has not closed."""
    return SyntheticDays(tw.Equity(symbol, exchange, calendar="XNYS")).bars(timeframe, FIRST, LAST)


class Stage:
    """A provider of a kind, and what it has."""

    def __init__(self, kind: ProviderKind, terms: ProviderTerms, place: Path, options: dict[str, str]) -> None:
        self.terms, self._kind, self._place, self._options = terms, kind, place, options

    def open(self) -> BarProvider:
        keys = Credentials(f"credentials for {self._kind.name}", f"providers.{self._kind.name}", {})
        return self._kind.open(
            ProviderAccess(
                name=self._kind.name, clock=HandClock(NOON), keys=keys, folder=self._place, options=self._options
            )
        )

    async def truth(self, timeframe: Timeframe) -> Sequence[Bar]:
        made = market(self.terms.symbol, self.terms.exchange, timeframe)
        return [made.bar(row) for row in range(len(made))]

    def now_ns(self) -> int:
        return NOON


def terms(exchange: str, *timeframes: str, unserved: str = "1w", unknown: str) -> ProviderTerms:
    return ProviderTerms(
        symbol="ACME", exchange=exchange, calendar="XNYS", currency="USD", empty=WEEKEND, unknown_symbol=unknown,
        timeframes=tuple(map(Timeframe.parse, timeframes)), unserved=Timeframe.parse(unserved),
    )  # fmt: skip


@asynccontextmanager
async def synthetic_stage() -> AsyncIterator[Stage]:
    yield Stage(synthetic.KIND, terms("SYNTHETIC", "5m", "1h", "1d", unknown="A B"), Path(), {})


@asynccontextmanager
async def folder_stage() -> AsyncIterator[Stage]:
    said = {"path": "bars", "timeframe": "1h", "calendar": "XNYS", "stamp": "start"}
    with TemporaryDirectory() as place:
        made = market("ACME", "XNYS", Timeframe.parse("1h"))
        (Path(place) / "bars").mkdir()
        stamps = np.datetime_as_string(made.open_time.view("datetime64[ns]"), "s")
        rows = zip(stamps, made.open, made.high, made.low, made.close, made.volume, strict=True)
        lines = [f"{stamp}Z,{','.join(repr(float(each)) for each in values)}" for stamp, *values in rows]
        (Path(place) / "bars" / "ACME.csv").write_text("\n".join(["date,open,high,low,close,volume", *lines]) + "\n")
        yield Stage(folder.KIND, terms("XNYS", "1h", unserved="1d", unknown="BOLT"), Path(place), said)


class TestSynthetic(ProviderConformance):
    stage = staticmethod(synthetic_stage)


class TestFolder(ProviderConformance):
    stage = staticmethod(folder_stage)
