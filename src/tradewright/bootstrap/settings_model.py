"""What the settings may say: every section and key with its type, its default and its meaning."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from tradewright.bootstrap.margins import margin_of
from tradewright.bootstrap.policies import COMMISSION_FORMS, SLIPPAGE_FORMS, commission_of, slippage_of
from tradewright.domain.errors import TradewrightError
from tradewright.domain.retention import Retention
from tradewright.domain.timeframe import Timeframe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic.fields import FieldInfo

__all__ = ["BacktestSection", "DataSection", "EventsSection", "Kind", "LiveSection", "LoggingSection",
           "RunsSection", "SearchSection", "ServerSection", "SettingsModel", "StorageSection", "fields", "kind_of",
           "sections", "words_of"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a key, in words that a sentence can end with."""

    words: str


def _as_text(value: Any) -> Any:
    """YAML reads bare dates and numbers as such; here they are text."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _joined(value: Any) -> Any:
    """A list of names as one text."""
    return ",".join(value) if isinstance(value, list) and all(isinstance(each, str) for each in value) else value


def _as_rules(value: Any) -> Any:
    """A mapping is written as it would be in a variable of the environment."""
    return ", ".join(f"{name}: {said}" for name, said in value.items()) if isinstance(value, dict) else value


def _no_truth(value: Any) -> Any:
    """Numbers are not true or false."""
    if isinstance(value, bool):
        raise ValueError("a truth value")  # noqa: TRY004 - pydantic takes a ValueError for "does not fit"
    return value


def _accepted_by(read: Callable[[str], Any]) -> Callable[[str], str]:
    def check(text: str) -> str:
        try:
            read(text)
        except TradewrightError:
            unfit = True
        else:
            unfit = False
        if unfit:
            raise ValueError("does not fit")
        return text

    return check


def _model(read: Callable[[str], Any]) -> Callable[[str], str]:
    """A shipped model is checked with its numbers; another may be one that the strategy's own file registers."""
    check = _accepted_by(read)

    def shipped_or_named(text: str) -> str:
        name = text.partition(":")[0]
        return check(text) if name in _SHIPPED or not _REGISTERED.fullmatch(name) else text

    return shipped_or_named


def _zone(text: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(text)
    except (OSError, ValueError, LookupError):
        unfit = True
    else:
        unfit = False
    if unfit:
        raise ValueError("no zone")
    return text


_SHIPPED = {form.split(":")[0] for form in re.split(r", | or ", f"{COMMISSION_FORMS}, {SLIPPAGE_FORMS}")}
_REGISTERED = re.compile(r"[A-Za-z_][\w.-]*")

_AsText = BeforeValidator(_as_text)
Text = Annotated[str, Field(min_length=1), _AsText, Kind("text")]
Flag = Annotated[bool, Kind("true or false")]
Amount = Annotated[float, Field(allow_inf_nan=False), BeforeValidator(_no_truth), Kind("a number")]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False), BeforeValidator(_no_truth), Kind("a number above 0")]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False), BeforeValidator(_no_truth), Kind("a number from 0 up")]
Count = Annotated[int, Field(ge=0), BeforeValidator(_no_truth), Kind("a whole number from 0 up")]
Kept = Annotated[str, Field(min_length=1), Kind("where a secret is kept")]
Currency = Annotated[str, Field(pattern=r"^[A-Z0-9]{3,8}$"), Kind("a currency such as USD")]
Zone = Annotated[str, AfterValidator(_zone), Kind("a time zone such as America/New_York")]
Length = Annotated[str, _AsText, AfterValidator(_accepted_by(Timeframe.parse)), Kind("a timeframe such as 1m or 1d")]
Ages = Annotated[
    str,
    BeforeValidator(_as_rules),
    AfterValidator(_accepted_by(Retention.parse)),
    Kind("timeframes with ages such as {1m: 2y, 1d: forever}"),
    WithJsonSchema({"type": ["object", "string"], "additionalProperties": {"type": "string"}}),
]
Fees = Annotated[str, _AsText, AfterValidator(_model(commission_of)), Kind(COMMISSION_FORMS)]
Slip = Annotated[str, _AsText, AfterValidator(_model(slippage_of)), Kind(SLIPPAGE_FORMS)]
Names = Annotated[
    str,
    BeforeValidator(_joined),
    Field(pattern=r"^[a-z][a-z0-9_]*( *, *[a-z][a-z0-9_]*)*$"),
    Kind("names in their order, such as [alpaca, polygon]"),
]
MarginWords = Annotated[
    str, _AsText, AfterValidator(_accepted_by(margin_of)), Kind("initial,maintenance as fractions, such as 0.5,0.25")
]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class StorageSection(_Section):
    """Where the stores lie."""

    folder: Text | None = Field(
        default=None,
        description="Folder of stored bars and runs, relative to this file; your user data folder if not given.",
        examples=["store"],
    )
    database: Kept | None = Field(
        default=None,
        description="Where the connection string of a PostgreSQL database is kept, for runs, trials, approvals, users,"
        " jobs and alerts; a file in the folder if not given.",
        examples=["${TRADEWRIGHT_DSN}"],
    )
    artifacts: Text | None = Field(
        default=None,
        description="A bucket for the records of runs, as s3://bucket/prefix?endpoint=https://host&region=name; the"
        " folder if not given.",
        examples=["s3://my-runs/tradewright"],
    )
    bars: Literal["files", "database"] = Field(
        default="files",
        description="Keep bars as Parquet files in the folder, or as rows of the database that storage.database names.",
    )
    retention: Ages | None = Field(
        default=None,
        description="How long bars of each timeframe stay before 'tradewright data archive' moves them; forever where"
        " nothing is said.",
        examples=["{1m: 2y, 1d: forever}"],
    )


class BacktestSection(_Section):
    """What every backtest begins with, unless the catalogue entry or an option says otherwise."""

    cash: Positive = Field(default=100_000.0, description="What the account begins with.")
    currency: Currency = Field(default="USD", description="Currency of the account.")
    costs: Literal["default", "none"] = Field(default="default", description="Trade with costs, or for nothing.")
    slippage_bps: NotNegative | None = Field(
        default=None, description="How far fills land from the price, in basis points; 10 if not given.", examples=[10]
    )
    slippage: Slip | None = Field(
        default=None, description="Instead of basis points, a model.", examples=["spread:0.02"]
    )
    commission: Fees | None = Field(
        default=None, description="What an order costs; per-trade:1.0 if not given.", examples=["per-trade:1.0"]
    )
    limits: Literal["none", "cautious", "standard", "bold"] = Field(default="none", description="Risk limits.")
    shorts: Flag = Field(default=False, description="Allow short positions, without leverage.")
    margin: MarginWords | None = Field(
        default=None, description="A margin account with shorts; a cash account if not given.", examples=["0.5,0.25"]
    )
    fill_at: Literal["open", "close"] = Field(default="open", description="Where market orders fill.")
    size_at: Literal["decision", "fill"] = Field(default="decision", description="When quantities are fixed.")
    intrabar: Literal["worst", "ohlc"] = Field(default="worst", description="How a bar is read inside.")
    limit_fill: Literal["through", "touch"] = Field(default="through", description="When limit orders fill.")
    insufficient: Literal["reject", "clip"] = Field(
        default="reject", description="What becomes of what cannot be paid."
    )
    metrics_from: Literal["start", "ready"] = Field(default="start", description="When metrics begin.")
    lots: Literal["fifo", "lifo", "highest_cost"] = Field(
        default="fifo", description="Which units a closing trade closes first."
    )
    latency_bars: Count = Field(default=0, description="Bars by which orders are delayed.")
    finalize: Flag = Field(default=False, description="Close what is open at the last close.")
    risk_free: Amount = Field(default=0.0, description="Yearly rate for the metrics, a fraction.")
    quality: Literal["keep", "refuse"] = Field(default="keep", description="Run over doubtful bars, or refuse them.")
    seed: Count = Field(default=0, description="Seed of the strategy's generator and of a synthetic market.")
    benchmark: Text | None = Field(
        default=None,
        description="A symbol of the run or the store, or a file, for the relative metrics.",
        examples=["SPY"],
    )


class DataSection(_Section):
    """Whose bars are fetched, and what files do not say themselves, where it is the same for all of yours."""

    sources: Names | None = Field(
        default=None,
        description="The providers that source auto asks, the next where one before lacks a series or is away; every"
        " configured one if not given.",
        examples=[["alpaca", "polygon"]],
    )

    calendar: Text | None = Field(
        default=None, description="Whose sessions: XNYS, XNAS, XLON …, 24/7 (coins), 24/5 (FX).", examples=["XNYS"]
    )
    timeframe: Length | None = Field(default=None, description="How long a bar lasts.", examples=["1d"])
    tz: Zone | None = Field(default=None, description="Zone of stamps that name none.", examples=["America/New_York"])
    stamp: Literal["start", "end", "session"] | None = Field(
        default=None, description="What a stamp marks.", examples=["session"]
    )
    epoch: Literal["s", "ms", "us", "ns"] | None = Field(
        default=None, description="Unit of stamps that are numbers.", examples=["ms"]
    )
    currency: Currency | None = Field(
        default=None, description="Currency of prices; that of the account if not given.", examples=["USD"]
    )
    adjustment: Literal["raw", "split", "full"] = Field(default="raw", description="What the prices already contain.")
    bad_rows: Literal["refuse", "drop"] = Field(
        default="refuse", description="Refuse impossible rows, or leave them out."
    )
    suspects: Literal["keep", "drop", "refuse"] = Field(
        default="keep", description="Spikes, repeated prices, no volume: keep, leave out or refuse them."
    )
    sessions: Literal["strict", "regular", "extended"] = Field(default="strict", description="Rows outside the hours.")


class SearchSection(_Section):
    """Who carries out the trials of searches and walk-forwards."""

    executor: Text = Field(
        default="auto", description="auto, threads, processes, ray (the cluster of RAY_ADDRESS), or one that is added."
    )
    workers: Annotated[int, Field(ge=1), BeforeValidator(_no_truth), Kind("a whole number from 1 up")] | None = Field(
        default=None, description="Trials at the same time; one for each processor if not given.", examples=[8]
    )


class RunsSection(_Section):
    """Where the results of runs go."""

    folder: Text = Field(
        default="runs", description="Where each run gets its folder; relative to this file where it says so."
    )
    keep: Flag = Field(default=True, description="Keep each run in the store, to be found with runs and compare.")


class LiveSection(_Section):
    """What holds for every account that is traded, on paper and live."""

    journal: Kept | None = Field(
        default=None,
        description="Where the connection string of a PostgreSQL database is kept, for accounts that two hosts may"
        " trade; files on this host if not given.",
        examples=["${JOURNAL_DSN}"],
    )


class ServerSection(_Section):
    """How `tradewright serve` is reached."""

    origins: Text | None = Field(
        default=None,
        description="Other places whose pages may ask it, such as a dashboard that is served elsewhere; several are"
        " separated by commas.",
        examples=["https://desk.example.com"],
    )
    https: Flag = Field(
        default=False,
        description="Browsers come over https, which a proxy before it takes off; cookies then travel over nothing"
        " else.",
    )


class EventsSection(_Section):
    """How what happens is told to other hosts."""

    bus: Kept | None = Field(
        default=None,
        description="Where the address of a Redis is kept, which wakes readers on all hosts at once; without it they"
        " look every quarter of a second.",
        examples=["${REDIS_URL}"],
    )


class LoggingSection(_Section):
    """What servers and workers log, and where."""

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="The least that is logged.")
    format: Literal["auto", "json", "console"] = Field(
        default="auto", description="How lines look on the error stream: for the eye on a terminal, else as JSON."
    )
    folder: Text | None = Field(
        default=None,
        description="Folder of log files, relative to this file: one for each role, as JSON; none if not given.",
        examples=["logs"],
    )
    rotate_mb: Positive = Field(default=20.0, description="Megabytes after which a new file is begun.")
    keep: Count = Field(default=5, description="Files that are kept beside the one that is written.")


class SettingsModel(_Section):
    """Everything that tradewright.yaml may say."""

    version: Annotated[Literal[1], BeforeValidator(_no_truth), Kind("1")] = Field(
        default=1, description="Version of the form of this file."
    )
    storage: StorageSection = StorageSection()
    backtest: BacktestSection = BacktestSection()
    data: DataSection = DataSection()
    search: SearchSection = SearchSection()
    runs: RunsSection = RunsSection()
    live: LiveSection = LiveSection()
    server: ServerSection = ServerSection()
    events: EventsSection = EventsSection()
    logging: LoggingSection = LoggingSection()
    credentials: dict[str, Any] = Field(
        default={},
        description="Secrets by name, each as ${NAME}, {file: path} or {keyring: service/name}; never the value.",
    )
    brokers: dict[str, Any] = Field(
        default={},
        description="Brokers by name: how each is reached, and where the credentials of each mode are kept.",
    )
    providers: dict[str, Any] = Field(
        default={},
        description="Providers of market data by name: how each is reached, and where its key is kept.",
    )
    alerts: dict[str, Any] = Field(
        default={},
        description="Channels by which people are told of alerts, and rules with their thresholds.",
    )
    schedules: dict[str, Any] = Field(
        default={},
        description="Work that begins by itself, by name: when, which kind of job, and what it takes.",
    )


def sections() -> dict[str, type[_Section]]:
    """The sections by name, in order."""
    found = {name: field.annotation for name, field in SettingsModel.model_fields.items()}
    return {name: kind for name, kind in found.items() if isinstance(kind, type) and issubclass(kind, _Section)}


def fields() -> Iterator[tuple[str, FieldInfo]]:
    """Every key, as ``section.key``, in order; ``version`` and ``credentials`` stand alone."""
    known = sections()
    for name, field in SettingsModel.model_fields.items():
        if name in known:
            yield from ((f"{name}.{key}", inner) for key, inner in known[name].model_fields.items())
        else:
            yield name, field


def kind_of(field: FieldInfo) -> str:
    """The type of a key in words, such as ``a number above 0`` or ``open or close``."""
    kinds = [each.words for each in field.metadata if isinstance(each, Kind)]
    for part in get_args(field.annotation):
        kinds += [each.words for each in getattr(part, "__metadata__", ()) if isinstance(each, Kind)]
    if kinds:
        return kinds[-1]
    words = words_of(field)
    return " or ".join([", ".join(words[:-1]), words[-1]]) if words else "a mapping"


def words_of(field: FieldInfo) -> list[str]:
    """The words that a key may be; none where it is free."""
    parts = [field.annotation, *get_args(field.annotation)]
    return next(([str(word) for word in get_args(part)] for part in parts if _is_choice(part)), [])


def _is_choice(part: Any) -> bool:
    words = get_args(part)
    return bool(words) and all(isinstance(word, str) for word in words)
