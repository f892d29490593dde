"""An exchange as ccxt builds it, made exact and single-minded: text for numbers, one attempt, one gate, no warnings."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError

from .addresses import place_addresses
from .gate import gated_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.live.modes import Keys

    from .table import CcxtTerms

__all__ = ["Blueprint", "build"]

_OPTIONS = {
    "defaultType": "spot",
    "fetchMarkets": {"types": ["spot"]},
    "fetchCurrencies": False,
    "fetchMargins": False,
    "adjustForTimeDifference": True,
    "createMarketBuyOrderRequiresPrice": False,
    "maxRetriesOnFailure": 0,
    "warnOnFetchOpenOrdersWithoutSymbol": False,
}
_OPEN_LIST = {"fetchOpenOrders": {"warnWithoutSymbol": False}}
_REFUSED = 400
_CREDENTIALS = {"key": "apiKey", "secret": "secret", "password": "password"}


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What an exchange is built from.

    Parameters
    ----------
    name : str
        As ccxt calls it.
    keys : Keys
    addresses : mapping of str to str
        Others than its own.
    terms : CcxtTerms
    """

    name: str
    keys: Keys
    addresses: Mapping[str, str]
    terms: CcxtTerms


def build(plan: Blueprint, on_frame: Callable[[Any], None], on_message: Callable[[Any], None]) -> Any:
    """An exchange of ccxt.pro, closed.

    Parameters
    ----------
    plan : Blueprint
    on_frame : callable
        Called with every frame of a socket, pings and pongs included.
    on_message : callable
        Called with every message of a socket, after ccxt has read it.

    Raises
    ------
    ConfigError
        When ccxt has no such exchange, or an address contradicts the mode.
    """
    made = _class_of(plan.name, on_frame, on_message)(_settings(plan))
    made.options.update(_OPTIONS)
    made.options = made.deep_extend(made.options, _OPEN_LIST, {"ws": {"keepAlive": _ping_ms(plan)}})
    expiry_s = plan.terms.capabilities.request_expiry_s
    if expiry_s is not None:
        made.options["recvWindow"] = int(expiry_s * 1000)
    made.number = str
    made.timeout_on_exit = 0
    made.gate = gated_request(place_addresses(made, plan.keys.mode, plan.addresses))
    return made


def _settings(plan: Blueprint) -> dict[str, Any]:
    given = {theirs: plan.keys.get(ours) for ours, theirs in _CREDENTIALS.items() if ours in plan.keys}
    return {**given, "enableRateLimit": False, "timeout": int(plan.terms.patience.within_s * 1000)}


def _ping_ms(plan: Blueprint) -> int:
    return int(plan.terms.capabilities.heartbeat_s * 500)


def _class_of(name: str, on_frame: Callable[[Any], None], on_message: Callable[[Any], None]) -> Any:
    """The class of an exchange, with its errors marked and its sockets overheard."""
    base = getattr(importlib.import_module("ccxt.pro"), name, None)
    if not name.isidentifier() or not isinstance(base, type):
        raise ConfigError(f"ccxt knows no exchange '{name}' with streams.", hint="Name it as ccxt does, like binance.")
    hear = {"on_frame": staticmethod(on_frame), "heard": staticmethod(on_message)}
    return type(base.__name__, (_Gated, base), hear)


class _Gated:
    """What is laid over an exchange of ccxt."""

    gate: Any = None
    on_frame: Callable[[Any], None]
    heard: Callable[[Any], None]

    def open(self, lazy: bool = False) -> None:
        """Open the session, with requests that pass the gate."""
        said: Any = self
        super().open(lazy)  # type: ignore[misc]  # of the exchange that this is laid over, as below
        if said.session is not None:
            said.session._request_class = self.gate  # noqa: SLF001 - ccxt makes the session itself

    def handle_errors(self, *said: Any) -> Any:
        """Raise what the library makes of an answer, with its status, body and headers."""
        if said[6] is None and said[0] < _REFUSED:
            # The library hands the text on as if it were rows, and there would be none in it.
            raise importlib.import_module("ccxt.base.errors").BadResponse("The answer is not what was asked for.")
        try:
            return super().handle_errors(*said)  # type: ignore[misc]
        except Exception as error:
            error.answer = said[0], said[6], said[4]  # type: ignore[attr-defined]
            raise

    def handle_http_status_code(self, *said: Any) -> Any:
        """The same for answers that say nothing but their status."""
        try:
            return super().handle_http_status_code(*said)  # type: ignore[misc]
        except Exception as error:
            error.answer = said[0], None, {}  # type: ignore[attr-defined]
            raise

    def client(self, url: str) -> Any:
        """A socket, every frame of which is heard."""
        clients: Any = getattr(self, "clients", None) or {}
        line = super().client(url)  # type: ignore[misc]
        if url not in clients:
            read = line.handle_message

            def heard(frame: Any) -> None:
                read(frame)
                self.on_frame(frame)

            line.handle_message = heard
        return line

    def handle_message(self, client: Any, message: Any) -> None:
        """Read a message, and hand it on as it came."""
        super().handle_message(client, message)  # type: ignore[misc]
        self.heard(message)
