"""What a catalogue entry may say: the shape of the YAML, checked key by key."""

from __future__ import annotations

import datetime as dt
import difflib
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from tradewright.bootstrap.yaml_file import Place, YamlFile

__all__ = ["CostsEntry", "DataEntry", "StrategyEntry", "checked_entry"]


def _as_text(value: Any) -> Any:
    """YAML reads bare dates and numbers as such; here they are text."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


_NOT_OF_RUNS = {"name", "class_", "description", "status", "mode", "universe", "data", "costs"}
Text = Annotated[str, BeforeValidator(_as_text)]
Texts = Annotated[list[Text], BeforeValidator(_as_list)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class DataEntry(_Entry):
    """Where the bars come from, and what the files do not say themselves."""

    source: Literal["files", "store", "synthetic", "auto"] | None = None
    files: Texts = []
    symbol_from: str | None = None
    calendar: str | None = None
    currency: str | None = None
    tz: str | None = None
    stamp: Literal["start", "end", "session"] | None = None
    epoch: Literal["s", "ms", "us", "ns"] | None = None
    volume: Literal["none"] | None = None
    adjust: str | None = None
    adjustment: Literal["raw", "split", "full"] | None = None
    actions: str | None = None
    bad_rows: Literal["refuse", "drop"] | None = None
    suspects: Literal["keep", "drop", "refuse"] | None = None
    sessions: Literal["strict", "regular", "extended"] | None = None


class CostsEntry(_Entry):
    """What trading costs; models as on the command line, such as ``per-share:0.005`` and ``spread:0.02``."""

    slippage_bps: float | None = Field(default=None, ge=0)
    slippage: Text | None = None
    commission: Text | None = None


class StrategyEntry(_Entry):
    """One strategy of the catalogue: its class and the choices of its runs."""

    name: str
    class_: str = Field(alias="class", min_length=1)
    description: str = ""
    status: Literal["active", "inactive"] = "active"
    mode: Literal["backtest", "paper", "live"] = "live"
    universe: Texts = []
    timeframe: Text | None = None
    data: DataEntry = DataEntry()
    params: dict[str, Any] = {}
    costs: CostsEntry | Literal["none", "default"] | None = None
    limits: Literal["none", "cautious", "standard", "bold"] | None = None
    shorts: bool | None = None
    margin: Text | None = None
    cash: float | None = Field(default=None, gt=0)
    currency: str | None = None
    start: Text | None = None
    end: Text | None = None
    fill_at: Literal["open", "close"] | None = None
    size_at: Literal["decision", "fill"] | None = None
    intrabar: Literal["worst", "ohlc"] | None = None
    limit_fill: Literal["through", "touch"] | None = None
    insufficient: Literal["reject", "clip"] | None = None
    metrics_from: Literal["start", "ready"] | None = None
    lots: Literal["fifo", "lifo", "highest_cost"] | None = None
    latency_bars: int | None = Field(default=None, ge=0)
    finalize: bool | None = None
    risk_free: float | None = None
    benchmark: Text | None = None
    quality: Literal["keep", "refuse"] | None = None
    seed: int | None = None

    def choices(self) -> dict[str, Any]:
        """What the entry says, under the names of the command line's options; what it leaves open is absent."""
        said = self.model_dump(exclude=_NOT_OF_RUNS)
        said |= self.data.model_dump(exclude={"currency"}) | {"symbols": self.universe or None}
        said["data_currency"] = self.data.currency
        said |= self.costs.model_dump() if isinstance(self.costs, CostsEntry) else {"costs": self.costs}
        return {name: value for name, value in said.items() if value not in (None, [], {})}


_PARTS: dict[str, type[_Entry]] = {"data": DataEntry, "costs": CostsEntry}


def checked_entry(file: YamlFile, place: Place, value: Any, name: str) -> StrategyEntry:
    """An entry from the values at a place of a file.

    Raises
    ------
    ConfigError
        For the first thing that is wrong; names file and line, and for an unknown key the nearest one.
    """
    if not isinstance(value, dict):
        raise ConfigError(
            f"{file.where(place)}: the strategy '{name}' is not a mapping.",
            hint="Give it at least 'class: file.py:Name'.",
        )
    try:
        return StrategyEntry.model_validate({"name": name} | value)
    except ValidationError as error:
        raise _first_problem(file, place, error) from None


def _first_problem(file: YamlFile, place: Place, error: ValidationError) -> ConfigError:
    problem = min(error.errors(), key=lambda each: file.line((*place, *each["loc"])))
    # A value of two possible shapes is reported once for each, with the shape's name in the path.
    at = tuple(part for part in problem["loc"] if part not in ("CostsEntry", "literal['none','default']"))
    where, key = file.where((*place, *at)), ".".join(map(str, at))
    if problem["type"] == "extra_forbidden":
        return ConfigError(f"{where}: there is no key '{key}'.", hint=_nearest(at))
    if problem["type"] == "missing":
        return ConfigError(f"{where}: '{key}' is missing.", hint="Add it, such as 'class: my_strategy.py:MyStrategy'.")
    reason = problem["msg"].removeprefix("Input should be ")
    return ConfigError(f"{where}: '{key}' should be {reason}, not {problem['input']!r}.")


def _nearest(at: tuple[int | str, ...]) -> str:
    inside = _PARTS.get(str(at[0]), StrategyEntry) if len(at) > 1 else StrategyEntry
    known = [field.alias or name for name, field in inside.model_fields.items()]
    near = difflib.get_close_matches(str(at[-1]), known, n=1)
    return f"Did you mean '{near[0]}'?" if near else f"The keys are {', '.join(known)}."
