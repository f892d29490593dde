"""What the translator reads of a strategy's text: the body of `on_bar`, what it writes, the names around it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import lru_cache
from types import CodeType
from typing import TYPE_CHECKING, Any

from tradewright.strategy.own_text import text_of

from .subset import OutsideError, outside

if TYPE_CHECKING:
    from tradewright.strategy.base import Strategy

__all__ = ["on_bar_of", "outer_value", "written_attributes"]


def on_bar_of(strategy: Strategy) -> ast.FunctionDef:
    """The text of `on_bar` as a tree."""
    try:
        text = text_of(type(strategy).on_bar)
        return _parsed(text, type(strategy).on_bar.__code__)
    except (OSError, TypeError, SyntaxError) as error:
        raise OutsideError("the text of on_bar cannot be read") from error


@lru_cache(maxsize=64)
def _parsed(text: str, loaded: CodeType) -> ast.FunctionDef:
    """The tree of a text that is the loaded code's; read by every run, changed by none."""
    node = ast.parse(textwrap.dedent(text)).body[0]
    if not isinstance(node, ast.FunctionDef) or node.decorator_list:
        raise outside(node, "on_bar is async or decorated")
    if not _is_text_of(node, loaded):
        raise OutsideError("the text of on_bar has changed since it was loaded")
    return node


def _is_text_of(node: ast.FunctionDef, loaded: CodeType) -> bool:
    """Whether a text is that of the code that runs: a file may be edited while the program that loaded it goes on."""
    module = compile(ast.Module([node], []), loaded.co_filename, "exec", dont_inherit=True)
    read = next(each for each in module.co_consts if isinstance(each, CodeType))
    return all(
        _plain(getattr(read, part)) == _plain(getattr(loaded, part))
        for part in ("co_code", "co_names", "co_varnames", "co_consts")
    )


def _plain(part: Any) -> Any:
    """A part of a code object without the code inside it, which knows its lines."""
    return [repr(each) for each in part if not isinstance(each, CodeType)] if isinstance(part, tuple) else part


def written_attributes(function: ast.FunctionDef, strategy: Strategy) -> list[str]:
    """Own attributes that the text assigns; each must begin as a number."""
    name = function.args.args[0].arg if function.args.args else ""
    found: list[str] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if not isinstance(node.value, ast.Name) or node.value.id != name:
                raise outside(node, "an attribute of something else is assigned")
            if not isinstance(getattr(strategy, node.attr, None), bool | int | float):
                raise outside(node, f"self.{node.attr} does not begin as a number")
            if node.attr not in found:
                found.append(node.attr)
    return found


def outer_value(strategy: Strategy, name: str) -> Any:
    """What a name stands for outside the function; None where it is not known."""
    function = type(strategy).on_bar
    closed = inspect.getclosurevars(function)
    return closed.nonlocals.get(name, closed.globals.get(name))
