"""Every other TA-Lib function, by TA-Lib's own name."""

from __future__ import annotations

import inspect
from collections import namedtuple
from functools import cache
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError
from tradewright.quant.indicators.contract import Indicator, indicator
from tradewright.quant.talib_gateway import Description, compute_many, describe, lookback

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.quant.arrays import FloatArray

__all__ = ["talib"]

DEPEND_ON_THE_FIRST_BAR = frozenset({"MAXINDEX", "MININDEX", "MINMAXINDEX"})


@cache
def talib(name: str) -> Indicator[..., Any]:
    """Return the TA-Lib function of that name as an indicator.

    The indicator takes the columns TA-Lib asks for, then TA-Lib's parameters by position or by TA-Lib's names, e.g.
    ``talib("HT_TRENDLINE")(close)`` or ``talib("BBANDS")(close, timeperiod=10, matype=1)``. One output is an array,
    several are a named tuple. Integer outputs (candlestick patterns) come as floats, NaN over the look-back.

    Parameters
    ----------
    name : str
        TA-Lib's name in capitals.

    Raises
    ------
    ConfigError
        If TA-Lib has no such function, or one whose values are positions counted from the first bar and would
        therefore change with the start of the history.
    """
    description = describe(name)
    if name in DEPEND_ON_THE_FIRST_BAR:
        raise ConfigError(
            f"TA-Lib's {name} counts from the first bar of the history, so its values are no property of a bar.",
            hint="Use aroon, which counts back from the current bar.",
        )
    decorate = indicator(
        *description.inputs,
        warmup=lambda **parameters: lookback(name, *parameters.values()),
        source=f"TA-Lib {name}",
        outputs=description.outputs if len(description.outputs) > 1 else ("value",),
    )
    return decorate(_evaluator(description))


def _evaluator(description: Description) -> Callable[..., Any]:
    inputs = len(description.inputs)
    result_type = namedtuple(description.name, description.outputs)  # type: ignore[misc]  # noqa: PYI024

    def evaluate(**arguments: Any) -> FloatArray | tuple[FloatArray, ...]:
        values = tuple(arguments.values())
        outputs = compute_many(description.name, values[:inputs], *values[inputs:])
        return outputs[0] if len(outputs) == 1 else result_type(*outputs)

    evaluate.__name__ = evaluate.__qualname__ = description.name
    evaluate.__doc__ = f"{description.title} (TA-Lib {description.name})."
    evaluate.__signature__ = _signature(description)  # type: ignore[attr-defined]
    return evaluate


def _signature(description: Description) -> inspect.Signature:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    columns = [inspect.Parameter(name, kind) for name in description.inputs]
    parameters = [inspect.Parameter(name, kind, default=default) for name, default in description.parameters.items()]
    return inspect.Signature(columns + parameters)
