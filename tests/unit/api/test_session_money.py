"""Money of sessions over HTTP: figures that add up, curves, orders with their steps, the course of each mode."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.asgi_client import AsgiClient
from tests.unit.api.conftest import NOW, app_over

from tradewright.bootstrap.control_room import ControlRoom, control_room
from tradewright.domain.bars import Bar
from tradewright.domain.live.session import Happened, Placed, Row, Standing
from tradewright.face.bars_again import OriginReader

MINUTE = 60_000_000_000


def about(mode: str, **said: Any) -> dict[str, Any]:
    """What a session is started with."""
    return {
        "mode": mode, "fills": "venue" if mode == "live" else "simulated", "broker": "alpaca", "account": "U1",
        "timeframe": "1m", "strategies": [{"name": "Cross"}], "instruments": [{"symbol": "ACME", "exchange": "XNYS"}],
        "policies": {"cash": 1000.0, "currency": "USD", "costs": {"slippage": {"model": "Bps", "bps": 10.0}}}, **said,
    }  # fmt: skip


def trade(room: ControlRoom, name: str, mode: str, equity: float, **standing: Any) -> None:
    """A session that has bought five at 100 after a close of 99 and stands at 103."""
    log = room.sessions.create(name, about(mode))
    for number, close in enumerate((99.0, 101.0, 103.0)):
        begin = NOW - (3 - number) * MINUTE
        bar = Bar("ACME", begin, begin + MINUTE, close, close, close, close, 1.0)
        given = log.take(Row(bar.open_time, bar.close_time, (bar,), 20_000 + number // 2, (20_000,)))
        if number == 0:
            log.note(given, [Placed(1, 0, "ACME", 1, 5.0, "market", "day")])
            log.take(Standing(1, "submitted", NOW - 110_000_000_000))
        if number == 1:
            log.note(given, [Happened("fill", 1, 0, "ACME", 5.0, 100.0, 1.0)])
    log.measure({"equity": equity, "cash": 500.0, "measured_ns": NOW - 1_000_000_000, "why_ended": "", **standing})
    log.close()


@pytest.fixture
def viewer(tmp_path: Path) -> AsgiClient:
    """Somebody who looks at two paper sessions, a live one, and one that has ended."""
    room = control_room("0.0.test", OriginReader, folder=tmp_path / "store", project=tmp_path, now_ns=lambda: NOW)
    trade(room, "paper-1", "paper", 1014.0)
    trade(room, "paper-2", "paper", 1014.0)
    trade(room, "live-1", "live", 1014.0)
    trade(room, "over", "paper", 9999.0, why_ended="End of the day")
    app = app_over(room)
    return AsgiClient(app, {"Authorization": "Bearer viewer"})


def test_the_figures_of_a_session_add_up(viewer: AsgiClient) -> None:
    told = viewer.get("/v1/sessions/paper-1/money").json()
    start, realised, unrealised, costs = (float(told[key]) for key in ("start", "realised", "unrealised", "costs"))
    assert (start, realised, unrealised, costs) == (1000.0, 0.0, 15.0, 1.0)
    assert start + realised + unrealised - costs == float(told["equity"])
    assert (told["day"], told["fills"], told["assumed_bps"]) == ("10", 1, 10.0)
    assert told["slippage_bps"] == pytest.approx((100 / 99 - 1) * 10_000)
    assert (told["spread_bps"], told["reasons"]["spread_bps"]) == (
        None, "No order that filled was sent on a live quote.",
    )  # fmt: skip


def test_an_order_tells_its_steps(viewer: AsgiClient) -> None:
    (order,) = viewer.get("/v1/sessions/live-1/orders").json()["items"]
    assert (order["status"], order["filled"], order["average"]) == ("filled", "5", "100")
    assert order["sent_at"] < order["acknowledged_at"] < order["ended_at"]
    (fill,) = viewer.get("/v1/sessions/live-1/fills").json()["items"]
    assert (fill["order"], fill["side"], fill["price"], fill["fee"]) == (order["id"], "buy", "100", "1")


def test_curves_of_a_session_are_columns_on_one_axis(viewer: AsgiClient) -> None:
    drawn = viewer.get("/v1/sessions/paper-1/series", params={"names": "equity,bars"}).json()
    assert drawn["lines"]["equity"]["last"] == [1000.0, 1004.0, 1014.0]
    assert drawn["bars"]["close"] == [99.0, 101.0, 103.0]
    assert viewer.get("/v1/sessions/paper-1/series", params={"names": "nothing"}).status_code == 422
    assert viewer.get("/v1/sessions/none/series").status_code == 404


def test_the_curve_of_a_mode_is_that_of_its_sessions_alone_and_ends_at_what_they_are_worth(viewer: AsgiClient) -> None:
    drawn = viewer.get("/v1/equity/series", params={"currency": "USD"}).json()
    assert {name: line["last"] for name, line in drawn["lines"].items()} == {
        "live": [1000.0, 1004.0, 1014.0], "paper": [2000.0, 2008.0, 2028.0],
    }  # fmt: skip
    assert viewer.get("/v1/equity/series", params={"currency": "EUR"}).json()["lines"] == {}


def test_the_clock_is_that_of_the_market_of_the_newest_session(viewer: AsgiClient) -> None:
    told = viewer.get("/v1/markets/clock").json()
    assert (told["calendar"], told["zone"]) == ("XNYS", "America/New_York")
    assert (told["opens_at"] is None) == told["is_open"]
    assert viewer.get("/v1/markets/clock", params={"calendar": "24/7"}).json()["is_around_the_clock"]
    assert viewer.get("/v1/markets/clock", params={"calendar": "NOWHERE"}).status_code in {400, 404, 422}
