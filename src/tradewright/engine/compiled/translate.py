"""From the text of a strategy's `on_bar` to the statements of the fused loop."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from .expressions import Expressions
from .frames import Frame
from .inlining import inlined, leaves_always
from .orders_text import ORDER_CALLS, emit_order
from .source import on_bar_of, own_value, tree_of, written_attributes
from .subset import Kind, OutsideError, Term, outside

if TYPE_CHECKING:
    from types import FunctionType

    from tradewright.strategy.base import Strategy

    from .account import Account

__all__ = ["Translator"]

_ALIASED = (Kind.LINE, Kind.LINES, Kind.GROUP, Kind.SYMBOLS, Kind.SYMBOL, Kind.POSITION, Kind.ACCOUNT, Kind.TIME)


class Translator(Expressions):
    """Writes the statements of one strategy; arguments as of `Expressions`, without the names.

    Raises
    ------
    OutsideError
        For what is not compiled; it knows the function and the line.
    """

    def __init__(self, strategy: Strategy, symbols: int, account: Account | None = None) -> None:
        function = on_bar_of(strategy)
        frame = Frame(function, "", "")
        super().__init__(strategy, symbols, account, frame)
        try:
            tree = tree_of(function)
            self._begin(tree, is_method=function is type(strategy).on_bar)
            self.state = written_attributes(tree, strategy)
            self.block(tree.body)
        except OutsideError as refused:
            refused.function = refused.function or function
            raise

    def _begin(self, tree: ast.FunctionDef, *, is_method: bool) -> None:
        """Read the head of the function that decides; arguments after the context are numbers that may be rebound."""
        names = [argument.arg for argument in (*tree.args.posonlyargs, *tree.args.args)]
        extra = names[2:] if is_method else names[1:]
        extra += [argument.arg for argument in tree.args.kwonlyargs]
        if tree.args.vararg or tree.args.kwarg or (is_method and (extra or len(names) != 2)):
            raise outside(tree, f"{tree.name} takes other arguments than {'self and ' if is_method else ''}ctx")
        self.frame.own, self.frame.ctx = (names[0], names[1]) if is_method else ("", names[0])
        self.frame.stored = stored_names(tree)
        for name in extra:
            if isinstance(own_value(self.strategy, name), bool | int | float):
                term = self.own_term(tree, name)
                self.say(f"v_{name} = {term.code}")
                self._know(name, term)
                self.arguments.add(name)

    @property
    def body(self) -> str:
        """The statements, indented for the loop."""
        return "\n".join(self.rows) or f"{'    ' * self.depth}pass"

    def inline(self, node: ast.Call, function: FunctionType, *, own: bool) -> Term:
        """Write the text of a function that is called inside an expression, where it may change nothing."""
        return inlined(self, node, function, own=own, pure=True)

    # Statements.

    def block(self, nodes: list[ast.stmt]) -> None:
        """Write statements in order."""
        for node in nodes:
            writer = getattr(self, f"_{type(node).__name__.lower()}", None)
            if writer is None:
                raise outside(node, f"the statement '{type(node).__name__.lower()}' is not compiled")
            writer(node)

    def _inside(self, nodes: list[ast.stmt]) -> None:
        """Write the block of a branch, which may be empty in the words of the loop."""
        with self.deeper():
            rows = len(self.rows)
            self.block(nodes)
            if len(self.rows) == rows:
                self.say("pass")

    def _pass(self, _: ast.Pass) -> None:
        self.say("pass")

    def _expr(self, node: ast.Expr) -> None:
        call = node.value
        if isinstance(call, ast.Constant):
            return
        function = self.author_function(call) if isinstance(call, ast.Call) else None
        if isinstance(call, ast.Call) and function is not None:
            inlined(self, call, function, own=isinstance(call.func, ast.Attribute), pure=self.frame.pure)
        elif isinstance(call, ast.Call) and self._is_order(call.func):
            if self.frame.pure:
                raise outside(node, "an order is placed by a function that is called inside an expression")
            emit_order(self, call)
        else:
            raise outside(node, "a call whose result is not used, other than an order, is not compiled")

    def _is_order(self, method: ast.expr) -> bool:
        return isinstance(method, ast.Attribute) and self.is_ctx(method.value) and method.attr in ORDER_CALLS

    def _return(self, node: ast.Return) -> None:
        frame = self.frame
        nothing = node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)
        if frame.result:
            self._keep_result(None if nothing else node.value)
        elif not nothing:
            raise outside(node, f"{frame.function.__name__} returns something")
        if frame.loops:
            self.say(f"{frame.left} = True")
        self.say("break")

    def _keep_result(self, value: ast.expr | None) -> None:
        frame = self.frame
        term = Term("False", Kind.TRUTH) if value is None else self.scalar(value)
        self.say(f"{frame.result} = {term.code}")
        frame.returned.append((self.rows, len(self.rows) - 1, term.kind))
        if term.whole:
            frame.wholes.add(frame.result)

    def _break(self, _: ast.Break) -> None:
        self.say("break")

    def _continue(self, _: ast.Continue) -> None:
        self.say("continue")

    def _if(self, node: ast.If) -> None:
        self.say(f"if {self.flag(node.test)}:")
        frame = self.frame
        before, aliases = dict(frame.kinds), dict(frame.aliases)
        self._inside(node.body)
        after_body, ends_body = dict(frame.kinds), _leaves(node.body)
        frame.kinds, frame.aliases = dict(before), dict(aliases)
        if node.orelse:
            self.say("else:")
            self._inside(node.orelse)
        after_else, ends_else = frame.kinds, _leaves(node.orelse)
        frame.kinds = _joined(after_body, ends_body, after_else, ends_else)
        frame.aliases = aliases

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
                term, name = self.scalar(each), self.fresh("t")
                self.say(f"{name} = {term.code}")
                held.append(Term(name, term.kind, term.whole))
            for each, term in zip(target.elts, held, strict=True):
                self._assign_term(each, term)
            return
        term = self.term(value)
        if term.kind in _ALIASED:
            self._alias(target, term)
        elif term.kind in (Kind.NUMBER, Kind.FLAG):
            self._assign_term(target, term)
        else:
            raise outside(target, f"a {term.kind} is kept under a name")

    def _alias(self, target: ast.expr, term: Term) -> None:
        once = isinstance(target, ast.Name) and self.frame.stored.get(target.id) == 1
        if not isinstance(target, ast.Name) or not once or target.id in self.frame.kinds:
            raise outside(target, f"a {term.kind} is kept elsewhere than under a name that is given once")
        self.frame.aliases[target.id] = term

    def _assign_term(self, target: ast.expr, term: Term) -> None:
        own = self.own_name(target)
        if isinstance(target, ast.Name) and target.id not in self.frame.aliases:
            self.say(f"{self.frame.prefix}{target.id} = {term.code}")
            self._know(target.id, term)
        elif own in self.state:
            if self.frame.pure:
                raise outside(target, "something is remembered by a function that is called inside an expression")
            self.say(f"self_{own} = {term.code}")
        else:
            raise outside(target, "only names and own attributes are assigned in compiled strategies")

    def _know(self, name: str, term: Term) -> None:
        self.frame.counters.discard(name)
        self.frame.kinds[name] = Kind.NUMBER
        if term.whole:
            self.frame.wholes.add(name)

    def _for(self, node: ast.For) -> None:
        if node.orelse or not isinstance(node.target, ast.Name):
            raise outside(node, "such a loop is not compiled")
        frame = self.frame
        before, aliases = dict(frame.kinds), dict(frame.aliases)
        index = self.fresh("k")
        symbols = self._range(node, index)
        frame.loops += 1
        with self.deeper():
            self._item(node.target, index, symbols)
        self._inside(node.body)
        frame.loops -= 1
        frame.kinds, frame.aliases = before, aliases
        if any(isinstance(inner, ast.Return) for each in node.body for inner in ast.walk(each)):
            self.say(f"if {frame.left}:\n    break")

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
        count = "len(books)" if term.code in ("ready", "all", "held") else f"{term.code}_n"
        self.say(f"for {index} in range({count}):")
        return term.code

    def _item(self, target: ast.Name, index: str, symbols: str | None) -> None:
        """Write what a loop's name stands for in this round."""
        name = target.id
        if symbols is None:
            self.say(f"{self.frame.prefix}{name} = float({index})")
            self._know(name, Term("", Kind.NUMBER, whole=True))
            self.frame.counters.add(name)
            return
        if symbols in ("ready", "held"):
            waits = f"ready[{index}] > i" if symbols == "ready" else f"books[{index}].position == 0.0"
            self.say(f"if {waits}:\n    continue")
        if name in self.frame.kinds:
            raise outside(target, f"'{name}' stands for a number and for a symbol")
        item = self.fresh("s")
        self.say(f"{item} = {index if symbols in ('ready', 'all', 'held') else f'{symbols}[{index}]'}")
        self.frame.aliases[name] = Term(item, Kind.SYMBOL)


def stored_names(tree: ast.FunctionDef) -> dict[str, int]:
    """How often a text stores each name; what is named as global or in a comprehension counts as well."""
    return Counter(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del)
    )


def _leaves(nodes: list[ast.stmt]) -> bool:
    return bool(nodes) and (isinstance(nodes[-1], ast.Break | ast.Continue) or leaves_always(nodes))


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
