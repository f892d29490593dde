"""What trading came to over HTTP is that of the sessions' records."""

from __future__ import annotations

import pytest
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import NOW, app_over

from tradewright.bootstrap.control_room import control_room
from tradewright.domain.bars import Bar
from tradewright.domain.live.session import Happened, Placed, Row
from tradewright.face.bars_again import OriginReader

DAY = NOW // 86_400_000_000_000
ABOUT = {
    "mode": "paper", "fills": "simulated", "timeframe": "1m", "strategies": [{"name": "Cross", "params": {}}],
    "instruments": [{"symbol": "ACME", "currency": "USD"}], "policies": {"cash": 1000.0, "currency": "USD"},
}  # fmt: skip


def test_a_summary_is_of_one_mode_and_currency_and_gives_reasons(tmp_path):
    room = control_room("0.0.test", OriginReader, folder=tmp_path, project=tmp_path, now_ns=lambda: NOW)
    log = room.sessions.create("now", ABOUT)
    bar = Bar("ACME", NOW - 60_000_000_000, NOW, 10.0, 11.0, 9.0, 11.0, 100.0)
    number = log.take(Row(bar.open_time, bar.close_time, (bar,), DAY, (DAY,)))
    fill = Happened("fill", 1, 0, "ACME", 10.0, 10.0, 1.0)
    log.note(number, [Placed(1, 0, "ACME", 1, 10.0, "market", "day"), fill])
    log.measure({"equity": 1009.0, "measured_ns": NOW, "why_ended": "", "positions": [], "orders": []})
    room.projector.run_once()
    client = AsgiClient(app_over(room), {"Authorization": "Bearer viewer"})
    said = client.get("/v1/metrics/summary", params={"period": "1m"}).json()
    (group,) = said["groups"]
    assert (group["mode"], group["currency"], group["running"], group["equity"]) == ("paper", "USD", 1, "1009")
    assert (group["pnl"], group["fill_rate"], group["orders"]) == ("9", 1.0, 1)
    assert group["total_return"] == pytest.approx(0.009)
    assert group["sharpe"] is None
    assert group["reasons"]["win_rate"] == "No trade was closed."
    assert [(each["equity"], each["pnl"]) for each in group["days"]] == [("1009", "9")]
    assert client.get("/v1/metrics/summary", params={"mode": "live"}).json()["groups"] == []
    assert client.get("/v1/metrics/summary", params={"period": "2m"}).status_code == 422
    log.close()
