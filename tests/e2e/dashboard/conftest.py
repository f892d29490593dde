"""Who looks at the dashboard: the admin of the module's `server`, at a desk and a phone; a server behind a line."""

from __future__ import annotations

from tests.dashboard import desk, phone
from tests.line_stage import stage

__all__ = ["desk", "phone", "stage"]
