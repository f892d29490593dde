"""A program that holds an account and buys what it is told: ``python -m tests.failover.host``, in a project's folder.

It says STANDBY while it waits for another process, HELD once the account is its own, and REFUSED with the reason when
it is told no. Each line of its input is ``buy LABEL QUANTITY``, answered with SENT or REFUSED.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time

import tests.kill.short  # noqa: F401 - short windows

import tradewright as tw
from tradewright.domain.errors import TradewrightError

MINUTE = 60_000_000_000


def say(*words):
    sys.stdout.write(f"{' '.join(map(str, words))}\n")
    sys.stdout.flush()


class Spoken(logging.Handler):
    """Alarms, said as they come."""

    def emit(self, record):
        alarm, _, detail = record.getMessage().partition(" ")
        say(alarm.upper(), detail)


async def main():
    logging.getLogger("tradewright.live").addHandler(Spoken())
    async with tw.broker("alpaca", mode="paper", risk="bold") as b:
        now = time.time_ns()
        for number in range(20, 0, -1):
            closes = now - number * MINUTE + MINUTE
            await b.see(tw.Bar("ACME", closes - MINUTE, closes, 100.0, 100.5, 99.5, 100.0, 1e6))
        say("HELD")
        while line := await asyncio.to_thread(sys.stdin.readline):
            _, label, quantity = line.split()
            try:
                await buy(b, label, float(quantity))
            except TradewrightError as error:
                say("REFUSED", label, error.message)


async def buy(b, label, quantity):
    order = tw.OrderRequest(
        symbol="ACME", side=tw.OrderSide.BUY, quantity=quantity, order_type=tw.OrderType.LIMIT, limit_price=90.0,
        time_in_force=tw.TimeInForce.DAY, client_order_id=label,
    )  # fmt: skip
    found = await b.submit_order(order)
    say("SENT" if found.status is tw.OrderStatus.SUBMITTED else "REFUSED", label, found.status, found.reason or "")


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except TradewrightError as refused:
        say("REFUSED", str(refused).replace("\n", " "))
