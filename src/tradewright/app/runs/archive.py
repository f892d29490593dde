"""Keeping runs whole and finding them again."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewright.app.recipes import bars_again
from tradewright.domain.control.paging import FIRST_PAGE
from tradewright.domain.errors import ConfigError, DataError, DataNotAvailableError, TradewrightError
from tradewright.domain.kept_run import LATEST_FIRST, Artifact, KeptRun, short_id
from tradewright.domain.packed_record import packed, unpacked
from tradewright.domain.quality import QualityReport
from tradewright.domain.recipe import Recipe
from tradewright.engine.dates import until
from tradewright.reporting.evidence import Evidence
from tradewright.reporting.result import Result
from tradewright.reporting.trust import kept_chip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tradewright.app.recipes import BarsAgain
    from tradewright.domain.bars import Bars
    from tradewright.domain.control.paging import Page, Slice
    from tradewright.domain.kept_run import RunLabel, RunQuery, RunSort
    from tradewright.domain.record import RunConfig, RunRecord
    from tradewright.ports.artifacts import ArtifactStore
    from tradewright.ports.run_store import RunStore

__all__ = ["RunArchive"]

_RECORD, _BENCHMARK, _STRATEGY = "record", "benchmark", "strategy-"
_SHOWN = ("trust", "synthetic")
"""What is kept beside the evidence, so that a list of runs can show it without opening their records."""
_NO_RECIPE = "The result was put together by hand, so that nothing is known of how it was run."
_WALK = "walk_forward"
_NO_WALK = "It is what came out of sample in a walk-forward, which runs again by its own command."


@dataclass(frozen=True)
class RunArchive:
    """Where runs are kept.

    Parameters
    ----------
    store : RunStore
    artifacts : ArtifactStore
    """

    store: RunStore
    artifacts: ArtifactStore

    def keep(self, result: Result, label: RunLabel, documents: Mapping[str, bytes] | None = None) -> KeptRun:
        """Keep a run with everything that it takes to show it, compare it and run it again; all of it or nothing.

        Parameters
        ----------
        result : Result
        label : RunLabel
        documents : mapping of str to bytes, optional
            JSON documents that belong to it, by name: the search of which it is the best, or the walk.

        Raises
        ------
        StorageError, ResourceError
            When the stores cannot take it.
        """
        # Before the stores are held: metrics may take a while.
        run, contents = _taken_apart(result, label)
        contents += [(name, "application/json", document) for name, document in (documents or {}).items()]
        for _, _, content in contents:
            # Sent before the stores are held, and looked for once they are: a deletion in between may have freed it.
            self.artifacts.put(content)
        with self.store.writing() as writer:
            left = tuple(self._put(name, media_type, content) for name, media_type, content in contents)
            kept = replace(run, artifacts=left)
            writer.add(kept)
        return kept

    def found(self, prefix: str) -> KeptRun:
        """The run whose id begins so.

        Raises
        ------
        DataNotAvailableError
            When there is none.
        ConfigError
            When there are several; names them.
        """
        ids = self.store.ids(prefix) if prefix else []
        if len(ids) > 1 and prefix not in ids:
            shown = ", ".join(each[: len(prefix) + 4] for each in ids)
            raise ConfigError(f"'{prefix}' begins the ids of {len(ids)} runs: {shown}.", hint="Give more of the id.")
        run = self.store.get(prefix if prefix in ids else ids[0]) if ids else None
        if run is None:
            raise DataNotAvailableError(f"There is no kept run '{prefix}'.", hint="Look at: tradewright runs list")
        return run

    def query(self, query: RunQuery) -> list[KeptRun]:
        """The runs asked for, latest first."""
        return self.store.find(query)

    def page(self, query: RunQuery, sort: RunSort = LATEST_FIRST, piece: Slice = FIRST_PAGE) -> Page[KeptRun]:
        """One piece of the runs asked for, and how many they are; quick however many runs there are."""
        return self.store.page(query, sort, piece)

    def relabel(self, run: KeptRun, how: Callable[[RunLabel], RunLabel]) -> KeptRun:
        """Change name, note, tags or star of a run, from what they are at this moment; nothing else changes.

        Raises
        ------
        NotFoundError
            When the run was deleted meanwhile.
        """
        with self.store.writing() as writer:
            return writer.relabel(run.id, how)

    def load(self, run: KeptRun, load_bars: BarsAgain) -> Result:
        """The result of a kept run: same hash, metrics, report and JSON.

        Its bars are read from where they came from when something asks for them, and are absent where they are gone or
        others now.

        Raises
        ------
        DataNotAvailableError, DataError
            When its record is gone or damaged.
        """
        record = unpacked(self._content(run, _RECORD))
        recipe = self.recipe(run)
        record = replace(record, bars=_LazyBars(recipe, record.config, load_bars))
        evidence = {name: value for name, value in run.evidence.items() if name not in _SHOWN}
        reports = evidence.pop("quality", None)
        quality = None if reports is None else _constant(tuple(map(QualityReport.from_dict, reports)))
        return Result(
            record,
            risk_free=recipe.risk_free,
            benchmark=self._benchmark(run),
            evidence=Evidence(**evidence, quality=quality),
            recipe=recipe,
        )

    def recipe(self, run: KeptRun) -> Recipe:
        """How to run it again."""
        texts = {
            at: self._content(run, f"{_STRATEGY}{at}").decode()
            for at in range(len(run.recipe["strategies"]))
            if run.artifact(f"{_STRATEGY}{at}")
        }
        return Recipe.from_dict(run.recipe, texts)

    def document(self, run: KeptRun, name: str) -> bytes | None:
        """The JSON document that was kept with a run under that name; None where there is none.

        Raises
        ------
        DataNotAvailableError, DataError
            When it is gone or damaged.
        """
        return None if run.artifact(name) is None else self._content(run, name)

    def delete(self, runs: Iterable[KeptRun]) -> int:
        """Forget runs, and free what no other run needs; how many pieces that were.

        The rows go first: a process that dies in between leaves pieces that nobody needs, never a run without them.
        The next deletion frees those.
        """
        with self.store.writing() as writer:
            writer.remove([run.id for run in runs])
        with self.store.writing() as writer:
            return self.artifacts.retain(writer.digests())

    def _put(self, name: str, media_type: str, content: bytes) -> Artifact:
        return Artifact(name, media_type, len(content), self.artifacts.put(content), self.artifacts.place)

    def _content(self, run: KeptRun, name: str) -> bytes:
        artifact = run.artifact(name)
        if artifact is None:
            raise DataError(f"The kept run {short_id(run.id)} has no {name}.", hint="Delete it.")
        return self.artifacts.get(artifact.digest)

    def _benchmark(self, run: KeptRun) -> Any:
        if run.artifact(_BENCHMARK) is None:
            return None
        return np.lib.format.read_array(io.BytesIO(self._content(run, _BENCHMARK)), allow_pickle=False)


class _LazyBars(Mapping[str, "Bars"]):
    """The bars of a kept run, read again when they are first asked for; empty where that cannot be done."""

    def __init__(self, recipe: Recipe, config: RunConfig, load: BarsAgain) -> None:
        self._recipe, self._config, self._load = recipe, config, load
        self._found: dict[str, Bars] | None = None
        self._absence = ""

    @property
    def absence(self) -> str:
        """Why there are none, as a clause; empty where there are."""
        self._bars()
        return self._absence

    def _bars(self) -> dict[str, Bars]:
        if self._found is None:
            self._found = self._read()
        return self._found

    def _read(self) -> dict[str, Bars]:
        try:
            full = {name: bars_again(name, bars, self._load) for name, bars in self._recipe.series.items()}
        except TradewrightError as error:
            # A result is worth showing without its prices, and says where they are missing.
            self._absence = f"{error.message[:1].lower()}{error.message[1:].rstrip('.')}"
            return {}
        cut = {name: until(bars, self._config.end, self._config.start) for name, bars in full.items()}
        return {name: bars for name, bars in cut.items() if bars is not None}

    def __getitem__(self, name: str) -> Bars:
        return self._bars()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._bars())

    def __len__(self) -> int:
        return len(self._bars())


def _taken_apart(result: Result, label: RunLabel) -> tuple[KeptRun, list[tuple[str, str, bytes]]]:
    """The row of a run, and the pieces that are kept by their content."""
    record, metrics = result.record, result.metrics
    recipe = result.recipe or Recipe(
        risk_free=result.risk_free, obstacles=(_NO_WALK if label.kind == _WALK else _NO_RECIPE,)
    )
    first, last = _period(record)
    run = KeptRun(
        label,
        status="done",
        strategy=" + ".join(each.name for each in record.strategies),
        symbols=tuple(record.symbols),
        timeframe=record.data[0].timeframe if record.data else "",
        first=first,
        last=last,
        record_hash=record.hash,
        config_hash=record.config_hash,
        code_version=record.code_version,
        config={item.name: getattr(record.config, item.name) for item in fields(record.config)},
        recipe=recipe.to_dict(),
        evidence=_evidence(result),
        metrics={key: (_number(metrics[key]), metrics.reason(key)) for key in metrics},
    )
    contents = [(_RECORD, "application/zip", packed(record))]
    contents += [
        (f"{_STRATEGY}{at}", "text/x-python", each.text.encode())
        for at, each in enumerate(recipe.strategies)
        if each.text
    ]
    if metrics.benchmark is not None:
        column = io.BytesIO()
        np.lib.format.write_array(column, metrics.benchmark, allow_pickle=False)
        contents.append((_BENCHMARK, "application/x-npy", column.getvalue()))
    return run, contents


def _evidence(result: Result) -> dict[str, Any]:
    evidence = result.evidence
    plain = {item.name: getattr(evidence, item.name) for item in fields(evidence) if item.name != "quality"}
    reports = result.findings.quality
    chips = [kept_chip(chip) for chip in result.trust]
    reports_plain = None if reports is None else [report.to_dict() for report in reports]
    return {**plain, "quality": reports_plain, "trust": chips, "synthetic": result.record.is_synthetic}


def _period(record: RunRecord) -> tuple[str, str]:
    """Session dates of the first and last row that counted."""
    line = record.timeline
    labels = line.sessions.row_labels(len(line))[line.first_row :]
    days = labels[[0, -1]] if len(labels) else line.sessions.labels[[0, -1]]
    first, last = np.datetime_as_string(days.astype("datetime64[D]"))
    return str(first), str(last)


def _number(value: Any) -> float | None:
    """A metric of a user's own may be a number of numpy, which no database takes."""
    return None if value is None else float(value)


def _constant(value: Any) -> Callable[[], Any]:
    return lambda: value
