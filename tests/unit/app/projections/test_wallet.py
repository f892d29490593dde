"""The money of a session by its record: taxes by rate where fills are simulated, by the fees of the venue elsewhere."""

from __future__ import annotations

import pytest

from tradewright.app.projections.wallet import Wallet
from tradewright.domain.live.session import Happened

POLICIES = {"cash": 10_000.0, "currency": "USD", "costs": {"tax_buy": 0.002, "tax_sell": 0.01}}
ABOUT = {"instruments": [{"symbol": "ACME", "currency": "USD", "multiplier": 10.0}], "policies": POLICIES}


@pytest.mark.parametrize(("fills", "taxes"), [("simulated", 2.0 + 11.0), ("venue", 0.0)])
def test_taxes_are_charged_by_rate_where_no_venue_told_them_with_its_fees(fills: str, taxes: float) -> None:
    wallet = Wallet.of("one", {**ABOUT, "fills": fills})
    wallet.trade(Happened("fill", 1, 0, "ACME", 1.0, 100.0, 1.5), 1)
    held, trade = wallet.trade(Happened("fill", 2, 0, "ACME", -1.0, 110.0, 1.5), 2)
    assert wallet.cash == pytest.approx(10_000.0 + 100.0 - 3.0 - taxes)
    assert trade is not None
    assert (trade.net, trade.fees) == pytest.approx((100.0 - 3.0 - taxes, 3.0 + taxes))
    assert held.realized == pytest.approx(trade.net)
