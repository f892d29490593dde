"""The fixtures of schedules."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.job_desk import empty_database
from tests.schedule_desk import ScheduleStage

from tradewright.adapters.storage.sql.database import Database


@pytest.fixture
def stage(tmp_path: Path) -> ScheduleStage:
    """Friday, 20 November 2026, noon; nobody has scheduled anything."""
    (tmp_path / "runs.db").write_bytes(empty_database())
    return ScheduleStage(Database(tmp_path / "runs.db"), tmp_path)
