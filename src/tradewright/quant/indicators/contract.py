"""What makes a function an indicator: metadata, and one rule for inputs and gaps.

The rule. Columns of any numeric type and layout are accepted and never changed. A bar whose inputs are not all finite
is a gap: the value there is NaN, and behind it the indicator starts again as on a new history. Fewer bars than the
warm-up give NaN, never an error. A value at bar i depends on bars up to i only.
"""

from __future__ import annotations

import functools
import inspect
import operator
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, Protocol, TypeVar, cast

import numpy as np

from tradewright.domain.errors import ConfigError, DataError
from tradewright.domain.plugins import Registry
from tradewright.quant import talib_gateway

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["INDICATORS", "Indicator", "Specification", "from_talib", "indicator", "register", "specification_of"]

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)
_Made = TypeVar("_Made")


class Indicator(Protocol[P, R_co]):
    """A function of columns that knows its inputs, parameters, outputs and warm-up.

    Attributes
    ----------
    inputs : tuple of str
        Bar columns the positional inputs are taken from by default, in order.
    optional_inputs : tuple of str
        Keyword arguments that are columns too, as ``session`` of ``vwap``.
    parameters : Mapping[str, object]
        Every other argument with its default, in order.
    outputs : tuple of str
        Names of the outputs; ``("value",)`` for a single array.
    source : str
        Where the numbers come from, e.g. ``"TA-Lib SMA"``.
    first_valid : callable
        ``first_valid(**parameters) -> int``: leading bars without a value, i.e. the index of the first bar at which
        every output has one, on gap-free input.
    of_each : callable
        ``of_each(columns, ...) -> iterator``: what it gives for each of many histories, a tuple of its inputs each, for
        parameters that are checked once. The inputs are contiguous float64 columns without gaps.
    """

    __name__: str
    inputs: tuple[str, ...]
    optional_inputs: tuple[str, ...]
    parameters: Mapping[str, object]
    outputs: tuple[str, ...]
    source: str
    first_valid: Callable[..., int]
    of_each: Callable[..., Iterator[Any]]

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """Evaluate over whole columns."""


class Specification(NamedTuple):
    """How an indicator's arguments divide into columns and parameters."""

    name: str
    inputs: tuple[str, ...]
    optional_inputs: tuple[str, ...]
    parameters: Mapping[str, object]
    whole_numbers: Mapping[str, int]
    outputs: tuple[str, ...]
    source: str
    warmup: Callable[..., int]
    carries: tuple[str, ...] = ()

    def first_valid(self, **parameters: object) -> int:
        """Leading bars without a value for these parameters (the others at their defaults)."""
        unknown = parameters.keys() - self.parameters.keys()
        if unknown:
            raise ConfigError(
                f"{self.name} has no parameter {min(unknown)!r}.", hint=f"It takes {', '.join(self.parameters)}."
            )
        return self.warmup(**self.checked({**self.parameters, **parameters}))

    def checked(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Refuse periods that are no whole numbers or too small; give the rest back unchanged."""
        for name, minimum in self.whole_numbers.items():
            parameters[name] = _whole_number(self.name, name, parameters[name], minimum)
        return parameters


def indicator(
    *inputs: str,
    warmup: Callable[..., int],
    source: str = "Tradewright",
    outputs: tuple[str, ...] = ("value",),
    optional_inputs: tuple[str, ...] = (),
    may_be_zero: tuple[str, ...] = (),
    carries: tuple[str, ...] = (),
) -> Callable[[Callable[P, R_co]], Indicator[P, R_co]]:
    """Turn a function of clean columns into an indicator.

    The body receives finite, contiguous float64 columns of equal length, possibly shorter than its warm-up and possibly
    empty, and returns an array of that length or a named tuple of such arrays.

    Parameters
    ----------
    *inputs : str
        Bar columns for the leading arguments.
    warmup : callable
        Called with every parameter by name; returns the number of leading NaN values.
    source, outputs, optional_inputs
        See :class:`Indicator`.
    may_be_zero : tuple of str
        Parameters annotated ``int`` that accept 0; all others are whole numbers from 1 on.
    carries : tuple of str
        Inputs of which a gap anywhere reaches the last value of every output, as it does through running sums and
        recursions: a finite end shows that they had none, without a pass over them.
    """

    def decorate(function: Callable[P, R_co]) -> Indicator[P, R_co]:
        signature = inspect.signature(function)
        parameters = [p for p in list(signature.parameters.values())[len(inputs) :] if p.name not in optional_inputs]
        specification = Specification(
            name=function.__name__,
            inputs=inputs,
            optional_inputs=optional_inputs,
            parameters={p.name: p.default for p in parameters},
            whole_numbers={p.name: int(p.name not in may_be_zero) for p in parameters if p.annotation in ("int", int)},
            outputs=outputs,
            source=source,
            warmup=warmup,
            carries=carries,
        )

        @functools.wraps(function)
        def evaluate(*args: P.args, **kwargs: P.kwargs) -> R_co:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            specification.checked(bound.arguments)
            return cast("R_co", _over_runs(specification, function, bound.arguments))

        described = _describe(evaluate, specification)
        described.of_each = functools.partial(_of_each, specification, function, signature)
        return described

    return decorate


def _of_each(
    specification: Specification,
    function: Callable[..., Any],
    signature: inspect.Signature,
    columns: Sequence[Sequence[NDArray[np.float64]]],
    *args: Any,
    **kwargs: Any,
) -> Iterator[Any]:
    """The function of each history, for parameters that are checked once."""
    bound = signature.bind(*columns[0], *args, **kwargs)
    bound.apply_defaults()
    arguments = specification.checked(dict(bound.arguments))
    names = list(arguments)[: len(specification.inputs)]
    for found in columns:
        arguments.update(zip(names, found, strict=True))
        yield function(**arguments)


def _flaw(value: Any) -> str | None:
    return None if callable(getattr(value, "first_valid", None)) else "it was not made by the decorator 'indicator'"


INDICATORS: Registry[Indicator[..., Any]] = Registry("indicator", "tradewright.indicators", flaw=_flaw)
"""Every indicator by name: those known here, and those of scripts and of installed packages."""


def register(name: str) -> Callable[[_Made], _Made]:
    """Decorate an indicator, so that ``tradewright.indicators`` has it under that name.

    Raises
    ------
    ConfigError
        When another indicator has the name, or the function was not made by `indicator`.
    """
    return INDICATORS.register(name)


def from_talib(name: str) -> Callable[..., int]:
    """Warm-up of an indicator whose parameters are TA-Lib's own, in TA-Lib's order."""

    def warmup(**parameters: float) -> int:
        return talib_gateway.lookback(name, *parameters.values())

    return warmup


def specification_of(function: Indicator[..., Any]) -> Specification:
    """Return the specification that :func:`indicator` attached."""
    return cast("Specification", function.first_valid.__self__)  # type: ignore[attr-defined]


def _describe(evaluate: Callable[P, R_co], specification: Specification) -> Indicator[P, R_co]:
    described = cast("Indicator[P, R_co]", evaluate)
    described.inputs = specification.inputs
    described.optional_inputs = specification.optional_inputs
    described.parameters = specification.parameters
    described.outputs = specification.outputs
    described.source = specification.source
    described.first_valid = specification.first_valid
    return described


def _whole_number(indicator_name: str, name: str, value: object, minimum: int) -> int:
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = minimum - 1
    if number < minimum:
        raise ConfigError(
            f"{indicator_name} cannot use {name}={value!r}.", hint=f"Give {name} as a whole number from {minimum} on."
        )
    return number


def _over_runs(specification: Specification, function: Callable[..., object], arguments: dict[str, Any]) -> object:
    names = _columns_present(specification, arguments)
    for name in names:
        arguments[name] = _column(specification.name, name, arguments[name])
    columns = [arguments[name] for name in names]
    _require_equal_lengths(specification.name, names, columns)
    if _gap_free([arguments[name] for name in names if name not in specification.carries]):
        whole = function(**arguments)
        # The first value may enter no sum at all, as the first bar's range does not enter a true range.
        begins = all(np.isfinite(arguments[name][:1]).all() for name in specification.carries)
        if not specification.carries or (begins and _ends_finite(whole)):
            return whole
    pieces = []
    for run in _runs(columns):
        part = {name: column[run] for name, column in zip(names, columns, strict=True)}
        pieces.append((run, function(**{**arguments, **part})))
    return _joined(pieces, len(columns[0]))


def _columns_present(specification: Specification, arguments: Mapping[str, Any]) -> list[str]:
    leading = list(arguments)[: len(specification.inputs)]
    return leading + [name for name in specification.optional_inputs if arguments[name] is not None]


def _column(indicator_name: str, name: str, values: object) -> NDArray[np.float64]:
    try:
        column = np.ascontiguousarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"{indicator_name} cannot read {name!r} as numbers.", hint="Pass a numeric column.") from error
    if column.ndim != 1:
        raise DataError(
            f"{indicator_name} needs {name!r} as one column, but its shape is {column.shape}.",
            hint="Pass one symbol at a time.",
        )
    return column


def _require_equal_lengths(indicator_name: str, names: list[str], columns: list[NDArray[np.float64]]) -> None:
    if len({len(column) for column in columns}) > 1:
        lengths = ", ".join(f"{name} {len(column)}" for name, column in zip(names, columns, strict=True))
        raise DataError(f"{indicator_name} needs columns of equal length, got {lengths}.", hint="Align them first.")


def _gap_free(columns: list[NDArray[np.float64]]) -> bool:
    """One sum per column: finite exactly when every value is, but for overflow, which only costs the longer way."""
    with np.errstate(over="ignore", invalid="ignore"):
        return all(np.isfinite(column.sum()) for column in columns)


def _ends_finite(outputs: object) -> bool:
    """Whether the last value of every output is finite."""
    columns = outputs if isinstance(outputs, tuple) else (outputs,)
    return all(len(column) > 0 and bool(np.isfinite(column[-1])) for column in columns)


def _runs(columns: list[NDArray[np.float64]]) -> list[slice]:
    """Longest stretches of bars with finite inputs; one empty stretch where there is none."""
    finite = np.logical_and.reduce([np.isfinite(column) for column in columns])
    edges = np.flatnonzero(np.diff(finite, prepend=False, append=False))
    runs = [slice(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]
    return runs or [slice(0, 0)]


def _joined(pieces: list[tuple[slice, Any]], length: int) -> object:
    first = pieces[0][1]
    if not isinstance(first, tuple):
        return _laid_out(pieces, length)
    outputs = [_laid_out([(run, result[position]) for run, result in pieces], length) for position in range(len(first))]
    return type(first)(*outputs)


def _laid_out(pieces: list[tuple[slice, NDArray[np.float64]]], length: int) -> NDArray[np.float64]:
    values = np.full(length, np.nan)
    for run, result in pieces:
        values[run] = result
    return values
