"""What a strategy's text may hold to be fused into the compiled loop, and the sentence for what may not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast

__all__ = ["Kind", "OutsideError", "Term", "outside"]


class OutsideError(Exception):
    """A construct that the compiled tier does not know; the strategy runs interpreted.

    Parameters
    ----------
    reason : str
        What it is, as the end of "… because".
    line : int or None
        Line inside the strategy's text, counted from its first.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def outside(node: ast.AST, reason: str) -> OutsideError:
    """The refusal of one construct, with its line."""
    return OutsideError(reason, getattr(node, "lineno", None))


class Kind:
    """What an expression of a strategy stands for."""

    NUMBER = "number"
    FLAG = "flag"
    SYMBOL = "symbol"
    SYMBOLS = "symbols"
    LINE = "line"
    LINES = "lines"
    GROUP = "group"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Term:
    """An expression in the words of the loop, and its kind."""

    code: str
    kind: str
