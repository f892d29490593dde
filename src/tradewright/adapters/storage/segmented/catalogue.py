"""The catalogue: which series there are, in which versions, of which segments. What it names is in the store.

One text for SQLite and PostgreSQL: what `Statements` carries out, with a question mark for each value.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from tradewright.domain.quality import QualityReport
from tradewright.domain.stored import SeriesKey, StoredVersion

from .content import announced_from, instrument_from, instrument_text
from .paths import folder_of
from .segments import Segment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.domain.instrument import Instrument

__all__ = [
    "Entry", "Head", "Statements", "bytes_kept", "current", "delete_version", "describe", "head", "parts", "put",
    "report_from", "version", "versions",
]  # fmt: skip

_DESCRIPTION = """
    SELECT s.instrument, s.timeframe, s.adjustment, v.instrument, v.fingerprint, v.rows, v.first_ns, v.last_ns,
        v.imported_ns, v.source, v.synthetic, v.quality, v.actions, s.head = v.id,
        (SELECT CAST(sum(g.bytes) AS bigint) FROM parts p JOIN segments g ON g.id = p.segment WHERE p.version = v.id)
    FROM versions v JOIN series s ON s.id = v.series
"""
_OF_SERIES = "s.instrument = ? AND s.timeframe = ? AND s.adjustment = ?"


class Statements(Protocol):
    """A connection to the database of a catalogue."""

    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> Any:
        """Carry a statement out; a cursor with its rows."""
        ...


@dataclass(frozen=True, slots=True)
class Head:
    """The version of a series that is to be read: what is needed to open it.

    Parameters
    ----------
    version : str
    first_ns, last_ns : int
        Stamps of the first and last bar.
    instrument : Instrument
    source : str
    synthetic : bool
    quality : str or None
        The report as JSON.
    actions : str
        As JSON.
    folder : str
        Of the series' files.
    segments : tuple of Segment
        In order.
    """

    version: str
    first_ns: int
    last_ns: int
    instrument: Instrument
    source: str
    synthetic: bool
    quality: str | None
    actions: str
    folder: str
    segments: tuple[Segment, ...]

    @property
    def rows(self) -> int:
        """Rows of all segments."""
        return sum(segment.rows for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Entry:
    """A version to be put into the catalogue."""

    key: SeriesKey
    instrument: Instrument
    version: str
    first_ns: int
    last_ns: int
    imported_ns: int
    source: str
    synthetic: bool
    quality: QualityReport | None
    actions: str
    segments: tuple[Segment, ...]

    @property
    def rows(self) -> int:
        """Rows of all segments."""
        return sum(segment.rows for segment in self.segments)

    def stored(self) -> StoredVersion:
        """What the store will say of it once it is current."""
        return StoredVersion(
            key=self.key,
            instrument=self.instrument,
            version=self.version,
            rows=self.rows,
            first_ns=self.first_ns,
            last_ns=self.last_ns,
            imported_ns=self.imported_ns,
            source=self.source,
            synthetic=self.synthetic,
            quality=self.quality,
            bytes=sum(segment.bytes for segment in self.segments),
            is_current=True,
            announced=announced_from(self.actions),
        )


def _names(key: SeriesKey) -> tuple[str, str, str]:
    return key.instrument, str(key.timeframe), str(key.adjustment)


# ---------------------------------------------------------------- reading


def current(statements: Statements, name: str | None = None) -> list[StoredVersion]:
    """The current version of every series, or of those of a symbol or an instrument."""
    which = "" if name is None else "AND (s.instrument = ? OR s.symbol = ?)"
    rows = statements.execute(
        f"{_DESCRIPTION} WHERE s.head = v.id {which} ORDER BY s.instrument, s.timeframe, s.adjustment",
        () if name is None else (name, name),
    )
    return [_stored(row) for row in rows]


def versions(statements: Statements, key: SeriesKey) -> list[StoredVersion]:
    """All versions of a series, the current one first, then the latest first."""
    order = "ORDER BY s.head = v.id DESC, v.imported_ns DESC, v.id DESC"
    return [_stored(row) for row in statements.execute(f"{_DESCRIPTION} WHERE {_OF_SERIES} {order}", _names(key))]


def _stored(row: Sequence[Any]) -> StoredVersion:
    names = dict(zip(("instrument", "timeframe", "adjustment"), row[:3], strict=True))
    described, version, rows, first_ns, last_ns, imported_ns, source, synthetic, quality, *others = row[3:]
    actions, is_head, size = others
    return StoredVersion(
        key=SeriesKey.from_dict(names),
        instrument=instrument_from(described),
        version=version,
        rows=rows,
        first_ns=first_ns,
        last_ns=last_ns,
        imported_ns=imported_ns,
        source=source,
        synthetic=bool(synthetic),
        quality=report_from(quality),
        bytes=size,
        is_current=bool(is_head),
        announced=announced_from(actions),
    )


def report_from(text: str | None) -> QualityReport | None:
    """The quality report that the catalogue keeps."""
    return None if text is None else QualityReport.from_dict(json.loads(text))


def head(statements: Statements, key: SeriesKey, version: str | None = None) -> Head | None:
    """A version of a series with its segments, the current one unless named; None where there is none."""
    found = statements.execute(
        "SELECT v.id, v.fingerprint, v.first_ns, v.last_ns, v.instrument, v.source, v.synthetic, v.quality, v.actions,"
        " s.folder FROM versions v JOIN series s ON s.id = v.series"
        " WHERE s.instrument = ? AND s.timeframe = ? AND s.adjustment = ?"
        " AND CASE WHEN CAST(? AS text) IS NULL THEN s.head = v.id ELSE v.fingerprint = ? END",
        (*_names(key), version, version),
    ).fetchone()
    if found is None:
        return None
    number, name, first_ns, last_ns, described, source, synthetic, quality, actions, folder = found
    return Head(
        version=name,
        first_ns=first_ns,
        last_ns=last_ns,
        instrument=instrument_from(described),
        source=source,
        synthetic=bool(synthetic),
        quality=quality,
        actions=actions,
        folder=folder,
        segments=parts(statements, number),
    )


def parts(statements: Statements, version: int) -> tuple[Segment, ...]:
    """The segments of a version, in order."""
    rows = statements.execute(
        "SELECT g.name, g.rows, g.first_session, g.last_session, g.bytes, g.id FROM parts p"
        " JOIN segments g ON g.id = p.segment WHERE p.version = ? ORDER BY p.position",
        (version,),
    )
    return tuple(Segment(*row) for row in rows)


def bytes_kept(statements: Statements) -> int:
    """Size of all files that the catalogue names."""
    return int(statements.execute("SELECT CAST(coalesce(sum(bytes), 0) AS bigint) FROM segments").fetchone()[0])


def version(statements: Statements, key: SeriesKey) -> str | None:
    """The name of the current version of a series; None where there is none."""
    found = statements.execute(
        "SELECT v.fingerprint FROM versions v JOIN series s ON s.head = v.id"
        " WHERE s.instrument = ? AND s.timeframe = ? AND s.adjustment = ?",
        _names(key),
    ).fetchone()
    return None if found is None else str(found[0])


# ---------------------------------------------------------------- writing, inside a transaction


def put(statements: Statements, entry: Entry) -> None:
    """Make a version the current one of its series; what is there already is described anew."""
    statements.execute(
        "INSERT INTO series (instrument, timeframe, adjustment, symbol, folder) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (*_names(entry.key), entry.key.symbol, folder_of(entry.key)),
    )
    series = statements.execute(
        "SELECT id FROM series WHERE instrument = ? AND timeframe = ? AND adjustment = ?", _names(entry.key)
    ).fetchone()[0]
    version = _put_version(statements, series, entry)
    statements.execute("DELETE FROM parts WHERE version = ?", (version,))
    for position, segment in enumerate(entry.segments):
        statements.execute(
            "INSERT INTO parts (version, position, segment) VALUES (?, ?, ?)",
            (version, position, _put_segment(statements, series, segment)),
        )
    statements.execute("UPDATE series SET head = ? WHERE id = ?", (version, series))


def describe(statements: Statements, key: SeriesKey, version: str, quality: QualityReport) -> None:
    """Tell anew what was found in a version; nothing where it is gone."""
    statements.execute(
        "UPDATE versions SET quality = ? WHERE fingerprint = ? AND series ="
        " (SELECT id FROM series s WHERE s.instrument = ? AND s.timeframe = ? AND s.adjustment = ?)",
        (_report_text(quality), version, *_names(key)),
    )


def _report_text(quality: QualityReport | None) -> str | None:
    return None if quality is None else json.dumps(quality.to_dict(), sort_keys=True)


def _put_version(statements: Statements, series: int, entry: Entry) -> int:
    return int(
        statements.execute(
            "INSERT INTO versions (series, fingerprint, instrument, rows, first_ns, last_ns, imported_ns, source,"
            " synthetic, quality, actions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (series, fingerprint) DO UPDATE SET instrument = excluded.instrument,"
            " imported_ns = excluded.imported_ns, source = excluded.source, synthetic = excluded.synthetic,"
            " quality = excluded.quality RETURNING id",
            (
                series,
                entry.version,
                instrument_text(entry.instrument),
                entry.rows,
                entry.first_ns,
                entry.last_ns,
                entry.imported_ns,
                entry.source,
                int(entry.synthetic),
                _report_text(entry.quality),
                entry.actions,
            ),
        ).fetchall()[0][0]
    )


def _put_segment(statements: Statements, series: int, segment: Segment) -> int:
    span = segment.first_session, segment.last_session
    return int(
        statements.execute(
            "INSERT INTO segments (id, series, name, rows, first_session, last_session, bytes)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (series, name) DO UPDATE SET bytes = excluded.bytes RETURNING id",
            (segment.number, series, segment.name, segment.rows, *span, segment.bytes),
        ).fetchall()[0][0]
    )


def delete_version(statements: Statements, key: SeriesKey, version: str) -> list[int]:
    """Take a version out; the latest of the others becomes current, and a series without versions goes too.

    Returns
    -------
    list of int
        Numbers of the segments that no version needs any more.
    """
    statements.execute(
        "DELETE FROM versions WHERE fingerprint = ? AND series ="
        " (SELECT id FROM series s WHERE s.instrument = ? AND s.timeframe = ? AND s.adjustment = ?)",
        (version, *_names(key)),
    )
    statements.execute(
        "UPDATE series SET head = (SELECT v.id FROM versions v WHERE v.series = series.id"
        " ORDER BY v.imported_ns DESC, v.id DESC LIMIT 1)"
        " WHERE head IS NULL OR head NOT IN (SELECT id FROM versions)"
    )
    unneeded = "DELETE FROM segments WHERE id NOT IN (SELECT segment FROM parts) RETURNING id"
    freed = [int(number) for (number,) in statements.execute(unneeded).fetchall()]
    statements.execute("DELETE FROM series WHERE head IS NULL")
    return freed
