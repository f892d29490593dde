"""What the translator reads of a strategy's text: the body of `on_bar`, what it writes, the names around it."""

from __future__ import annotations

import ast
import inspect
import linecache
import textwrap
from functools import lru_cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from tradewright.domain.syntax import parsed
from tradewright.quant import indicators
from tradewright.strategy.function import FunctionStrategy
from tradewright.strategy.own_text import text_of
from tradewright.strategy.studies import STUDIES

from .subset import OutsideError, outside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.strategy.base import Strategy

__all__ = [
    "STUDY",
    "helper_of",
    "line_holder",
    "on_bar_of",
    "outer_value",
    "own_value",
    "tree_of",
    "written_attributes",
]

STUDY = "ctx."
"""How the paths begin of lines that the context computes: ``ctx.sma(20)``."""


def on_bar_of(strategy: Strategy) -> Any:
    """The function that decides: the class's `on_bar`, or the function that is the strategy."""
    if not isinstance(strategy, FunctionStrategy):
        return type(strategy).on_bar
    if strategy.style != "function" or not isinstance(strategy._function, FunctionType):  # noqa: SLF001
        raise OutsideError("the strategy is no plain function")
    return strategy.source()


def tree_of(function: Any) -> ast.FunctionDef:
    """The text of a function as a tree, which nobody changes."""
    name = getattr(function, "__name__", "a function")
    try:
        return _parsed(text_of(function), function.__code__)
    except (OSError, TypeError, SyntaxError, AttributeError) as error:
        raise OutsideError(f"the text of {name} cannot be read") from error


@lru_cache(maxsize=64)
def _parsed(text: str, loaded: CodeType) -> ast.FunctionDef:
    """The tree of a text that is the loaded code's; read by every run, changed by none."""
    node = parsed(textwrap.dedent(text)).body[0]
    if not isinstance(node, ast.FunctionDef):
        raise outside(node, f"{loaded.co_name} is async, or no function with a text of its own")
    if not _is_text_of(node, loaded):
        raise OutsideError(f"the text of {loaded.co_name} has changed since it was loaded")
    return node


def _is_text_of(node: ast.FunctionDef, loaded: CodeType) -> bool:
    """Whether a text is that of the code that runs: a file may be edited while the program that loaded it goes on."""
    return _gives(ast.Module([node], []), loaded) or _gives(ast.Module([*_imports(loaded), node], []), loaded)


def _gives(module: ast.Module, loaded: CodeType) -> bool:
    compiled = compile(module, loaded.co_filename, "exec", dont_inherit=True)
    read = next(each for each in compiled.co_consts if isinstance(each, CodeType))
    return all(
        _plain(getattr(read, part)) == _plain(getattr(loaded, part))
        for part in ("co_code", "co_names", "co_varnames", "co_consts")
    )


def _imports(loaded: CodeType) -> list[ast.stmt]:
    """What the file of a code imports: Python writes a call on an imported name in another way."""
    file = parsed("".join(linecache.getlines(loaded.co_filename)))
    names = {
        (alias.asname or alias.name).partition(".")[0]
        for node in file.body
        if isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", "") != "__future__"
        for alias in node.names
    }
    return [parsed(f"import {name}").body[0] for name in sorted(names - {"*"})]


def _plain(part: Any) -> Any:
    """A part of a code object without the code inside it, which knows its lines."""
    return [repr(each) for each in part if not isinstance(each, CodeType)] if isinstance(part, tuple) else part


def helper_of(strategy: Strategy, name: str) -> FunctionType | None:
    """The author's own method of that name; None for anything else."""
    found = inspect.getattr_static(type(strategy), name, None)
    if not isinstance(found, FunctionType) or name in vars(strategy):
        return None
    return None if str(found.__module__).startswith("tradewright.strategy.") else found


def written_attributes(function: ast.FunctionDef, strategy: Strategy) -> list[str]:
    """Own attributes that a text and the methods it calls assign; each must begin as a number."""
    found: list[str] = []
    if isinstance(strategy, FunctionStrategy):
        return found
    for tree in _reached(function, strategy, []):
        name = tree.args.args[0].arg if tree.args.args else ""
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                _require_number(node, name, strategy)
                if node.attr not in found:
                    found.append(node.attr)
    return found


def _require_number(node: ast.Attribute, own: str, strategy: Strategy) -> None:
    if not isinstance(node.value, ast.Name) or node.value.id != own:
        raise outside(node, "an attribute of something else is assigned")
    if not isinstance(getattr(strategy, node.attr, None), bool | int | float):
        raise outside(node, f"self.{node.attr} does not begin as a number")


def _reached(tree: ast.FunctionDef, strategy: Strategy, seen: list[str]) -> Iterator[ast.FunctionDef]:
    """A text and those of the own methods it calls, each once."""
    yield tree
    own = tree.args.args[0].arg if tree.args.args else ""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        holder, name = node.func.value, node.func.attr
        if isinstance(holder, ast.Name) and holder.id == own and name not in seen:
            seen.append(name)
            helper = helper_of(strategy, name)
            if helper is not None:
                yield from _reached(tree_of(helper), strategy, seen)


def outer_value(function: Any, name: str) -> Any:
    """What a name stands for outside a function, now; None where it is not known."""
    closed = inspect.getclosurevars(function)
    return closed.nonlocals.get(name, closed.globals.get(name, closed.builtins.get(name)))


def own_value(strategy: Strategy, name: str) -> Any:
    """A number of the strategy by its name: an attribute, or an argument of a function."""
    if isinstance(strategy, FunctionStrategy):
        return strategy.params.get(name)
    return getattr(strategy, name, None)


def line_holder(strategy: Strategy, path: str) -> Any:
    """The line, or mapping of symbol to line, at a path; one that the context computes is computed here."""
    if path.startswith(STUDY):
        return _study(strategy, *path.removeprefix(STUDY).split(" "))
    value: Any = strategy
    for part in path.split("."):
        value = getattr(value, part)
    return value


def _study(strategy: Strategy, name: str, period: str = "") -> Any:
    binder = strategy._bound()  # noqa: SLF001 - what runs is bound
    count = None if not period else int(period) if period.isdigit() else own_value(strategy, period)
    function: Any = STUDIES.get(name, indicators.vwap if count is None else indicators.rolling_vwap)
    if type(count) is not int and (period or name in STUDIES):
        raise OutsideError(f"ctx.{name} is asked for a period that is no whole number")
    arguments = () if count is None else (count,)
    symbols = binder.market.symbols
    lines = {symbol: binder.study(function, arguments, number) for number, symbol in enumerate(symbols)}
    return lines if len(symbols) > 1 else lines[symbols[0]]
