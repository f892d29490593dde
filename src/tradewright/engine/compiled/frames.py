"""The function whose text is being written: its names, its loops, and how it is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .subset import Term

__all__ = ["Frame"]


@dataclass(slots=True)
class Frame:
    """One function while its statements are written.

    Parameters
    ----------
    function : function
        Whose names outside are seen.
    own, ctx : str
        What the strategy and the context are called in it; empty where it has none.
    prefix : str
        Before the names of its locals.
    left : str
        The flag that says inside its loops that it has returned.
    result : str
        Where what it returns is kept; empty for `on_bar`.
    pure : bool
        Called inside an expression, where nothing may be ordered or remembered.
    kinds : mapping of name to kind
        Locals known here.
    aliases : mapping of name to term
        Locals that stand for something that is no number.
    counters, wholes : set of str
        Locals that count a loop, and those that Python may keep as an int.
    stored : mapping of name to int
        How often the text stores a name.
    loops : int
        Loops around the statement.
    returned : list of (rows, place, kind)
        Where results are written, to be written again when their kinds differ.
    """

    function: Any
    own: str
    ctx: str
    prefix: str = "v_"
    left: str = "_left"
    result: str = ""
    pure: bool = False
    kinds: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, Term] = field(default_factory=dict)
    counters: set[str] = field(default_factory=set)
    wholes: set[str] = field(default_factory=set)
    stored: dict[str, int] = field(default_factory=dict)
    loops: int = 0
    returned: list[tuple[list[str], int, str]] = field(default_factory=list)
