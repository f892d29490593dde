"""Every provider keeps the promises of providers, over each vendor's protocol on loopback."""

from __future__ import annotations

from functools import partial

from tests.ib_history_stage import ib_history_stage
from tests.vendor_stages import vendor_stage
from tests.vendor_words import Alpaca, Binance, OpenAlgo, Polygon, Yahoo

from tradewright.testing import ProviderConformance


class TestPolygon(ProviderConformance):
    stage = partial(vendor_stage, Polygon)


class TestYahoo(ProviderConformance):
    stage = partial(vendor_stage, Yahoo)


class TestAlpaca(ProviderConformance):
    stage = partial(vendor_stage, Alpaca)


class TestInteractiveBrokers(ProviderConformance):
    stage = staticmethod(ib_history_stage)


class TestOpenAlgo(ProviderConformance):
    stage = partial(vendor_stage, OpenAlgo)


class TestCcxt(ProviderConformance):
    stage = partial(vendor_stage, Binance)
