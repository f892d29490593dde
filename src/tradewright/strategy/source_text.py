"""The text of a strategy: taken while it runs, and run again later, whatever has become of its file."""

from __future__ import annotations

import ast
import functools
import hashlib
import inspect
import linecache
import sys
import tokenize
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import StrategyError
from tradewright.domain.plain_values import is_restorable
from tradewright.domain.plugins import KEPT_MODULES
from tradewright.domain.recipe import StrategyRecipe
from tradewright.domain.syntax import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .base import Strategy

__all__ = [
    "LOADED_MODULES",
    "obstacle",
    "obstacle_of",
    "source_recipe",
    "strategy_again",
    "strategy_recipe",
    "text_digest",
]

LOADED_MODULES = "tradewright_strategy_"
"""How the names of modules begin that were loaded from files."""

_MAIN = "__main__"


def obstacle(strategy: Strategy) -> str | None:
    """Why a strategy cannot be loaded again from a text, as a sentence; None where it can."""
    return next(_obstacles(strategy), None)


def obstacle_of(source: Any, shown: str) -> str | None:
    """Why a class or function cannot be loaded again from a text, as a sentence that begins with `shown`."""
    return next(_source_obstacles(source, shown), None)


def _obstacles(strategy: Strategy) -> Iterator[str]:
    shown = f"The strategy {strategy.name}"
    if isinstance(vars(strategy).get("_function"), functools.partial):
        yield f"{shown} is a partial, whose fixed arguments are in no file."
    yield from _source_obstacles(strategy.source(), shown)
    for param, value in strategy.params.items():
        if not is_restorable(value):
            yield f"The parameter {param} of {strategy.name} cannot be written down."


def _source_obstacles(source: Any, shown: str) -> Iterator[str]:
    name = str(getattr(source, "__qualname__", ""))
    if "<lambda>" in name:
        yield f"{shown} is a lambda, which has no name to be found by."
    if "<locals>" in name or not (inspect.isclass(source) or inspect.isfunction(source)):
        yield f"{shown} was made inside a function, where it cannot be found again."
    if _file_of(source) is None:
        yield f"{shown} was written in a notebook or at the prompt, and is in no file."
    if _was_edited(source):
        yield f"{shown} is in a file that was changed after it was loaded, so that its text is not what ran."


def strategy_recipe(strategy: Strategy) -> StrategyRecipe:
    """The strategy with the text of its file, empty where there is none; the hash is left to the record."""
    return source_recipe(strategy.source(), strategy.name, strategy.params)


def source_recipe(source: Any, shown: str, params: Mapping[str, Any] | None = None) -> StrategyRecipe:
    """A class or function with the text of its file, empty where there is none.

    Parameters
    ----------
    source : class or function
    shown : str
        What it is called where it has no name of its own.
    params : mapping, optional
    """
    file, module = _file_of(source), str(getattr(source, "__module__", ""))
    known = sys.modules.get(module)
    package = str(getattr(known, "__package__", None) or "")
    by_file = not package or module == _MAIN
    return StrategyRecipe(
        reference=f"{file if by_file and file else module}:{getattr(source, '__qualname__', shown)}",
        name=str(getattr(source, "__qualname__", shown)),
        package=package,
        is_script=module == _MAIN,
        text="" if file is None else _text_of(file),
        params=dict(params or {}),
        source_hash=None,
    )


def strategy_again(kept: StrategyRecipe, place: str = "") -> Any:
    """The class or function of a kept text.

    Parameters
    ----------
    kept : StrategyRecipe
    place : str
        The file that errors name; without it they say that the text was kept, for the file may have another one now.

    Raises
    ------
    StrategyError
        When the text cannot be run, or does not hold it.
    """
    module = _module(kept, place)
    found: Any = module
    for part in kept.name.split("."):
        found = getattr(found, part, None)
    if found is None:
        raise StrategyError(f"The kept text of {kept.reference} has no {kept.name}.")
    return found


def _file_of(source: Any) -> str | None:
    """The file in which a class or function is written; None where there is none, as in a notebook."""
    module = sys.modules.get(str(getattr(source, "__module__", "")))
    file = getattr(module, "__file__", None)
    if file is None:
        return None
    return str(file) if str(file) in linecache.cache or Path(file).is_file() else None


def _was_edited(source: Any) -> bool:
    """Whether a file that was loaded by name has another text now than the one that is run."""
    loaded = str(getattr(source, "__module__", ""))
    file = _file_of(source)
    if not loaded.startswith(LOADED_MODULES) or file is None:
        return False
    return loaded.rpartition("_")[2] != text_digest(Path(file), Path(file).read_bytes())


def text_digest(file: Path, text: bytes) -> str:
    """What tells a text of a file from every other, in the name of the module that it is loaded as."""
    return hashlib.sha256(str(file).encode() + b"\0" + text).hexdigest()[:12]


def _text_of(file: str) -> str:
    if not Path(file).is_file():
        return "".join(linecache.getlines(file))
    with tokenize.open(file) as stream:
        return stream.read()


def _module(kept: StrategyRecipe, place: str) -> ModuleType:
    """Run a kept text under a name of its own, once for each text."""
    file = Path(kept.reference.rpartition(":")[0]).name
    digest = hashlib.sha256(repr((kept.text, kept.package, kept.is_script, place)).encode()).hexdigest()[:12]
    name = f"{KEPT_MODULES}{digest}"
    if name in sys.modules:
        return sys.modules[name]
    module = ModuleType(name)
    place = place or f"<{file} as kept, {digest}>"
    module.__file__ = place
    module.__package__ = kept.package
    # What asks for the text finds it here; a time of None keeps it from being looked up on the disk.
    linecache.cache[place] = (len(kept.text), None, kept.text.splitlines(keepends=True), place)
    sys.modules[name] = module
    try:
        exec(compile(_tree(kept, place), place, "exec"), vars(module))  # noqa: S102 - it was the user's own file
    except Exception as error:
        del sys.modules[name]
        raise StrategyError(
            f"The kept text of {kept.reference} cannot be run here, {type(error).__name__}: {error}.",
            hint="What it imports must be installed, and nothing of it may live outside its definitions.",
        ) from error
    return module


def _tree(kept: StrategyRecipe, place: str) -> ast.Module:
    """The text; of a program only what the strategy is made of, so that nothing of it is run a second time."""
    tree = parsed(kept.text, place)
    if kept.is_script:
        tree.body = _made_of(kept.name.partition(".")[0], [node for node in tree.body if _defines(node)])
    return tree


def _made_of(name: str, definitions: list[ast.stmt]) -> list[ast.stmt]:
    """The definitions that a name depends on, in their order."""
    needed, waiting = {name}, [name]
    while waiting:
        wanted = waiting.pop()
        for node in definitions:
            if wanted in _bound(node):
                new = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - needed
                needed |= new
                waiting.extend(new)
    return [node for node in definitions if _bound(node) & (needed | {"*", "annotations"})]


def _bound(node: ast.stmt) -> set[str]:
    """Names that a definition gives a meaning to."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {target.id for target in targets if isinstance(target, ast.Name)}
    return {node.name} if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) else set()


def _defines(node: ast.stmt) -> bool:
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = all(isinstance(target, ast.Name) for target in targets)
        return names and not any(isinstance(part, (ast.Call, ast.Await)) for part in ast.walk(node))
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
