"""Functions that the author wrote, called from `on_bar`: their text is written where they are called."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from .frames import Frame
from .source import tree_of
from .subset import Kind, OutsideError, Term, outside

if TYPE_CHECKING:
    from types import FunctionType

    from .expressions import Expressions

__all__ = ["inlined", "leaves_always"]

_DEEPEST = 12


def inlined(text: Expressions, node: ast.Call, function: FunctionType, *, own: bool, pure: bool) -> Term:
    """Write a function's statements; what it returns as a number or a truth.

    Parameters
    ----------
    own : bool
        A method of the strategy, whose first argument is not written at the call.
    pure : bool
        Called inside an expression: it may neither order nor remember anything.
    """
    name, frames = function.__name__, text.frames
    if any(frame.function is function for frame in frames) or len(frames) > _DEEPEST:
        raise outside(node, f"{name} calls itself")
    tree, number = tree_of(function), text.fresh("h")
    frame = Frame(function, "", "", f"{number}_", f"_left{number}", f"_r{number}", pure)
    frame.stored = Counter(
        each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store | ast.Del)
    )
    _bind(text, node, tree, frame, own=own)
    text.say(f"{frame.left} = False\n{frame.result} = False\nwhile True:")
    first = (text.rows, len(text.rows) - 2)
    _write(text, tree, frame)
    return _result(frame, first, falls_off=not leaves_always(tree.body))


def _bind(text: Expressions, node: ast.Call, tree: ast.FunctionDef, frame: Frame, *, own: bool) -> None:
    """Write the arguments under the names that the function has for them."""
    if tree.args.vararg or tree.args.kwarg or any(word.arg is None for word in node.keywords):
        raise outside(node, f"{tree.name} takes any number of arguments")
    names = [argument.arg for argument in (*tree.args.posonlyargs, *tree.args.args)]
    known = dict(zip(reversed(names), reversed(frame.function.__defaults__ or ()), strict=False))
    names += [argument.arg for argument in tree.args.kwonlyargs]
    known |= frame.function.__kwdefaults__ or {}
    if own:
        frame.own = names.pop(0)
    given: dict[str, ast.expr] = dict(zip(names, node.args, strict=False))
    given |= {str(word.arg): word.value for word in node.keywords}
    if not set(given) <= set(names) <= set(given) | set(known) or len(node.args) > len(names):
        raise outside(node, f"{tree.name} is called with other arguments than it takes")
    for name in names:
        if name not in given:
            refusal = f"the default of {name} is not compiled"
            _bind_term(text, frame, name, text.constant_term(node, known[name], refusal))
        elif text.is_ctx(given[name]):
            frame.ctx = name
        elif _is_own(text, given[name]):
            frame.own = name
        else:
            _bind_term(text, frame, name, text.term(given[name]), given[name])


def _is_own(text: Expressions, node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and bool(text.frame.own) and node.id == text.frame.own


def _bind_term(text: Expressions, frame: Frame, name: str, term: Term, node: ast.AST | None = None) -> None:
    if term.kind in (Kind.NUMBER, Kind.FLAG):
        text.say(f"{frame.prefix}{name} = {term.code}")
        frame.kinds[name] = Kind.NUMBER
        if term.whole:
            frame.wholes.add(name)
    elif name in frame.stored or term.kind in (Kind.TRUTH, Kind.COUNT):
        raise outside(node or ast.Pass(), f"the argument {name} stands for a {term.kind}")
    else:
        frame.aliases[name] = term


def _write(text: Expressions, tree: ast.FunctionDef, frame: Frame) -> None:
    outer, text.frame = text.frame, frame
    text.frames.append(frame)
    try:
        with text.deeper():
            text.block(tree.body)
            text.say("break")
    except OutsideError as refused:
        refused.function = refused.function or frame.function
        raise
    finally:
        text.frame = outer
        text.frames.pop()


def _result(frame: Frame, first: tuple[list[str], int], *, falls_off: bool) -> Term:
    """What stands for the result; where numbers and truths are returned, all are numbers."""
    kinds = {kind for _, _, kind in frame.returned}
    whole = frame.result in frame.wholes
    if Kind.NUMBER in kinds:
        for rows, place, kind in [*frame.returned, (*first, Kind.FLAG)]:
            if kind != Kind.NUMBER:
                head, _, code = rows[place].partition(" = ")
                rows[place] = f"{head} = 1.0 * ({code})"
    if Kind.TRUTH in kinds or falls_off:
        return Term(frame.result, Kind.TRUTH)
    return Term(frame.result, Kind.NUMBER if Kind.NUMBER in kinds else Kind.FLAG, whole)


def leaves_always(nodes: list[ast.stmt]) -> bool:
    """Whether statements end the function on every way through them."""
    if not nodes:
        return False
    last = nodes[-1]
    if isinstance(last, ast.If):
        return leaves_always(last.body) and leaves_always(last.orelse)
    return isinstance(last, ast.Return)
