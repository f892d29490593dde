"""The screen of a session: what stands in the account, what is wrong with it, and why nothing was decided."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest

from tradewright.cli.live_screen import drawn
from tradewright.cli.live_view import _why_none
from tradewright.domain.bars import Bar
from tradewright.domain.live.session import Happened, Row, StrategyFailed

FEED = {
    "is_connected": True, "delay_s": 900.0, "feed": "delayed_sip", "last_bar_age_s": 2.4, "reconnects": 1, "filled": 7,
}  # fmt: skip
STANDING: dict[str, Any] = {
    "equity": 101_234.56, "cash": 52_345.678, "latency_ms": {"p50": 12.3}, "feed": FEED, "account": {},
    "positions": [
        {"symbol": "ACME", "quantity": 120.0, "average_price": 189.23, "mark": 190.11, "realized_pnl": -12.3}
    ],
    "orders": [
        {
            "symbol": "ACME", "id": 14, "side": "sell", "order_type": "stop_limit", "quantity": 120.0, "filled": 0.0,
            "limit_price": 179.5, "stop_price": 180.0,
        }
    ],
}  # fmt: skip


def screen(width: int = 80, lines: tuple[str, ...] = (), **changes: Any) -> list[str]:
    from rich.console import Console

    out = io.StringIO()
    session: Any = SimpleNamespace(id="one", status="running", metrics={**STANDING, **changes})
    Console(file=out, width=width).print(drawn(session, lines, "why not"))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [80, 120])
def test_it_fits_its_terminal_and_its_columns_are_aligned(width: int) -> None:
    lines = screen(width, ("2024-01-02 14:54:00  order 2: rejected. " + "long " * 30,))
    assert max(map(len, lines)) <= width
    head, row = (next(line for line in lines if word in line) for word in ("Limit", "179.50"))
    assert head.index("Limit") + 5 == row.index("179.50") + 6
    assert head.index("Type") == row.index("stop limit")


def test_both_prices_of_a_stop_limit_are_shown() -> None:
    (row,) = [line for line in screen() if "stop limit" in line]
    assert "179.50" in row
    assert "180.00" in row


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ({"is_latched": True}, "KILL SWITCH LATCHED: nothing new is sent until a person says 'tradewright rearm'"),
        ({"is_paused": True}, "PAUSED by the day's loss until the next session; exits go on"),
        ({"is_halted": True}, "HALTED by the drawdown"),
        ({"frozen": {"ACME": "The venue holds 7."}}, "ACME is frozen: The venue holds 7."),
        ({"foreign_orders": 1, "unknown_orders": 2}, "1 order of others, 2 orders in doubt in the account"),
    ],
)
def test_what_is_wrong_with_the_account_is_on_the_screen(account: dict[str, Any], told: str) -> None:
    assert told not in screen()
    assert told in screen(account=account)


def test_a_late_feed_and_a_lost_one_are_named() -> None:
    assert "feed connected delayed_sip, 900 s late by design, last bar 2 s old" in screen()
    assert any("NOT CONNECTED" in line for line in screen(feed={**FEED, "is_connected": False}))


def test_quotes_are_named_where_the_session_takes_them() -> None:
    lost = {"is_connected": False, "trouble": "The feed iex was lost: It ended.", "last": []}
    assert "quotes of 1 symbol" in screen(quotes={"is_connected": True, "trouble": "", "last": [{}]})
    assert "no quotes: The feed iex was lost: It ended." in screen(quotes=lost)
    assert not any("quotes" in line for line in screen(quotes=None))


BAR = Row(0, 60_000_000_000, (Bar("ACME", 0, 60_000_000_000, 1.0, 1.0, 1.0, 1.0, 1.0),), 0, (0,))


@pytest.mark.parametrize(
    ("outputs", "told"),
    [
        ((), "no order; the strategies saw ACME 1.00 and wanted nothing."),
        ((Happened("rejected", 1, 0, "ACME", 1.0, 0.0, 0.0, "It risks too much."),), "refused. It risks too much."),
        ((StrategyFailed(0, "It raised."),), "a strategy was stopped."),
    ],
)
def test_why_a_bar_brought_no_order(outputs: tuple[Any, ...], told: str) -> None:
    assert _why_none(BAR, outputs) == f"1970-01-01 00:01:00Z: {told}"
