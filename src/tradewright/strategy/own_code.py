"""What a class or a function does, as a hash: its own code and everything of the author's that it calls.

A text says what one definition looks like; here the helpers, constants and base classes it uses count too, wherever
the author wrote them, and what a function remembers of the place where it was made. Comments, line numbers and what
else stands in the file do not.
"""

from __future__ import annotations

import hashlib
import sys
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

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
        What is installed (the standard library, packages, this one) counts by its name alone. Another Python may give
        another hash.
    """
    digest = hashlib.sha256()
    _Reader(digest.update).read(source)
    return digest.hexdigest()


class _Reader:
    """Walks what belongs to a definition, each part once, in an order that does not hang on the process."""

    def __init__(self, tell: Any) -> None:
        self._tell = tell
        self._seen: dict[int, Any] = {}

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
        if _is_installed(value.__module__):
            return
        self._code(value.__code__)
        for part in (value.__defaults__, value.__kwdefaults__):
            self.read(part)
        for cell in value.__closure__ or ():
            self.read(_held(cell))
        for name in _names(value.__code__):
            if name in value.__globals__:
                self._say(name)
                self.read(value.__globals__[name])

    def _class(self, value: type) -> None:
        self._say(f"class {value.__qualname__}")
        if _is_installed(value.__module__):
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
        if isinstance(value, (set, frozenset)):
            value = sorted(value, key=repr)
        for part in value.items() if isinstance(value, dict) else value:
            self.read(part)

    def _object(self, value: Any) -> None:
        self._say(f"object {type(value).__module__}.{type(value).__qualname__}")
        if isinstance(value, ModuleType):
            self._say(value.__name__)
        elif isinstance(value, (staticmethod, classmethod)):
            self.read(value.__func__)
        elif isinstance(value, property):
            self.read((value.fget, value.fset))
        elif isinstance(value, partial):
            self.read((value.func, value.args, value.keywords))
        elif hasattr(value, "tobytes"):
            self._say(f"{getattr(value, 'dtype', '')} {hashlib.sha256(value.tobytes()).hexdigest()}")
        elif not _is_installed(type(value).__module__) or type(value).__module__.startswith(_OURS):
            # An object of the author's, or a declaration such as a parameter: its class and what it holds.
            self.read(type(value))
            self.read(getattr(value, "__dict__", {}))

    def _say(self, text: str) -> None:
        self._tell(text.encode(errors="backslashreplace") + b"\0")


def _held(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


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
    file = str(getattr(sys.modules.get(name), "__file__", None) or "")
    return any(part in file for part in _INSTALLED)
