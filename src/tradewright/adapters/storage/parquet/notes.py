"""What was begun: notes of commands that write, and which files the catalogue names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..segmented.segments import Segment
from .files import file_place

if TYPE_CHECKING:
    from ..segmented.catalogue import Statements

__all__ = ["all_files", "finish_write", "forget_writes", "interrupted", "start_write"]


def all_files(statements: Statements) -> set[str]:
    """Every file that a version needs, below the folder of all series."""
    rows = statements.execute(
        "SELECT DISTINCT s.folder, g.name FROM parts p JOIN segments g ON g.id = p.segment"
        " JOIN series s ON s.id = g.series"
    )
    return {file_place(folder, Segment(name, 0, 0, 0)) for folder, name in rows}


def start_write(statements: Statements, now_ns: int) -> int:
    """Note that files may appear that no version names yet; the number of the note."""
    return int(
        statements.execute("INSERT INTO writes (started_ns) VALUES (?) RETURNING id", (now_ns,)).fetchall()[0][0]
    )


def finish_write(statements: Statements, number: int) -> None:
    """Strike the note out."""
    statements.execute("DELETE FROM writes WHERE id = ?", (number,))


def interrupted(statements: Statements) -> bool:
    """Whether a note stands; where nobody writes, its command was interrupted."""
    return statements.execute("SELECT 1 FROM writes LIMIT 1").fetchone() is not None


def forget_writes(statements: Statements) -> None:
    """Strike all notes out; for those who know that nobody writes."""
    statements.execute("DELETE FROM writes")
