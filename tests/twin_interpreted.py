"""The text of the compiled tier carried out by Python itself, over objects: what it says, without machine code.

Records become objects with their fields, arrays lists, so that numbers are Python's own; what the text left behind is
written back. It is another carrying out of the very text that is compiled, a thousand times slower and at once.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tradewright.engine.compiled import cache, twin
from tradewright.engine.compiled.twin import text_hash

RING = 1000
"""Longer arrays of records are rings, whose rows are made when they are written."""

_PLAIN = "def njit(**_):\n    return lambda function: function\n"


class EndlessError(Exception):
    """A loop of the text does not come to an end."""


class Rounds:
    """Counts the rounds of all loops of one visit."""

    most = 500_000

    def __init__(self) -> None:
        self.left = self.most

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise EndlessError


ROUNDS = Rounds()

ADAPTERS = {
    twin.rules_text(): ("ring", "fixed_slots", "support", "pairing_loop"),
    twin.measure_text(): ("measure",),
}
"""Adapters in the unchanged texts; a text that was changed on purpose is carried out as it stands."""


class Grid:
    """A table of lists, indexed as an array is."""

    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows

    def __getitem__(self, place: Any) -> Any:
        return self.rows[place[0]][place[1]] if isinstance(place, tuple) else self.rows[place]

    def __len__(self) -> int:
        return len(self.rows)


class Ring:
    """Rows of a ring, made when they are written."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.rows: dict[int, SimpleNamespace] = {}

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, place: int) -> SimpleNamespace:
        return self.rows.setdefault(place, SimpleNamespace())


def opened(record: Any) -> Any:
    """An object with the fields of a record."""
    fields = SimpleNamespace()
    for name in record.dtype.names:
        value = record[name]
        if value.dtype.names is None:
            setattr(fields, name, value.item())
        elif value.shape == ():
            setattr(fields, name, opened(value))
        elif value.shape[0] > RING:
            setattr(fields, name, Ring(value.shape[0]))
        else:
            setattr(fields, name, [opened(each) for each in value])
    return fields


def closed(fields: Any, record: Any) -> None:
    """Write an object back into the record that it was opened from."""
    for name in record.dtype.names:
        value = getattr(fields, name)
        if isinstance(value, SimpleNamespace):
            closed(value, record[name])
        elif isinstance(value, Ring):
            for place, row in value.rows.items():
                record[name][place] = tuple(getattr(row, column) for column in record[name].dtype.names)
        elif isinstance(value, list):
            for each, part in zip(value, record[name], strict=True):
                closed(each, part)
        else:
            record[name] = value


def plain(argument: Any) -> Any:
    """An argument of the loop without arrays."""
    if not isinstance(argument, np.ndarray):
        return argument
    if argument.dtype.names:
        return [opened(each) for each in argument]
    return Grid(argument.tolist()) if argument.ndim > 1 else argument.tolist()


def interpreted(run: Any) -> Any:
    """The loop as it is called with records, carried out over objects."""

    def visit(exchanges: Any, books: Any, *arguments: Any) -> int:
        exchange, held = opened(exchanges[0]), [opened(book) for book in books]
        given = [plain(argument) for argument in arguments]
        ROUNDS.left = ROUNDS.most
        reached: int = run([exchange], held, *given)
        closed(exchange, exchanges[0])
        for each, record in zip(held, books, strict=True):
            closed(each, record)
        for value, argument in zip(given, arguments, strict=True):
            if isinstance(argument, np.ndarray) and argument.dtype.names:
                for each, record in zip(value, argument, strict=True):
                    closed(each, record)
        return reached

    return visit


def over_objects(function: Any) -> Any:
    """A function that takes records and columns, carried out over objects and lists."""

    def call(*arguments: Any) -> Any:
        given = [plain(argument) for argument in arguments]
        ROUNDS.left = ROUNDS.most
        answer = function(*given)
        for value, argument in zip(given, arguments, strict=True):
            if isinstance(argument, np.ndarray) and argument.dtype.names:
                for each, record in zip(value, argument, strict=True):
                    closed(each, record)
            elif isinstance(argument, np.ndarray) and argument.flags.writeable:
                argument[:] = value
        return answer

    return call


def over_rows(function: Any) -> Any:
    """A function whose first argument is a ring of records, carried out over rows with attributes."""
    return lambda log, *arguments: function(log.view(np.recarray), *arguments)


def load(stem: str, text: str) -> ModuleType:
    """In place of `cache.load`: the same text, its decorator doing nothing."""
    name = f"interpreted_{stem}_{text_hash(text)}"
    if name not in sys.modules:
        module = ModuleType(name)
        sys.modules[name] = module
        source = text.replace("from numba import njit\n", _PLAIN).replace("tradewright_rules_", "interpreted_rules_")
        vars(module)["_count"] = ROUNDS
        exec(compile(counted(ast.parse(source)), name, "exec"), vars(module))  # noqa: S102 - the program's own text
        for adapter in ADAPTERS.get(text, ()):
            exec(from_its_file(adapter), vars(module))  # noqa: S102 - the same functions, with the lines of their file
        if stem == "loop":
            module.run = interpreted(module.run)
        if stem == "rules":
            module.pair_stretches = over_objects(module.pair_stretches)
            module.fold_rows = over_objects(module.fold_rows)
        if stem == "measure":
            module.measure = over_rows(module.measure)
    return sys.modules[name]


def from_its_file(adapter: str) -> Any:
    """The functions of an adapter, compiled so that what runs is seen to run in its file."""
    path = Path(twin.__file__).parent / "adapters" / f"{adapter}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            function.returns = None
            for argument in function.args.args:
                argument.annotation = None
    return compile(counted(tree), str(path), "exec")


def counted(tree: ast.Module) -> ast.Module:
    """A text whose loops count their rounds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.While):
            node.body.insert(0, ast.parse("_count()").body[0])
    return ast.fix_missing_locations(tree)


def use(patch: pytest.MonkeyPatch) -> None:
    """Let the compiled tier carry out its text interpreted."""
    patch.setattr(cache, "module_name", lambda stem, text: f"tradewright_{stem}_{text_hash(text)}")
    patch.setattr(cache, "load", load)
