"""A condition between parameters, as text: ``fast < slow and slow <= 3 * fast``.

The text is not Python that runs: comparisons, arithmetic, ``and``, ``or``, ``not``, numbers, texts and names are all
there is, so a condition may come from a command line, a settings file or a request.
"""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any

from tradewright.domain.syntax import parsed_expression

from .errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

__all__ = ["Condition"]

_LONGEST = 500
_HINT = 'Compare parameters, as in "fast < slow and slow <= 200".'
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_SIGNS: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


class Condition:
    """What must hold between the parameters of a trial; called with them it says whether it does.

    Parameters
    ----------
    text : str
        Comparisons, arithmetic (``+ - * / // %``), ``and``, ``or``, ``not`` over parameter names, numbers and texts.
    names : collection of str, optional
        The parameters it is called with; a condition about another one is refused.
    fixed : mapping, optional
        Values of parameters that it is not called with.

    Raises
    ------
    ConfigError
        When the text is anything else, with the part that is not understood.

    Examples
    --------
    >>> Condition("fast < slow")({"fast": 10, "slow": 30})
    True
    """

    def __init__(
        self, text: str, names: Collection[str] | None = None, *, fixed: Mapping[str, Any] | None = None
    ) -> None:
        self.text = text
        self._fixed = dict(fixed or {})
        self._tree = _parsed(text)
        for node in ast.walk(self._tree):
            self._require(node)
        if names is not None:
            self._require_known([*names, *self._fixed])

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters it is about, each once."""
        found = [node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name)]
        return tuple(dict.fromkeys(found))

    def __call__(self, params: Mapping[str, Any]) -> bool:
        """Whether it holds.

        Raises
        ------
        ConfigError
            When the values do not go together, or something is divided by zero.
        """
        known = {**self._fixed, **params}
        try:
            return bool(_value(self._tree, known))
        except (TypeError, ArithmeticError, KeyError, RecursionError) as error:
            shown = ", ".join(f"{name}={known.get(name)!r}" for name in self.names)
            raise ConfigError(f"The condition '{self.text}' cannot be answered for {shown}: {error}.") from error

    def __repr__(self) -> str:
        fixed = f", fixed={self._fixed!r}" if self._fixed else ""
        return f"Condition({self.text!r}{fixed})"

    def _require(self, node: ast.AST) -> None:
        allowed = (ast.Compare, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Name, ast.And, ast.Or, ast.Load)
        if isinstance(node, (*allowed, *_ARITHMETIC, *_COMPARISONS, *_SIGNS)):
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float, str)):
            return
        part = ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__.lower()
        raise ConfigError(f"The condition '{self.text}' holds '{part}', which no condition may.", hint=_HINT)

    def _require_known(self, names: Sequence[str]) -> None:
        import difflib

        for name in self.names:
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1)
                hint = f"Did you mean '{near[0]}'?" if near else f"It may speak of {', '.join(names)}."
                raise ConfigError(
                    f"The condition '{self.text}' speaks of '{name}', which is no parameter of the search.", hint=hint
                )


def _parsed(text: str) -> ast.expr:
    if len(text) > _LONGEST:
        raise ConfigError(f"The condition has {len(text):,} characters.", hint=f"Write it in {_LONGEST:,}.")
    try:
        return parsed_expression(text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ConfigError(f"The condition '{text:.80}' cannot be read.", hint=_HINT) from None


def _value(node: ast.expr, params: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return params[node.id]
    if isinstance(node, ast.BinOp):
        return _ARITHMETIC[type(node.op)](_number(node.left, params), _number(node.right, params))
    if isinstance(node, ast.UnaryOp):
        return _SIGNS[type(node.op)](_value(node.operand, params))
    if isinstance(node, ast.Compare):
        return _compared(node, params)
    values = node.values if isinstance(node, ast.BoolOp) else []
    asked = all if isinstance(getattr(node, "op", None), ast.And) else any
    return asked(_value(each, params) for each in values)


def _number(node: ast.expr, params: Mapping[str, Any]) -> Any:
    """A value to reckon with: a text that is multiplied fills the memory."""
    value = _value(node, params)
    if not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no number")
    return value


def _compared(node: ast.Compare, params: Mapping[str, Any]) -> bool:
    left = _value(node.left, params)
    for sign, other in zip(node.ops, node.comparators, strict=True):
        right = _value(other, params)
        if not _COMPARISONS[type(sign)](left, right):
            return False
        left = right
    return True
