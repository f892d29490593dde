"""Expressions of a strategy in the words of the fused loop."""

from __future__ import annotations

import ast
import math
from abc import ABC, abstractmethod
from types import FunctionType
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import TradewrightError
from tradewright.strategy.lines import Line

from .account import Account
from .context_text import call_context, position_part, read_account, read_context, read_time
from .functions_text import call_function
from .lines_text import crossing, line_at, line_term
from .page import Page
from .source import helper_of, outer_value, own_value
from .subset import Kind, Term, outside

if TYPE_CHECKING:
    from tradewright.strategy.base import Strategy

    from .frames import Frame

__all__ = ["Expressions"]

_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%"}
_COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
_EXACT = 2**53
_SMALL = 100_000
"""Adding a constant up to this leads beyond the exact whole numbers in no run."""


class Expressions(Page, ABC):
    """Reads expressions; what must be computed before them is written as statements.

    Parameters
    ----------
    strategy : Strategy
        Bound: its lines and numbers are known. Values of parameters do not enter the text.
    symbols : int
        How many the run has; one and several are written differently.
    account : Account
    frame : Frame
        Of the function that decides.

    Attributes
    ----------
    lines : dict
        Path of every line read to the name of its argument.
    back : dict
        For each line the most bars ago it is read.
    numbers : list of str
        Attributes read as numbers and never written.
    state : list of str
        Attributes written.
    """

    def __init__(self, strategy: Strategy, symbols: int, account: Account | None, frame: Frame) -> None:
        super().__init__()
        self.strategy = strategy
        self.single = symbols == 1
        self.account = account or Account()
        self.frame = frame
        self.frames = [frame]
        self.arguments: set[str] = set()
        self.lines: dict[str, str] = {}
        self.back: dict[str, int] = {}
        self.numbers: list[str] = []
        self.state: list[str] = []
        self.rankings = 0

    @abstractmethod
    def block(self, nodes: list[ast.stmt]) -> None:
        """Write statements in order."""

    @abstractmethod
    def inline(self, node: ast.Call, function: FunctionType, *, own: bool) -> Term:
        """Write the text of a function that is called, and what stands for its result."""

    # What an expression is asked for.

    def number(self, node: ast.expr) -> str:
        """The code of a number."""
        return self.numeric(node).code

    def numeric(self, node: ast.expr) -> Term:
        """A number, with what is known of it."""
        term = self.term(node)
        if term.kind not in (Kind.NUMBER, Kind.FLAG):
            raise outside(node, f"a {term.kind} stands where a number is needed")
        return term

    def whole(self, node: ast.expr) -> str:
        """The code of a machine integer, for bounds of loops: constants, whole parameters, counters, sums of them."""
        name = self.own_name(node) or (node.id if isinstance(node, ast.Name) and self.is_argument(node.id) else None)
        value = node.value if isinstance(node, ast.Constant) else own_value(self.strategy, name or "")
        if isinstance(node, ast.Name) and node.id in self.frame.counters:
            return f"int({self.frame.prefix}{node.id})"
        if type(value) is int and abs(value) < _EXACT and name not in self.state:
            return f"int({self.number(node)})"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            return f"({self.whole(node.left)} {_BINARY[type(node.op)]} {self.whole(node.right)})"
        raise outside(node, f"'{ast.unparse(node)[:40]}' is not a whole number that is declared")

    def flag(self, node: ast.expr) -> str:
        """The code of a truth."""
        term = self.term(node)
        if term.kind == Kind.FLAG:
            return term.code
        if term.kind in (Kind.NUMBER, Kind.TRUTH, Kind.COUNT):
            return f"({term.code} != 0)"
        if term.kind == Kind.POSITION:
            return f"({term.code}.position != 0.0)"
        raise outside(node, f"a {term.kind} stands where a truth is needed")

    def kind_of(self, node: ast.expr) -> str:
        """The kind of an expression, nothing written."""
        with self.apart():
            return self.term(node).kind

    def scalar(self, node: ast.expr) -> Term:
        """A number or a truth."""
        term = self.term(node)
        if term.kind not in (Kind.NUMBER, Kind.FLAG):
            raise outside(node, f"a {term.kind} is not a number")
        return term

    def term(self, node: ast.expr) -> Term:
        """The code and kind of an expression."""
        reader = getattr(self, f"_read_{type(node).__name__.lower()}", None)
        if reader is None:
            raise outside(node, f"the expression '{ast.unparse(node)[:40]}' is not compiled")
        found: Term = reader(node)
        return found

    # Names and constants.

    def _read_constant(self, node: ast.Constant) -> Term:
        return self.constant_term(node, node.value, f"the constant {node.value!r} is not compiled")

    def constant_term(self, node: ast.AST, value: Any, refusal: str) -> Term:
        """A value that is known while the text is written: a number, a truth, or a symbol's name."""
        if isinstance(value, bool):
            return Term(str(value), Kind.FLAG)
        if isinstance(value, int | float) and abs(value) < _EXACT:
            # Every number of the loop is a float: whole ones stay exact, and none wraps around as machine integers do.
            return Term(repr(float(value)), Kind.NUMBER, isinstance(value, int))
        if isinstance(value, str):
            try:
                return Term(str(self.strategy._bound().number(value)), Kind.SYMBOL)  # noqa: SLF001 - what runs is bound
            except TradewrightError:
                raise outside(node, f"'{value}' is no symbol of the run") from None
        raise outside(node, refusal)

    def _read_name(self, node: ast.Name) -> Term:
        frame = self.frame
        if node.id in frame.aliases:
            return frame.aliases[node.id]
        if node.id in frame.kinds:
            return Term(f"{frame.prefix}{node.id}", frame.kinds[node.id], node.id in frame.wholes)
        value = None if node.id in frame.stored else outer_value(frame.function, node.id)
        if isinstance(value, float) and not math.isfinite(value):
            value = None
        return self.constant_term(node, value, f"'{node.id}' is not a number that is known before it is read")

    def _read_attribute(self, node: ast.Attribute) -> Term:
        if self.is_ctx(node.value):
            return read_context(self, node)
        own = self.own_name(node)
        if own is not None:
            return self.own_term(node, own)
        if isinstance(node.value, ast.Name) and self._outer(node.value) is math:
            return self.constant_term(node, getattr(math, node.attr, None), f"math.{node.attr} is not compiled")
        return self._part(node, self.term(node.value))

    def _part(self, node: ast.Attribute, holder: Term) -> Term:
        if holder.kind == Kind.GROUP:
            return line_term(self, node, f"{holder.code}.{node.attr}")
        if holder.kind == Kind.LINE and node.attr in ("value", "now"):
            return line_at(self, holder.code, 0)
        readers = {Kind.POSITION: position_part, Kind.ACCOUNT: read_account, Kind.TIME: read_time}
        if holder.kind in readers:
            return readers[holder.kind](self, node, holder)
        raise outside(node, f"the attribute '{node.attr}' is not compiled")

    def own_term(self, node: ast.AST, name: str) -> Term:
        """An attribute of the strategy, or an argument of the function that is the strategy."""
        value = own_value(self.strategy, name)
        if name in self.state:
            return Term(f"self_{name}", Kind.NUMBER, whole=True)
        if isinstance(value, Line | dict):
            return line_term(self, node, name)
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return Term(name, Kind.GROUP)
        if isinstance(value, bool | int | float):
            if name not in self.numbers:
                self.numbers.append(name)
            return Term(f"self_{name}", Kind.NUMBER, type(value) is int)
        raise outside(node, f"self.{name} is neither a line nor a number")

    def _read_subscript(self, node: ast.Subscript) -> Term:
        holder = self.term(node.value)
        if holder.kind == Kind.LINES:
            return Term(f"{holder.code}[{self.symbol_number(node, node.slice)}]", Kind.LINE)
        if holder.kind == Kind.LINE:
            bars = _constant(node.slice)
            if bars is None or bars >= 0:
                raise outside(node, "a line is indexed by something else than a negative constant")
            return line_at(self, holder.code, -bars - 1, node)
        raise outside(node, "only lines are indexed in compiled strategies")

    # Calls.

    def _read_call(self, node: ast.Call) -> Term:
        if isinstance(node.func, ast.Name):
            return call_function(self, node, self._outer(node.func))
        if not isinstance(node.func, ast.Attribute):
            raise outside(node, "such a call is not compiled")
        name, holder = node.func.attr, node.func.value
        if self.is_ctx(holder):
            return call_context(self, node, name)
        if isinstance(holder, ast.Name) and self._outer(holder) is math:
            return call_function(self, node, getattr(math, name, None))
        helper = self.author_function(node)
        if helper is not None:
            return self.inline(node, helper, own=True)
        return self._call_method(node, name, self.term(holder))

    def author_function(self, node: ast.Call) -> FunctionType | None:
        """The function or method that a call names, where the author of the strategy wrote it."""
        if isinstance(node.func, ast.Name):
            found = self._outer(node.func)
            return found if isinstance(found, FunctionType) else None
        return helper_of(self.strategy, self.own_name(node.func) or "")

    def _outer(self, node: ast.Name) -> Any:
        frame = self.frame
        hidden = node.id in frame.stored or node.id in frame.aliases or node.id in frame.kinds
        return None if hidden else outer_value(frame.function, node.id)

    def _call_method(self, node: ast.Call, name: str, holder: Term) -> Term:
        one = len(node.args) == 1 and not node.keywords
        if holder.kind == Kind.LINE and name == "ago" and one:
            bars = _constant(node.args[0])
            if bars is not None and bars >= 0:
                return line_at(self, holder.code, bars, node)
        if holder.kind == Kind.LINE and name in ("crossed_above", "crossed_below") and one:
            return crossing(self, node, holder, upward=name == "crossed_above")
        if holder.kind == Kind.TIME:
            return read_time(self, node, holder)
        raise outside(node, f"the call of '{name}' is not compiled")

    # Arithmetic and logic.

    def _read_binop(self, node: ast.BinOp) -> Term:
        sign = _BINARY.get(type(node.op))
        if sign is None:
            raise outside(node, f"the operator in '{ast.unparse(node)[:40]}' is not compiled")
        left, right = self.numeric(node.left), self.numeric(node.right)
        code, whole = f"({left.code} {sign} {right.code})", left.whole and right.whole and sign != "/"
        if whole and sign in "+-*" and not (sign != "*" and (_is_small(node.left) or _is_small(node.right))):
            # Python's whole numbers have no end; beyond the exact floats the interpreted run goes on alone.
            code = f"exact{code}"
        return Term(code, Kind.NUMBER, whole)

    def _read_unaryop(self, node: ast.UnaryOp) -> Term:
        if isinstance(node.op, ast.Not):
            return Term(f"(not {self.flag(node.operand)})", Kind.FLAG)
        if isinstance(node.op, ast.USub | ast.UAdd):
            term = self.numeric(node.operand)
            return Term(f"({'-' if isinstance(node.op, ast.USub) else '+'}{term.code})", Kind.NUMBER, term.whole)
        raise outside(node, "this operator is not compiled")

    def _read_boolop(self, node: ast.BoolOp) -> Term:
        first, rest = self.flag(node.values[0]), node.values[1:]
        with self.apart() as written:
            codes = [self.flag(each) for each in rest]
        if not written:
            word = " and " if isinstance(node.op, ast.And) else " or "
            return Term(f"({word.join([first, *codes])})", Kind.FLAG)
        # What must be computed for a part is computed only where the part is looked at.
        name, depth = self.fresh("b"), self.depth
        self.say(f"{name} = {first}")
        for each in rest:
            self.say(f"if {name}:" if isinstance(node.op, ast.And) else f"if not {name}:")
            self.depth += 1
            self.say(f"{name} = {self.flag(each)}")
        self.depth = depth
        return Term(name, Kind.FLAG)

    def _read_ifexp(self, node: ast.IfExp) -> Term:
        test = self.flag(node.test)
        with self.apart() as written:
            body, orelse = self.numeric(node.body), self.numeric(node.orelse)
        whole = body.whole or orelse.whole
        if not written:
            return Term(f"({body.code} if {test} else {orelse.code})", Kind.NUMBER, whole)
        name = self.fresh("e")
        for word, part in ((f"if {test}:", node.body), ("else:", node.orelse)):
            self.say(word)
            with self.deeper():
                self.say(f"{name} = 1.0 * {self.number(part)}")
        return Term(name, Kind.NUMBER, whole)

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
        if item.kind != Kind.SYMBOL or group.kind != Kind.SYMBOLS:
            raise outside(node, "only symbols are looked for, in a ranking")
        tests = {
            "ready": f"(ready[{item.code}] <= i)",
            "held": f"({self.book_code(item.code)}.position != 0.0)",
            "all": "True",
        }
        test = tests.get(group.code, f"is_among({group.code}, {group.code}_n, {item.code})")
        return Term(f"(not {test})" if isinstance(node.ops[0], ast.NotIn) else test, Kind.FLAG)

    # Who is meant.

    def symbol_number(self, node: ast.AST, symbol: ast.expr | None) -> str:
        """The code of a symbol's number."""
        if symbol is None or (isinstance(symbol, ast.Constant) and symbol.value is None):
            if self.single:
                return "0"
            raise outside(node, "the symbol is left out among several")
        term = self.term(symbol)
        if term.kind != Kind.SYMBOL:
            raise outside(node, "a symbol is named by something else than its name")
        return term.code

    def at(self, node: ast.AST, symbol: ast.expr | None) -> str:
        """What stands before the row in a column."""
        number = self.symbol_number(node, symbol)
        return "" if self.single else f"{number}, "

    def book_code(self, number: str) -> str:
        """The book of a symbol's number."""
        return "book" if self.single else f"books[{number}]"

    def is_ctx(self, node: ast.expr) -> bool:
        """Whether an expression is the context."""
        return isinstance(node, ast.Name) and bool(self.frame.ctx) and node.id == self.frame.ctx

    def is_argument(self, name: str) -> bool:
        """Whether a name is an argument of the function that is the strategy, as it was given."""
        return not self.frame.result and name in self.arguments and name not in self.frame.stored

    def own_name(self, node: ast.expr) -> str | None:
        """The attribute of the strategy that an expression is."""
        own = self.frame.own
        if own and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == own:
            return node.attr
        return None


def _is_small(node: ast.expr) -> bool:
    value = _constant(node)
    return value is not None and abs(value) <= _SMALL


def _constant(node: ast.expr) -> int | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _constant(node.operand)
        return None if inner is None else -inner
    is_whole = isinstance(node, ast.Constant) and type(node.value) is int
    return node.value if is_whole else None  # type: ignore[attr-defined]
