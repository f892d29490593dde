"""The one door to TA-Lib, opened on the first call.

Nothing is imported before a number is asked for, and then without pandas and polars, which TA-Lib would bring along
(`deferred_frames`). Every failure of the library leaves as a :class:`ConfigError` of one sentence.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.quant.deferred_frames import frames_deferred, may_defer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from numpy.typing import NDArray

__all__ = ["Description", "compute", "compute_many", "describe", "lookback"]


class Description(NamedTuple):
    """What TA-Lib says of one of its functions: inputs and outputs in order, parameters with defaults."""

    name: str
    title: str
    inputs: tuple[str, ...]
    parameters: Mapping[str, int | float]
    outputs: tuple[str, ...]


def compute(name: str, columns: tuple[NDArray[np.float64], ...], *parameters: float) -> NDArray[np.float64]:
    """Evaluate a TA-Lib function of one output.

    Parameters
    ----------
    name : str
        TA-Lib's name, e.g. ``"SMA"``.
    columns : tuple of ndarray
        Contiguous float64 columns of equal length without NaN.
    *parameters : float
        Optional inputs in TA-Lib's order.

    Returns
    -------
    ndarray
        As long as the columns, NaN over the look-back.

    Raises
    ------
    ConfigError
        If TA-Lib refuses a parameter.
    """
    return compute_many(name, columns, *parameters)[0]


def compute_many(
    name: str, columns: tuple[NDArray[np.float64], ...], *parameters: float
) -> tuple[NDArray[np.float64], ...]:
    """Evaluate a TA-Lib function of any number of outputs; as :func:`compute`, a tuple of arrays."""
    function = getattr(_library(), name)
    try:
        # What the library wraps its functions in looks for frames; columns are never any.
        result = getattr(function, "__wrapped__", function)(*columns, *parameters)
    except Exception as error:  # TA-Lib raises bare exceptions; nothing narrower exists
        raise _refused(name, parameters) from error
    outputs = result if isinstance(result, tuple) else (result,)
    return tuple(_as_float(name, parameters, output) for output in outputs)


def lookback(name: str, *parameters: float) -> int:
    """Bars that TA-Lib needs before the first value, for optional inputs in its order.

    Raises
    ------
    ConfigError
        If TA-Lib refuses a parameter.
    """
    function = _library().abstract.Function(name)
    names = list(function.info["parameters"])
    try:
        function.parameters = dict(zip(names, parameters, strict=False))
        bars = int(function.lookback)
    except Exception as error:  # TA-Lib raises bare exceptions; nothing narrower exists
        raise _refused(name, parameters) from error
    if bars < 0:
        raise _refused(name, parameters)
    return bars


@cache
def describe(name: str) -> Description:
    """Inputs, parameters and outputs of a TA-Lib function.

    Raises
    ------
    ConfigError
        If TA-Lib has no function of that name.
    """
    if name not in _library().get_functions():
        raise ConfigError(f"TA-Lib has no function {name!r}.", hint="Names are in capitals, as in 'HT_TRENDLINE'.")
    info = _library().abstract.Function(name).info
    return Description(
        name=name,
        title=info["display_name"],
        inputs=tuple(_flat(info["input_names"].values())),
        parameters=dict(info["parameters"]),
        outputs=tuple(info["output_names"]),
    )


@cache
def _library() -> ModuleType:
    if may_defer():
        # Whatever it raises is asked for once more below, as it is, and raised there.
        with suppress(Exception), frames_deferred():
            return _imported()
        # A TA-Lib that wants more of the frames than to recognise them gets them.
        for name in [each for each in sys.modules if each.partition(".")[0] == "talib"]:
            del sys.modules[name]
    return _imported()


def _imported() -> ModuleType:
    import talib
    import talib.abstract

    return talib


def _flat(entries: Iterable[str | list[str]]) -> list[str]:
    """TA-Lib groups the columns of a bar in a list and names other inputs singly."""
    names: list[str] = []
    for entry in entries:
        names.extend([entry] if isinstance(entry, str) else entry)
    return names


def _as_float(name: str, parameters: tuple[float, ...], output: NDArray[Any]) -> NDArray[np.float64]:
    """Give integer outputs, which TA-Lib fills with 0 over the look-back, the NaN that says "not yet"."""
    if output.dtype == np.float64:
        return output
    values = output.astype(np.float64)
    values[: lookback(name, *parameters)] = np.nan
    return values


def _refused(name: str, parameters: tuple[float, ...]) -> ConfigError:
    shown = ", ".join(str(value) for value in parameters) or "none"
    return ConfigError(
        f"TA-Lib's {name} does not accept the parameters ({shown}).",
        hint="Periods are whole numbers from 1 or 2 up to 100,000.",
    )
