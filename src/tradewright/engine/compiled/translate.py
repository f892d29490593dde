"""From the text of a strategy's `on_bar` to the statements of the fused loop."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .account import Account
from .expressions import Expressions
from .orders_text import ORDER_CALLS, emit_order
from .source import on_bar_of, written_attributes
from .subset import Kind, Term, outside

if TYPE_CHECKING:
    from tradewright.strategy.base import Strategy

__all__ = ["Translator"]

_SELF_AND_CTX = 2


class Translator(Expressions):
    """Writes the statements of one strategy; arguments as of `Expressions`, without the names."""

    def __init__(self, strategy: Strategy, symbols: int, account: Account | None = None) -> None:
        function = on_bar_of(strategy)
        names = [argument.arg for argument in function.args.args]
        if len(names) != _SELF_AND_CTX or function.args.defaults or function.args.kwonlyargs:
            raise outside(function, "on_bar takes other arguments than self and ctx")
        super().__init__(strategy, symbols, (names[0], names[1]), written_attributes(function, strategy))
        self.account = account or Account()
        self.block(function.body)

    # Writing.

    @property
    def body(self) -> str:
        """The statements, indented for the loop."""
        return "\n".join(self._rows) or f"{'    ' * self._depth}pass"

    # Statements.

    def block(self, nodes: list[ast.stmt]) -> None:
        """Write statements in order."""
        for node in nodes:
            writer = getattr(self, f"_{type(node).__name__.lower()}", None)
            if writer is None:
                raise outside(node, f"the statement '{type(node).__name__.lower()}' is not compiled")
            writer(node)

    def _pass(self, _: ast.Pass) -> None:
        self.say("pass")

    def _expr(self, node: ast.Expr) -> None:
        call = node.value
        if isinstance(call, ast.Constant):
            return
        if isinstance(call, ast.Call) and self._is_order(call.func):
            emit_order(self, call)
            return
        raise outside(node, "a call whose result is not used, other than an order, is not compiled")

    def _is_order(self, method: ast.expr) -> bool:
        return isinstance(method, ast.Attribute) and self._is_ctx(method.value) and method.attr in ORDER_CALLS

    def _return(self, node: ast.Return) -> None:
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            raise outside(node, "on_bar returns something")
        if self._loops:
            self.say("_left = True")
        self.say("break")

    def _break(self, _: ast.Break) -> None:
        self.say("break")

    def _continue(self, _: ast.Continue) -> None:
        self.say("continue")

    def _if(self, node: ast.If) -> None:
        self.say(f"if {self.flag(node.test)}:")
        before = dict(self._known)
        with self.deeper():
            self.block(node.body)
        after_body, ends_body = dict(self._known), _leaves(node.body)
        self._known = dict(before)
        if node.orelse:
            self.say("else:")
            with self.deeper():
                self.block(node.orelse)
        after_else, ends_else = self._known, _leaves(node.orelse)
        self._known = _joined(after_body, ends_body, after_else, ends_else)

    def _assign(self, node: ast.Assign) -> None:
        if len(node.targets) != 1:
            raise outside(node, "an assignment to several names is not compiled")
        self._store(node.targets[0], node.value)

    def _annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._store(node.target, node.value)

    def _augassign(self, node: ast.AugAssign) -> None:
        left = ast.copy_location(_as_read(node.target), node)
        self._store(node.target, ast.copy_location(ast.BinOp(left, node.op, node.value), node))

    def _store(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            held = []
            for each in value.elts:
                name = self.fresh("t")
                self.say(f"{name} = {self._scalar(each)}")
                held.append(name)
            for each, name in zip(target.elts, held, strict=True):
                self._assign_code(each, name)
            return
        term = self.term(value)
        if term.kind in (Kind.LINE, Kind.LINES, Kind.GROUP, Kind.SYMBOLS, Kind.SYMBOL):
            self._alias(target, term)
        else:
            self._assign_code(target, term.code)

    def _alias(self, target: ast.expr, term: Term) -> None:
        if not isinstance(target, ast.Name) or self._loops or self._depth > 3 or target.id in self._known:
            raise outside(target, "a line or a list of symbols is named other than once, at the top of on_bar")
        self._aliases[target.id] = term

    def _assign_code(self, target: ast.expr, code: str) -> None:
        if isinstance(target, ast.Name) and target.id not in self._aliases:
            self._counters.discard(target.id)
            self.say(f"v_{target.id} = {code}")
            self._known[target.id] = Kind.NUMBER
        elif self._own(target) in self.state:
            self.say(f"self_{self._own(target)} = {code}")
        else:
            raise outside(target, "only names and own attributes are assigned in compiled strategies")

    def _for(self, node: ast.For) -> None:
        if node.orelse or not isinstance(node.target, ast.Name):
            raise outside(node, "such a loop is not compiled")
        before, aliases = dict(self._known), dict(self._aliases)
        index = self.fresh("k")
        symbols = self._range(node, index)
        self._loops += 1
        with self.deeper():
            self._item(node.target, index, symbols)
            self.block(node.body)
        self._loops -= 1
        self._known, self._aliases = before, aliases
        if any(isinstance(inner, ast.Return) for each in node.body for inner in ast.walk(each)):
            self.say("if _left:")
            self.say("    break")

    def _range(self, node: ast.For, index: str) -> str | None:
        """Write the head of a loop; the list of symbols that it runs over, None for a range of numbers."""
        source = node.iter
        if isinstance(source, ast.Call) and isinstance(source.func, ast.Name) and source.func.id == "range":
            bounds = ", ".join(self.whole(each) for each in source.args)
            self.say(f"for {index} in range({bounds}):")
            return None
        term = self.term(source)
        if term.kind != Kind.SYMBOLS:
            raise outside(node, "only ranges and symbols are looped over")
        count = "len(books)" if term.code in ("ready", "all") else f"{term.code}_n"
        self.say(f"for {index} in range({count}):")
        return term.code

    def _item(self, target: ast.Name, index: str, symbols: str | None) -> None:
        """Write what a loop's name stands for in this round."""
        name = target.id
        if symbols is None:
            self.say(f"v_{name} = float({index})")
            self._known[name] = Kind.NUMBER
            self._counters.add(name)
            return
        if symbols == "ready":
            self.say(f"if ready[{index}] > i:")
            self.say("    continue")
        if name in self._known:
            raise outside(target, f"'{name}' stands for a number and for a symbol")
        item = self.fresh("s")
        self.say(f"{item} = {index if symbols in ('ready', 'all') else f'{symbols}[{index}]'}")
        self._aliases[name] = Term(item, Kind.SYMBOL)


def _leaves(nodes: list[ast.stmt]) -> bool:
    return bool(nodes) and isinstance(nodes[-1], ast.Return | ast.Break | ast.Continue)


def _joined(one: dict[str, str], one_leaves: bool, other: dict[str, str], other_leaves: bool) -> dict[str, str]:
    """Names that are known after both branches; a branch that leaves does not count."""
    if one_leaves:
        return other
    if other_leaves:
        return one
    return {name: kind for name, kind in one.items() if name in other}


def _as_read(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    if isinstance(target, ast.Attribute):
        return ast.Attribute(target.value, target.attr, ast.Load())
    raise outside(target, "such an assignment is not compiled")
