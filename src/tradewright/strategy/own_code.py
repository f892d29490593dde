"""What a class or a function does, as a hash: its own code and everything of the author's that it calls.

A text says what one definition looks like; here the helpers, constants and base classes it uses count too, wherever
the author wrote them, what is taken from the author's modules by name, what an object holds, and what a function
remembers of the place where it was made. Comments, line numbers and what else stands in the file do not. A module that
is imported within a function counts by its whole text.
"""

from __future__ import annotations

import dis
import hashlib
import sys
from functools import cached_property, partial
from importlib.util import find_spec
from pathlib import Path
from pickle import PicklingError
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["code_digest"]

_OURS = "tradewright"
_PLAIN = (type(None), bool, int, float, complex, str, bytes)
_INSTALLED = ("site-packages", "dist-packages")


def code_digest(source: Any) -> str:
    """Hash of a class, a function or anything that can be called; equal for equal behaviour as far as code tells.

    Parameters
    ----------
    source : object

    Returns
    -------
    str
        What is installed (the standard library, packages, this one) counts by its name alone, but for the package that
        `source` itself is of. Another Python may give another hash.
    """
    digest = hashlib.sha256()
    _Reader(digest.update, _package_of(source)).read(source)
    return digest.hexdigest()


class _Reader:
    """Walks what belongs to a definition, each part once, in an order that does not hang on the process."""

    def __init__(self, tell: Any, own: str) -> None:
        self._tell, self._own = tell, own
        self._seen: dict[int, Any] = {}
        self._taken: set[tuple[Any, ...]] = set()

    def read(self, value: Any) -> None:
        if isinstance(value, _PLAIN):
            self._say(repr(value))
        elif id(value) in self._seen:
            self._say(f"again {list(self._seen).index(id(value))}")
        else:
            # Kept alive meanwhile, so that no other object takes its id.
            self._seen[id(value)] = value
            self._read_new(value)

    def _read_new(self, value: Any) -> None:
        if isinstance(value, FunctionType):
            self._function(value)
        elif isinstance(value, type):
            self._class(value)
        elif isinstance(value, CodeType):
            self._code(value)
        elif isinstance(value, (tuple, list, set, frozenset, dict)):
            self._container(value)
        else:
            self._object(value)

    def _function(self, value: FunctionType) -> None:
        self._say(f"function {value.__qualname__}")
        if self._is_foreign(value.__module__):
            return
        self._code(value.__code__)
        for part in (value.__defaults__, value.__kwdefaults__):
            self.read(part)
        for cell in value.__closure__ or ():
            self.read(_held(cell))
        names = _names(value.__code__)
        self._used(value.__globals__, names)
        for name, text in _imported(value.__code__, str(value.__globals__.get("__package__") or "")):
            self._say(f"imports {name} {hashlib.sha256(text).hexdigest()}")

    def _used(self, space: dict[str, Any], names: list[str]) -> None:
        """What code finds under its names in a module, and in the author's modules that it finds there."""
        for name in names:
            if name not in space:
                continue
            self._say(name)
            part = space[name]
            self.read(part)
            mark = getattr(part, "__name__", None), *names
            # Two functions may take different things from a module; modules that lead to one another are read once.
            if isinstance(part, ModuleType) and not self._is_foreign(part.__name__) and mark not in self._taken:
                self._taken.add(mark)
                self._used(vars(part), names)

    def _class(self, value: type) -> None:
        self._say(f"class {value.__qualname__}")
        if self._is_foreign(value.__module__):
            return
        for base in value.__bases__:
            self.read(base)
        for name, part in vars(value).items():
            if not name.startswith("__") or isinstance(part, FunctionType):
                self._say(name)
                self.read(part)

    def _code(self, code: CodeType) -> None:
        self._say(code.co_code.hex())
        self._say(" ".join(code.co_names))
        for constant in code.co_consts:
            self.read(constant)

    def _container(self, value: Any) -> None:
        self._say(f"{type(value).__name__} {len(value)}")
        if not self._is_foreign(type(value).__module__):
            self.read(type(value))
        if isinstance(value, (set, frozenset)):
            value = sorted(value, key=repr)
        for part in value.items() if isinstance(value, dict) else value:
            self.read(part)

    def _object(self, value: Any) -> None:
        # A module of the author's may have another name in another process.
        where = type(value).__module__ if self._is_foreign(type(value).__module__) else ""
        self._say(f"object {where}.{type(value).__qualname__}")
        if isinstance(value, ModuleType):
            self._say(value.__name__)
        elif (parts := _parts(value)) is not None:
            self.read(parts)
        elif hasattr(value, "tobytes"):
            self._say(f"{getattr(value, 'dtype', '')} {hashlib.sha256(value.tobytes()).hexdigest()}")
        elif not self._is_foreign(type(value).__module__) or type(value).__module__.startswith(_OURS):
            # An object of the author's, or a declaration such as a parameter: its class and what it holds.
            self.read(type(value))
            self.read(object.__getstate__(value))
        else:
            self.read(_reduced(value))

    def _is_foreign(self, module: str | None) -> bool:
        return (module or "").partition(".")[0] != self._own and _is_installed(module)

    def _say(self, text: str) -> None:
        self._tell(text.encode(errors="backslashreplace") + b"\0")


def _package_of(source: Any) -> str:
    """The package that a definition is of, unless it is this one; empty where it is of none."""
    module = str(getattr(source, "__module__", ""))
    top = str(getattr(sys.modules.get(module), "__package__", None) or "").partition(".")[0]
    return "" if top == _OURS else top


def _held(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _parts(value: Any) -> tuple[Any, ...] | None:
    """What makes a callable or a descriptor of the standard library; None where it is something else."""
    if isinstance(value, (staticmethod, classmethod, MethodType)):
        return value.__func__, getattr(value, "__self__", None)
    if isinstance(value, property):
        return value.fget, value.fset
    if isinstance(value, cached_property):
        return (value.func,)
    if isinstance(value, partial):
        return value.func, value.args, value.keywords
    # Functions behind a cache, or compiled.
    wrapped = vars(value).get("__wrapped__") if hasattr(value, "__dict__") else None
    return None if wrapped is None else (wrapped,)


def _reduced(value: Any) -> Any:
    """What a value of an installed kind, such as a date, is made again from; None where it cannot be copied."""
    try:
        found = value.__reduce_ex__(4)
    except (TypeError, ValueError, AttributeError, NotImplementedError, PicklingError):
        return None
    if isinstance(found, str):
        return found
    made, given, *rest = found
    return [made, given, *(each if place == 0 or each is None else list(each) for place, each in enumerate(rest[:3]))]


def _imported(code: CodeType, package: str) -> Iterator[tuple[str, bytes]]:
    """The author's modules that code imports while it runs, with their texts."""
    for found in dis.get_instructions(code):
        if found.opname == "IMPORT_NAME":
            yield from _text_of(str(found.argval), package)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _imported(constant, package)


def _text_of(module: str, package: str) -> Iterator[tuple[str, bytes]]:
    for name in dict.fromkeys((module, f"{package}.{module}".strip("."))):
        if name.partition(".")[0] in {_OURS, *sys.stdlib_module_names}:
            continue
        try:
            spec = find_spec(name)
        except (ImportError, ValueError):
            continue
        origin = "" if spec is None else str(spec.origin)
        if origin.endswith(".py") and not any(part in origin for part in _INSTALLED):
            yield name, Path(origin).read_bytes()


def _names(code: CodeType) -> list[str]:
    """Every name that the code and the code inside it look up, each once."""
    found = dict.fromkeys(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= dict.fromkeys(_names(constant))
    return list(found)


def _is_installed(module: str | None) -> bool:
    """Whether a module is of the standard library, of a package, or of this one, and not the author's own."""
    name = module or ""
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names and name != "__main__":
        return True
    if top == _OURS:
        return not name.startswith(f"{_OURS}.examples")
    file = Path(str(getattr(sys.modules.get(name), "__file__", None) or ""))
    if file.parent.parts[-2:] == (_OURS, "examples"):
        return False
    return any(part in file.parts for part in _INSTALLED)
