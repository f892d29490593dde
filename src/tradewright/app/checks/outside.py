"""What an author's code holds outside the strategy: closures, globals, class attributes and defaults.

They are listed by the places in which they stand, so that they can be put back as they were, or get another future.
"""

from __future__ import annotations

import builtins
import functools
import inspect
from collections import deque
from dataclasses import dataclass, field
from types import CellType, CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from tradewright.strategy.places import is_authors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["MISSING", "Outside", "Slot"]

MISSING: Any = object()
"""What a slot holds that does not exist."""

_DEPTH = 3


@dataclass(frozen=True)
class Slot:
    """A place that holds something: its name as the author reads it, and how to look and to put.

    Parameters
    ----------
    name : str
    key : tuple
        Identity of the place, so that it is listed once.
    get, put : callable
    owner : function or class
        Whose code reads it.
    """

    name: str
    key: tuple[int, str]
    get: Callable[[], Any]
    put: Callable[[Any], None]
    owner: Any = None


@dataclass
class Outside:
    """The slots of a strategy's code, with what stood in them before anything ran.

    Parameters
    ----------
    sources : iterable of classes and functions
        The strategies, and values that were given to them.
    """

    sources: Iterable[Any]
    slots: list[Slot] = field(default_factory=list)
    functions: list[FunctionType] = field(default_factory=list)
    _before: dict[tuple[int, str], Any] = field(default_factory=dict)
    _contents: list[tuple[Any, Any]] = field(default_factory=list)
    _classes: list[tuple[type, set[str]]] = field(default_factory=list)
    _caches: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        walk = _Walk()
        for source in self.sources:
            walk.enter(source)
        self.slots, self.functions, self._caches = list(walk.slots.values()), walk.functions, walk.caches
        self._classes = [(cls, set(vars(cls))) for cls in walk.classes]
        self._before = {slot.key: slot.get() for slot in self.slots}
        seen: set[int] = set()
        for value in self._before.values():
            self._contents.extend(_contents(value, seen, _DEPTH))

    def restore(self) -> None:
        """Put everything back that a run has changed, and forget what it has kept."""
        for slot in self.slots:
            if slot.get() is not self._before[slot.key]:
                slot.put(self._before[slot.key])
        for cls, names in self._classes:
            for name in set(vars(cls)) - names:
                delattr(cls, name)
        for holder, content in self._contents:
            _refill(holder, content)
        for cache in self._caches:
            cache.cache_clear()

    def values(self) -> Iterator[tuple[Slot, Any]]:
        """Each slot with what stood in it."""
        for slot in self.slots:
            value = self._before[slot.key]
            if value is not MISSING:
                yield slot, value

    def rewritten(self, rewrite: Callable[[Any], Any]) -> None:
        """Put into each slot what a function makes of its value; `restore` takes it back."""
        for slot, value in self.values():
            made = rewrite(value)
            if made is not value:
                slot.put(made)


class _Walk:
    """Follows the code of the sources to every place that it reads."""

    def __init__(self) -> None:
        self.slots: dict[tuple[int, str], Slot] = {}
        self.functions: list[FunctionType] = []
        self.classes: list[type] = []
        self.caches: list[Any] = []
        self._seen: set[int] = set()

    def enter(self, value: Any) -> None:
        """Look into a value, where it is code of an author, or an instance of an author's class."""
        if id(value) in self._seen:
            return
        if isinstance(value, functools.partial):
            self._partial(value)
        elif isinstance(value, type):
            self._class(value)
        elif callable(value) and hasattr(type(value), "cache_clear"):
            self._seen.add(id(value))
            self.caches.append(value)
            self.enter(value.__wrapped__)
        elif inspect.isfunction(inspect.unwrap(getattr(value, "__func__", value)) if callable(value) else value):
            self._function(inspect.unwrap(getattr(value, "__func__", value)))
        elif _is_authors_instance(value):
            self._seen.add(id(value))
            self.enter(type(value))

    def _partial(self, value: functools.partial[Any]) -> None:
        self._seen.add(id(value))
        self.enter(value.func)
        for name in value.keywords:
            self._slot(name, value.func, (id(value), name), value.keywords.get, value.keywords.__setitem__)
        for place in range(len(value.args)):

            def get(_: str, missing: Any = MISSING, place: int = place) -> Any:
                return value.args[place] if place < len(value.args) else missing

            def put(_: str, made: Any, place: int = place) -> None:
                given = (*value.args[:place], made, *value.args[place + 1 :])
                value.__setstate__((value.func, given, value.keywords, vars(value) or None))  # type: ignore[attr-defined]

            self._slot(f"argument {place + 1}", value.func, (id(value), str(place)), get, put)

    def _class(self, cls: type) -> None:
        self._seen.add(id(cls))
        for layer in cls.__mro__:
            if layer is object or not _is_authors_class(layer):
                continue
            self.classes.append(layer)
            for name, value in list(vars(layer).items()):
                function = _function_in(value)
                if function is not None:
                    self._function(function)
                elif not name.startswith("__") and not isinstance(value, (property, classmethod, staticmethod)):
                    self._slot(name, layer, (id(layer), name), vars(layer).get, functools.partial(setattr, layer))

    def _function(self, function: FunctionType) -> None:
        if id(function) in self._seen or not is_authors(function.__code__.co_filename):
            return
        self._seen.add(id(function))
        self.functions.append(function)
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            self._cell(name, cell, function)
        for name in _global_names(function.__code__):
            self._global(name, function)
        for name in vars(function):
            self._slot(name, function, (id(vars(function)), name), vars(function).get, _putter(vars(function)))
        for place, default in enumerate(function.__defaults__ or ()):
            self._default(place, default, function)
        holder = function.__kwdefaults__ or {}
        for name in holder:
            self._slot(name, function, (id(holder), name), holder.get, holder.__setitem__)

    def _cell(self, name: str, cell: CellType, function: FunctionType) -> None:
        def get(_: str, missing: Any = MISSING) -> Any:
            try:
                return cell.cell_contents
            except ValueError:
                return missing

        def put(_: str, value: Any) -> None:
            cell.cell_contents = value

        self._slot(name, function, (id(cell), name), get, put)

    def _global(self, name: str, function: FunctionType) -> None:
        holder = function.__globals__
        value = holder.get(name, MISSING)
        if isinstance(value, ModuleType):
            self._module(value, function)
        elif name in holder or not hasattr(builtins, name):
            self._slot(name, function, (id(holder), name), holder.get, _putter(holder))

    def _module(self, module: ModuleType, function: FunctionType) -> None:
        """What the function may read of an author's module."""
        if not is_authors(str(getattr(module, "__file__", None) or "<frozen module>")):
            return
        for name in _attribute_names(function.__code__):
            if name in vars(module):
                self._slot(name, function, (id(vars(module)), name), vars(module).get, _putter(vars(module)))

    def _default(self, place: int, default: Any, function: FunctionType) -> None:
        def get(_: str, missing: Any = MISSING) -> Any:
            return (function.__defaults__ or ())[place] if function.__defaults__ else missing

        def put(_: str, value: Any) -> None:
            values = list(function.__defaults__ or ())
            values[place] = value
            function.__defaults__ = tuple(values)

        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        name = names[place - len(function.__defaults__ or ())]
        self._slot(name, function, (id(function), f"default {name}"), get, put)
        self.enter(default)

    def _slot(self, name: str, owner: Any, key: tuple[int, str], get: Any, put: Any) -> None:
        if key in self.slots:
            return
        self.slots[key] = Slot(name, key, lambda: get(name, MISSING), lambda value: put(name, value), owner)
        value = get(name, MISSING)
        self.enter(value)
        for part in _parts(value):
            self.enter(part)


def _putter(holder: dict[str, Any]) -> Callable[[str, Any], None]:
    def put(name: str, value: Any) -> None:
        if value is MISSING:
            holder.pop(name, None)
        else:
            holder[name] = value

    return put


def _function_in(member: Any) -> FunctionType | None:
    """The function behind a class member: a method, property, class or static method."""
    inner = getattr(member, "fget", None) or getattr(member, "__func__", member)
    found = inspect.unwrap(inner) if callable(inner) and not isinstance(inner, type) else None
    return found if isinstance(found, FunctionType) else None


def _is_authors_class(layer: type) -> bool:
    """Whether a class is written by an author: by the file of its functions, or of its module where it has none."""
    functions = [each for each in map(_function_in, vars(layer).values()) if each is not None]
    if functions:
        return any(is_authors(each.__code__.co_filename) for each in functions)
    file = getattr(inspect.getmodule(layer), "__file__", None)
    return file is not None and is_authors(str(file))


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _global_names(code: CodeType) -> set[str]:
    return {name for each in _codes(code) for name in each.co_names}


_attribute_names = _global_names


def _is_authors_instance(value: Any) -> bool:
    file = getattr(inspect.getmodule(type(value)), "__file__", None)
    return hasattr(value, "__dict__") and not callable(value) and file is not None and is_authors(file)


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict) and len(value) <= 1000:
        yield from value.values()
    elif isinstance(value, (list, tuple, set, frozenset)) and len(value) <= 1000:
        yield from value


def _contents(value: Any, seen: set[int], depth: int) -> Iterator[tuple[Any, Any]]:
    """Mutable things in a value, each with what it held."""
    if depth == 0 or id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, (dict, list, set, deque)):
        yield value, type(value)(value) if type(value) in (dict, list, set) else _copied(value)
        for part in _parts(value):
            yield from _contents(part, seen, depth - 1)
    elif _is_authors_instance(value):
        yield value, dict(vars(value))
        for part in vars(value).values():
            yield from _contents(part, seen, depth - 1)


def _copied(value: Any) -> Any:
    return value.copy()


def _refill(holder: Any, content: Any) -> None:
    if isinstance(holder, (dict, set)):
        holder.clear()
        holder.update(content)
    elif isinstance(holder, (list, deque)):
        holder.clear()
        holder.extend(content)
    else:
        vars(holder).clear()
        vars(holder).update(content)
