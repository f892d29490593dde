"""How a job travels to workers in other processes: its strategy as text, its columns as memory that is shared."""

from __future__ import annotations

import io
import pickle
import sys
from dataclasses import dataclass, fields
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.domain.errors import ConfigError
from tradewright.engine.plan import RunPlan
from tradewright.ports.executor import Work
from tradewright.strategy.adapt import as_strategy
from tradewright.strategy.own_code import code_digest
from tradewright.strategy.source_text import obstacle, obstacle_of, source_recipe, strategy_again, strategy_recipe

from .evaluator import Evaluator
from .job import Aim, Job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from tradewright.domain.recipe import StrategyRecipe

    from .evaluator import Evaluation, Task

__all__ = ["obstacle_to", "shared_work", "travelling_work"]

_MAIN = "__main__"


def shared_work(evaluator: Evaluator) -> Work:
    """The work of threads: one evaluator for all of them."""
    return Work(make=_same, given=evaluator)


def _same(given: Evaluator, _: Mapping[str, NDArray[Any]]) -> Evaluator:
    return given


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A job that travels: everything but columns and the user's own code, as bytes.

    `digests` and `places` are of what runs here: of the strategy, then of the objectives.
    """

    job: bytes
    buffers: int
    strategy: StrategyRecipe
    measures: tuple[StrategyRecipe | None, ...]
    digests: tuple[str, ...]
    places: tuple[str, ...]
    trials: int | None


def travelling_work(job: Job, trials: int | None) -> Work:
    """The work of other processes.

    Raises
    ------
    ConfigError
        When the strategy or an objective has no text to travel as, or the job holds a class of the program itself.
    """
    default, why = job.plan.strategies[0], obstacle_to(job)
    if why is not None:
        raise ConfigError(
            f"{why.removesuffix('.')}, so it cannot travel to other processes.", hint="Use executor='threads'."
        )
    measures = tuple(
        None if aim.measure is None else source_recipe(aim.measure, aim.objective.name) for aim in job.aims
    )
    parts = {
        "job": _fields(job, without=("source", "plan", "aims", "where")),
        "plan": _fields(job.plan, without=("strategies", "progress")),
        "objectives": [aim.objective for aim in job.aims],
    }
    data, buffers = _packed(parts)
    arrays = {f"column {number}": np.frombuffer(buffer, np.uint8) for number, buffer in enumerate(buffers)}
    own = (default.source(), *(aim.measure for aim in job.aims))
    digests, places = tuple(map(code_digest, own)), tuple(map(_place_of, own))
    parcel = _Parcel(data, len(buffers), strategy_recipe(default), measures, digests, places, trials)
    return Work(make=_unpacked, given=parcel, arrays=arrays)


def obstacle_to(job: Job) -> str | None:
    """Why a job cannot be sent to other processes, as a sentence; None where nothing is known against it."""
    own = (_obstacle(aim) for aim in job.aims)
    return obstacle(job.plan.strategies[0]) or next((found for found in own if found), None)


def _obstacle(aim: Aim) -> str | None:
    return None if aim.measure is None else obstacle_of(aim.measure, f"The objective {aim.objective.name}")


def _place_of(source: Any) -> str:
    """The file that errors of a class or function name; empty where there is none."""
    return str(getattr(sys.modules.get(str(getattr(source, "__module__", ""))), "__file__", None) or "")


def _fields(value: Any, without: tuple[str, ...]) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in fields(value) if each.name not in without}


def _packed(parts: dict[str, Any]) -> tuple[bytes, list[memoryview]]:
    buffers: list[pickle.PickleBuffer] = []
    stream = io.BytesIO()
    _Packer(stream, protocol=5, buffer_callback=buffers.append).dump(parts)
    return stream.getvalue(), [buffer.raw() for buffer in buffers]


class _Packer(pickle.Pickler):
    """Refuses what another process could not look up: the program itself is never run there."""

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, type | FunctionType) and value.__module__ == _MAIN:
            raise ConfigError(
                f"{value.__qualname__} is defined in the program itself and cannot travel to other processes.",
                hint="Put it into a module of its own, or use executor='threads'.",
            )
        return NotImplemented


def _unpacked(given: _Parcel, arrays: Mapping[str, NDArray[Any]]) -> Callable[[Task], list[Evaluation]]:
    buffers = [arrays[f"column {number}"] for number in range(given.buffers)]
    parts = pickle.loads(given.job, buffers=buffers)  # noqa: S301 - packed by the parent process
    recipes = (given.strategy, *given.measures)
    source, *measures = (
        None if recipe is None else strategy_again(recipe, place)
        for recipe, place in zip(recipes, given.places, strict=True)
    )
    aims = tuple(Aim(objective, own) for objective, own in zip(parts["objectives"], measures, strict=True))
    _require_same(given, (source, *measures))
    plan = RunPlan(strategies=(as_strategy(source, given.strategy.params),), **parts["plan"])
    return Evaluator(Job(source=source, plan=plan, aims=aims, **parts["job"]), given.trials)


def _require_same(given: _Parcel, made: tuple[Any, ...]) -> None:
    """Refuse to evaluate other code than the process that asks would: rows may not depend on who carries trials out."""
    recipes = (given.strategy, *given.measures)
    for recipe, digest, found in zip(recipes, given.digests, made, strict=True):
        if recipe is not None and code_digest(found) != digest:
            raise ConfigError(
                f"{recipe.name} would do something else in another process: what it uses was changed after its file "
                "was read, or is made by a call in the program itself.",
                hint="Use executor='threads', or make it a parameter.",
            )
