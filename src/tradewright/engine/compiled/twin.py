"""The compiled twin of the rules: their own text, each function decorated, the adapters between tiers swapped."""

from __future__ import annotations

import ast
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from tradewright.domain.syntax import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["measure_text", "rules_text", "text_hash"]

_SIMULATION = (
    "constants", "grid", "prices", "costs", "log", "ledger", "slots", "orders", "wake", "sizing", "filling", "walk",
    "matching", "intents", "pairing",
)  # fmt: skip
_RULES = (
    *(("tradewright.simulation.rules", name) for name in _SIMULATION),
    ("tradewright.risk.rules", "guard"),
    ("tradewright.engine.rules", "gating"),
)
"""Rule files with their rooms, each after those it uses."""

_VENUE = ("value_account", "maintenance", "liquidate", "end_all")
"""What the twin takes from the venue: the same statements over books, whatever holds the books."""

_ADAPTERS = {"log": "ring", "slots": "fixed_slots"}
"""Rule files whose compiled body is another one: they move bytes and decide nothing."""

_LOOPS = ("support", "pairing_loop")
"""What stands around the rules in the compiled tier alone."""

_GROUND = ("lots_of", "limit_on_grid", "stop_on_grid", "_exact", "_steps_per_unit", "_SLACK", "_ROUNDING")
"""What the twin takes from the ground: rounding to the instrument's grid."""

_HEAD = (
    '"""Compiled rules; written by the program, named by their content."""\n\nimport math\n\nfrom numba import njit\n'
)


@lru_cache(maxsize=1)
def rules_text() -> str:
    """All rules as the source of one module."""
    ground = (files("tradewright.domain") / "grid.py").read_text(encoding="utf-8")
    venue = (files("tradewright.simulation") / "venue.py").read_text(encoding="utf-8")
    parts = [*_parts(ground, _GROUND), *(part for room, name in _RULES for part in _parts(_source(room, name)))]
    loops = [part for name in _LOOPS for part in _parts(_adapter(name))]
    return _HEAD + "\n\n".join([*parts, *_parts(venue, _VENUE), *loops]) + "\n"


@lru_cache(maxsize=1)
def measure_text() -> str:
    """What a sweep measures, as the source of one module."""
    return _HEAD + "\n\n".join(_parts(_adapter("measure"))) + "\n"


def text_hash(*texts: str) -> str:
    """A name for compiled code: equal texts, equal name."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def _source(room: str, name: str) -> str:
    if name in _ADAPTERS:
        return _adapter(_ADAPTERS[name])
    return (files(room) / f"{name}.py").read_text(encoding="utf-8")


def _adapter(name: str) -> str:
    return (files("tradewright.engine.compiled") / "adapters" / f"{name}.py").read_text(encoding="utf-8")


def _parts(source: str, only: Sequence[str] | None = None) -> Iterator[str]:
    """Constants and functions without what only readers and type checkers need."""
    for node in parsed(source).body:
        if isinstance(node, ast.FunctionDef):
            if only is None or node.name in only:
                yield _compiled(node)
        elif isinstance(node, ast.AnnAssign | ast.Assign) and node.value is not None:
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if isinstance(target, ast.Name) and target.id != "__all__" and (only is None or target.id in only):
                yield f"{target.id} = {ast.unparse(node.value)}"


def _compiled(function: ast.FunctionDef) -> str:
    function.returns = None
    function.decorator_list = []
    for argument in function.args.args:
        argument.annotation = None
    if ast.get_docstring(function) is not None:
        function.body = function.body[1:]
    return "@njit(cache=True, nogil=True)\n" + ast.unparse(function)
