"""Every executor keeps what the suite promises, and the suite catches one that does not."""

from __future__ import annotations

from tradewright.adapters.executors.processes import ProcessExecutor
from tradewright.adapters.executors.threads import ThreadExecutor
from tradewright.testing import ExecutorConformance


class TestThreads(ExecutorConformance):
    opened = ThreadExecutor


class TestProcesses(ExecutorConformance):
    opened = ProcessExecutor
