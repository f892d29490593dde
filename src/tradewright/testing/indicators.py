"""The promises of an indicator: length, warm-up, no look into the future, gaps, and inputs left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from .conformance import Conformance, require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["IndicatorConformance", "price_columns"]

_ROWS = 300
_CUTS = (1, 7, 40, 151, 299)
_GAP = 150
_SEEDS = (1, 2, 3)


def price_columns(rows: int, seed: int = 1) -> dict[str, Floats]:
    """Columns of a made-up market: open, high, low, close, volume and session, all finite, no price repeated.

    Parameters
    ----------
    rows : int
    seed : int
    """
    rng = np.random.default_rng(seed)
    close = 100.0 * np.exp(np.cumsum(rng.normal(0.0, 0.01, rows)))
    open_ = close * np.exp(rng.normal(0.0, 0.004, rows))
    return {
        "open": open_,
        "high": np.maximum(open_, close) * np.exp(rng.uniform(0.0, 0.01, rows)),
        "low": np.minimum(open_, close) * np.exp(-rng.uniform(0.0, 0.01, rows)),
        "close": close,
        "volume": rng.integers(1_000, 100_000, rows).astype(np.float64),
        "session": np.arange(rows, dtype=np.float64) // 7,
    }


class IndicatorConformance(Conformance):
    """What ``tradewright.indicator`` promises for every indicator.

    Attributes
    ----------
    indicator : indicator
        Made by ``tradewright.indicator``.
    parameters : sequence of mapping
        Parameters to try it with; its defaults alone unless given.
    with_optional : bool
        Whether to give it its optional inputs too, such as ``session``.

    Examples
    --------
    >>> from tradewright.quant import indicators as ta
    >>> class TestSma(IndicatorConformance):
    ...     indicator = ta.sma
    ...     parameters = ({}, {"period": 5})
    >>> TestSma.check()
    """

    indicator: ClassVar[Any]
    parameters: ClassVar[Sequence[Mapping[str, Any]]] = ({},)
    with_optional: ClassVar[bool] = False

    def columns(self, rows: int, seed: int = 1) -> dict[str, Floats]:
        """The inputs by name; override it where an input is no column of a bar.

        An input with another name than a bar's columns gets prices of its own.
        """
        known = price_columns(rows, seed)
        for number, name in enumerate(self.subject("indicator").inputs):
            if name not in known:
                known[name] = price_columns(rows, seed + 101 + number)["close"]
        return known

    def test_is_made_by_the_decorator(self) -> None:
        """It knows its inputs, parameters, outputs and warm-up."""
        found = self.subject("indicator")
        for name in ("inputs", "parameters", "outputs", "source", "first_valid"):
            require(hasattr(found, name), f"{found!r} has no '{name}': make it with @tradewright.indicator(…).")

    def test_gives_one_float_per_bar(self) -> None:
        """As many values as bars, as float64, also for no bar at all and for one."""
        for said in self._tried():
            for rows in (0, 1, 2, _ROWS):
                for values in self._outputs(self._inputs(rows), said):
                    what = f"{len(values)} values of {values.dtype} for {rows} bars"
                    require(values.shape == (rows,) and values.dtype == np.float64, self._says(said, f"gives {what}."))

    def test_the_outputs_are_those_it_names(self) -> None:
        """One array, or a named tuple of as many as `outputs`."""
        found = self.subject("indicator")
        for said in self._tried():
            result = self._call(self._inputs(_ROWS), said)
            fields = getattr(result, "_fields", ("value",))
            require(fields == found.outputs, self._says(said, f"gives {fields} and declares {found.outputs}."))

    def test_warm_up_is_as_declared(self) -> None:
        """Exactly `first_valid` bars without a value, and none without one behind them."""
        for said in self._tried():
            first = min(self.subject("indicator").first_valid(**said), _ROWS)
            for seed in _SEEDS:
                outputs = self._outputs(self._inputs(_ROWS, seed), said)
                gap = max(_leading_gap(values) for values in outputs)
                require(gap == first, self._says(said, f"begins at bar {gap} and declares {first}."))
                late = any(np.isnan(values[first:]).any() for values in outputs)
                require(not late, self._says(said, "has no value at a bar behind its warm-up."))

    def test_fewer_bars_than_the_warm_up_give_no_value(self) -> None:
        """A history that is too short is no error."""
        for said in self._tried():
            first = min(self.subject("indicator").first_valid(**said), _ROWS)
            outputs = self._outputs(self._inputs(first), said)
            full = first == 0 or any(np.isnan(values).all() for values in outputs)
            require(full, self._says(said, f"has values after {first} bars, which it declares as warm-up."))

    def test_a_value_depends_on_nothing_after_its_bar(self) -> None:
        """Cutting the future off changes no value, to the last bit."""
        for said in self._tried():
            inputs = self._inputs(_ROWS)
            whole = self._outputs(inputs, said)
            for cut in _CUTS:
                parts = self._outputs([column[:cut] for column in inputs], said)
                same = all(_same_bits(full[:cut], part) for full, part in zip(whole, parts, strict=True))
                require(same, self._says(said, f"changes values before bar {cut} when later bars are cut off."))

    def test_the_same_input_gives_the_same_bits(self) -> None:
        """Nothing is remembered from call to call."""
        for said in self._tried():
            first = self._outputs(self._inputs(_ROWS), said)
            self._outputs(self._inputs(_ROWS, seed=2), said)
            again = self._outputs(self._inputs(_ROWS), said)
            same = all(_same_bits(one, other) for one, other in zip(first, again, strict=True))
            require(same, self._says(said, "gives other values for the same input."))

    def test_leaves_its_inputs_alone(self) -> None:
        """Columns come back as they went in."""
        for said in self._tried():
            inputs = self._inputs(_ROWS)
            kept = [column.copy() for column in inputs]
            self._outputs(inputs, said)
            same = all(_same_bits(one, other) for one, other in zip(inputs, kept, strict=True))
            require(same, self._says(said, "writes into its inputs."))

    def test_behind_a_gap_it_starts_again(self) -> None:
        """No value at a bar without input, and behind it those of a new history."""
        for said in self._tried():
            inputs = self._inputs(_ROWS)
            if not inputs:
                continue
            inputs[0][_GAP] = np.nan
            whole = self._outputs(inputs, said)
            fresh = self._outputs([column[_GAP + 1 :] for column in inputs], said)
            for values, anew in zip(whole, fresh, strict=True):
                require(np.isnan(values[_GAP]), self._says(said, "has a value at a bar whose input is missing."))
                same = _same_bits(values[_GAP + 1 :], anew)
                require(same, self._says(said, "carries something over a gap in its input."))

    def test_prices_that_never_move_do_no_harm(self) -> None:
        """Where nothing moves it gives numbers or NaN, never infinity and never an error."""
        for said in self._tried():
            flat = [np.full(_ROWS, column[0]) for column in self._inputs(_ROWS)]
            infinite = any(np.isinf(values).any() for values in self._outputs(flat, said))
            require(not infinite, self._says(said, "is infinite where prices do not move."))

    def _tried(self) -> Sequence[Mapping[str, Any]]:
        tried: Sequence[Mapping[str, Any]] = self.subject("parameters")
        return tried

    def _inputs(self, rows: int, seed: int = 1) -> list[Floats]:
        columns = self.columns(rows, seed)
        found = self.subject("indicator")
        optional = found.optional_inputs if self.with_optional else ()
        return [columns[name].copy() for name in (*found.inputs, *optional)]

    def _call(self, inputs: Sequence[Floats], said: Mapping[str, Any]) -> Any:
        """The indicator's answer: its inputs in order, the optional ones behind them by name."""
        found = self.subject("indicator")
        needed = len(found.inputs)
        optional = dict(zip(found.optional_inputs, inputs[needed:], strict=False)) if self.with_optional else {}
        return found(*inputs[:needed], **optional, **said)

    def _outputs(self, inputs: Sequence[Floats], said: Mapping[str, Any]) -> tuple[Floats, ...]:
        result = self._call(inputs, said)
        outputs = tuple(result) if isinstance(result, tuple) else (result,)
        for values in outputs:
            require(isinstance(values, np.ndarray), self._says(said, f"gives a {type(values).__name__}, no array."))
        return outputs

    def _says(self, said: Mapping[str, Any], what: str) -> str:
        words = ", ".join(f"{name}={value!r}" for name, value in said.items())
        return f"{self.subject('indicator').__name__}({words}) {what}"


def _leading_gap(values: Floats) -> int:
    known = np.flatnonzero(~np.isnan(values))
    return int(known[0]) if len(known) else len(values)


def _same_bits(one: Floats, other: Floats) -> bool:
    return one.shape == other.shape and bool(np.array_equal(one, other, equal_nan=True))
