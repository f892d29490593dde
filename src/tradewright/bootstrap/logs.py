"""Logs: one line for each thing worth saying, as JSON or for the eye, with whose work it is and without secrets.

Every room logs with the standard library (``logging.getLogger("tradewright.jobs")``, fields by
``extra={"fields": {…}}``); `tradewright.domain.log_context.naming` says whose work it is. Nothing is set up, and
structlog is not loaded, before `start_logs`.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.redaction import Redactor
from tradewright.domain.gauges import LOG_LINES
from tradewright.domain.log_context import bound_ids

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from typing import TextIO

    from tradewright.bootstrap.settings import Settings
    from tradewright.bootstrap.settings_model import LoggingSection
    from tradewright.ports.metrics import Metrics

__all__ = ["FIELDS", "begin_logs", "log_folder", "start_logs", "stop_logs"]

FIELDS = "fields"
"""Under this name a record carries its fields."""
_JOB = "TRADEWRIGHT_JOB"
_MB = 1024 * 1024
_LOUD = ("httpx", "httpcore", "urllib3", "asyncio", "alembic", "websockets")
"""Libraries that tell of every request, some with its address: only their warnings are kept."""


def start_logs(
    section: LoggingSection, role: str, *, folder: Path | None = None, metrics: Metrics | None = None,
    stream: TextIO | None = None,
) -> None:  # fmt: skip
    """Begin to log in this process, in the place of whatever was set up before.

    Parameters
    ----------
    section : LoggingSection
    role : str
        What this process does, such as ``serve``; its file is called so.
    folder : Path, optional
        Where files go; lines go to the stream alone without it.
    metrics : Metrics, optional
        Where lines are counted by level.
    stream : text file, optional
        The error stream without it.
    """
    stop_logs()
    shown = stream or sys.stderr
    as_json = section.format == "json" or (section.format == "auto" and not shown.isatty())
    screen = logging.StreamHandler(shown)
    screen.setFormatter(_formatter(role, as_json=as_json))
    handlers: list[logging.Handler] = [screen]
    if folder is not None:
        from tradewright.adapters.logs.rotating import SharedLogFile

        file = SharedLogFile(folder / f"{role}.log", int(section.rotate_mb * _MB), section.keep)
        file.setFormatter(_formatter(role, as_json=True))
        handlers.append(file)
    if metrics is not None:
        handlers.append(_Counting(metrics))
    root = logging.getLogger()
    for each in handlers:
        each.set_name(_OURS)
        root.addHandler(each)
    root.setLevel(section.level.upper())
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)


def begin_logs(role: str, metrics: Metrics | None = None) -> None:
    """Begin to log as the settings that are in force here say it.

    Raises
    ------
    ConfigError
        When what they say cannot be used.
    """
    from tradewright.bootstrap.settings import said_settings
    from tradewright.bootstrap.settings_model import LoggingSection

    settings = said_settings(Path.cwd(), os.environ)
    section = LoggingSection() if settings is None else settings.values.logging
    start_logs(section, role, folder=log_folder(settings), metrics=metrics)


def stop_logs() -> None:
    """Take away what `start_logs` set up; files are closed."""
    root = logging.getLogger()
    for each in [each for each in root.handlers if each.get_name() == _OURS]:
        root.removeHandler(each)
        each.close()


def log_folder(settings: Settings | None) -> Path | None:
    """Where log files go, as the settings say it; None where they say nothing."""
    return None if settings is None or settings.values.logging.folder is None else settings.path("logging.folder")


_OURS = "tradewright"


class _Counting(logging.Handler):
    """Counts lines by level."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__()
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        self._metrics.count(LOG_LINES, level=record.levelname.lower())


def _formatter(role: str, *, as_json: bool) -> logging.Formatter:
    import structlog

    redactor, job = Redactor(), os.environ.get(_JOB)
    # A process that works for one job names it whatever it does.
    whose = {} if job is None else {"job_id": job}

    def complete(_: Any, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
        record: logging.LogRecord = line["_record"]
        line.update(getattr(record, FIELDS, {}))
        line.update({"role": role, **whose, **bound_ids()})
        return line

    def redacted(_: Any, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
        return redactor.mapping(line)

    shown = structlog.processors.JSONRenderer(sort_keys=False) if as_json else structlog.dev.ConsoleRenderer(
        colors=False, sort_keys=False
    )  # fmt: skip
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            complete,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            # Before secrets are taken out: a traceback may hold some, whoever shows it.
            structlog.processors.format_exc_info,
            redacted,
            shown,
        ],
    )
