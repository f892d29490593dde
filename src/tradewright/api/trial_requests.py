"""A trial of a kept search as a request for a plain backtest of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ConfigError, DataNotAvailableError
from tradewright.domain.kept_run import short_id
from tradewright.simulation.costs import CASH_ACCOUNT

from .schemas.jobs import RunRequest
from .strategy_words import class_name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.app.runs.studies import KeptSearch
    from tradewright.bootstrap.control_room import ControlRoom
    from tradewright.domain.kept_run import KeptRun
    from tradewright.domain.record import RunConfig
    from tradewright.domain.search import SearchRecord, Trial

__all__ = ["request_of_trial"]

_ALIKE = (
    "currency", "start", "end", "seed", "fill_at", "size_at", "intrabar", "limit_fill", "insufficient", "finalize",
    "metrics_from",
)  # fmt: skip
_EXTRA = ("latency_bars", "lots")
_OF_STORED = frozenset({"as_of", "hours"})
_HINT = "Run it from the command line, or from Python with search.backtest(number)."


def request_of_trial(room: ControlRoom, run: KeptRun, kept: KeptSearch, number: int) -> RunRequest:
    """What to ask for to run one trial by itself, scored from the same date on.

    Parameters
    ----------
    run : KeptRun
        What the search was kept as.

    Raises
    ------
    DataNotAvailableError
        When there is no such trial, or its strategy is no longer in the catalogue.
    ConfigError
        When its costs, account or data cannot be asked for in a request.
    """
    record = kept.findings.record
    trial = next((each for each in record.trials if each.number == number), None)
    if trial is None:
        raise DataNotAvailableError(f"The search has no trial {number}.", hint="Look at its list of trials.")
    config = record.config
    _require_plain(config)
    return RunRequest(
        strategy=_strategy(room, record),
        cash=f"{config.cash:.10f}".rstrip("0").rstrip("."),
        costs=_costs(config.costs),
        limits=config.limits["name"],
        params=_params(record, trial),
        name=f"Trial {number} of {run.label.name or short_id(run.id)}"[:200],
        **_data(record),
        **_chosen(run),
        **{field: getattr(config, field) for field in _ALIKE},
        **{field: config.extra[field] for field in _EXTRA if field in config.extra},
    )


def _strategy(room: ControlRoom, record: SearchRecord) -> str:
    for entry in room.catalogue():
        if class_name_of(entry) == record.header.strategy:
            return entry.name
    raise DataNotAvailableError(
        f"The catalogue has no strategy of the class {record.header.strategy} any more.", hint=_HINT
    )


def _params(record: SearchRecord, trial: Trial) -> dict[str, Any]:
    return {**record.defaults, **trial.params}


def _data(record: SearchRecord) -> dict[str, Any]:
    first = record.data[0]
    is_stored = not first.synthetic or first.origin.get("kind") == "store"
    return {
        "symbols": list(dict.fromkeys(key.symbol for key in record.data)),
        "source": "store" if is_stored else "synthetic",
        "timeframe": first.timeframe,
        **({"adjustment": first.adjustment} if is_stored else {}),
    }


def _chosen(run: KeptRun) -> dict[str, Any]:
    """Which of the stored bars were meant, of all symbols alike: as of when, of which hours."""
    origins = [series.get("origin") or {} for series in run.recipe.get("series", {}).values()]
    steps = [step for origin in origins[:1] for step in origin.get("then", ())]
    return {name: value for step in steps for name, value in step.items() if name in _OF_STORED}


def _require_plain(config: RunConfig) -> None:
    extra = config.extra
    if dict(config.margin) != CASH_ACCOUNT or extra.get("fx") or extra.get("detail") or extra.get("latency_ms"):
        raise ConfigError("The search had a margin account, other currencies or finer bars.", hint=_HINT)


def _costs(said: Mapping[str, Any]) -> Any:
    if said["free"]:
        return "none"
    slippage, commission = said["slippage"], said["commission"]
    rates = ("tax_buy", "tax_sell", "borrow_rate", "interest_rate")
    if slippage.get("model") != "Bps" or commission.get("model") != "PerTrade" or any(said[rate] for rate in rates):
        raise ConfigError("The costs of the search cannot be written into a request.", hint=_HINT)
    return {"slippage_bps": slippage["bps"], "commission": f"per-trade:{commission['amount']}"}
