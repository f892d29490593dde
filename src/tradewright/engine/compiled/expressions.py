"""Expressions of a strategy in the words of the fused loop."""

from __future__ import annotations

import ast
import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tradewright.strategy.lines import Line, SparseLine

from .account import Account
from .source import outer_value
from .subset import Kind, Term, outside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.strategy.base import Strategy

__all__ = ["Expressions"]

_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%"}
_COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
_COLUMNS = {"open": "opens", "high": "highs", "low": "lows", "close": "closes", "volume": "volumes"}
_FEW = 2
_EXACT = 2**53


class Expressions:
    """Reads expressions; what must be computed before them is written as statements.

    Parameters
    ----------
    strategy : Strategy
        Bound: its lines and numbers are known. Values of parameters do not enter the text.
    symbols : int
        How many the run has; one and several are written differently.

    Attributes
    ----------
    lines : dict
        Attribute path of every line read to the name of its argument.
    back : dict
        For each line the most bars ago it is read.
    numbers : list of str
        Attributes read as numbers and never written.
    state : list of str
        Attributes written by `on_bar`.
    tags : list of str
        Labels of orders by their number.
    """

    def __init__(self, strategy: Strategy, symbols: int, names: tuple[str, str], state: list[str]) -> None:
        self.strategy = strategy
        self.single = symbols == 1
        self.account = Account()
        self.lines: dict[str, str] = {}
        self.back: dict[str, int] = {}
        self.numbers: list[str] = []
        self.state = state
        self.rankings = 0
        self._self, self._ctx = names
        self._rows: list[str] = []
        self._depth = 3
        self._loops = 0
        self._counter = 0
        self._known: dict[str, str] = {}
        self._aliases: dict[str, Term] = {}
        self._counters: set[str] = set()
        self.tags: list[str] = []

    def say(self, text: str) -> None:
        """Write one line."""
        self._rows += ["    " * self._depth + row for row in text.split("\n")]

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Write inside a block."""
        self._depth += 1
        yield
        self._depth -= 1

    def tag(self, text: str) -> int:
        """Number of a label."""
        if text not in self.tags:
            self.tags.append(text)
        return self.tags.index(text)

    def require(self, condition: str) -> None:
        """Write a line that stops the visit where a condition does not hold; the interpreted run says what is wrong."""
        self.say(f"if not ({condition}):")
        self.say("    raise ValueError")

    def fresh(self, stem: str) -> str:
        """A name of its own."""
        self._counter += 1
        return f"_{stem}{self._counter}"

    def number(self, node: ast.expr) -> str:
        """The code of a number."""
        term = self.term(node)
        if term.kind not in (Kind.NUMBER, Kind.FLAG):
            raise outside(node, f"a {term.kind} stands where a number is needed")
        return term.code

    def whole(self, node: ast.expr) -> str:
        """The code of a machine integer, for bounds of loops: constants, whole parameters, counters, sums of them."""
        value = node.value if isinstance(node, ast.Constant) else getattr(self.strategy, self._own(node) or "", None)
        if isinstance(node, ast.Name) and node.id in self._counters:
            return f"int(v_{node.id})"
        if type(value) is int and abs(value) < _EXACT and self._own(node) not in self.state:
            return f"int({self.number(node)})"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            return f"({self.whole(node.left)} {_BINARY[type(node.op)]} {self.whole(node.right)})"
        raise outside(node, f"'{ast.unparse(node)[:40]}' is not a whole number that is declared")

    def flag(self, node: ast.expr) -> str:
        """The code of a truth."""
        term = self.term(node)
        if term.kind == Kind.FLAG:
            return term.code
        if term.kind == Kind.NUMBER:
            return f"({term.code} != 0)"
        raise outside(node, f"a {term.kind} stands where a truth is needed")

    def kind_of(self, node: ast.expr) -> str:
        """The kind of an expression, nothing written."""
        return self.term(node).kind

    def _scalar(self, node: ast.expr) -> str:
        term = self.term(node)
        if term.kind not in (Kind.NUMBER, Kind.FLAG):
            raise outside(node, f"a {term.kind} is not a number")
        return term.code

    def term(self, node: ast.expr) -> Term:
        """The code and kind of an expression."""
        reader = getattr(self, f"_read_{type(node).__name__.lower()}", None)
        if reader is None:
            raise outside(node, f"the expression '{ast.unparse(node)[:40]}' is not compiled")
        found: Term = reader(node)
        return found

    def _read_constant(self, node: ast.Constant) -> Term:
        if isinstance(node.value, bool):
            return Term(str(node.value), Kind.FLAG)
        if isinstance(node.value, int | float) and abs(node.value) < _EXACT:
            # Every number of the loop is a float: whole ones stay exact, and none wraps around as machine integers do.
            return Term(repr(float(node.value)), Kind.NUMBER)
        raise outside(node, f"the constant {node.value!r} is not compiled")

    def _read_name(self, node: ast.Name) -> Term:
        if node.id in self._aliases:
            return self._aliases[node.id]
        if node.id in self._known:
            return Term(f"v_{node.id}", self._known[node.id])
        value = outer_value(self.strategy, node.id)
        if isinstance(value, bool | int | float) and math.isfinite(value):
            return Term(repr(float(value)), Kind.NUMBER)
        raise outside(node, f"'{node.id}' is not a number that is known before it is read")

    def _read_attribute(self, node: ast.Attribute) -> Term:
        if self._is_ctx(node.value):
            return self._read_context(node)
        own = self._own(node)
        if own is not None:
            return self._own_term(node, own)
        holder = self.term(node.value)
        if holder.kind == Kind.GROUP:
            return self._line_term(node, f"{holder.code}.{node.attr}")
        if holder.kind == Kind.LINE and node.attr in ("value", "now"):
            return self._line_at(holder.code, 0)
        raise outside(node, f"the attribute '{node.attr}' is not compiled")

    def _read_context(self, node: ast.Attribute) -> Term:
        if node.attr in ("new_session", "new_month"):
            return Term(f"({node.attr}[i] != 0)", Kind.FLAG)
        if node.attr == "cash":
            return Term("exchange.cash", Kind.NUMBER)
        if node.attr in ("equity", "portfolio_value"):
            single = "(exchange.cash + value_at(book, closes[i]) if book.position != 0.0 else exchange.cash)"
            return Term(single if self.single else "equity_at(exchange, books, closes, i)", Kind.NUMBER)
        if node.attr == "symbols":
            return Term("ready", Kind.SYMBOLS)
        if node.attr == "universe":
            return Term("all", Kind.SYMBOLS)
        raise outside(node, f"ctx.{node.attr} is not compiled")

    def _own_term(self, node: ast.AST, name: str) -> Term:
        if name in self.state:
            return Term(f"self_{name}", Kind.NUMBER)
        value = getattr(self.strategy, name, None)
        if isinstance(value, Line | dict):
            return self._line_term(node, name)
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return Term(name, Kind.GROUP)
        if isinstance(value, bool | int | float):
            if name not in self.numbers:
                self.numbers.append(name)
            return Term(f"self_{name}", Kind.NUMBER)
        raise outside(node, f"self.{name} is neither a line nor a number")

    def _line_term(self, node: ast.AST, path: str) -> Term:
        value: Any = self.strategy
        for part in path.split("."):
            value = getattr(value, part)
        lines = list(value.values()) if isinstance(value, dict) else [value]
        if not lines or not all(isinstance(line, Line) for line in lines):
            raise outside(node, f"self.{path} is not a line")
        if any(isinstance(line, SparseLine) for line in lines):
            raise outside(node, f"self.{path} has values of its own pace")
        name = self.lines.setdefault(path, f"line_{path.replace('.', '_')}")
        return Term(name, Kind.LINES if isinstance(value, dict) else Kind.LINE)

    def _line_at(self, code: str, ago: int) -> Term:
        name = code.split("[", maxsplit=1)[0]
        self.back[name] = max(ago, self.back.get(name, 0))
        place = "i" if ago == 0 else f"i - {ago}"
        if "[" in code:
            # A symbol's line may have no value yet: reading it is an error in both tiers.
            return Term(f"known({code[:-1]}, {place}])", Kind.NUMBER)
        return Term(f"{code}[{place}]", Kind.NUMBER)

    def _read_subscript(self, node: ast.Subscript) -> Term:
        holder = self.term(node.value)
        if holder.kind == Kind.LINES:
            return Term(f"{holder.code}[{self.symbol_number(node, node.slice)}]", Kind.LINE)
        if holder.kind == Kind.LINE:
            bars = _constant(node.slice)
            if bars is None or bars >= 0:
                raise outside(node, "a line is indexed by something else than a negative constant")
            return self._line_at(holder.code, -bars - 1)
        raise outside(node, "only lines are indexed in compiled strategies")

    def _read_call(self, node: ast.Call) -> Term:
        if isinstance(node.func, ast.Name):
            return self._read_function(node, node.func.id)
        if not isinstance(node.func, ast.Attribute):
            raise outside(node, "such a call is not compiled")
        if self._is_ctx(node.func.value):
            return self._read_context_call(node, node.func.attr)
        holder = self.term(node.func.value)
        if holder.kind == Kind.LINE and node.func.attr == "ago" and len(node.args) == 1:
            bars = _constant(node.args[0])
            if bars is not None and bars >= 0:
                return self._line_at(holder.code, bars)
        if holder.kind == Kind.LINE and node.func.attr in ("crossed_above", "crossed_below") and len(node.args) == 1:
            return self._crossing(node, holder, node.func.attr == "crossed_above")
        raise outside(node, f"the call of '{node.func.attr}' is not compiled")

    def _crossing(self, node: ast.Call, line: Term, upward: bool) -> Term:
        other = self.term(node.args[0])
        now, before = self._line_at(line.code, 0).code, self._line_at(line.code, 1).code
        if other.kind == Kind.LINE:
            level, past = self._line_at(other.code, 0).code, self._line_at(other.code, 1).code
        else:
            level = past = f"(1.0 * {self.number(node.args[0])})"
        over, under = (">", "<=") if upward else ("<", ">=")
        return Term(f"({now} {over} {level} and {before} {under} {past})", Kind.FLAG)

    def _read_function(self, node: ast.Call, name: str) -> Term:
        if node.keywords or outer_value(self.strategy, name) is not None:
            raise outside(node, f"the function {name} is not compiled")
        arguments = [self.number(each) for each in node.args]
        if name == "abs" and len(arguments) == 1:
            return Term(f"abs({arguments[0]})", Kind.NUMBER)
        if name in ("min", "max") and len(arguments) == _FEW:
            held = [self.fresh("m"), self.fresh("m")]
            for each, code in zip(held, arguments, strict=True):
                self.say(f"{each} = {code}")
            sign = "<" if name == "min" else ">"
            return Term(f"({held[1]} if {held[1]} {sign} {held[0]} else {held[0]})", Kind.NUMBER)
        raise outside(node, f"the function {name} is not compiled")

    def _read_context_call(self, node: ast.Call, name: str) -> Term:
        if name == "rank":
            return self._rank(node)
        words = {word.arg: word.value for word in node.keywords}
        symbol = node.args[0] if node.args else words.pop("symbol", None)
        if len(node.args) > 1 or words:
            raise outside(node, f"ctx.{name} is called in an unknown way")
        if name in _COLUMNS:
            return Term(f"{_COLUMNS[name]}[{self._at(node, symbol)}i]", Kind.NUMBER)
        if name == "has_position":
            return Term(f"({self._book_of(node, symbol)}.position != 0.0)", Kind.FLAG)
        if name == "quantity":
            return Term(f"{self._book_of(node, symbol)}.position", Kind.NUMBER)
        raise outside(node, f"ctx.{name} is not compiled")

    def _rank(self, node: ast.Call) -> Term:
        words = {word.arg: word.value for word in node.keywords}
        top = node.args[1] if len(node.args) > 1 else words.pop("top", None)
        ascending = _constant_flag(words.pop("ascending", ast.Constant(value=False)))
        if len(node.args) not in (1, _FEW) or words or ascending is None or self._loops:
            raise outside(node, "ctx.rank is called in an unknown way")
        lines = self.term(node.args[0])
        if lines.kind != Kind.LINES:
            raise outside(node, "ctx.rank is called in an unknown way")
        self.back.setdefault(lines.code, 0)
        name = f"rank{self.rankings}"
        self.rankings += 1
        wanted = "-1"
        if top is not None:
            wanted = self.whole(top)
            self.require(f"{wanted} >= 0")
        self.say(f"{name}_n = rank_into({lines.code}, i, ready, {wanted}, {int(not ascending)}, {name}, keys)")
        return Term(name, Kind.SYMBOLS)

    def _read_binop(self, node: ast.BinOp) -> Term:
        sign = _BINARY.get(type(node.op))
        if sign is None:
            raise outside(node, f"the operator in '{ast.unparse(node)[:40]}' is not compiled")
        return Term(f"({self.number(node.left)} {sign} {self.number(node.right)})", Kind.NUMBER)

    def _read_unaryop(self, node: ast.UnaryOp) -> Term:
        if isinstance(node.op, ast.Not):
            return Term(f"(not {self.flag(node.operand)})", Kind.FLAG)
        if isinstance(node.op, ast.USub | ast.UAdd):
            return Term(f"({'-' if isinstance(node.op, ast.USub) else '+'}{self.number(node.operand)})", Kind.NUMBER)
        raise outside(node, "this operator is not compiled")

    def _read_boolop(self, node: ast.BoolOp) -> Term:
        word = " and " if isinstance(node.op, ast.And) else " or "
        rows = len(self._rows)
        parts = [self.flag(each) for each in node.values]
        if len(self._rows) != rows:
            raise outside(node, "min, max or rank stand inside 'and' or 'or'")
        return Term(f"({word.join(parts)})", Kind.FLAG)

    def _read_ifexp(self, node: ast.IfExp) -> Term:
        rows = len(self._rows)
        text = f"({self.number(node.body)} if {self.flag(node.test)} else {self.number(node.orelse)})"
        if len(self._rows) != rows:
            raise outside(node, "min, max or rank stand inside a conditional expression")
        return Term(text, Kind.NUMBER)

    def _read_compare(self, node: ast.Compare) -> Term:
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
            return self._membership(node)
        items = [self.number(each) for each in (node.left, *node.comparators)]
        signs = [_COMPARE.get(type(op)) for op in node.ops]
        if None in signs:
            raise outside(node, "this comparison is not compiled")
        parts = [f"{a} {sign} {b}" for a, sign, b in zip(items, signs, items[1:], strict=False)]
        return Term(f"({' and '.join(parts)})", Kind.FLAG)

    def _membership(self, node: ast.Compare) -> Term:
        item, group = self.term(node.left), self.term(node.comparators[0])
        if item.kind != Kind.SYMBOL or group.kind != Kind.SYMBOLS or group.code in ("ready", "all"):
            raise outside(node, "only symbols are looked for, in a ranking")
        test = f"is_among({group.code}, {group.code}_n, {item.code})"
        return Term(f"(not {test})" if isinstance(node.ops[0], ast.NotIn) else test, Kind.FLAG)

    # Names.

    def symbol_number(self, node: ast.AST, symbol: ast.expr | None) -> str:
        """The code of a symbol's number."""
        if symbol is None:
            if self.single:
                return "0"
            raise outside(node, "the symbol is left out among several")
        term = self.term(symbol)
        if term.kind != Kind.SYMBOL:
            raise outside(node, "a symbol is named by text")
        return term.code

    def _at(self, node: ast.AST, symbol: ast.expr | None) -> str:
        number = self.symbol_number(node, symbol)
        return "" if self.single else f"{number}, "

    def _book_of(self, node: ast.AST, symbol: ast.expr | None) -> str:
        number = self.symbol_number(node, symbol)
        return "book" if self.single else f"books[{number}]"

    def _is_ctx(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == self._ctx

    def _own(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == self._self:
            return node.attr
        return None


def _constant(node: ast.expr) -> int | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _constant(node.operand)
        return None if inner is None else -inner
    is_whole = isinstance(node, ast.Constant) and type(node.value) is int
    return node.value if is_whole else None  # type: ignore[attr-defined]


def _constant_flag(node: ast.expr) -> bool | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, bool) else None
