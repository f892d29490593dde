"""Who looks at the dashboard: the admin of the module's `server`, at a desk and on a phone."""

from __future__ import annotations

from tests.dashboard import desk, phone

__all__ = ["desk", "phone"]
