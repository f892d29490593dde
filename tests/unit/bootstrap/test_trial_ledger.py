"""Where trials are counted."""

from __future__ import annotations

from tradewright.bootstrap.trial_ledger import passing_ledger, trial_ledger
from tradewright.testing import sample_header, sample_trial


def counted(ledger):
    return ledger.count("family", sample_header().span).configurations


def test_trials_are_counted_in_the_folder_of_all_stores(storage):
    trial_ledger().record(sample_header(), [sample_trial(0)])
    assert counted(trial_ledger()) == counted(trial_ledger(storage)) == 1
    assert (storage / "runs" / "runs.db").exists()


def test_another_folder_is_another_count(storage, tmp_path):
    trial_ledger(tmp_path).record(sample_header(), [sample_trial(0)])
    assert (counted(trial_ledger(tmp_path)), counted(trial_ledger())) == (1, 0)


def test_a_passing_ledger_writes_nothing(storage):
    ledger = passing_ledger()
    ledger.record(sample_header(), [sample_trial(0)])
    assert (counted(ledger), counted(passing_ledger())) == (1, 0)
    assert not storage.exists()
