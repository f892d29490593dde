"""Forms of strategies: how what an author wrote is recognised, and what makes it a `Strategy`.

Forms are asked in order: a `Strategy` first, then what packages and scripts add, then the shapes known here, functions
last. The order is a number, so that it does not hang on who was imported when.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from tradewright.domain.errors import StrategyError
from tradewright.domain.plugins import Registry, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .base import Strategy

__all__ = ["FORMS", "StrategyForm", "form_of", "strategy_form"]

_Form = TypeVar("_Form", bound="type[StrategyForm]")


class StrategyForm(ABC):
    """One form a strategy may be written in; made anew, without arguments, whenever it is asked.

    Attributes
    ----------
    order : int
        Forms with a lower number are asked first; 50 stands behind `Strategy` (0) and before signal strategies (60),
        the bots of other platforms (70, 80) and functions (90).

    Examples
    --------
    >>> from tradewright.strategy.function import FunctionStrategy
    >>> class Weight(StrategyForm):
    ...     def recognise(self, source):
    ...         return callable(getattr(source, "weight", None))
    ...     def adapt(self, source, params):
    ...         return FunctionStrategy(lambda ctx: ctx.target_percent(source.weight(ctx.close())))
    """

    order: ClassVar[int] = 50

    @abstractmethod
    def recognise(self, source: Any) -> bool:
        """Whether this is the form of a source; must not run it, and answers False for what it does not know."""

    @abstractmethod
    def adapt(self, source: Any, params: Mapping[str, Any]) -> Strategy:
        """Make a fresh strategy of a source that was recognised, with parameters in place of its defaults.

        Raises
        ------
        StrategyError
            When the source has the form but cannot trade; says what to write instead.
        """


def _flaw(value: Any) -> str | None:
    if not (isinstance(value, type) and issubclass(value, StrategyForm)):
        return "it is no subclass of StrategyForm"
    missing = sorted(getattr(value, "__abstractmethods__", ()))
    return f"it has no '{missing[0]}'" if missing else None


FORMS: Registry[type[StrategyForm]] = Registry(
    "strategy form", "tradewright.strategy_forms", error=StrategyError, flaw=_flaw
)
"""Every form by name: those known here, and those of scripts and of installed packages."""


def strategy_form(name: str) -> Callable[[_Form], _Form]:
    """Decorate a `StrategyForm`, so that every run recognises it.

    Raises
    ------
    StrategyError
        When another form has the name, or the class lacks a method.
    """
    return FORMS.register(name)


def form_of(source: Any) -> str | None:
    """The name of the form a source is written in, or None where none recognises it.

    Raises
    ------
    StrategyError
        When two forms of one order both claim it, or a form fails to look at it.
    """
    claims: dict[int, list[str]] = {}
    forms = FORMS.values()
    for name, form in forms.items():
        if _recognises(name, form, source):
            claims.setdefault(form.order, []).append(name)
    if not claims:
        return None
    first = claims[min(claims)]
    if len(first) > 1:
        places = " and ".join(f"'{name}' ({place_of(forms[name])})" for name in first)
        raise StrategyError(
            f"{place_of(source)} is claimed by two strategy forms, {places}.", hint="Remove one, or change its order."
        )
    return first[0]


def _recognises(name: str, form: type[StrategyForm], source: Any) -> bool:
    try:
        return bool(form().recognise(source))
    except Exception as error:
        raise StrategyError(
            f"The strategy form '{name}' ({place_of(form)}) fails on {place_of(source)}, "
            f"{type(error).__name__}: {error}.",
            hint="Its recognise() must answer for any object; update or remove the package.",
        ) from error
