"""From a request to a command line: every value checked, no shell, nothing of the server's disk but the project.

What a job runs is what a person would type, so that it gives what the person would get.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.control.jobs import JobKind
from tradewright.domain.errors import ConfigError

from . import fields as read
from .fields import Field, refused, words_of
from .house import HOUSE, house_words
from .restarts import RESTARTS
from .rules import ROLES
from .spaces import costs_words, fixed_words, parameter_words, space_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

__all__ = ["JobCommands", "Places"]

_MARKET: dict[str, Field] = {
    "symbols": Field("--symbols", read.symbols),
    "source": Field("--source", read.choice("store", "synthetic", "auto")),
    "data_version": Field("--data-version", read.plain_word),
    "as_of": Field("--as-of", read.date),
    "hours": Field("--hours", read.choice("regular", "extended")),
    "calendar": Field("--calendar", read.plain_word),
    "timeframe": Field("--timeframe", read.timeframe),
    "adjustment": Field("--adjustment", read.choice("raw", "split", "full")),
    "start": Field("--start", read.date),
    "end": Field("--end", read.date),
}
_RUN: dict[str, Field] = {
    **_MARKET,
    "cash": Field("--cash", read.amount),
    "currency": Field("--currency", read.plain_word),
    "costs": Field("--costs", costs_words),
    "limits": Field("--limits", read.choice("none", "cautious", "standard", "bold")),
    "shorts": Field("--shorts/--no-shorts", read.switch),
    "margin": Field("--margin", read.plain_word),
    "fill_at": Field("--fill-at", read.choice("open", "close")),
    "size_at": Field("--size-at", read.choice("decision", "fill")),
    "intrabar": Field("--intrabar", read.choice("worst", "ohlc")),
    "limit_fill": Field("--limit-fill", read.choice("through", "touch")),
    "insufficient": Field("--insufficient", read.choice("reject", "clip")),
    "latency_bars": Field("--latency-bars", read.whole()),
    "lots": Field("--lots", read.choice("fifo", "lifo", "highest_cost")),
    "finalize": Field("--finalize/--no-finalize", read.switch),
    "benchmark": Field("--benchmark", read.bare_word),
    "metrics_from": Field("--metrics-from", read.choice("start", "ready")),
    "risk_free": Field("--risk-free", read.number),
    "quality": Field("--quality", read.choice("keep", "refuse")),
    "engine": Field("--engine", read.choice("auto", "python", "compiled")),
    "seed": Field("--seed", read.whole()),
    "name": Field("--name", read.text),
    "note": Field("--note", read.text),
    "tags": Field("--tag", read.several),
}
_BACKTEST: dict[str, Field] = {**_RUN, "params": Field("--param", parameter_words)}
_SEARCH: dict[str, Field] = {
    **_RUN,
    "params": Field("--param", fixed_words),
    "space": Field("--param", space_words),
    "where": Field("--where", read.text),
    "objective": Field("--objective", read.several),
    "maximize": Field("--maximize/--minimize", read.switch),
    "method": Field("--method", read.plain_word),
    "trials": Field("--trials", read.whole(1)),
    "constraints": Field("--constraint", read.several),
    "min_trades": Field("--min-trades", read.whole()),
    "metrics": Field("--metrics", read.names),
    "prune": Field("--prune", read.number),
    "executor": Field("--executor", read.choice("auto", "threads", "processes", "ray")),
    "workers": Field("--workers", read.whole(1)),
    "family": Field("--family", read.plain_word),
}
_WALK: dict[str, Field] = {
    **_SEARCH,
    "train": Field("--train", read.plain_word),
    "test": Field("--test", read.plain_word),
    "step": Field("--step", read.plain_word),
    "gap": Field("--gap", read.whole()),
    "anchored": Field("--anchored/--rolling", read.switch),
    "partial": Field("--partial/--whole", read.switch),
}
_IMPORT: dict[str, Field] = {
    "symbols": Field("--symbols", read.symbols),
    "symbol_from": Field("--symbol-from", read.text),
    "calendar": Field("--calendar", read.plain_word),
    "timeframe": Field("--timeframe", read.timeframe),
    "tz": Field("--tz", read.plain_word),
    "stamp": Field("--stamp", read.choice("start", "end", "session")),
    "epoch": Field("--epoch", read.choice("s", "ms", "us", "ns")),
    "volume": Field("--volume", read.choice("none")),
    "adjust": Field("--adjust", read.text),
    "adjustment": Field("--adjustment", read.choice("raw", "split", "full")),
    "bad_rows": Field("--bad-rows", read.choice("refuse", "drop")),
    "suspects": Field("--suspects", read.choice("keep", "drop", "refuse")),
    "sessions": Field("--sessions", read.choice("strict", "regular", "extended")),
    "exchange": Field("--exchange", read.plain_word),
    "currency": Field("--currency", read.plain_word),
    "append": Field("--append", read.flag),
    "replace": Field("--replace", read.flag),
    "skip_bad": Field("--skip-bad", read.flag),
}
_LIVE: dict[str, Field] = {
    "session": Field("--session", read.folder_word),
    "broker": Field("--broker", read.bare_word),
    "feed": Field("--fallback", read.bare_word),
    "symbols": Field("--symbols", read.symbols),
    "timeframe": Field("--timeframe", read.timeframe),
    "params": Field("--param", parameter_words),
    "cash": Field("--cash", read.amount),
    "costs": Field("--costs", costs_words),
    "limits": Field("--risk", read.choice("cautious", "standard", "bold")),
    "shorts": Field("--shorts/--no-shorts", read.switch),
    "fractional": Field("--fractional/--whole", read.switch),
    "extended_hours": Field("--extended-hours", read.flag),
    "warmup": Field("--warmup", read.whole(1)),
    "deadline": Field("--deadline", read.number),
    "seed": Field("--seed", read.whole()),
    "dry_run": Field("--dry-run", read.flag),
}
_PAPER: dict[str, Field] = {**_LIVE, "fills": Field("--fills", read.choice("simulated", "venue"))}
_COMMANDS: dict[JobKind, tuple[tuple[str, ...], dict[str, Field]]] = {
    JobKind.BACKTEST: (("backtest",), _BACKTEST),
    JobKind.OPTIMIZE: (("optimize",), _SEARCH),
    JobKind.WALK_FORWARD: (("walk-forward",), _WALK),
    JobKind.IMPORT_DATA: (("data", "import"), _IMPORT),
    JobKind.PAPER: (("paper",), _PAPER),
    JobKind.LIVE: (("live",), _LIVE),
}
ATTEMPTS = 2
"""How often a job may be begun: once more where its worker was lost. All that jobs do may be done twice."""
_MOST_FILES = 1_000
_RESTARTS, _MOST_RESTARTS = "restarts", 1_000


@dataclass(frozen=True)
class Places:
    """What of the server a request may name.

    Parameters
    ----------
    catalogue : callable
        The names of the strategies in the catalogue, as it is now.
    project : Path
        Strategies and files of bars may lie in this folder.
    uploads : Path, optional
        Where files of bars may lie, too.
    """

    catalogue: Callable[[], Collection[str]]
    project: Path
    uploads: Path | None = None


@dataclass(frozen=True)
class JobCommands:
    """What can be asked of a worker.

    Parameters
    ----------
    places : Places
    """

    places: Places

    def words(self, kind: str, request: Mapping[str, Any]) -> tuple[str, ...]:
        """The arguments of `tradewright` for a request.

        Parameters
        ----------
        kind : str
        request : mapping
            Plain values by the names of `tradewright.backtest` and the command line: ``strategy``, ``symbols``,
            ``params`` …; of an import ``files`` and what files do not say of themselves. None says nothing.

        Raises
        ------
        ConfigError
            For a kind or a field that is not known, or a value that does not fit; names it.
        """
        known = self.kind(kind)
        if known in HOUSE:
            said = {name: value for name, value in request.items() if value is not None and name != "kind"}
            _require_known(said, HOUSE[known].known)
            return house_words(known, said)
        command, fields = _COMMANDS[known]
        own = "files" if known is JobKind.IMPORT_DATA else "strategy"
        not_words = {"kind", own, *([_RESTARTS] if known.is_session else [])}
        said = {name: value for name, value in request.items() if value is not None and name not in not_words}
        _require_known(said, fields)
        if known is JobKind.IMPORT_DATA:
            return (*command, *words_of(fields, said), "--json", "--", *self._files(request.get(own)))
        strategy = self.strategy(request.get(own))
        if known.is_session:
            _require_complete(known, said)
            self.attempts(kind, request)
            return (*command, *words_of(fields, said), "--", strategy)
        return (*command, *words_of(fields, said), "--keep", "--json", "--", strategy)

    @staticmethod
    def kind(said: str) -> JobKind:
        """The kind of a job by its word.

        Raises
        ------
        ConfigError
            When there is none.
        """
        if said not in {str(each) for each in ROLES}:
            raise refused("kind", said, " or ".join(map(str, ROLES)))
        return JobKind(said)

    @staticmethod
    def attempts(kind: str, request: Mapping[str, Any]) -> int:
        """How often a job of a request may be begun: a session as often as it says under ``restarts``, and once more.

        Raises
        ------
        ConfigError
            When that is no such number.
        """
        if not JobKind(kind).is_session:
            return ATTEMPTS
        said = request.get(_RESTARTS)
        said = RESTARTS if said is None else said
        if not isinstance(said, int) or isinstance(said, bool) or not 0 <= said <= _MOST_RESTARTS:
            raise refused(_RESTARTS, said, f"a whole number from 0 to {_MOST_RESTARTS:,}")
        return 1 + said

    def strategy(self, named: Any) -> str:
        """A strategy of the catalogue, or ``path/file.py[:Class]`` below the project's folder, the path absolute.

        Raises
        ------
        ConfigError
            When it is neither; a module by name is neither, too.
        """
        if not isinstance(named, str) or not named:
            raise refused("strategy", named, "the name of a strategy in the catalogue")
        names = self.places.catalogue()
        if named in names:
            return named
        path, colon, attribute = named.partition(":")
        if path.endswith(".py") and (not colon or attribute.isidentifier()):
            return f"{self._below('strategy', path, [self.places.project])}{colon}{attribute}"
        near = difflib.get_close_matches(named, names, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(sorted(names)) or 'none'}."
        raise ConfigError(
            f"strategy='{named:.80}' is neither in the catalogue nor a Python file of the project.", hint=hint
        )

    def _files(self, named: Any) -> list[str]:
        fits = isinstance(named, list) and 0 < len(named) <= _MOST_FILES
        if not fits or not all(isinstance(each, str) and each for each in named):
            raise refused("files", named, "a list of files")
        roots = [self.places.project, *([] if self.places.uploads is None else [self.places.uploads])]
        return [str(self._below("files", each, roots)) for each in named]

    def _below(self, name: str, said: str, roots: list[Path]) -> Path:
        """A file that lies below one of the folders, wherever its links lead."""
        path = _resolved(name, roots[0], said)
        if not any(path.is_relative_to(root.resolve()) for root in roots):
            raise ConfigError(f"{name}='{said:.200}' lies outside the project's folder.", hint="Move it there.")
        if not path.is_file():
            raise ConfigError(f"{name}='{said:.200}' is no file of the project.", hint="Look at its name.")
        return path


def _require_known(said: Mapping[str, Any], known: Collection[str]) -> None:
    for name in said:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"It has {', '.join(known)}."
            raise ConfigError(f"A request has no field '{name!s:.80}'.", hint=hint)


def _require_complete(kind: JobKind, said: Mapping[str, Any]) -> None:
    """What a session cannot do without; its name above all, by which it is taken up where its process died."""
    needed = ["session", "broker", "symbols"]
    if kind is JobKind.LIVE or said.get("fills") == "venue":
        needed.append("limits")
    missing = next((name for name in needed if not said.get(name)), None)
    if missing is not None:
        raise ConfigError(f"A {kind} session needs '{missing}'.", hint=f"Name it: {', '.join(needed)}.")


def _resolved(name: str, root: Path, said: str) -> Path:
    try:
        return (root / said).resolve()
    except (OSError, ValueError, RuntimeError):
        raise refused(name, said, "the path of a file") from None
