"""Who looks at the dashboard: the admin of the module's `server`, at a desk and a phone; a server behind a line."""

from __future__ import annotations

from typing import Any

import pytest
from tests.dashboard import Served, desk, phone
from tests.line_stage import stage

__all__ = ["desk", "phone", "server", "stage"]


@pytest.fixture(scope="module")
def server(room: Any) -> Served:
    """The server of the module's room."""
    found: Served = room.server
    return found
