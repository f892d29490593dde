"""How far back a strategy's text reads: ``self.line[-3]``, ``.ago(2)``, crossings, ``ctx.history(bars=20)``.

A line that is read two bars ago is ready two bars after its first value. The text says so where the numbers are
constants, parameters or names bound outside; what it does not say raises `WarmupError` when it is read too early.
Where the text is not to be had, as after ``exec``, the compiled code is read instead.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import operator
import textwrap
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from tradewright.domain.syntax import parsed

from .compiled_text import read_code
from .own_text import text_of
from .reads import Reads

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping
    from types import CellType, CodeType, FunctionType

__all__ = ["reads_of"]

_ARITHMETIC: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


def reads_of(owner: Any, code: type | Callable[..., Any], names: Mapping[str, Any] | None = None) -> Reads:
    """Read the text of a class or function, or its compiled code where there is no text.

    Parameters
    ----------
    owner : object
        Gives the values of ``self.<name>`` that stand for numbers.
    code : class or function
    names : mapping, optional
        Values of names in a function, over those bound outside it.
    """
    text = _text_of(code)
    if text is None:
        return _read(owner, code, names)
    key = text.key(owner, names)
    found = text.read.get(key)
    if found is None:
        found = text.read[key] = _read(owner, code, names)
    return found


def _read(owner: Any, code: Any, names: Mapping[str, Any] | None) -> Reads:
    reads = Reads()
    for layer in _layers(code):
        outer = {**_outer_names(layer), **(names or {})}
        tree = _tree(layer)
        if tree is not None:
            _Finder(owner, outer, reads).visit(tree)
        else:
            for compiled in _codes(layer):
                for name in compiled.co_names:
                    reads.note_name(name)
                read_code(compiled, owner, outer, reads)
    return reads


class _Text:
    """What the reading of a text depends on, so that equal readings are done once.

    Parameters
    ----------
    layers : list
        The classes or the function.
    trees : list of AST
        Their texts.
    """

    def __init__(self, layers: list[Any], trees: list[ast.AST]) -> None:
        nodes = [node for tree in trees for node in ast.walk(tree)]
        self.read: dict[Hashable, Reads] = {}
        self._own = sorted({node.attr for node in nodes if isinstance(node, ast.Attribute) and _is_own(node)})
        self._named = sorted({node.id for node in nodes if isinstance(node, ast.Name)})
        self._around = [function for layer in layers for function in _functions(layer)]

    def key(self, owner: Any, names: Mapping[str, Any] | None) -> Hashable:
        """The whole numbers behind the names that the text speaks of."""
        own = tuple(_whole(getattr(owner, name, None)) for name in self._own)
        around = tuple(_whole(function.__globals__.get(name)) for function in self._around for name in self._named)
        closed = tuple(_whole(_content(cell)) for function in self._around for cell in function.__closure__ or ())
        return own, around, closed, tuple((name, _whole(value)) for name, value in (names or {}).items())


_TEXTS: WeakKeyDictionary[Any, _Text | None] = WeakKeyDictionary()


def _text_of(code: Any) -> _Text | None:
    """What is known of a class or function; None where some of its text is not to be had."""
    try:
        if code not in _TEXTS:
            layers = _layers(code)
            trees = [_tree(layer) for layer in layers]
            known = [tree for tree in trees if tree is not None]
            _TEXTS[code] = _Text(layers, known) if len(known) == len(trees) else None
        return _TEXTS[code]
    except TypeError:
        return None


def _is_own(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _layers(code: Any) -> list[Any]:
    """A function, or a class with its bases as far as authors wrote them."""
    layers = code.__mro__ if isinstance(code, type) else (code,)
    return [
        layer
        for layer in layers
        if layer is not object and not str(getattr(layer, "__module__", "")).startswith("tradewright.strategy.")
    ]


def _tree(layer: Any) -> ast.AST | None:
    functions = list(_functions(layer))
    # A class made by exec may share its name with another one in the file of its module: ask where its code is from.
    if functions and not any(linecache.getlines(function.__code__.co_filename) for function in functions):
        return None
    try:
        return _parsed(text_of(layer))
    except (OSError, TypeError, SyntaxError):
        return None


@lru_cache(maxsize=64)
def _parsed(text: str) -> ast.AST:
    return parsed(textwrap.dedent(text))


def _functions(layer: Any) -> Iterator[FunctionType]:
    """The functions of a class body, or the function itself, out of what wraps them."""
    members = vars(layer).values() if isinstance(layer, type) else (layer,)
    for member in members:
        function = inspect.unwrap(getattr(member, "__func__", member)) if callable(member) else None
        if inspect.isfunction(function):
            yield function


def _codes(layer: Any) -> Iterator[CodeType]:
    """The code of every function of a layer, functions inside functions included."""
    waiting = [function.__code__ for function in _functions(layer)]
    while waiting:
        code = waiting.pop()
        waiting.extend(constant for constant in code.co_consts if inspect.iscode(constant))
        yield code


def _outer_names(layer: Any) -> Mapping[str, Any]:
    """Names that the functions of a layer see: those of their module, closure and defaults."""
    names: dict[str, Any] = {}
    for function in _functions(layer):
        names.update(function.__globals__)
        names.update(inspect.getclosurevars(function).nonlocals)
        if not isinstance(layer, type):
            parameters = inspect.signature(function).parameters.values()
            names.update({each.name: each.default for each in parameters if each.default is not each.empty})
    return names


class _Finder(ast.NodeVisitor):
    """Collects reads of the past; a local name assigned from ``self.<name>`` or a number stands for it."""

    def __init__(self, owner: Any, outer: Mapping[str, Any], reads: Reads) -> None:
        self._reads = reads
        self._owner = owner
        self._outer = outer
        self._aliases: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._arguments: set[str] = set()

    def visit_arg(self, node: ast.arg) -> None:
        self._arguments.add(node.arg)

    def visit_Assign(self, node: ast.Assign) -> None:
        root, number = self._root(node.value), self._number(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                if root is not None:
                    self._aliases[target.id] = root
                if number is not None:
                    self._numbers[target.id] = max(number, self._numbers.get(target.id, number))
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        index = node.slice.lower if isinstance(node.slice, ast.Slice) else node.slice
        bars = self._number(index)
        if bars is not None and bars < 0:
            self._note(node.value, -bars - 1)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._reads.note_name(node.attr)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute):
            name, base = node.func.attr, node.func.value
            if name in ("crossed_above", "crossed_below"):
                for line in (base, *node.args[:1]):
                    self._note(line, 1)
            elif name == "ago" and node.args:
                self._note(base, self._number(node.args[0]) or 0)
            elif name == "history":
                self._reads.note_history(*self._words(node))
            elif isinstance(base, ast.Name) and base.id in self._arguments:
                self._reads.note_study(name, *self._words(node))
        self.generic_visit(node)

    def _words(self, node: ast.Call) -> tuple[list[Any], dict[str, Any]]:
        """Arguments of a call as numbers and texts where they are known; None where not."""
        words = {word.arg: self._value(word.value) for word in node.keywords if word.arg is not None}
        return [self._value(argument) for argument in node.args], words

    def _value(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return self._number(node)

    def _note(self, node: ast.expr, bars: int) -> None:
        root = self._root(node)
        if root is not None:
            self._reads.note_attribute(root, bars)

    def _root(self, node: ast.expr) -> str | None:
        """The attribute of ``self`` that an expression starts from."""
        while isinstance(node, (ast.Subscript, ast.Attribute)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
                return node.attr
            node = node.value
        return self._aliases.get(node.id) if isinstance(node, ast.Name) else None

    def _number(self, node: ast.expr | None) -> int | None:
        """The whole number an expression stands for, where that can be known before the run."""
        value: Any = None
        if isinstance(node, ast.Constant):
            value = node.value
        elif isinstance(node, ast.Name):
            value = self._numbers.get(node.id, self._outer.get(node.id))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            value = getattr(self._owner, node.attr, None)
        elif isinstance(node, (ast.UnaryOp, ast.BinOp)):
            value = self._arithmetic(node)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def _arithmetic(self, node: ast.UnaryOp | ast.BinOp) -> int | None:
        if isinstance(node, ast.UnaryOp):
            inner = self._number(node.operand)
            return -inner if inner is not None and isinstance(node.op, ast.USub) else None
        left, right, act = self._number(node.left), self._number(node.right), _ARITHMETIC.get(type(node.op))
        return None if left is None or right is None or act is None else act(left, right)
