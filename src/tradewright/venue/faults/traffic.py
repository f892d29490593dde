"""What a request is about, told from its method and path."""

from __future__ import annotations

from .kinds import RequestClass

__all__ = ["class_of"]

_TRADING = {
    ("POST", "/v2/orders"): RequestClass.SUBMIT,
    ("GET", "/v2/orders"): RequestClass.LIST,
    ("DELETE", "/v2/orders"): RequestClass.CANCEL,
}
_OF_ONE_ORDER = {"GET": RequestClass.LOOKUP, "PATCH": RequestClass.REPLACE, "DELETE": RequestClass.CANCEL}
_PREFIXES = {
    "/v2/positions": RequestClass.POSITIONS,
    "/v2/account": RequestClass.ACCOUNT,
    "/v2/stocks": RequestClass.DATA,
    "/v1/corporate-actions": RequestClass.DATA,
}
_OPENALGO = {
    "placeorder": RequestClass.SUBMIT,
    "modifyorder": RequestClass.REPLACE,
    "cancelorder": RequestClass.CANCEL,
    "cancelallorder": RequestClass.CANCEL,
    "orderstatus": RequestClass.LOOKUP,
    "orderbook": RequestClass.LIST,
    "tradebook": RequestClass.LIST,
    "positionbook": RequestClass.POSITIONS,
    "openposition": RequestClass.POSITIONS,
    "funds": RequestClass.ACCOUNT,
    "history": RequestClass.DATA,
    "quotes": RequestClass.DATA,
}
_BINANCE = "/api/v3/"
_OF_BINANCE = {
    ("POST", "order"): RequestClass.SUBMIT,
    ("GET", "order"): RequestClass.LOOKUP,
    ("DELETE", "order"): RequestClass.CANCEL,
    ("POST", "order/cancelReplace"): RequestClass.REPLACE,
    ("GET", "openOrders"): RequestClass.LIST,
    ("DELETE", "openOrders"): RequestClass.CANCEL,
    ("GET", "allOrders"): RequestClass.LIST,
    ("GET", "myTrades"): RequestClass.LIST,
    ("GET", "account"): RequestClass.ACCOUNT,
    ("GET", "klines"): RequestClass.DATA,
}


def class_of(method: str, path: str) -> RequestClass:
    """The class of a request, of any protocol; what is about no order, position, account or bar is the market's."""
    if path.startswith(_BINANCE):
        return _OF_BINANCE.get((method, path.removeprefix(_BINANCE)), RequestClass.MARKET)
    if path.startswith("/api/"):
        return _OPENALGO.get(path.rsplit("/", 1)[-1], RequestClass.MARKET)
    if (method, path) in _TRADING:
        return _TRADING[method, path]
    if path.startswith("/v2/orders"):
        return _OF_ONE_ORDER.get(method, RequestClass.LOOKUP)
    if path.startswith("/v2/positions") and method == "DELETE":
        return RequestClass.SUBMIT
    return next((about for prefix, about in _PREFIXES.items() if path.startswith(prefix)), RequestClass.MARKET)
