"""Searches and their trials as rows; every statement is of the kind that any database understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import and_, delete, insert, select, update

from tradewright.domain.errors import StorageError
from tradewright.domain.plain_values import from_plain, to_plain
from tradewright.domain.search import DataSpan, SearchHeader, Trial, TrialState
from tradewright.ports.trial_ledger import KeptTrial

from ..trial_counts import COUNTED, counted, families_of, finite
from .tables import search_instruments, searches, trials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlalchemy import ColumnElement, Connection, Row, Select

    from tradewright.domain.search import FamilyTrials, TrialCount

    from .database import Database

__all__ = ["SqlTrialLedger"]

_WORDS = ("id", "kind", "family", "strategy", "settings")
_SPAN = ("timeframe", "first", "last")
_CODEC = "lz4"
"""Days without a position take no room; days with one hardly shrink, and looking harder costs more than it saves."""


class SqlTrialLedger:
    """Trials in a database; see `tradewright.ports.trial_ledger.TrialLedger`.

    Of a search that is begun anew after it ended, the trials of the time before stay and count, until each is recorded
    again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, header: SearchHeader) -> list[KeptTrial]:
        """Begin a search, or go on with it; see the port."""
        with self._database.writing() as connection:
            key, time, ended = _search(connection, header)
            if ended:
                again = update(searches).where(searches.c.key == key).values(time=time + 1, ended=False)
                connection.execute(again)
                return []
            own = and_(trials.c.search_key == key, trials.c.time == time)
            return [
                _kept(header.id, row) for row in connection.execute(select(trials).where(own).order_by(trials.c.number))
            ]

    def record(self, header: SearchHeader, kept: Sequence[KeptTrial]) -> None:
        """Keep trials; see the port."""
        if not kept:
            return
        rows: dict[int, dict[str, Any]] = {}
        for each in kept:
            rows.setdefault(each.trial.number, _row(header, each))
        with self._database.writing() as connection:
            key, time, _ = _search(connection, header)
            present = and_(trials.c.search_key == key, trials.c.number.between(min(rows), max(rows)))
            for number, when in connection.execute(select(trials.c.number, trials.c.time).where(present)).all():
                if number in rows and when == time:
                    del rows[number]
                elif number in rows:
                    connection.execute(delete(trials).where(trials.c.search_key == key, trials.c.number == number))
            if rows:
                connection.execute(insert(trials), [{"search_key": key, "time": time, **row} for row in rows.values()])

    def finish(self, header: SearchHeader) -> None:
        """The search has come to its end."""
        with self._database.writing() as connection:
            key, _, _ = _search(connection, header)
            connection.execute(update(searches).where(searches.c.key == key).values(ended=True))

    def count(self, family: str, span: DataSpan) -> TrialCount:
        """Distinct configurations; of one that was tried several times the latest Sharpe ratio counts."""
        with self._database.reading() as connection:
            found = () if connection is None else connection.execute(_tried(family, span)).all()
        latest = {configuration: sharpe for configuration, sharpe in found if sharpe is not None}
        return counted(family, len({row[0] for row in found}), latest.values())

    def trials_of(self, search: str) -> list[Trial]:
        """The trials of a search as far as it is."""
        own = and_(searches.c.id == search, trials.c.search_key == searches.c.key, trials.c.time == searches.c.time)
        columns = [column for column in trials.c if column.name not in {"returns", "periods"}]
        with self._database.reading() as connection:
            asked = select(*columns).where(own).order_by(trials.c.number)
            found = () if connection is None else connection.execute(asked).all()
            return [_trial(row) for row in found]

    def families(self) -> list[FamilyTrials]:
        """Every family of which something counts, by name."""
        with self._database.reading() as connection:
            if connection is None:
                return []
            instruments: dict[int, list[str]] = {}
            for key, instrument in connection.execute(select(search_instruments)).all():
                instruments.setdefault(key, []).append(instrument)
            tried: dict[int, set[str]] = {}
            counting = select(trials.c.search_key, trials.c.configuration).where(_counts())
            for key, configuration in connection.execute(counting).all():
                tried.setdefault(key, set()).add(configuration)
            found = connection.execute(select(searches)).all()
        return families_of((_header(row, instruments.get(row.key, [])), tried.get(row.key, ())) for row in found)


def _counts() -> ColumnElement[bool]:
    return trials.c.state.in_([state.value for state in COUNTED])


def _header(row: Row[Any], instruments: list[str]) -> SearchHeader:
    words = {name: getattr(row, name) for name in _WORDS}
    return SearchHeader(span=DataSpan(tuple(instruments), row.timeframe, row.first, row.last), **words)


def _search(connection: Connection, header: SearchHeader) -> tuple[int, int, bool]:
    """Key, time and end of a search; it is made where it is not there."""
    columns = (searches.c.key, searches.c.time, searches.c.ended)
    found = connection.execute(select(*columns).where(searches.c.id == header.id)).one_or_none()
    if found is not None:
        return found.key, found.time, found.ended
    values = {name: getattr(header, name) for name in _WORDS} | {name: getattr(header.span, name) for name in _SPAN}
    made = connection.execute(insert(searches).values(**values, time=0, ended=False)).inserted_primary_key
    key = int(made[0]) if made is not None else 0
    rows = [{"search_key": key, "instrument": each} for each in dict.fromkeys(header.span.instruments)]
    if rows:
        connection.execute(insert(search_instruments), rows)
    return key, 0, False


def _tried(family: str, span: DataSpan) -> Select[Any]:
    """Configurations on overlapping data with their ratios, the latest last."""
    sharing = select(search_instruments.c.search_key).where(search_instruments.c.instrument.in_(span.instruments))
    concerned = select(searches.c.key).where(
        searches.c.family == family,
        searches.c.timeframe == span.timeframe,
        searches.c.first <= span.last,
        searches.c.last >= span.first,
        searches.c.key.in_(sharing),
    )
    read = select(trials.c.configuration, trials.c.sharpe).order_by(trials.c.sequence)
    return read.where(trials.c.search_key.in_(concerned), _counts())


def _row(header: SearchHeader, kept: KeptTrial) -> dict[str, Any]:
    trial = kept.trial
    return {
        "number": trial.number,
        "configuration": header.configuration(trial),
        "state": trial.state.value,
        "sharpe": finite(trial.sharpe),
        "params": to_plain(dict(trial.params)),
        "objectives": to_plain(list(trial.values)),
        "metrics": to_plain(dict(trial.metrics)),
        "reason": trial.reason,
        "periods": None if kept.returns is None else len(kept.returns),
        "returns": None if kept.returns is None else _packed(kept.returns),
    }


def _trial(row: Row[Any]) -> Trial:
    return Trial(
        row.number,
        from_plain(row.params),
        TrialState(row.state),
        tuple(from_plain(row.objectives)),
        from_plain(row.metrics),
        row.reason,
        row.sharpe,
    )


def _kept(search: str, row: Row[Any]) -> KeptTrial:
    trial = _trial(row)
    try:
        return KeptTrial(trial, None if row.returns is None else _unpacked(row.returns, row.periods))
    except (OSError, ValueError) as error:
        raise StorageError(
            f"The returns of trial {row.number} of search '{search}' are damaged: {error}.",
            hint="Put the database aside, or restore a copy.",
        ) from error


def _packed(returns: NDArray[np.float64]) -> bytes:
    import pyarrow as pa

    packed: bytes = pa.Codec(_CODEC).compress(np.ascontiguousarray(returns, "<f8").tobytes(), asbytes=True)
    return packed


def _unpacked(packed: bytes, periods: int) -> NDArray[np.float64]:
    import pyarrow as pa

    raw = pa.Codec(_CODEC).decompress(packed, decompressed_size=8 * periods, asbytes=True)
    return np.frombuffer(raw, "<f8").astype(np.float64, copy=False)
