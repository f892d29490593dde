"""How often the venue is asked about everything: more often from the moment on at which an end waits to be read."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from tradewright.app.orders import reconcile
from tradewright.app.orders.reconcile import Reconciler
from tradewright.domain.live.order import Lifecycle

RESTS = SimpleNamespace(is_final=False, state=Lifecycle.WORKING)
ENDED = SimpleNamespace(is_final=False, state=Lifecycle.CANCELLED)


@pytest.mark.parametrize(
    ("ends_at", "busy_s", "asked_at"),
    [
        (None, 5.0, 30.0),
        (0.0, 5.0, 5.0),
        (12.0, 5.0, 15.0),
        (None, 40.0, 30.0),
        (0.0, 40.0, 40.0),
    ],
)
def test_an_end_is_read_soon_whenever_it_came(
    monkeypatch: pytest.MonkeyPatch, ends_at: float | None, busy_s: float, asked_at: float
) -> None:
    orders: dict[str, Any] = {"a": RESTS}
    office: Any = SimpleNamespace(
        stopped=None, settings=SimpleNamespace(reconcile_s=30.0, busy_s=busy_s), book=SimpleNamespace(orders=orders)
    )
    now, asked = [0.0], []

    async def sleep(seconds: float) -> None:
        now[0] += seconds
        if ends_at is not None and now[0] >= ends_at:
            orders["b"] = ENDED

    async def cycle() -> bool:
        asked.append(now[0])
        office.stopped = "enough"
        return True

    if ends_at == 0.0:
        orders["b"] = ENDED
    reconciler = Reconciler(office, *[None] * 5)  # type: ignore[arg-type]
    monkeypatch.setattr(reconciler, "cycle", cycle)
    monkeypatch.setattr(reconcile, "asyncio", SimpleNamespace(sleep=sleep))
    asyncio.run(reconciler.run())
    assert asked == [asked_at]
