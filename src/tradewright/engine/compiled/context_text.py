"""What a strategy reads of its context, in the words of the loop."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .lines_text import line_argument, line_at
from .source import STUDY
from .subset import Kind, Term, outside

if TYPE_CHECKING:
    from .expressions import Expressions

__all__ = ["call_context", "equity_code", "position_part", "read_account", "read_context", "read_time"]

_COLUMNS = {"open": "opens", "high": "highs", "low": "lows", "close": "closes", "volume": "volumes"}
_PLAIN = {
    "new_session": Term("(new_session[i] != 0)", Kind.FLAG),
    "new_month": Term("(new_month[i] != 0)", Kind.FLAG),
    "cash": Term("exchange.cash", Kind.NUMBER),
    "symbols": Term("ready", Kind.SYMBOLS),
    "universe": Term("all", Kind.SYMBOLS),
    "positions": Term("held", Kind.SYMBOLS),
    "account": Term("account", Kind.ACCOUNT),
    "timestamp": Term("close_time[i]", Kind.TIME),
}
_STUDIES = ("sma", "ema", "rsi", "vwap")
_PERIODS = {"sma": "20", "ema": "20", "rsi": "14", "vwap": ""}
_CLOCK = {"hour": (3600, 24), "minute": (60, 60), "second": (1, 60)}
_NANOSECONDS = 1_000_000_000
_FEW = 2


def equity_code(text: Expressions) -> str:
    """The equity at the current closes."""
    if text.single:
        return "(exchange.cash + value_at(book, closes[i]) if book.position != 0.0 else exchange.cash)"
    return "equity_at(exchange, books, closes, i)"


def free_code(text: Expressions) -> str:
    """The money that may be bound, after what resting orders hold back."""
    if text.single:
        return "free_alone(exchange, book, closes[i])"
    return "free_among(exchange, books, closes, i)"


def read_context(text: Expressions, node: ast.Attribute) -> Term:
    """An attribute of the context."""
    if node.attr in _PLAIN:
        return _PLAIN[node.attr]
    if node.attr in ("equity", "portfolio_value", "buying_power"):
        return _account_term(text, node.attr)
    raise outside(node, f"ctx.{node.attr} is not compiled")


def read_account(text: Expressions, node: ast.Attribute, _: Term) -> Term:
    """An attribute of the account."""
    if node.attr in ("cash", "equity", "portfolio_value", "buying_power", "available"):
        return _account_term(text, node.attr)
    raise outside(node, f"ctx.account.{node.attr} is not compiled")


def _account_term(text: Expressions, name: str) -> Term:
    if name == "cash":
        return _PLAIN["cash"]
    if name in ("equity", "portfolio_value"):
        return Term(equity_code(text), Kind.NUMBER)
    free = free_code(text)
    return Term(free if name == "available" else f"(positive({free}) * leverage)", Kind.NUMBER)


def read_time(text: Expressions, node: ast.Attribute | ast.Call, holder: Term) -> Term:  # noqa: ARG001 - a reader's shape
    """The hour, minute or second of now, UTC, or the day of the week."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name == "weekday" and not node.args and not node.keywords:
            return Term(f"float(({holder.code} // {86400 * _NANOSECONDS} + 3) % 7)", Kind.NUMBER, whole=True)
    elif node.attr in _CLOCK:
        seconds, rest = _CLOCK[node.attr]
        return Term(f"float({holder.code} // {seconds * _NANOSECONDS} % {rest})", Kind.NUMBER, whole=True)
    raise outside(node, "this part of ctx.timestamp is not compiled")


def position_part(text: Expressions, node: ast.Attribute, holder: Term) -> Term:
    """An attribute of a position."""
    book = holder.code
    number = "" if text.single else f"{book.removeprefix('books[').removesuffix(']')}, "
    close = f"closes[{number}i]"
    parts = {
        "quantity": f"{book}.position",
        "average_price": f"{book}.average_price",
        "market_price": f"price_held({book}, {close})",
        "market_value": f"worth_held({book}, {close})",
        "unrealized_pnl": f"(worth_held({book}, {close}) - {book}.basis)",
        "realized_pnl": f"{book}.realised",
    }
    if node.attr not in parts:
        raise outside(node, f"ctx.position().{node.attr} is not compiled")
    return Term(parts[node.attr], Kind.NUMBER)


def call_context(text: Expressions, node: ast.Call, name: str) -> Term:
    """A call of the context that reads."""
    if name == "rank":
        return _rank(text, node)
    if name in _STUDIES:
        return _study(text, node, name)
    words = {word.arg: word.value for word in node.keywords}
    symbol = node.args[0] if node.args else words.pop("symbol", None)
    if len(node.args) > 1 or words:
        raise outside(node, f"ctx.{name} is called in an unknown way")
    if name in _COLUMNS:
        return Term(f"{_COLUMNS[name]}[{text.at(node, symbol)}i]", Kind.NUMBER)
    if name == "open_orders":
        return _open_orders(text, node, symbol)
    if name not in ("has_position", "quantity", "position", "is_stale"):
        raise outside(node, f"ctx.{name} is not compiled")
    book = text.book_code(text.symbol_number(node, symbol))
    return {
        "has_position": Term(f"({book}.position != 0.0)", Kind.FLAG),
        "quantity": Term(f"{book}.position", Kind.NUMBER),
        "position": Term(book, Kind.POSITION),
        "is_stale": Term("False", Kind.FLAG),
    }[name]


def _open_orders(text: Expressions, node: ast.AST, symbol: ast.expr | None) -> Term:
    """How many orders work; of all symbols where none is named."""
    if symbol is None and not text.single:
        return Term("open_among(books)", Kind.COUNT)
    return Term(f"{text.book_code(text.symbol_number(node, symbol))}.n_open", Kind.COUNT)


def _study(text: Expressions, node: ast.Call, name: str) -> Term:
    """An indicator that the context computes: a line that nobody declared."""
    words = {word.arg: word.value for word in node.keywords}
    given = list(node.args)
    symbol, period = words.pop("symbol", None), words.pop("period", None)
    if given and symbol is None and (text.kind_of(given[0]) == Kind.SYMBOL):
        symbol = given.pop(0)
    if given and period is None:
        period = given.pop(0)
    if given or words:
        raise outside(node, f"ctx.{name} is called in an unknown way")
    code = line_argument(text, f"{STUDY}{name} {_period(text, node, name, period)}".strip())
    number = text.symbol_number(node, symbol)
    return line_at(text, code if text.single else f"{code}[{number}]", 0)


def _period(text: Expressions, node: ast.Call, name: str, period: ast.expr | None) -> str:
    """A period as it stands in the path of a line: a number, or the name of a whole parameter."""
    if period is None:
        return _PERIODS[name]
    if isinstance(period, ast.Constant) and type(period.value) is int:
        return str(period.value)
    own = text.own_name(period) or (period.id if isinstance(period, ast.Name) and text.is_argument(period.id) else None)
    if own is None or own in text.state:
        raise outside(node, f"ctx.{name} is asked for a period that is neither a constant nor a parameter")
    return own


def _rank(text: Expressions, node: ast.Call) -> Term:
    words = {word.arg: word.value for word in node.keywords}
    top = node.args[1] if len(node.args) > 1 else words.pop("top", None)
    ascending = _constant_flag(words.pop("ascending", ast.Constant(value=False)))
    if len(node.args) not in (1, _FEW) or words or ascending is None or text.frame.loops or text.frame.result:
        raise outside(node, "ctx.rank is called in an unknown way")
    lines = text.term(node.args[0])
    if lines.kind != Kind.LINES:
        raise outside(node, "ctx.rank is called in an unknown way")
    text.back.setdefault(lines.code, 0)
    name = f"rank{text.rankings}"
    text.rankings += 1
    wanted = "-1"
    if top is not None:
        wanted = text.whole(top)
        text.require(f"{wanted} >= 0")
    text.say(f"{name}_n = rank_into({lines.code}, i, ready, {wanted}, {int(not ascending)}, {name}, keys)")
    return Term(name, Kind.SYMBOLS)


def _constant_flag(node: ast.expr) -> bool | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, bool) else None
