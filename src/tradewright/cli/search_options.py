"""What is to be searched, on the command line: ranges of parameters, a condition, objectives, bounds, who does it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tradewright.bootstrap.settings import said_settings
from tradewright.domain.errors import ConfigError

from .choices import parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.strategy.params import Param

    from .options import Function

__all__ = ["counting_options", "search_arguments", "search_options", "taken"]

_COUNTING = (
    click.option("--family", metavar="NAME", help="Under which name trials are counted. [the shape of the text]"),
    click.option("--ledger/--no-ledger", default=None, help="Count trials, and go on after a stop. [ledger]"),
)
_OPTIONS = (
    click.option(
        "--param", "ranges", multiple=True, metavar="NAME[=VALUES]",
        help="What to try: fast=5:60:5 (both ends included), slow=20,50,100, by a logarithm w=0.01:1:log, or a name "
        "alone for the range that the strategy declares. One value is kept fixed.",
    ),
    click.option("--where", metavar="CONDITION", help="Which combinations make sense: 'fast < slow and slow <= 200'."),
    click.option(
        "--objective", "objectives", multiple=True, metavar="METRIC",
        help="What to look for; several with --method nsga2. [sharpe]",
    ),
    click.option("--maximize/--minimize", default=None, help="Whether more of it is better. [as the metric has it]"),
    click.option("--method", metavar="NAME", help="grid, random, stratified, tpe, nsga2. [grid]"),
    click.option("--trials", type=int, metavar="N", help="How many, where the method is not the grid. [200]"),
    click.option(
        "--constraint", "constraints", multiple=True, metavar="METRIC=LOW:HIGH",
        help="A trial outside has no value: max_drawdown=-0.3: or turnover=:20.",
    ),
    click.option("--min-trades", type=click.IntRange(min=0), metavar="N", help="Nor one with fewer closed trades."),
    click.option("--metrics", metavar="A,B", help="More metrics for the rows of the trials."),
    click.option(
        "--prune", type=float, metavar="SHARE", help="Give up trials below the median on this first part, such as 0.5."
    ),
    click.option("--executor", metavar="NAME", help="auto, threads, processes, ray. [auto]"),
    click.option("--workers", type=click.IntRange(min=1), metavar="N", help="[one for each processor]"),
    *_COUNTING,
)  # fmt: skip
_NAMES = (
    "ranges", "where", "objectives", "maximize", "method", "trials", "constraints", "min_trades", "metrics", "prune",
    "executor", "workers", "family", "ledger",
)  # fmt: skip
_PLAIN = ("maximize", "method", "trials", "min_trades", "prune", "executor", "workers", "family", "ledger")
_LOG = "log"


class _Ranges(NamedTuple):
    """What is tried, and what is kept fixed."""

    searched: dict[str, Any]
    fixed: dict[str, Any]


def counting_options(function: Function) -> Function:
    """Give a command that makes trials of another kind those about counting."""
    for option in reversed(_COUNTING):
        function = option(function)
    return function


def search_options(function: Function) -> Function:
    """Give a command all of them, in this order."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def taken(options: dict[str, Any]) -> dict[str, Any]:
    """Take the options of the search out of those of a command, over what settings say; what nobody said is absent.

    Raises
    ------
    ConfigError
        When the settings cannot be used.
    """
    found = {name: options.pop(name) for name in _NAMES}
    return _settled() | {name: value for name, value in found.items() if value is not None and value != ()}


def _settled() -> dict[str, Any]:
    """Who carries trials out, as settings say it."""
    settings = said_settings(Path.cwd(), os.environ)
    said = {} if settings is None else settings.values.search.model_dump()
    return {name: value for name, value in said.items() if value is not None}


def search_arguments(strategy: Any, said: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of `tradewright.optimize` that options of the search stand for.

    Parameters
    ----------
    strategy : class or function
    said : mapping
        As `taken`.
    kept : mapping
        Parameters that the catalogue sets; they stay where the search does not vary them.

    Raises
    ------
    ConfigError
        When one of them cannot be read, or is about a parameter that the strategy does not declare.
    """
    ranges = _ranges(strategy, said.get("ranges", ()), kept)
    arguments = {name: said[name] for name in _PLAIN if name in said}
    arguments |= {"params": ranges.searched, "fixed": ranges.fixed}
    if "where" in said:
        from tradewright.domain.condition import Condition

        arguments["where"] = Condition(said["where"], ranges.searched, fixed=ranges.fixed)
    if "objectives" in said:
        wanted = said["objectives"]
        arguments["objective"] = wanted[0] if len(wanted) == 1 else list(wanted)
    if "constraints" in said:
        arguments["constraints"] = dict(map(_bounds, said["constraints"]))
    if "metrics" in said:
        arguments["metrics"] = [each.strip() for each in said["metrics"].split(",") if each.strip()]
    return arguments


def _ranges(strategy: Any, texts: Sequence[str], kept: Mapping[str, Any]) -> _Ranges:
    declared = _declared(strategy)
    searched: dict[str, Any] = {}
    fixed: dict[str, Any] = {}
    for text in texts:
        name, equals, values = (part.strip() for part in text.partition("="))
        if name in searched or name in fixed:
            raise ConfigError(f"--param {name} is given twice.", hint="Give each parameter once.")
        if not equals:
            searched[name] = _declared_range(strategy, name, declared)
        elif ":" in values:
            searched[name] = _range(strategy, name, values)
        elif "," in values:
            searched[name] = [_read(strategy, name, each.strip()) for each in values.split(",") if each.strip()]
        else:
            fixed[name] = _read(strategy, name, values)
    if not searched:
        raise _nothing_searched(declared)
    others = {name: value for name, value in parameters(strategy, kept).items() if name not in searched}
    return _Ranges(searched, {**others, **fixed})


def _declared(strategy: Any) -> Mapping[str, Param]:
    from tradewright.strategy.params import params_of

    return params_of(strategy) if isinstance(strategy, type) else {}


def _read(strategy: Any, name: str, value: str) -> Any:
    """A value in the type of its parameter."""
    return parameters(strategy, {name: value})[name]


def _declared_range(strategy: Any, name: str, declared: Mapping[str, Param]) -> Any:
    """The values that the strategy's own declaration gives."""
    parameters(strategy, {name: ""} if name not in declared else {})
    param = declared.get(name)
    if param is not None and param.choices is not None:
        return list(param.choices)
    if param is not None and isinstance(param.default, bool):
        return [False, True]
    if param is None or param.low is None or param.high is None:
        raise ConfigError(
            f"--param {name} names no values, and the strategy declares no bounds of '{name}'.",
            hint=f"Give them: --param {name}=5:60:5, or declare {name} = Param(…, low=…, high=…, step=…).",
        )
    from tradewright.domain.space import Range

    return Range(_like(param.default, param.low), _like(param.default, param.high), step=param.step)


def _range(strategy: Any, name: str, text: str) -> Any:
    """``low:high``, ``low:high:step`` or ``low:high:log``; without a step the declared one, else whole numbers by 1."""
    from tradewright.domain.space import Range

    low, high, *rest = (part.strip() for part in text.split(":"))
    if not low or not high or len(rest) > 1 or rest == [""]:
        raise ConfigError(
            f"--param {name}={text} is no range.", hint=f"Write it as --param {name}=5:60:5, lowest, highest, step."
        )
    lowest, highest = (_read(strategy, name, each) for each in (low, high))
    _require_numbers(name, text, (lowest, highest))
    if rest == [_LOG]:
        return Range(lowest, highest, log=True)
    declared = _declared(strategy).get(name)
    step = _read(strategy, name, rest[0]) if rest else declared.step if declared is not None else None
    return Range(lowest, highest, step=step)


def _require_numbers(name: str, text: str, bounds: Sequence[Any]) -> None:
    if any(isinstance(each, (bool, str)) for each in bounds):
        raise ConfigError(f"--param {name}={text} is no range of numbers.", hint=f"List them: --param {name}=a,b,c.")


def _like(default: Any, bound: float) -> float:
    """A bound in the type of the default: ``low=0`` of a fraction is 0.0."""
    return float(bound) if isinstance(default, float) else bound


def _nothing_searched(declared: Mapping[str, Param]) -> ConfigError:
    names, first = ", ".join(declared), next(iter(declared), "fast")
    bounded = next((name for name, param in declared.items() if None not in (param.low, param.high)), None)
    told = f"give --param {first}=5:60:5." if bounded is None else f"give --param {bounded} to try what it declares."
    hint = f"It declares {names}: {told}" if declared else told.capitalize()
    return ConfigError("The search is given no parameter to vary.", hint=hint)


def _bounds(text: str) -> tuple[str, tuple[float | None, float | None]]:
    key, equals, values = (part.strip() for part in text.partition("="))
    low, colon, high = (part.strip() for part in values.partition(":"))
    try:
        found = float(low) if low else None, float(high) if high else None
    except ValueError:
        found = None, None
    if not (key and equals and colon) or found == (None, None):
        raise ConfigError(
            f"--constraint {text} is not METRIC=LOW:HIGH.",
            hint="Write it as --constraint max_drawdown=-0.3: for a least.",
        )
    return key, found
