"""The fixtures of jobs."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.job_desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A queue with one worker that takes two jobs at a time."""
    return Desk(tmp_path)
