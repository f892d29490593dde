"""Where a strategy comes from: the text of the function or module that made it, so that it can be made on other bars.

What was computed there before any run, a table in a closure or a fit in a module, is not computed again by running the
strategy. Where that text can be run again, and gives a strategy that decides the same on the same bars, it is: on
other bars. Only what the strategy depends on is run.
"""

from __future__ import annotations

import ast
import contextvars
import inspect
import sys
from dataclasses import dataclass
from types import FrameType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from tradewright.domain.bars import Bars
from tradewright.domain.errors import ConfigError
from tradewright.strategy.places import is_authors

from .readers import READER_NAMES, without_writing
from .text_slice import body_of, loaded_names, statements_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["made_again", "refuse_inside_itself"]

_OPEN = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_SEARCHES = frozenset({"optimize", "walk_forward", "monte_carlo", "check"})
"""What asks for so many runs that it is not done again for every cut; walk-forward analysis judges it."""

_IS_MAKING: contextvars.ContextVar[bool] = contextvars.ContextVar("is_making", default=False)


def refuse_inside_itself() -> None:
    """Refuse a check that the text of a strategy asks for while it is made again for another check."""
    if _IS_MAKING.get():
        raise ConfigError("A check was asked for while its strategy was made.", hint="Ask for it in another file.")


def made_again(source: Any, given: Any, other: Any) -> Any:
    """The class or function as its text makes it on other bars; None where that cannot be told.

    Parameters
    ----------
    source : class or function
    given : Bars, mapping or sequence of Bars
        The bars of the check.
    other : as `given`
        Those on which it is to be made.
    """
    if not isinstance(source, (type, FunctionType)):
        return None
    module = sys.modules.get(source.__module__)
    if module is None or not is_authors(str(getattr(module, "__file__", None) or "<frozen module>")):
        return None
    token = _IS_MAKING.set(True)
    try:
        with without_writing():
            return _made(source.__qualname__.split(".<locals>."), module, _Swap(given, other))
    except Exception:  # noqa: BLE001 - a text that does not run on its own says nothing of the strategy
        return None
    finally:
        _IS_MAKING.reset(token)


@dataclass(frozen=True)
class _Swap:
    """Bars of the check, and the other ones that stand in for them."""

    given: Any
    other: Any

    def names(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Which names mean the bars of the check, each with the other ones."""
        pairs = [(self.given, self.other), *self._members()]
        return {
            name: after for name, value in values.items() for before, after in pairs if value is before and value != ""
        }

    def _members(self) -> list[tuple[Any, Any]]:
        if isinstance(self.given, Bars):
            return []
        both = (each.values() if hasattr(each, "values") else each for each in (self.given, self.other))
        return list(zip(*both, strict=True))


def _made(parts: list[str], module: ModuleType, swap: _Swap) -> Any:
    """Follow a qualified name, from the module through the functions inside which the source was written."""
    found, inner = _outermost(parts, module, swap), parts[1:]
    running = None if not inner else _frame_of(found)
    if running is not None:
        found, inner = _from_text(inner[0], running.f_code, running, swap, is_called=len(inner) > 1), inner[1:]
    for name in inner:
        found = _member(_called(found, swap.other), name)
    return found


def _outermost(parts: list[str], module: ModuleType, swap: _Swap) -> Any:
    if len(parts) == 1:
        return _from_text(parts[0], module, None, swap)
    return _attribute(vars(module), parts[0])


def _attribute(names: Mapping[str, Any], path: str) -> Any:
    head, *rest = path.split(".")
    found = names[head]
    for name in rest:
        found = getattr(found, name)
    return inspect.unwrap(found) if callable(found) else found


def _frame_of(maker: Any) -> FrameType | None:
    """The frame in which a function runs now: who checks from inside of it has not finished it."""
    code = getattr(maker, "__code__", None)
    return next((frame for frame in _frames() if frame.f_code is code), None)


def _frames() -> Iterator[FrameType]:
    frame = inspect.currentframe()
    while frame is not None:
        yield frame
        frame = frame.f_back


def _from_text(path: str, text: Any, frame: FrameType | None, swap: _Swap, *, is_called: bool = False) -> Any:
    """What a name means when the statements that it depends on are run again.

    Parameters
    ----------
    text : module or code
        Where the statements stand: in a module, or in a function whose `frame` is given.
    is_called : bool
        Whether it is a function that will be given the other bars; else its text must read bars itself.
    """
    if frame is None:
        file = text.__file__
        frame = next((each for each in _frames() if each.f_globals is vars(text) and _is_of_module(each)), None)
        body, names, given = body_of(file, None, 1), vars(text), {}
    else:
        file = text.co_filename
        body, names = body_of(file, text.co_name, text.co_firstlineno), frame.f_locals
        arguments = text.co_varnames[: text.co_argcount + text.co_kwonlyargcount]
        given = {name: names[name] for name in (*arguments, *text.co_freevars) if name in names}
    if body is None:
        return None
    given = {**given, **swap.names(names)}
    chosen = statements_for(body, path.partition(".")[0], given, None if frame is None else frame.f_lineno)
    read = loaded_names(chosen)
    if read & _SEARCHES or not (is_called or read & (READER_NAMES | swap.names(names).keys())):
        return None
    outside = vars(text) if isinstance(text, ModuleType) else frame.f_globals if frame is not None else {}
    space = {**outside, **given}
    exec(compile(ast.Module(chosen, []), file, "exec"), space)  # noqa: S102 - the author's own text, which ran before
    return _attribute(space, path)


def _is_of_module(frame: FrameType) -> bool:
    return frame.f_code.co_name == "<module>"


def _called(maker: Any, bars: Any) -> Any:
    """What a function gives that takes bars and needs nothing else."""
    if not isinstance(maker, FunctionType) or _SEARCHES & set(maker.__code__.co_names):
        return None
    needed = [each for each in inspect.signature(maker).parameters.values() if _is_needed(each)]
    if len(needed) != 1 or needed[0].kind is needed[0].KEYWORD_ONLY:
        return None
    return maker(bars)


def _is_needed(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind not in _OPEN


def _member(found: Any, name: str) -> Any:
    """What has a name, or is it, among the things that a function gave."""
    parts = found.values() if isinstance(found, dict) else found if isinstance(found, (list, tuple)) else (found,)
    return next((each for each in parts if getattr(each, "__qualname__", "").split(".<locals>.")[-1] == name), None)
