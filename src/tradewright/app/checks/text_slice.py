"""The statements of a text on which one of its names depends, and no others: they can be run again on other values.

What only prints, writes or starts a run is left out, unless the name depends on what comes of it.
"""

from __future__ import annotations

import ast
import functools
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.domain.syntax import parsed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["body_of", "loaded_names", "statements_for"]

Statements = list[ast.stmt]
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@functools.lru_cache(maxsize=8)
def _tree(file: str) -> ast.Module | None:
    try:
        return parsed(Path(file).read_text("utf-8"), file)
    except (OSError, SyntaxError, UnicodeDecodeError):
        return None


def body_of(file: str, function: str | None, line: int) -> Statements | None:
    """The statements of a file, or of the function that begins there at a line or is decorated there."""
    tree = _tree(file)
    if tree is None or function is None:
        return None if tree is None else tree.body
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == function:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if first <= line <= node.lineno:
                return node.body
    return None


def loaded_names(statements: Statements) -> set[str]:
    """Names that the statements read, in functions inside of them too, and attributes that they ask for."""
    nodes = [node for each in statements for node in ast.walk(each)]
    return _read(statements) | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def _read(statements: Statements) -> set[str]:
    nodes = (node for each in statements for node in ast.walk(each))
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def statements_for(body: Statements, name: str, given: Collection[str], before: int | None = None) -> Statements:
    r"""What of a text must run so that a name has its value.

    Parameters
    ----------
    body : list of statements
    name : str
    given : collection of str
        Names that have their values already: what gives them one is left out.
    before : int, optional
        Line of the statement that is being run: it and those after it are left out.

    Examples
    --------
    >>> body = parsed("a = 1\nb = a + 1\nprint(b)\nc = 5\nt = {}\nt['x'] = b").body
    >>> [ast.unparse(each) for each in statements_for(body, "t", {"a"})]
    ['b = a + 1', 't = {}', "t['x'] = b"]
    """
    ahead = [each for each in body if not _is_of_scripts(each)] if before is None else list(_before(body, before))
    functions = {each.name: each for each in ahead if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))}
    # A bare call of a module's function gives nothing that is held.
    known = {
        *given,
        *(alias for each in ahead if isinstance(each, (ast.Import, ast.ImportFrom)) for alias in _gives(each)),
    }
    needed, chosen = {name}, set[int]()
    # What is chosen may need what stands after it, as a function that is called later does: until nothing is added.
    while True:
        found = [
            place
            for place, each in enumerate(ahead)
            if place not in chosen and needed & (_gives(each) - set(given) | _fills(each, functions) - known)
        ]
        if not found:
            return [each for place, each in enumerate(ahead) if place in chosen]
        chosen.update(found)
        needed |= _read([ahead[place] for place in found])


def _before(body: Statements, line: int) -> Iterator[ast.stmt]:
    """The statements above a line, those too that stand in the one which holds it."""
    for each in body:
        if (each.end_lineno or each.lineno) < line:
            yield each
        elif each.lineno <= line and not isinstance(each, _DEFINITIONS):
            for name in ("body", "orelse", "finalbody"):
                yield from _before(getattr(each, name, []), line)


def _is_of_scripts(statement: ast.stmt) -> bool:
    """Whether it runs only where the file is run as a script."""
    return isinstance(statement, ast.If) and "__name__" in _read([ast.Expr(statement.test)])


def _gives(statement: ast.stmt) -> set[str]:
    """Names to which a statement gives a value, or whose inside it changes by an assignment."""
    if isinstance(statement, _DEFINITIONS):
        return {statement.name}
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
            names |= _base(node)
        elif isinstance(node, _DEFINITIONS):
            names.add(node.name)
    return names


def _fills(statement: ast.stmt, functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef]) -> set[str]:
    """Names whose values a bare call may change: the one whose method it is, and those that a function changes."""
    if isinstance(statement, _DEFINITIONS):
        return set()
    names = set()
    for node in ast.walk(statement):
        called = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in functions:
            names |= _changed_by(functions[called.id])
        elif isinstance(called, ast.Attribute):
            names |= _base(called)
    return names


def _changed_by(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Names outside of a function whose values it changes."""
    nodes = list(ast.walk(function))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    shared = {name for node in nodes if isinstance(node, (ast.Global, ast.Nonlocal)) for name in node.names}
    changed = {name for each in function.body for name in _gives(each) | _fills(each, {})}
    return (changed - stored) | (changed & shared)


def _base(node: ast.expr) -> set[str]:
    """The name at the root of an expression such as ``a.b[0]``."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()
