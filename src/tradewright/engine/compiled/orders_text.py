"""Order calls of a strategy in the words of the loop: what `engine.desk` does, through the same rules."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .subset import Kind, outside

if TYPE_CHECKING:
    from .expressions import Expressions

__all__ = ["ORDER_CALLS", "emit_order"]

ORDER_CALLS = frozenset({"buy", "sell", "target_percent", "target_quantity", "close_position"})

_PRICES = ("limit_price", "stop_price", "stop_loss", "take_profit")
_TIFS = {"gtc": 0, "day": 1}
_LEGS = {"stop_loss": ("STOP_LOSS", "stop"), "take_profit": ("TAKE_PROFIT", "limit")}
"""Role of each protective leg, and which side of the tick its price is rounded to."""


def emit_order(text: Expressions, node: ast.Call) -> None:
    """Write one order call as statements."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    words = {word.arg: word.value for word in node.keywords}
    tag = _tag(text, words.pop("tag", None))
    if name == "close_position":
        book, _ = _book(text, node, node.args[0] if node.args else words.pop("symbol", None))
        _finish(node, words, most=1)
        text.say(f"if {book}.position != 0.0:")
        with text.deeper():
            text.say("exchange.row = i")
            text.say(f"_side = SELL if {book}.position > 0.0 else BUY")
            text.say(f"_order = {book}.orders[claim(exchange, {book}, _side, abs({book}.position), close_time[i])]")
            text.say("_order.reduce_only = 1")
            _send(text, book, tag)
    elif name in ("target_percent", "target_quantity"):
        _target(text, node, name, words, tag)
    elif name in ("buy", "sell"):
        _plain(text, node, name, words, tag)
    else:
        raise outside(node, f"ctx.{name} is not compiled")


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


def _equity(text: Expressions) -> str:
    if text.single:
        return "(exchange.cash + value_at(book, closes[i]) if book.position != 0.0 else exchange.cash)"
    return "equity_at(exchange, books, closes, i)"


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
        text.say(f"    _units = target_units(exchange, {book}, _w, {_equity(text)}, {_close(text, number)})")
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
    side = 1 if name == "buy" else -1
    quantity, symbol = _quantity_and_symbol(text, node, words)
    prices = {price: words.pop(price) for price in _PRICES if price in words}
    tif = words.pop("time_in_force", None)
    _finish(node, words)
    if quantity is None:
        raise outside(node, f"ctx.{name} without a quantity is not compiled")
    text.say(f"_q = 1.0 * {text.number(quantity)}")
    _prices(text, side, prices)
    book, _ = _book(text, node, symbol)
    text.require("0.0 < _q and _q < INF")
    text.say("exchange.row = i")
    text.say(f"_order = {book}.orders[claim(exchange, {book}, {side}, lots_of(_q, {book}.lot), close_time[i])]")
    _dress(text, node, side, prices, tif)
    _send_with_legs(text, book, side, prices, tag)


def _prices(text: Expressions, side: int, prices: dict[str, ast.expr]) -> None:
    """Prices as numbers; what no venue would take stops the visit."""
    for price, value in prices.items():
        text.say(f"_{price} = 1.0 * {text.number(value)}")
        text.require(f"0.0 < _{price} and _{price} < INF")
    if "stop_loss" in prices and "take_profit" in prices:
        low, high = ("_stop_loss", "_take_profit") if side > 0 else ("_take_profit", "_stop_loss")
        text.require(f"{low} < {high}")


def _send_with_legs(text: Expressions, book: str, side: int, prices: dict[str, ast.expr], tag: int) -> None:
    """The order, and its protective legs where it was let in: the stop first, as it has the lower number."""
    if not prices.keys() & _LEGS.keys():
        _send(text, book, tag)
        return
    legs = [leg for leg in _LEGS if leg in prices]
    for leg in legs:
        text.say(f"if tick == tick:\n    _{leg} = {_LEGS[leg][1]}_on_grid(_{leg}, {-side}, tick)")
    text.say(f"exchange.tag = {tag}")
    text.say(f"if {_sending(text, book, '_stop_loss' if 'stop_loss' in legs else 'NAN')} > 0:")
    with text.deeper():
        text.say("exchange.tag = -1")
        for leg in legs:
            text.say(f"admit_leg(exchange, {book}, _order, {_LEGS[leg][0]}, _{leg})")


def _dress(text: Expressions, node: ast.Call, side: int, prices: dict[str, ast.expr], tif: ast.expr | None) -> None:
    has_limit, has_stop = "limit_price" in prices, "stop_price" in prices
    kind = {(False, False): 0, (True, False): 1, (False, True): 2, (True, True): 3}[has_limit, has_stop]
    if kind:
        text.say(f"_order.kind = {kind}")
    if has_limit:
        text.say(f"_order.limit = _limit_price if tick != tick else limit_on_grid(_limit_price, {side}, tick)")
    if has_stop:
        text.say(f"_order.stop = _stop_price if tick != tick else stop_on_grid(_stop_price, {side}, tick)")
    if tif is not None:
        word = tif.value.lower() if isinstance(tif, ast.Constant) and isinstance(tif.value, str) else ""
        if word not in _TIFS:
            raise outside(node, "only the times in force gtc and day are compiled")
        text.say(f"_order.tif = {_TIFS[word]}")


def _quantity_and_symbol(
    text: Expressions, node: ast.Call, words: dict[str | None, ast.expr]
) -> tuple[ast.expr | None, ast.expr | None]:
    first = node.args[0] if node.args else words.pop("quantity", None)
    second = node.args[1] if len(node.args) > 1 else words.pop("symbol", None)
    if first is not None and text.kind_of(first) == Kind.SYMBOL:
        first, second = second, first
    return first, second
