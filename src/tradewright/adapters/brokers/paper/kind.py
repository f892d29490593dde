"""The kind of broker that is called ``paper``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import AuthenticationError, ConfigError
from tradewright.domain.instrument import ALWAYS_OPEN, Instrument
from tradewright.domain.live.modes import PaperKeys

from .table import OFFER

if TYPE_CHECKING:
    from tradewright.domain.live.modes import Keys, LiveKeys
    from tradewright.ports.broker_kind import Access, VenueParts

__all__ = ["KIND", "PaperKind"]

_OPTIONS = ("cash", "currency", "lot", "symbols", "tick")


class PaperKind:
    """A `tradewright.ports.broker_kind.BrokerKind`: the simulated exchange, no credentials, no money.

    Its options are ``symbols`` (separated by commas), ``cash`` (100000), ``currency`` (USD), ``lot`` (1) and ``tick``
    (0.01).
    """

    name = "paper"
    key_fields: tuple[str, ...] = ()
    offer = OFFER

    def open_paper(self, keys: PaperKeys, access: Access) -> VenueParts:
        """A fresh exchange with an account in memory."""
        from tradewright.ports.broker_kind import VenueParts
        from tradewright.simulation.costs import Costs

        from .broker import PaperBroker, PaperInstruments
        from .exchange import PaperExchange

        if type(keys) is not PaperKeys:
            raise AuthenticationError("The paper exchange was given credentials that are not those of paper.")
        unknown = sorted(access.options.keys() - set(_OPTIONS))
        if unknown:
            raise ConfigError(
                f"The paper exchange has no option '{unknown[0]}'.", hint=f"It has {', '.join(_OPTIONS)}."
            )
        exchange = PaperExchange(access.clock, _number(access, "cash", 100_000.0), Costs())
        for symbol in filter(None, access.options.get("symbols", "").replace(",", " ").split()):
            exchange.list_instrument(_instrument(symbol, access))
        return VenueParts(PaperBroker(exchange), PaperInstruments(exchange))

    def open_live(self, keys: LiveKeys, access: Access) -> VenueParts:  # noqa: ARG002 - the port's two ways
        """Nothing: there is no money behind it."""
        raise ConfigError("The paper exchange has no live account.", hint="Use mode='paper'.")

    def account_of(self, keys: Keys, access: Access) -> str:  # noqa: ARG002 - one account in memory
        """Nothing to keep a journal under: the account is gone with its process."""
        return ""


def _number(access: Access, name: str, default: float) -> float:
    text = access.options.get(name)
    try:
        value = default if text is None else float(text)
    except ValueError:
        value = -1.0
    if not 0.0 < value < float("inf"):
        raise ConfigError(f"The option {name} of the paper exchange is no number above 0.")
    return value


def _instrument(symbol: str, access: Access) -> Instrument:
    return Instrument(
        symbol,
        "PAPER",
        currency=access.options.get("currency", "USD"),
        calendar=ALWAYS_OPEN,
        lot=_number(access, "lot", 1.0),
        tick=_number(access, "tick", 0.01),
    )


KIND = PaperKind()
