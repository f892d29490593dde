"""Where compiled code is kept: files named by their content, written whole, loaded by name."""

from __future__ import annotations

import os
import platform
import sys
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from .twin import text_hash

__all__ = ["VARIABLE", "cache_folder", "has_code", "load", "module_name"]

VARIABLE = "TRADEWRIGHT_CACHE"


def cache_folder() -> Path:
    """The folder of compiled code: what the environment names, else the user's cache."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_cache_dir("tradewright")) / "kernels"


def load(stem: str, text: str) -> ModuleType:
    """The module of a text: written into the cache under the hash of everything it depends on, and imported once."""
    name = module_name(stem, text)
    if name in sys.modules:
        return sys.modules[name]
    file = cache_folder() / f"{name}.py"
    if not file.exists():
        _write(file, text)
    loader = SourceFileLoader(name, str(file))
    module = ModuleType(name)
    module.__file__ = str(file)
    loader.exec_module(module)
    sys.modules[name] = module
    return module


@lru_cache(maxsize=256)
def module_name(stem: str, text: str) -> str:
    """The name of a text's module: made of the text and of every version that machine code depends on."""
    return f"tradewright_{stem}_{text_hash(text, *_versions())}"


@lru_cache(maxsize=1)
def _versions() -> tuple[str, ...]:
    return platform.python_version(), *(version(library) for library in ("numba", "llvmlite", "numpy"))


def has_code(stem: str, text: str) -> bool:
    """Whether machine code of a text lies in the cache; where it once did it is not looked for again."""
    folder, name = cache_folder(), module_name(stem, text)
    if (folder, name) not in _SEEN and any((folder / "__pycache__").glob(f"{name}.*.nbc")):
        _SEEN.add((folder, name))
    return (folder, name) in _SEEN


_SEEN: set[tuple[Path, str]] = set()


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    aside.write_text(text, encoding="utf-8")
    aside.replace(file)
