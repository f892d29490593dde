"""`tw.broker`: trade from Python, over risk office and journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from tradewright.app.live.door import BrokerDoor
    from tradewright.risk.collars import Collars
    from tradewright.risk.limits import LimitsChange

__all__ = ["broker"]


def broker(name: str, *, mode: str, risk: LimitsChange | str, collars: Collars | None = None) -> BrokerDoor:
    """The door to an account: an asynchronous context manager with every call of a broker.

    Which account it is, and where its credentials are kept, stands in the settings under ``brokers``. Every order
    passes the risk office, is in the account's journal before its first byte leaves, and is sent once; what an earlier
    process left is found and managed. A process that has traded on paper never opens a live account.

    Parameters
    ----------
    name : str
        ``"alpaca"``, ``"ib"``, ``"openalgo"``, ``"ccxt"``, ``"paper"``, or what an installed package adds.
    mode : str
        ``"paper"`` or ``"live"``.
    risk : LimitsChange or str
        ``"cautious"``, ``"standard"`` or ``"bold"``; or numbers of your own, with your name and the reason.
    collars : Collars, optional
        How often, how large and how far from the market an order may be.

    Returns
    -------
    BrokerDoor
        ``async with`` connects and disconnects it.

    Raises
    ------
    ConfigError
        When broker, mode or limits are not known, a credential is not where the settings say, or this process trades in
        the other mode.
    MissingExtraError
        When a library the broker stands on is not installed.

    Examples
    --------
    ::

        async with tw.broker("alpaca", mode="paper", risk="cautious") as b:
            order = await b.submit_order(tw.OrderRequest(symbol="AAPL", side=tw.OrderSide.BUY, quantity=10))
            print(order.status, await b.get_account())
    """
    import os
    from pathlib import Path

    from tradewright.bootstrap.accounts import account_door
    from tradewright.bootstrap.settings import load_settings
    from tradewright.domain.live.modes import Mode

    if mode not in list(Mode):
        raise ConfigError(f"A broker is opened in mode 'paper' or 'live', not {mode!r:.40}.")
    return account_door(name, Mode(mode), risk, load_settings(Path.cwd(), os.environ), collars=collars)
