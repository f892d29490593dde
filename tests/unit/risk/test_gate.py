"""The gate of a session after a person has armed it."""

from __future__ import annotations

from tradewright.domain.approval import RefusedOrder
from tradewright.domain.events import Reason
from tradewright.risk.gate import Proposal, RiskGate
from tradewright.risk.limits import Limits
from tradewright.risk.rules.guard import begin_session, watch_equity

ENTRY = Proposal(equity=80.0, exposure=0.0, opening=1.0, risked=0.0, held=1.0)


def test_arming_lifts_the_halt_and_leaves_a_pause_to_the_next_session() -> None:
    gate = RiskGate(Limits("mine", day_loss=0.1, drawdown=0.2), 100.0)
    for _ in range(2):
        watch_equity(gate.guard, 80.0)
    gate.rearm(80.0)
    refused = gate.check_order("entry", ENTRY)
    assert isinstance(refused, RefusedOrder)
    assert refused.reason is Reason.DAY_LOSS_PAUSE
    begin_session(gate.guard, 80.0)
    assert not isinstance(gate.check_order("entry", ENTRY), RefusedOrder)
    assert gate.guard.peak_equity == 80.0
