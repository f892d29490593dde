"""What a strategy's text may hold to be fused into the compiled loop, and the sentence for what may not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
        Line inside the text of a function, counted from its first.

    Attributes
    ----------
    function : function or None
        Whose text it is, where that is known.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.function: Any = None


def outside(node: ast.AST, reason: str) -> OutsideError:
    """The refusal of one construct, with its line."""
    return OutsideError(reason, getattr(node, "lineno", None))


class Kind:
    """What an expression of a strategy stands for.

    A `TRUTH` may be None where it is false: it decides, and is nothing else. A `COUNT` is a number of things whose list
    is not had.
    """

    NUMBER = "number"
    FLAG = "flag"
    TRUTH = "truth"
    COUNT = "count"
    SYMBOL = "symbol"
    SYMBOLS = "symbols"
    LINE = "line"
    LINES = "lines"
    GROUP = "group"
    POSITION = "position"
    ACCOUNT = "account"
    TIME = "time"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Term:
    """An expression in the words of the loop, and its kind; `whole` where Python may have an int for it."""

    code: str
    kind: str
    whole: bool = False
