"""The catalogue: which series there are, in which versions, made of which files. What it names is in the store."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.quality import QualityReport
from tradewright.domain.stored import SeriesKey, StoredVersion

from .content import instrument_from, instrument_text
from .paths import folder_of
from .segments import Segment

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from tradewright.domain.instrument import Instrument

__all__ = [
    "Entry", "Head", "all_files", "bytes_kept", "current", "delete_version", "file_place", "finish_write",
    "forget_writes", "head", "interrupted", "parts", "put", "report_from", "start_write", "versions",
]  # fmt: skip

_DESCRIPTION = """
    SELECT s.instrument, s.timeframe, s.adjustment, v.instrument, v.fingerprint, v.rows, v.first_ns, v.last_ns,
        v.imported_ns, v.source, v.synthetic, v.quality, s.head = v.id,
        (SELECT sum(g.bytes) FROM parts p JOIN segments g ON g.id = p.segment WHERE p.version = v.id)
    FROM versions v JOIN series s ON s.id = v.series
"""
_OF_SERIES = "s.instrument = ? AND s.timeframe = ? AND s.adjustment = ?"


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
        )


def _names(key: SeriesKey) -> tuple[str, str, str]:
    return key.instrument, str(key.timeframe), str(key.adjustment)


# ---------------------------------------------------------------- reading


def current(connection: sqlite3.Connection, name: str | None = None) -> list[StoredVersion]:
    """The current version of every series, or of those of a symbol or an instrument."""
    which = "" if name is None else "AND (s.instrument = ? OR s.symbol = ?)"
    rows = connection.execute(
        f"{_DESCRIPTION} WHERE s.head = v.id {which} ORDER BY s.instrument, s.timeframe, s.adjustment",
        () if name is None else (name, name),
    )
    return [_stored(row) for row in rows]


def versions(connection: sqlite3.Connection, key: SeriesKey) -> list[StoredVersion]:
    """All versions of a series, the current one first, then the latest first."""
    order = "ORDER BY s.head = v.id DESC, v.imported_ns DESC, v.id DESC"
    return [_stored(row) for row in connection.execute(f"{_DESCRIPTION} WHERE {_OF_SERIES} {order}", _names(key))]


def _stored(row: Sequence[Any]) -> StoredVersion:
    names = dict(zip(("instrument", "timeframe", "adjustment"), row[:3], strict=True))
    described, version, rows, first_ns, last_ns, imported_ns, source, synthetic, quality, is_head, size = row[3:]
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
    )


def report_from(text: str | None) -> QualityReport | None:
    """The quality report that the catalogue keeps."""
    return None if text is None else QualityReport.from_dict(json.loads(text))


def head(connection: sqlite3.Connection, key: SeriesKey, version: str | None = None) -> Head | None:
    """A version of a series with its segments, the current one unless named; None where there is none."""
    found = connection.execute(
        "SELECT v.id, v.fingerprint, v.first_ns, v.last_ns, v.instrument, v.source, v.synthetic, v.quality, v.actions,"
        " s.folder FROM versions v JOIN series s ON s.id = v.series"
        " WHERE s.instrument = ? AND s.timeframe = ? AND s.adjustment = ?"
        " AND CASE WHEN ? IS NULL THEN s.head = v.id ELSE v.fingerprint = ? END",
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
        segments=parts(connection, number),
    )


def parts(connection: sqlite3.Connection, version: int) -> tuple[Segment, ...]:
    """The segments of a version, in order."""
    rows = connection.execute(
        "SELECT g.name, g.rows, g.first_session, g.last_session, g.bytes FROM parts p"
        " JOIN segments g ON g.id = p.segment WHERE p.version = ? ORDER BY p.position",
        (version,),
    )
    return tuple(Segment(*row) for row in rows)


def all_files(connection: sqlite3.Connection) -> set[str]:
    """Every file that a version needs, below the folder of all series."""
    rows = connection.execute(
        "SELECT DISTINCT s.folder, g.name FROM parts p JOIN segments g ON g.id = p.segment"
        " JOIN series s ON s.id = g.series"
    )
    return {file_place(folder, Segment(name, 0, 0, 0)) for folder, name in rows}


def bytes_kept(connection: sqlite3.Connection) -> int:
    """Size of all files that the catalogue names."""
    return int(connection.execute("SELECT coalesce(sum(bytes), 0) FROM segments").fetchone()[0])


def file_place(folder: str, segment: Segment) -> str:
    """Where a segment lies, below the folder of all series."""
    return f"{folder}/{segment.file}"


# ---------------------------------------------------------------- writing, inside a transaction


def put(connection: sqlite3.Connection, entry: Entry) -> None:
    """Make a version the current one of its series; what is there already is described anew."""
    connection.execute(
        "INSERT INTO series (instrument, timeframe, adjustment, symbol, folder) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (*_names(entry.key), entry.key.symbol, folder_of(entry.key)),
    )
    series = connection.execute(
        "SELECT id FROM series WHERE instrument = ? AND timeframe = ? AND adjustment = ?", _names(entry.key)
    ).fetchone()[0]
    version = _put_version(connection, series, entry)
    connection.execute("DELETE FROM parts WHERE version = ?", (version,))
    for position, segment in enumerate(entry.segments):
        connection.execute(
            "INSERT INTO parts (version, position, segment) VALUES (?, ?, ?)",
            (version, position, _put_segment(connection, series, segment)),
        )
    connection.execute("UPDATE series SET head = ? WHERE id = ?", (version, series))


def _put_version(connection: sqlite3.Connection, series: int, entry: Entry) -> int:
    quality = None if entry.quality is None else json.dumps(entry.quality.to_dict(), sort_keys=True)
    return int(
        connection.execute(
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
                quality,
                entry.actions,
            ),
        ).fetchall()[0][0]
    )


def _put_segment(connection: sqlite3.Connection, series: int, segment: Segment) -> int:
    values = (series, segment.name, segment.rows, segment.first_session, segment.last_session, segment.bytes)
    return int(
        connection.execute(
            "INSERT INTO segments (series, name, rows, first_session, last_session, bytes) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (series, name) DO UPDATE SET bytes = excluded.bytes RETURNING id",
            values,
        ).fetchall()[0][0]
    )


def delete_version(connection: sqlite3.Connection, key: SeriesKey, version: str) -> None:
    """Take a version out; the latest of the others becomes current, and a series without versions goes too."""
    connection.execute(
        "DELETE FROM versions WHERE fingerprint = ? AND series ="
        " (SELECT id FROM series s WHERE s.instrument = ? AND s.timeframe = ? AND s.adjustment = ?)",
        (version, *_names(key)),
    )
    connection.execute(
        "UPDATE series SET head = (SELECT v.id FROM versions v WHERE v.series = series.id"
        " ORDER BY v.imported_ns DESC, v.id DESC LIMIT 1)"
        " WHERE head IS NULL OR head NOT IN (SELECT id FROM versions)"
    )
    connection.execute("DELETE FROM segments WHERE id NOT IN (SELECT segment FROM parts)")
    connection.execute("DELETE FROM series WHERE head IS NULL")


# ---------------------------------------------------------------- what was begun


def start_write(connection: sqlite3.Connection, now_ns: int) -> int:
    """Note that files may appear that no version names yet; the number of the note."""
    return int(
        connection.execute("INSERT INTO writes (started_ns) VALUES (?) RETURNING id", (now_ns,)).fetchall()[0][0]
    )


def finish_write(connection: sqlite3.Connection, number: int) -> None:
    """Strike the note out."""
    connection.execute("DELETE FROM writes WHERE id = ?", (number,))


def interrupted(connection: sqlite3.Connection) -> bool:
    """Whether a note stands; where nobody writes, its command was interrupted."""
    return connection.execute("SELECT 1 FROM writes LIMIT 1").fetchone() is not None


def forget_writes(connection: sqlite3.Connection) -> None:
    """Strike all notes out; for those who know that nobody writes."""
    connection.execute("DELETE FROM writes")
