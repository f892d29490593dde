"""Strategies by name: from a file, a module, a decorator or an installed package."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tradewright.domain.errors import StrategyError
from tradewright.domain.plugins import KEPT_MODULES, Registry

from .adapt import can_trade
from .source_text import LOADED_MODULES, text_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

__all__ = ["STRATEGIES", "load_strategy", "register", "registered"]

STRATEGIES: Registry[Any] = Registry(
    "strategy",
    "tradewright.strategies",
    error=StrategyError,
    hint="Give path/file.py:Class, package.module:Class or a known name.",
)
"""Strategies that were decorated, and those that installed packages name in the group ``tradewright.strategies``."""

_Source = TypeVar("_Source")
_files: dict[str, ModuleType] = {}
_NAME = re.compile(r"[A-Za-z_]\w*")


def register(name: str) -> Callable[[_Source], _Source]:
    """Decorate a strategy class or function, so that it can be called by name.

    Raises
    ------
    StrategyError
        When another strategy has the name.

    Examples
    --------
    >>> @register("hold_forever")
    ... def hold(ctx):
    ...     if not ctx.has_position():
    ...         ctx.buy()
    >>> load_strategy("hold_forever") is hold
    True
    """
    keep: Callable[[_Source], _Source] = STRATEGIES.register(name)

    def known(source: _Source) -> _Source:
        # A kept text that is run again leaves the name to the strategy of today.
        return source if str(getattr(source, "__module__", "")).startswith(KEPT_MODULES) else keep(source)

    return known


def registered() -> tuple[str, ...]:
    """Names of strategies: those that were decorated, and those of installed packages, not loaded yet."""
    return STRATEGIES.names()


def load_strategy(reference: str) -> Any:
    """Load a strategy class or function.

    Parameters
    ----------
    reference : str
        ``"path/file.py"`` or ``"path/file.py:Name"``, ``"package.module:Name"``, or the name of a registered strategy.

    Returns
    -------
    class or function
        For `tradewright.backtest`; a file is executed once as long as it does not change.

    Raises
    ------
    StrategyError
        When it cannot be found or loaded, or when the file holds several and none was named; names file and line.
    """
    place, _, name = reference.rpartition(":")
    if not place or not _NAME.fullmatch(name):
        place, name = reference, ""
    if place.endswith(".py"):
        return _chosen(_module_of_file(Path(place)), name, place)
    if name:
        return _chosen(_module(place, reference), name, place)
    return STRATEGIES.get(reference)


def _module(place: str, reference: str) -> ModuleType:
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as error:
        if error.name is not None and (place == error.name or place.startswith(f"{error.name}.")):
            raise StrategyError(
                f"There is no module '{place}'.", hint=f"'{reference}' is read as package.module:Class."
            ) from None
        raise _failed(error, place) from error
    except Exception as error:
        raise _failed(error, place) from error


def _module_of_file(path: Path) -> ModuleType:
    """Execute a file under a name of its own, once for each text it has had."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise StrategyError(f"{path} cannot be read: {error.strerror}.", hint="Check the path.") from None
    full = path.resolve()
    digest = text_digest(full, text)
    if digest in _files:
        return _files[digest]
    name = f"{LOADED_MODULES}{re.sub(r'[^0-9A-Za-z_]', '_', path.stem)}_{digest}"
    spec = importlib.util.spec_from_file_location(name, full)
    if spec is None or spec.loader is None:
        raise StrategyError(f"{path} is not a Python file.", hint="Give a file that ends in .py.")
    module = importlib.util.module_from_spec(spec)
    # Known by its name while it is executed, as dataclasses and `inspect` expect.
    sys.modules[name] = module
    try:
        exec(compile(text, str(full), "exec"), vars(module))  # noqa: S102 - the user's own file is what is to run
    except Exception as error:
        del sys.modules[name]
        raise _failed(error, str(full)) from error
    _files[digest] = module
    return module


def _failed(error: Exception, place: str) -> StrategyError:
    """What went wrong while a strategy was loaded, with its file and line."""
    if isinstance(error, SyntaxError):
        line = (error.text or "").strip()
        return StrategyError(
            f"{error.filename}:{error.lineno} is not Python: {error.msg}.",
            hint=f"The line is: {line}" if line else None,
        )
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == place]
    where = f"{place}:{frames[-1].lineno}" if frames else place
    if isinstance(error, ModuleNotFoundError):
        return StrategyError(
            f"{where} imports '{error.name}', which is not installed.", hint="Install it, or remove the import."
        )
    return StrategyError(f"{where} cannot be loaded, {type(error).__name__}: {error}")


def _chosen(module: ModuleType, name: str, place: str) -> Any:
    found = _strategies_of(module)
    if name:
        if not hasattr(module, name):
            near = ", ".join(found) or "none"
            raise StrategyError(f"There is no '{name}' in {place}.", hint=f"Its strategies: {near}.")
        return getattr(module, name)
    if not found:
        raise StrategyError(
            f"There is no strategy in {place}.", hint="Write a Strategy class, or 'def strategy(ctx):'."
        )
    if len(found) > 1:
        raise StrategyError(
            f"{place} holds {len(found)} strategies: {', '.join(found)}.", hint=f"Name one, as in {place}:{min(found)}."
        )
    return next(iter(found.values()))


def _strategies_of(module: ModuleType) -> dict[str, Any]:
    """The strategies that a module defines: classes of a known form, functions of ctx, and what a form was added for.

    A function called ``strategy``, or one that is registered, stands before the others: those may be its parts. So
    does a class before its base.
    """
    own = {n: v for n, v in vars(module).items() if getattr(v, "__module__", "") == module.__name__}
    classes = {name: value for name, value in own.items() if isinstance(value, type) and can_trade(value)}
    bases = {base for cls in classes.values() for base in cls.__mro__[1:]}
    classes = {name: cls for name, cls in classes.items() if cls not in bases}
    others = {name: value for name, value in own.items() if not isinstance(value, type)}
    functions = {name: value for name, value in others.items() if _is_function_of_context(value) or can_trade(value)}
    named = {n: f for n, f in functions.items() if n == "strategy" or STRATEGIES.name_of(f)}
    return {**classes, **(named or ({} if classes else functions))}


def _is_function_of_context(value: Any) -> bool:
    if not inspect.isfunction(value) or value.__name__.startswith("_"):
        return False
    return list(inspect.signature(value).parameters)[:1] in (["ctx"], ["context"])
