"""Every metric by key: those of the catalog, and those that users and installed packages add.

A metric is a function of `Inputs` with a label, a unit and a convention. Whatever one of a user's raises stays inside
its own line: the metric is None, and the reason names it.
"""

from __future__ import annotations

import math
from functools import update_wrapper
from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError
from tradewright.domain.plugins import Registry, place_of
from tradewright.quant.undefined import Undefined
from tradewright.reporting.catalog import BY_KEY, CATALOG, GROUPS, MetricInfo, Unit
from tradewright.reporting.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tradewright.reporting.inputs import Inputs

__all__ = ["METRICS", "Metric", "added", "all_groups", "all_metrics", "metric"]

ENTRY_POINTS = "tradewright.metrics"
"""Group in which installed packages name their metrics."""


class Metric:
    """A function of a run's inputs with what is fixed about the number; calling it calls the function."""

    def __init__(self, info: MetricInfo, function: Callable[[Inputs], float]) -> None:
        update_wrapper(self, function)
        self.info = info
        self._function = function

    def __call__(self, run: Inputs) -> float:
        """The number of a run; `Undefined` where it has none."""
        return self._function(run)

    def contained(self, run: Inputs) -> tuple[float | int | None, str | None]:
        """The number, or None and the reason: whatever the function does, the other metrics stand."""
        try:
            return _number(self(run))
        except Undefined as undefined:
            return None, undefined.reason
        except Exception as error:  # noqa: BLE001 - the border where a user's metric is contained, named in the reason
            return None, f"the metric '{self.info.key}' ({place_of(self)}) failed with {type(error).__name__}: {error}"


def metric(
    key: str, *, label: str, unit: Unit | str = Unit.RATIO, group: str = "Added", convention: str = ""
) -> Callable[[Callable[[Inputs], float]], Metric]:
    """Decorate a function of a run's inputs, so that it is a metric of every result.

    Parameters
    ----------
    key : str
        Name by which ``result.metrics[key]`` reads it.
    label : str
        How it is called in summaries and reports.
    unit : Unit or str
        What it is counted in, as ``"ratio"``, ``"return"``, ``"fraction"``, ``"money"``, ``"count"`` (`Unit`); it
        decides how the number is written.
    group : str
        Heading under which it is shown, one of the catalog's or a new one.
    convention : str
        How it is computed, in a few words.

    Raises
    ------
    ConfigError
        When another metric has the key, or the unit does not exist.

    Examples
    --------
    >>> @metric("example_gain_days", label="Days with a gain", unit="fraction", convention="share of session returns")
    ... def gain_days(run):
    ...     return float((run.returns > 0).mean())
    >>> gain_days.info.label
    'Days with a gain'
    """
    info = MetricInfo(key, group, label, _unit(unit), convention, "")

    def register(function: Callable[[Inputs], float]) -> Metric:
        made = Metric(info, function)
        METRICS.add(key, made)
        return made

    return register


def added() -> dict[str, Metric]:
    """The metrics beyond the catalog, by key."""
    return {key: found for key, found in METRICS.values().items() if key not in BY_KEY}


def all_metrics() -> tuple[MetricInfo, ...]:
    """What is fixed about every metric: the catalog in its order, then what was added, by key."""
    return (*CATALOG, *(found.info for found in added().values()))


def all_groups() -> tuple[str, ...]:
    """Headings in the order in which they are shown."""
    return tuple(dict.fromkeys((*GROUPS, *(info.group for info in all_metrics()))))


def _unit(given: Unit | str) -> Unit:
    name = str(given)
    if name.upper() in Unit.__members__:
        return Unit[name.upper()]
    if name in set(Unit):
        return Unit(name)
    names = ", ".join(f"'{each.lower()}'" for each in Unit.__members__)
    raise ConfigError(f"There is no unit '{given}' for a metric.", hint=f"Use one of {names}.")


def _number(value: Any) -> tuple[float | int | None, str | None]:
    """A finite number as Python's own; anything else is refused with its type."""
    number = value.item() if hasattr(value, "item") else value
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None, f"it gave a {type(value).__name__} and not a number"
    return (number, None) if math.isfinite(number) else (None, "its value is beyond a floating-point number")


def _flaw(value: object) -> str | None:
    return None if isinstance(value, Metric) else "it was not made by the decorator 'metric'"


METRICS: Registry[Metric] = Registry("metric", ENTRY_POINTS, flaw=_flaw, hint="docs/reference/metrics.md lists them.")
"""Every metric by key."""

for _info in CATALOG:
    METRICS.add(_info.key, Metric(_info, MEASURES[_info.key]))
