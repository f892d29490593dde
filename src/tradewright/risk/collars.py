"""Collars of one account: how often, how large, how far from the market and on how old a price an order may be."""

from __future__ import annotations

from dataclasses import dataclass, fields

from tradewright.domain.errors import ConfigError

__all__ = ["Collars"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collars:
    """What holds for every order that opens something; orders that only reduce are never collared.

    Parameters
    ----------
    orders_per_minute, orders_per_day : float
        All orders count, a day is a session.
    price_away : float
        Largest distance of a limit or stop price from the last trusted price, as a fraction of it.
    order_share : float
        Largest value of one order, as a fraction of equity.
    order_value : float
        Largest value of one order, in account currency.
    order_quantity : float
        Most units of one order.
    fresh_s : float
        Oldest price on which a market order is sent.
    trusted_s : float
        Oldest price on which any order is sent; a long week-end fits.
    quote_s : float
        Oldest quote that counts as the price; an older one leaves the price to the last close.
    quote_spread : float
        Widest spread of such a quote, as a fraction of its middle.
    account_s : float
        Oldest reading of the account's equity on which an order is sent.
    costs : float
        Costs of a trade as a fraction of its value, counted in what it risks.

    Raises
    ------
    ConfigError
        When one of them is not a positive number.
    """

    orders_per_minute: float = 60.0
    orders_per_day: float = 1_000.0
    price_away: float = 0.20
    order_share: float = 1.0
    order_value: float = float("inf")
    order_quantity: float = 1_000_000.0
    fresh_s: float = 120.0
    trusted_s: float = 4 * 86_400.0
    quote_s: float = 10.0
    quote_spread: float = 0.05
    account_s: float = 300.0
    costs: float = 0.0005

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if not value > 0:
                raise ConfigError(f"The collar {item.name} cannot be {value}.", hint="Give a number above 0.")
