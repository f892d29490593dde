"""Order calls of a strategy in the words of the loop: what `engine.desk` does, through the same rules."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .context_text import equity_code, free_code
from .subset import Kind, outside

if TYPE_CHECKING:
    from .expressions import Expressions

__all__ = ["ORDER_CALLS", "emit_order"]

ORDER_CALLS = frozenset({"buy", "sell", "order", "target_percent", "target_quantity", "close_position", "cancel_all"})

_PRICES = ("limit_price", "stop_price", "trail_amount", "trail_percent", "stop_loss", "take_profit", "display_quantity")
_TIFS = {"gtc": 0, "day": 1, "ioc": 2, "fok": 3}
_TYPES = ("market", "limit", "stop", "stop_limit", "trailing_stop", "market_on_close")
_NEEDED = {"limit_price": ("limit", "stop_limit"), "stop_price": ("stop", "stop_limit")}
_LEGS = {"stop_loss": ("STOP_LOSS", "stop"), "take_profit": ("TAKE_PROFIT", "limit")}
"""Role of each protective leg, and which side of the tick its price is rounded to."""


def emit_order(text: Expressions, node: ast.Call) -> None:
    """Write one order call as statements."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    words = {word.arg: word.value for word in node.keywords}
    if name == "cancel_all":
        _cancel_all(text, node, words)
        return
    tag = _tag(text, words.pop("tag", None))
    if name == "close_position":
        _close_position(text, node, words, tag)
    elif name in ("target_percent", "target_quantity"):
        _target(text, node, name, words, tag)
    else:
        _plain(text, node, name, words, tag)


def _cancel_all(text: Expressions, node: ast.Call, words: dict[str | None, ast.expr]) -> None:
    symbol = node.args[0] if node.args else words.pop("symbol", None)
    _finish(node, words, most=1)
    if symbol is None and not text.single:
        index = text.fresh("k")
        text.say(f"for {index} in range(len(books)):\n    cancel_open(exchange, books[{index}], i)")
        return
    text.say(f"cancel_open(exchange, {text.book_code(text.symbol_number(node, symbol))}, i)")


def _close_position(text: Expressions, node: ast.Call, words: dict[str | None, ast.expr], tag: int) -> None:
    book, _ = _book(text, node, node.args[0] if node.args else words.pop("symbol", None))
    _finish(node, words, most=1)
    text.say(f"if {book}.position != 0.0:")
    with text.deeper():
        text.say("exchange.row = i")
        text.say(f"_side = SELL if {book}.position > 0.0 else BUY")
        text.say(f"_order = {book}.orders[claim(exchange, {book}, _side, abs({book}.position), close_time[i])]")
        text.say("_order.reduce_only = 1")
        _send(text, book, tag)


def _tag(text: Expressions, node: ast.expr | None) -> int:
    if node is None:
        return -1
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        raise outside(node, "a tag is not a constant text")
    return text.tag(node.value)


def _finish(node: ast.Call, words: dict[str | None, ast.expr], *, most: int = 2) -> None:
    """Refuse what is left over of a call's arguments."""
    if len(node.args) > most:
        raise outside(node, f"an order call takes {most} arguments without a name at most")
    if words:
        raise outside(node, f"the order option {next(iter(words))} is not compiled")


def _book(text: Expressions, node: ast.AST, symbol: ast.expr | None) -> tuple[str, str]:
    number = text.symbol_number(node, symbol)
    if text.single:
        return "book", "0"
    text.say(f"_s = {number}")
    text.say("_book = books[_s]")
    return "_book", "_s"


def _close(text: Expressions, number: str) -> str:
    return "closes[i]" if text.single else f"closes[{number}, i]"


def _send(text: Expressions, book: str, tag: int) -> None:
    text.say(f"exchange.tag = {tag}")
    text.say(_sending(text, book))


def _sending(text: Expressions, book: str, stop: str = "NAN") -> str:
    """The call that logs a dressed order and lets it in: its number, or 0 where it was refused."""
    if not text.account.limited:
        return f"send_ungated(exchange, {book}, _order)"
    if text.single:
        return f"send_alone(exchange, book, _order, closes[i], {stop}, twice_atr[i])"
    return f"send_among(exchange, books, _s, _order, closes, i, {stop}, twice_atr)"


def _target(text: Expressions, node: ast.Call, name: str, words: dict[str | None, ast.expr], tag: int) -> None:
    args = list(node.args)
    first = "weight" if name == "target_percent" else "quantity"
    wanted = args.pop(0) if args else words.pop(first, None)
    symbol = args.pop(0) if args else words.pop("symbol", None)
    _finish(node, words)
    if wanted is None:
        raise outside(node, f"ctx.{name} is called in an unknown way")
    text.say(f"_w = 1.0 * {text.number(wanted)}")
    book, number = _book(text, node, symbol)
    text.require("-INF < _w and _w < INF")
    if name == "target_percent":
        text.say("if _w == 0.0:")
        text.say("    _units = 0.0")
        text.say("else:")
        text.say(f"    _units = target_units(exchange, {book}, _w, {equity_code(text)}, {_close(text, number)})")
    else:
        text.say(f"_units = lots_of(abs(_w), {book}.lot)")
        text.say("if _w < 0.0:")
        text.say("    _units = -_units")
    text.say(f"_change = change_to({book}, _units)")
    text.say("if _change != 0.0:")
    with text.deeper():
        text.say("exchange.row = i")
        text.say(f"_order = {book}.orders[claim(exchange, {book}, side_of(_change), abs(_change), close_time[i])]")
        text.say("_order.clip = 1")
        _send(text, book, tag)


def _plain(text: Expressions, node: ast.Call, name: str, words: dict[str | None, ast.expr], tag: int) -> None:
    """A call that names its side, or whose sign does."""
    quantity, symbol = _quantity_and_symbol(text, node, words)
    prices = {price: words.pop(price) for price in _PRICES if price in words and not _is_none(words[price])}
    words = {word: value for word, value in words.items() if word not in _PRICES}
    tif, kind = words.pop("time_in_force", None), _kind(node, words.pop("order_type", None), prices)
    _finish(node, words)
    side = {"buy": "1", "sell": "-1"}.get(name, "_side")
    if name == "order" and quantity is None:
        raise outside(node, "ctx.order without a quantity is not compiled")
    if quantity is not None:
        text.say(f"_q = 1.0 * {text.number(quantity)}")
        if name == "order":
            text.say("_side = 1 if _q > 0.0 else -1\n_q = abs(_q)")
    _prices(text, side, prices)
    book, number = _book(text, node, symbol)
    depth = text.depth
    if quantity is None:
        _everything(text, (book, number), side, prices)
    else:
        text.require("0.0 < _q and _q < INF")
        text.say(f"_q = lots_of(_q, {book}.lot)")
    text.say("exchange.row = i")
    text.say(f"_order = {book}.orders[claim(exchange, {book}, {side}, _q, close_time[i])]")
    if quantity is None:
        text.say("_order.clip = 1")
    _dress(text, side, prices, kind, _close(text, number))
    _set_tif(text, node, tif)
    _send_with_legs(text, book, side, prices, tag)
    text.depth = depth


def _everything(text: Expressions, place: tuple[str, str], side: str, prices: dict[str, ast.expr]) -> None:
    """An order without a quantity: buy what can be paid for, or sell what is held; a sale stands in a branch."""
    book, number = place
    text.say(f"_q = abs({book}.position) if {book}.position * {side} < 0.0 else 0.0")
    text.say("if _q == 0.0:" if side == "1" else "if _q > 0.0:")
    if side == "1":
        price = next((f"_{each}" for each in ("limit_price", "stop_price") if each in prices), _close(text, number))
        units = f"affordable_units(exchange, {book}, 1, {free_code(text)}, {price})"
        text.say(f"    _q = lots_of({units}, {book}.lot)")
    else:
        text.depth += 1


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _kind(node: ast.Call, asked: ast.expr | None, prices: dict[str, ast.expr]) -> str:
    """The order type that is named, or follows from the prices; prices that do not go with it are refused."""
    trails = "trail_amount" in prices or "trail_percent" in prices
    has_limit, has_stop = "limit_price" in prices, "stop_price" in prices
    if asked is None:
        kind = {(False, False): "market", (True, False): "limit", (False, True): "stop", (True, True): "stop_limit"}[
            has_limit, has_stop
        ]
        kind = "trailing_stop" if trails else kind
    else:
        kind = asked.value.lower() if isinstance(asked, ast.Constant) and isinstance(asked.value, str) else ""
    fits = all((price in prices) == (kind in needed) for price, needed in _NEEDED.items())
    both = "trail_amount" in prices and "trail_percent" in prices
    if kind not in _TYPES or not fits or both or trails != (kind == "trailing_stop"):
        raise outside(node, "the prices of an order and its type do not go together, or its type is not a constant")
    return kind


def _prices(text: Expressions, side: str, prices: dict[str, ast.expr]) -> None:
    """Prices as numbers; what no venue would take stops the visit."""
    for price, value in prices.items():
        text.say(f"_{price} = 1.0 * {text.number(value)}")
        text.require(f"0.0 < _{price} and _{price} < INF")
    if "stop_loss" in prices and "take_profit" in prices:
        text.require(f"(_take_profit - _stop_loss) * {side} > 0.0")


def _send_with_legs(text: Expressions, book: str, side: str, prices: dict[str, ast.expr], tag: int) -> None:
    """The order, and its protective legs where it was let in: the stop first, as it has the lower number."""
    legs = [leg for leg in _LEGS if leg in prices]
    if not legs:
        _send(text, book, tag)
        return
    for leg in legs:
        text.say(f"if tick == tick:\n    _{leg} = {_LEGS[leg][1]}_on_grid(_{leg}, -({side}), tick)")
    text.say(f"exchange.tag = {tag}")
    text.say(f"if {_sending(text, book, '_stop_loss' if 'stop_loss' in legs else 'NAN')} > 0:")
    with text.deeper():
        text.say("exchange.tag = -1")
        for leg in legs:
            text.say(f"admit_leg(exchange, {book}, _order, {_LEGS[leg][0]}, _{leg})")


def _dress(text: Expressions, side: str, prices: dict[str, ast.expr], kind: str, close: str) -> None:
    if kind != "market":
        text.say(f"_order.kind = {_TYPES.index(kind)}")
    if "limit_price" in prices:
        text.say(f"_order.limit = _limit_price if tick != tick else limit_on_grid(_limit_price, {side}, tick)")
    if "stop_price" in prices:
        text.say(f"_order.stop = _stop_price if tick != tick else stop_on_grid(_stop_price, {side}, tick)")
    if "display_quantity" in prices:
        text.say("_order.display = _display_quantity")
    if "trail_amount" in prices:
        text.say(f"_order.trail = _trail_amount\n_order.stop = {close} + {side} * _order.trail")
    elif "trail_percent" in prices:
        text.say("_order.trail_fraction = _trail_percent / 100.0")
        text.say(f"_order.stop = {close} + {side} * ({close} * _order.trail_fraction)")


def _set_tif(text: Expressions, node: ast.Call, tif: ast.expr | None) -> None:
    if tif is None:
        return
    word = tif.value.lower() if isinstance(tif, ast.Constant) and isinstance(tif.value, str) else ""
    if word not in _TIFS:
        raise outside(node, "only the times in force gtc, day, ioc and fok are compiled")
    text.say(f"_order.tif = {_TIFS[word]}")


def _quantity_and_symbol(
    text: Expressions, node: ast.Call, words: dict[str | None, ast.expr]
) -> tuple[ast.expr | None, ast.expr | None]:
    first = node.args[0] if node.args else words.pop("quantity", None)
    second = node.args[1] if len(node.args) > 1 else words.pop("symbol", None)
    if first is not None and not _is_none(first) and text.kind_of(first) == Kind.SYMBOL:
        first, second = second, first
    return (None if first is None or _is_none(first) else first), second
