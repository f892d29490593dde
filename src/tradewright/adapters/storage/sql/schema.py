"""All tables of this version, whichever file they stand in."""

from __future__ import annotations

from . import control_tables, coverage, job_logs, notice_tables, tables, trading_tables
from .metadata import METADATA

__all__ = ["METADATA", "control_tables", "coverage", "job_logs", "notice_tables", "tables", "trading_tables"]
