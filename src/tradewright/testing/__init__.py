"""The test kit that ships with the house: builders, sample runs and a conformance suite for every part one can add.

A suite is a class whose checks work under pytest by subclassing, and without it by ``check()``. Nothing in the house
may import this room, and it imports no test framework when it is loaded.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .approvals import ApprovalConformance, sample_approval
    from .artifacts import ArtifactConformance
    from .channel_server import ChannelServer
    from .conformance import Conformance, require
    from .costs import CommissionConformance, SlippageConformance
    from .executors import ExecutorConformance, sample_outcomes, sample_work
    from .indicators import IndicatorConformance, price_columns
    from .journals import JournalConformance, sample_record
    from .leases import LeaseConformance, SteppedTime
    from .ledgers import TrialLedgerConformance, sample_header, sample_trial
    from .notifiers import ChannelTrouble, NotifierConformance, sample_notice
    from .providers import ProviderConformance, ProviderStage, ProviderTerms
    from .quotes import QuoteConformance, QuoteFault, QuoteShape, QuoteStage, QuoteTerms
    from .reports import MetricConformance, ReportSectionConformance
    from .runs import HOSTILE, SAMPLE_RUNS, dealing, moving_market
    from .samplers import SamplerConformance
    from .session_logs import SessionLogConformance, sample_input, sample_inputs, sample_outputs
    from .strategies import StrategyConformance, StrategyFormConformance

__all__ = [
    "HOSTILE",
    "SAMPLE_RUNS",
    "ApprovalConformance",
    "ArtifactConformance",
    "ChannelServer",
    "ChannelTrouble",
    "CommissionConformance",
    "Conformance",
    "ExecutorConformance",
    "IndicatorConformance",
    "JournalConformance",
    "LeaseConformance",
    "MetricConformance",
    "NotifierConformance",
    "ProviderConformance",
    "ProviderStage",
    "ProviderTerms",
    "QuoteConformance",
    "QuoteFault",
    "QuoteShape",
    "QuoteStage",
    "QuoteTerms",
    "ReportSectionConformance",
    "SamplerConformance",
    "SessionLogConformance",
    "SlippageConformance",
    "StageFault",
    "StageTerms",
    "SteppedTime",
    "StrategyConformance",
    "StrategyFormConformance",
    "TrialLedgerConformance",
    "dealing",
    "moving_market",
    "price_columns",
    "require",
    "sample_approval",
    "sample_header",
    "sample_input",
    "sample_inputs",
    "sample_notice",
    "sample_outcomes",
    "sample_outputs",
    "sample_record",
    "sample_trial",
    "sample_work",
]

_FILES = {
    "brokers": ("BrokerConformance", "BrokerStage", "StageFault", "StageTerms"),
    "approvals": ("ApprovalConformance", "sample_approval"),
    "artifacts": ("ArtifactConformance",),
    "channel_server": ("ChannelServer",),
    "conformance": ("Conformance", "require"),
    "costs": ("CommissionConformance", "SlippageConformance"),
    "executors": ("ExecutorConformance", "sample_outcomes", "sample_work"),
    "indicators": ("IndicatorConformance", "price_columns"),
    "journals": ("JournalConformance", "sample_record"),
    "leases": ("LeaseConformance", "SteppedTime"),
    "ledgers": ("TrialLedgerConformance", "sample_header", "sample_trial"),
    "notifiers": ("ChannelTrouble", "NotifierConformance", "sample_notice"),
    "providers": ("ProviderConformance", "ProviderStage", "ProviderTerms"),
    "quotes": ("QuoteConformance", "QuoteFault", "QuoteShape", "QuoteStage", "QuoteTerms"),
    "reports": ("MetricConformance", "ReportSectionConformance"),
    "runs": ("HOSTILE", "SAMPLE_RUNS", "dealing", "moving_market"),
    "samplers": ("SamplerConformance",),
    "session_logs": ("SessionLogConformance", "sample_input", "sample_inputs", "sample_outputs"),
    "strategies": ("StrategyConformance", "StrategyFormConformance"),
}
_FILE_OF = {name: file for file, names in _FILES.items() for name in names}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in _FILE_OF:
            raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
        return getattr(importlib.import_module(f"{__name__}.{_FILE_OF[name]}"), name)
