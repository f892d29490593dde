"""The desks of access."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.access import AccessStage


@pytest.fixture
def stage(tmp_path: Path) -> AccessStage:
    return AccessStage(tmp_path)
